"""The sentences of a scenario brief, made from the run's figures; the slide says the same."""

from __future__ import annotations

import math

import pandas as pd

from canheal_nb.funding.model import planning
from canheal_nb.funding.report import coverage_rows
from canheal_nb.funding.report.brief_data import Funding
from canheal_nb.funding.text import plan_text
from canheal_nb.funding.text.plan_tables import things
from canheal_nb.indicators import words
from canheal_nb.need.model import prices
from canheal_nb.need.text import service_words
from canheal_nb.text.locale import _, ngettext

MOST_NAMED = 6


def plan(found: Funding) -> list[str]:
    """Return the plan in three sentences: what is bought, what it does, who gains."""
    return [_bought(found), _does(found), _gains(found)]


def title(found: Funding) -> str:
    """Return the finding in one line, for the slide."""
    rows = _rows(found)
    shares = coverage_rows.shares(found)
    near = coverage_rows.title(found)
    if not (rows["units"] > 0).any() and near:
        return near
    if not len(rows) and shares:
        limit, (before, after) = max(shares.items())
        text = _("{after} of people instead of {before} live within {limit} minutes of a centre")
        return text.format(
            after=service_words.share(after), before=service_words.share(before), limit=limit
        )
    if not len(rows) and len(found.run.units):
        text = _("{things} for {money}: what it would bring, as far as it is known")
        money_spent = service_words.euros(float(found.run.outcome.spent))
        return text.format(things=things(found.run), money=money_spent)
    if not (rows["units"] > 0).any():
        return _("Nothing is bought: what stands today, and what happens if nothing is done")
    shown = rows[rows["units"] > 0].head(2)
    change = _("{service} from {before} to {after}")
    parts = [
        change.format(
            service=service_words.service(str(row["service"])),
            before=service_words.share(float(row["share_nothing"])),
            after=service_words.share(float(row["share_after"]))
            + plan_text.stock(found.run, str(row["service"])),
        )
        for _place, row in shown.iterrows()
    ]
    text = _("{money} bring {measure} of {list} in {year}, against doing nothing")
    return text.format(
        measure=service_words.measure(shown["service"]),
        money=service_words.euros(float(found.run.outcome.spent)),
        list=words.listed(parts),
        year=found.run.case.years[-1],
    )


def proof(found: Funding) -> str:
    """Return how far the plan can be from the best, or that it was not searched for."""
    run = found.run
    if run.planned is None:
        if not len(run.units):
            return _("Nothing is bought, so there is no plan and no gap.")
        return _(
            "Its author wrote what is bought; it was not searched for, so there is no proven gap."
        )
    done = run.planned.plan
    gap = max(done.gap, plan_text.SMALLEST)
    most = service_words.beaten(gap, high=done.goal in ("max_min", "lexicographic"))
    if run.planned.rule in planning.RULES:
        text = _("It follows a rule of thumb ({goal}); the best plan could gain up to {most}.")
    elif done.goal in ("max_min", "lexicographic"):
        text = _("It was searched for ({goal}); the least share could be at most {most}.")
    elif done.goal == "least_cost":
        text = _("It was searched for ({goal}); no plan can cost over {gap} less (proven gap).")
    else:
        text = _("It was searched for ({goal}); the best can gain at most {most} (proven gap).")
    goal = _(service_words.GOALS.get(run.planned.rule or done.goal, done.goal))
    if done.stopped:
        text += " " + _("The search ended at its time limit.")
    return text.format(goal=goal, gap=service_words.gap(gap), most=most)


def money(found: Funding) -> str:
    """Return what it costs, of which budget, and what of it is not in the sum."""
    run = found.run
    years = (run.case.years[0], run.case.years[-1])
    spent = service_words.euros(float(run.outcome.spent))
    low, high = found.interval("cost")
    parts = [_("{money} over {first} to {last}").format(money=spent, first=years[0], last=years[1])]
    if high > low * 1.0005:
        between = _("90 of 100 draws: {low} to {high}")
        parts.append(between.format(low=service_words.euros(low), high=service_words.euros(high)))
    budget = float(planning.budget(run.scenario).sum())
    if budget > 0:
        parts.append(_("the budget is {budget}").format(budget=service_words.euros(budget)))
    return "; ".join(parts)


def own_money(found: Funding) -> str:
    """Return the cost in the money of the one country it is for; empty elsewhere."""
    if found.own_money is None:
        return ""
    area, currency, rate, _source = found.own_money
    text = _(
        "In the money of {country}: {amount} million {currency}, at {rate} {currency} for one "
        "euro, the yearly mean of {year}."
    )
    return text.format(
        country=found.names[area],
        amount=words.significant(float(found.run.outcome.spent) * rate / 1e6, 3),
        currency=currency,
        rate=words.significant(rate, 4),
        year=prices.TARGET_YEAR,
    )


def unpriced(found: Funding) -> str:
    """Return which prices the sum leaves out; empty where it leaves out none."""
    missing, given = {}, found.run.case.given
    for cell, cells in (("capital", ("capital",)), ("running", ("running", "lag"))):
        kinds = [s for s in found.run.case.services if any(f"{s}.{c}" not in given for c in cells)]
        bought = found.run.services.set_index("service")["units"]
        missing[cell] = [service_words.service(kind) for kind in kinds if bought[kind] > 0]
    forms = {"capital": _("the price of a unit"), "running": _("running costs")}
    parts = [
        _("{what} of {services}").format(what=forms[cell], services=words.listed(kinds))
        for cell, kinds in missing.items()
        if kinds
    ]
    if not parts:
        return ""
    return _("Not in the sum, for no figure is known: {list}.").format(list=words.listed(parts))


def person(row: pd.Series) -> str:
    """Return the cost of one person-year newly served; empty where it is not known."""
    each = float(row["cost_per_person"])
    return "" if math.isnan(each) else service_words.euros(each)


def names(found: Funding, areas: list[str], most: int = MOST_NAMED) -> str:
    """Return names of countries, the first few where there are many."""
    named = [found.names[area] for area in areas]
    if len(named) <= most:
        return words.listed(named)
    rest = ngettext("{n} other", "{n} others", len(named) - most).format(n=len(named) - most)
    return words.listed([*named[:most], rest])


def _bought(found: Funding) -> str:
    run = found.run
    if not len(run.units) and found.openings:
        text = ngettext(
            "{n} centre opens or gains a title from {first} to {last}; no units are bought, and "
            "what the centre costs is not in this.",
            "{n} centres open or gain a title from {first} to {last}; no units are bought, and "
            "what the centres cost is not in this.",
            len(found.openings),
        )
        years = run.case.years
        return text.format(n=len(found.openings), first=years[0], last=years[-1])
    if not len(run.units):
        text = _("Nothing is bought in {first} to {last}; this is what the others are set beside.")
        text = text.format(first=run.case.years[0], last=run.case.years[-1])
        return f"{text} {proof(found)}"
    areas = run.units["country"].nunique()
    text = ngettext(
        "{things} in {n} member state, for {money}.",
        "{things} in {n} member states, for {money}.",
        areas,
    )
    return f"{text.format(things=things(run), n=areas, money=money(found))} {proof(found)}"


def _does(found: Funding) -> str:
    rows = _rows(found)
    year = found.run.case.years[-1]
    reached = coverage_rows.sentence(found)
    if reached and not (rows["units"] > 0).any():
        return reached
    added = found.run.services[(found.run.services["added"] > 0)]
    if not len(rows) and len(added):
        text = _("{service}: what is bought could serve {number}; what stands today is not known")
        parts = [
            text.format(
                service=service_words.service(str(row["service"])),
                number=service_words.counted(str(row["service"]), float(row["added"])),
            )
            for _place, row in added.iterrows()
        ]
        return _("{list}.").format(list="; ".join(parts))
    if not len(rows):
        return _("What this adds is not known: need, capacity, what stands or time is missing.")
    parts = [reached.rstrip(".")] if reached else []
    for _place, row in rows.head(3).iterrows():
        low, high = found.interval(f"{row['service']}: share")
        text = _(
            "{service}: {measure} {after} in {year} ({between}), {before} doing nothing{stock}"
        )
        parts.append(
            text.format(
                service=service_words.service(str(row["service"])),
                measure=service_words.measure([str(row["service"])]),
                after=service_words.share(float(row["share_after"])),
                before=service_words.share(float(row["share_nothing"])),
                stock=plan_text.stock(found.run, str(row["service"])),
                between=service_words.between(low, high),
                year=year,
            )
        )
    return _("{list}.").format(list="; ".join(parts))


def _gains(found: Funding) -> str:
    parts = []
    for _place, row in _rows(found).head(3).iterrows():
        service = str(row["service"])
        gaining = found.gaining(service)
        if not len(gaining):
            continue
        text = _("{service}: {served} newly served in {year}, most in {countries}")
        each = person(row)
        if each:
            text = _(
                "{service}: {served} newly served in {year}, most in {countries}, at {each} "
                "for one served in one year"
            )
        parts.append(
            text.format(
                service=service_words.service(service),
                served=service_words.counted(service, float(row["served"])),
                countries=names(found, list(gaining["country"]), 3),
                each=each,
                year=found.run.case.years[-1],
            )
        )
    if not parts and len(found.run.access):
        return coverage_rows.gaining(found)
    if not parts and not len(_rows(found)):
        return _("How many people are newly served is not known: need or what stands is missing.")
    if not parts:
        return _("Nobody is newly served where need, what stands and time to open are known.")
    return _("{list}.").format(list="; ".join(parts))


def _rows(found: Funding) -> pd.DataFrame:
    """Return the services whose share is known, those that gain most first."""
    rows = found.run.services
    rows = rows[rows["known"] > 0]
    more = rows["share_after"] - rows["share_nothing"]
    return rows.loc[more.sort_values(ascending=False, kind="stable").index]
