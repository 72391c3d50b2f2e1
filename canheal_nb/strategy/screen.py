"""A strategy sheet from both checks: goal, gap, action, owner, date, and what is orphaned."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from urllib.parse import urlencode

from markupsafe import escape

from canheal_nb.data import Dataset
from canheal_nb.designation.model.self_check import by_place
from canheal_nb.designation.text import check_text
from canheal_nb.funding.screen import plan_run
from canheal_nb.genomics.model import next_steps
from canheal_nb.genomics.screen import CALLED, WITHIN
from canheal_nb.indicators import facts, measures, words
from canheal_nb.need.text import service_words
from canheal_nb.reporting import html
from canheal_nb.screens import exports
from canheal_nb.screens.shell import Screen
from canheal_nb.strategy import model, text
from canheal_nb.strategy.model import ALL, OWN, OWN_LINES, Answers, Sheet
from canheal_nb.strategy.question import StrategySheet
from canheal_nb.text.locale import N_, _, ngettext

TEMPLATE, PLAN = "strategy_sheet.html", "strategy_plan.html"
CHECKS = {"designation": "check_designation", "genomics": "check_genomics"}
COLUMNS = {
    "goal": N_("Goal"),
    "gap": N_("Gap"),
    "text": N_("Action"),
    "owner": N_("Owner"),
    "date": N_("By when"),
}


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    centres = [str(centre) for centre in dataset.centres.index]
    return {"centre": centres, "country": measures.members(dataset.areas)}


def screen(question: StrategySheet, dataset: Dataset, notice: str = "") -> Screen:
    """Return the sheet of one place; raises UserError where the answers are no answers."""
    answers = by_place(question.designation), by_place(question.genomics)
    typed = by_place(question.answers)
    who = question.centre or question.country or OWN
    as_of = dataset.edition.as_of
    found = model.sheet(dataset, who, question.aim, answers, typed.get(who, {}), as_of)
    names = _names(dataset, answers[1].get(OWN, {}).get(CALLED, ""))
    flags = {one.id: text.flag(one) for one in found.actions}
    plan = {
        "who": who,
        "groups": text.groups(found, question.aim, names),
        "ready": found.genomics is not None,
        "own": OWN_LINES,
        "key": "",
        "flags": {},
    }
    # The plan is sent without what hangs on typing, so that typing in it is never lost; the key
    # makes the flags of another plan others.
    plan["key"] = f"{zlib.crc32(html.page(PLAN, plan).encode()):x}"
    live = {f"v-{plan['key']}-{one}": str(escape(flags.get(one, ""))) for one in _ids(found)}
    context = {
        **plan,
        "flags": flags,
        "question": question,
        "notice": notice,
        "countries": [(one, names[one]) for one in measures.members(dataset.areas)],
        "centres": sorted(
            ((str(one), names[str(one)]) for one in dataset.centres.index), key=lambda one: one[1]
        ),
        "aims": [(key, _(name)) for key, name in check_text.AIMS.items()],
        "answer": text.answer(found, names[who]),
        "open": text.still_open(found),
        "opened": [
            {
                "name": _(text.CHECKS[check]),
                "app": app,
                "loaded": bool(given),
                "link": f"{app}?{_query(question)}".rstrip("?"),
                "places": [(one, names[one]) for one in given if one in names],
                "own": who in given or (check == "designation" and bool(found.checked)),
            }
            for (check, app), given in zip(CHECKS.items(), answers, strict=True)
        ],
        "others": _others(answers, who, dataset, names),
        "funded": funded(found, question, dataset),
        "from": " ".join(f"{app}:{check}" for check, app in CHECKS.items()),
        "columns": json.dumps({_(name): f"_{part}" for part, name in COLUMNS.items()}),
        "as_of": as_of.isoformat(),
        "sources": facts.cited(dataset.sources, _cited(found, dataset)),
    }
    return Screen(
        question,
        TEMPLATE,
        context,
        {},
        drawn={"plan": html.page(PLAN, plan), **live},
        save=lambda kind: saved(kind, question, found, dataset),
    )


def funded(found: Sheet, question: StrategySheet, dataset: Dataset) -> list[tuple[str, str, str]]:
    """Return the services behind the actions: name, how many actions, and the scenario's link.

    The link is "" where no scenario that is shipped funds the service.
    """
    counted: dict[str, int] = {}
    for one in found.actions:
        if one.service:
            counted[one.service] = counted.get(one.service, 0) + 1
    shipped = plan_run.offered(dataset)
    country = question.country or by_place(question.genomics).get(OWN, {}).get(WITHIN, "")
    if question.centre:
        country = str(dataset.centres.at[question.centre, "country"])
    made = []
    for service, n in counted.items():
        fit = [(len(each.services), name) for name, each in shipped.items()]
        fit = [one for one in fit if service in shipped[one[1]].services]
        link = ""
        if fit:
            asked = {"scenario": min(fit)[1], "service": service}
            asked |= {"country": country} if country in measures.members(dataset.areas) else {}
            link = f"plan_funding?{urlencode(asked)}"
        text = ngettext("{n} action", "{n} actions", n).format(n=n)
        made.append((service_words.service(service), text, link))
    return made


def saved(kind: str, question: StrategySheet, found: Sheet, dataset: Dataset) -> exports.File:
    """Return the sheet to fill in: a line per goal, per action, and per line of one's own."""
    who = question.centre or question.country or OWN
    said = by_place(question.genomics).get(OWN, {})
    names = _names(dataset, said.get(CALLED, ""))
    heads = {part: _(name) for part, name in COLUMNS.items()}
    head = [_("Code"), *heads.values(), _("Money"), _("After"), _("To look at")]
    everywhere = by_place(question.answers).get(who, {}).get(f"{ALL}_goal", "")
    title = _("Goal of all actions in genomics that have none of their own")
    rows = [[ALL, everywhere, title, *[""] * 6]] if found.genomics is not None else []
    for group in text.groups(found, question.aim, names):
        goals = [one for one in found.actions if one.group == group["id"]]
        proposed = "" if goals[0].goal else group["proposed"]
        own_goal = goals[0].goal if goals[0].goal != everywhere else ""
        rows.append([group["id"], own_goal, group["title"], proposed, *[""] * 5])
        of = {one.id: one for one in goals}
        for line in group["actions"]:
            one = of[line["id"]]
            texts = [line["gap"], line["action"], one.planned.owner, one.planned.date]
            rows.append([one.id, "", *texts, line["money"], line["after"], text.flag(one)])
    own = {one.id: one for one in found.actions}
    for name in OWN_LINES:
        if name in own:
            one = own[name]
            texts = [one.goal, one.gap, one.text, one.planned.owner, one.planned.date]
            rows.append([name, *texts, "", "", text.flag(one)])
        else:
            rows.append([name, *[""] * 8])
    edition = dataset.edition
    about = {
        "title": _("Strategy sheet: {name}").format(name=names[who]),
        "edition": edition.name,
        "as_of": edition.as_of.isoformat(),
        "view": f"strategy_sheet?{question.query()}".rstrip("?"),
    }
    sources = facts.cited(dataset.sources, _cited(found, dataset))
    stem = f"canheal-strategy-{who}"
    return exports.table_file(kind, stem, head, rows, sources, exports.citation(about))


def _ids(found: Sheet) -> list[str]:
    return list(dict.fromkeys([*(one.id for one in found.actions), *OWN_LINES]))


def _names(dataset: Dataset, called: str) -> dict[str, str]:
    """Return the names of all places: countries, centres, and the place of one's own."""
    rows = dataset.centres
    names = words.country_names(dataset.areas)
    names |= {str(one): str(name) for one, name in zip(rows.index, rows["name"], strict=True)}
    return names | {OWN: called.strip() or _("A place of your own")}


def _others(
    answers: tuple[Answers, Answers], who: str, dataset: Dataset, names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return the places that the files hold and that are not shown: what chooses them, name.

    A centre of a country that is shown is part of its sheet.
    """
    members = measures.members(dataset.areas)
    made = []
    for one in dict.fromkeys([*answers[0], *answers[1]]):
        centre = one in dataset.centres.index
        if one == who or one not in names or (centre and dataset.centres.at[one, "country"] == who):
            continue
        field = "centre" if centre else "country" if one in members else "centre"
        made.append((f"{field}={'' if one == OWN else one}", names[one]))
    return made


def _query(question: StrategySheet) -> str:
    """Return what both checks take of the question."""
    asked = {"centre": question.centre, "country": question.country, "lang": question.lang}
    return urlencode({key: value for key, value in asked.items() if value not in ("", "en")})


def _cited(found: Sheet, dataset: Dataset) -> list[str]:
    ids = [one for check in found.checked.values() for one in check_text.cited(check)]
    if found.genomics is not None:
        ids += sorted(set(dataset.table(next_steps.FRAMEWORK)["source_id"]))
    return [one for one in dict.fromkeys(ids) if one]
