"""The tables of the screen of funding: services, countries, and the rule of thumb."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from canheal_nb.funding.model.model_inputs import Case
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.text.locale import _

ENDS = ("after_low", "after_high")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as plain values, many times quicker than pandas does."""
    columns = [str(name) for name in table.columns]
    rows = zip(*(table[name].tolist() for name in table.columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def things(run: Run) -> str:
    """Return what is bought, in one list; "nothing" where there is none."""
    return service_words.things(zip(run.services["service"], run.services["units"], strict=True))


@lru_cache(maxsize=16)
def by_country(run: Run) -> tuple[dict[str, Any], ...]:
    """Return a row per country and service: `Run.countries` with `Run.country_intervals`."""
    both = zip(records(run.countries), records(run.country_intervals), strict=True)
    return tuple({**row, **ends} for row, ends in both)


def services(run: Run, country: str = "") -> list[dict[str, str]]:
    """Return before, doing nothing, after and difference per service.

    For the Union (country ""), with ranges from the draws; or for one country.
    """
    own = [row for row in by_country(run) if row["country"] == country]
    out = set() if run.planned is None else set(run.planned.left_out)
    found = []
    for row in own if country else records(run.services):
        service = str(row["service"])
        known = not math.isnan(float(row["share_after"]))
        if not known:
            span = ""
        elif country:
            low, high = (float(row[end]) for end in ENDS)
            span = _span(low, high)
        else:
            span = _span(*run.shares[service])
        more = float(row["share_after"]) - float(row["share_nothing"])
        served = service_words.counted(service, float(row["served"])) if known else _("not known")
        found.append(
            {
                "service": service_words.service(service),
                "today": service_words.share(float(row["share_today"])),
                "nothing": service_words.share(float(row["share_nothing"])),
                "after": service_words.share(float(row["share_after"])),
                "span": span,
                "more": points(more),
                "served": _("not in this plan") if service in out else served,
                "each": service_words.euros(float(row["cost_per_person"])) if _priced(row) else "",
                "assumed": _("assumed") if service in assumed(run.case) else "",
            }
        )
    return found


def assumed(case: Case) -> frozenset[str]:
    """Return the services whose figures rest on an assumption."""
    if "assumed" not in case.kept:
        rows = case.own[(case.own["cell"] != "staff") & (case.own["basis"] == "assumed")]
        case.kept["assumed"] = frozenset(map(str, rows["service"]))
    found: frozenset[str] = case.kept["assumed"]
    return found


def points(difference: float) -> str:
    """Return a difference of shares in points: "+4.2", "0"."""
    if math.isnan(difference):
        return _("not known")
    rounded = round(100 * difference, 1)
    return "0" if not rounded else ("+" if rounded > 0 else "−") + words.decimal(abs(rounded), 1)


def countries(run: Run, service: str, names: Mapping[str, str]) -> list[dict[str, str]]:
    """Return one row per country for a service: before, after, people, the most gain first."""
    rows = [row for row in by_country(run) if row["service"] == service]
    rows.sort(key=lambda row: (-float(np.nan_to_num(row["served"], nan=-1.0)), -row["units"]))
    return [
        {
            "id": str(row["country"]),
            "name": names[str(row["country"])],
            "units": service_words.count(float(row["units"])),
            "nothing": service_words.share(float(row["share_nothing"])),
            "after": service_words.share(float(row["share_after"])),
            "span": _span(*(float(row[end]) for end in ENDS)),
            "more": points(float(row["share_after"]) - float(row["share_nothing"])),
            "served": ""
            if math.isnan(float(row["served"]))
            else service_words.people(float(row["served"])),
        }
        for row in rows
    ]


def rival(run: Run, other: pd.DataFrame) -> list[dict[str, str]]:
    """Return the share of the benchmark per service: doing nothing, by the rule, by the plan.

    `other`: what the rule does, as `Run.services` says it of the plan.
    """
    both = zip(records(run.services), records(other), strict=True)
    return [
        {
            "service": service_words.service(str(plan["service"])),
            "nothing": service_words.share(float(plan["share_nothing"])),
            "rule": service_words.share(float(rule["share_after"])),
            "plan": service_words.share(float(plan["share_after"])),
            "more": points(float(plan["share_after"]) - float(rule["share_after"])),
        }
        for plan, rule in both
    ]


def national(country: str, euros: float, money: str, rate: float) -> str:
    """Return what a country gets in euros and in its own money; "" `money`: it is the euro."""
    got = service_words.euros(euros)
    if not euros > 0:
        return _("{country}: nothing is bought there.").format(country=country)
    if not money:
        return _("{country}: {euros}; its money is the euro.").format(country=country, euros=got)
    own = words.decimal(euros * rate / 1e6, 1)
    text = _("{country}: {euros}, {own} million {money} at the mean rate of 2023.")
    if math.isnan(rate):
        text = _("{country}: {euros}; no exchange rate of 2023 is known for {money}.")
    return text.format(country=country, euros=got, own=own, money=money)


def _priced(row: Mapping[str, Any]) -> bool:
    each = row.get("cost_per_person", math.nan)
    return not math.isnan(float(str(each)))


def _span(low: float, high: float) -> str:
    """Return a range of shares, empty where it does not vary."""
    varies = not math.isnan(high - low) and round(high - low, 3)
    return service_words.between(low, high) if varies else ""
