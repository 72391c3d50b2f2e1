"""How many centres of a country stand at which step, what their next ones cost, and their peers.

The centres are those of the tables, which are a sample: a count says "in our list".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from canheal_nb.designation.model import certification_path
from canheal_nb.designation.model.scheme_tables import Tables
from canheal_nb.designation.model.self_check import Aim, Check, check
from canheal_nb.indicators.capabilities import newest
from canheal_nb.indicators.designated_centres import designations
from canheal_nb.text.locale import language

STEPS = ("CCC", "CC", "applying", "member", "outside", "unknown")
NEXT: Mapping[str, Aim | None] = {"CCC": None, "CC": "ccc"}  # everywhere else: cc


@dataclass(frozen=True)
class Band:
    """The middle half of what peers are known to have; peers are not named.

    `n`: peers with a figure, of `peers`; `low`, `middle`, `high`: quartiles and median.
    """

    n: int
    peers: int
    low: float
    middle: float
    high: float


def standing(tables: Tables, country: str) -> pd.Series:
    """Return the step of every centre of a country, by centre_id, each on its highest only.

    CCC and CC: OECI certificate held; applying: in OECI's accreditation, no certificate; member:
    of OECI only; outside: known not to be a member; unknown: nothing is known.
    """
    centres = tables.centres.index[tables.centres["country"] == country]
    held = designations(tables.capabilities)
    applying, member = (
        newest(tables.capabilities, name).drop_duplicates("centre_id").set_index("centre_id")
        for name in ("oeci_in_accreditation", "oeci_member")
    )
    found = {}
    for centre in centres:
        kind = str(held.get(centre, ""))
        if kind:
            found[str(centre)] = kind
        elif centre in applying.index and applying.at[centre, "value"] == "yes":
            found[str(centre)] = "applying"
        elif centre in member.index:
            yes = member.at[centre, "value"] == "yes"
            found[str(centre)] = "member" if yes else "outside"
        else:
            found[str(centre)] = "unknown"
    return pd.Series(found, dtype="str")


def counts(tables: Tables, country: str) -> dict[str, int]:
    """Return how many centres of a country stand at each step, in the order of `STEPS`."""
    found = standing(tables, country)
    return {step: int((found == step).sum()) for step in STEPS}


def band(
    tables: Tables, capability: str, designation: str, least: int, but: str = ""
) -> Band | None:
    """Return the middle half of a number among the centres with a designation (CC or CCC).

    `but`: a centre that is left out, since it is compared; None with fewer than `least` figures.
    """
    held = designations(tables.capabilities)
    peers = [str(c) for c in held.index[held == designation] if c != but]
    rows = newest(tables.capabilities, capability).drop_duplicates("centre_id")
    own = rows[rows["centre_id"].isin(peers)]["number"].dropna()
    if len(own) < least:
        return None
    low, middle, high = (float(own.quantile(q)) for q in (0.25, 0.5, 0.75))
    return Band(len(own), len(peers), low, middle, high)


@dataclass(frozen=True)
class Next:
    """A centre of a country: its step today, and the check of the next certificate.

    `aim` and `check` are None for a centre that holds the highest certificate.
    """

    centre: str
    step: str
    aim: Aim | None
    check: Check | None


@dataclass(frozen=True)
class Need:
    """One step of the paths of a country: the centres it is for and what it costs them together.

    `total`: the known costs, and how many are not known; `missing`: missing budgets, euros a year,
    which are not added to costs.
    """

    asked: str
    text: str
    centres: tuple[str, ...]
    total: certification_path.Total
    missing: float


def following(
    tables: Tables, country: str, said: Mapping[str, Mapping[str, str]], as_of: dt.date
) -> list[Next]:
    """Return every centre of a country with the check of its next certificate, by centre_id.

    The next one is Cancer Centre; for a centre that holds it, Comprehensive Cancer Centre.
    `said`: answers by centre and name; facts fill in what they answer.
    """
    found = []
    for centre, step in standing(tables, country).sort_index().items():
        aim = NEXT.get(str(step), "cc")
        own, made = said.get(str(centre), {}), None
        if aim is not None:
            made = (
                check(tables, aim, own, str(centre), as_of)
                if own
                else _unanswered(tables, aim, str(centre), as_of, language())
            )
        found.append(Next(str(centre), str(step), aim, made))
    return found


@lru_cache(maxsize=512)
def _unanswered(tables: Tables, aim: Aim, centre: str, as_of: dt.date, _language: str) -> Check:
    """Return the check of a centre of which only facts are known; it is the same every time."""
    return check(tables, aim, {}, centre, as_of)


def needs(found: Sequence[Next]) -> list[Need]:
    """Return the steps that the centres need together, in the order of the path."""
    by_step: dict[str, list[tuple[str, certification_path.Step]]] = {}
    for one in found:
        for step in one.check.steps if one.check else ():
            by_step.setdefault(step.asked, []).append((one.centre, step))
    return [
        Need(
            asked,
            own[0][1].text,
            tuple(centre for centre, _step in own),
            certification_path.total([step for _centre, step in own]),
            sum(m.low for _c, s in own for m in s.money if m.basis == "gap"),
        )
        for asked, own in sorted(by_step.items(), key=lambda pair: pair[1][0][1].place)
    ]


def whole(found: Sequence[Next]) -> certification_path.Total:
    """Return what the next certificates cost together: known sums, and how many are unknown."""
    return certification_path.total([s for one in found if one.check for s in one.check.steps])
