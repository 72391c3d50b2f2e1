"""Choosing centres by what is known of them: yes, no and "not known" are three things."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from canheal_nb.indicators.capabilities import newest
from canheal_nb.indicators.designated_centres import designations
from canheal_nb.indicators.measures import DESIGNATION, Tables, members

FEWEST = 10
OECI = ("CCC", "CC")
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True)
class Said:
    """The centre_ids of which something is known to hold, and of which it is known not to."""

    yes: frozenset[str]
    no: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.yes & self.no:
            raise ValueError(sorted(self.yes & self.no))

    @property
    def known(self) -> int:
        """Of how many centres it is known, be it yes or no."""
        return len(self.yes) + len(self.no)


@dataclass(frozen=True)
class Split:
    """Centres by whether they have all of what is asked: known to, known not to, not known."""

    yes: frozenset[str]
    no: frozenset[str]
    unknown: frozenset[str]


def combine(base: Iterable[str], criteria: Iterable[Said]) -> Split:
    """Return which centres of `base` are known to meet all criteria.

    One known "no" suffices for no; a centre with neither is not known. Without criteria all
    centres are in `yes`.
    """
    everyone = frozenset(base)
    yes, no = everyone, frozenset[str]()
    for said in criteria:
        yes &= said.yes
        no |= everyone & said.no
    return Split(yes, no, everyone - yes - no)


def list_rows(tables: Tables, capability: str) -> dict[str, dict[str, str]]:
    """Return the rows of `capability_lists` about a capability, by country."""
    lists = tables.capability_lists
    rows = lists[lists["capability"] == capability].to_dict("records")
    return {str(row["country"]): {str(k): str(v) for k, v in row.items()} for row in rows}


def list_row(tables: Tables, capability: str, country: str) -> dict[str, str]:
    """Return the row of `capability_lists` that holds for a country; empty where there is none.

    A country's own row goes before the Union's, which holds for its members only.
    """
    return _holding(list_rows(tables, capability), country, members(tables.areas))


def said_of(tables: Tables, capability: str) -> Said:
    """Return what the newest facts say of each centre about a yes-or-no capability.

    A "no" counts only where the list for the centre's country may say no. A centre of which the
    newest facts say both is in neither set, as is one without a fact.
    """
    rows = newest(tables.capabilities, capability)
    yes = frozenset(map(str, rows["centre_id"][rows["value"] == "yes"]))
    no = frozenset(map(str, rows["centre_id"][rows["value"] == "no"]))
    lists, union = list_rows(tables, capability), members(tables.areas)
    country = tables.centres["country"].reindex(sorted(no - yes)).dropna()
    proven = [
        str(centre)
        for centre, place in country.items()
        if _holding(lists, str(place), union).get("may_say_no") == "yes"
    ]
    return Said(yes - no, frozenset(proven))


def designated(tables: Tables, layers: pd.DataFrame, which: str) -> Said:
    """Return what is known of a designation.

    `which`: CCC or CC (OECI's own), or a layer of `judgements/ccc_layers` (`layers`: columns
    layer, capability, value). OECI's directory also says who has another certificate or none;
    of other layers only yes is ever known.
    """
    if which in OECI:
        kinds = designations(tables.capabilities)
        has = frozenset(map(str, kinds.index[kinds == which]))
        return Said(has, (frozenset(map(str, kinds.index)) | said_of(tables, DESIGNATION).no) - has)
    found: set[str] = set()
    for row in layers[layers["layer"] == which].itertuples():
        rows = newest(tables.capabilities, str(row.capability))
        found |= set(map(str, rows["centre_id"][rows["value"] == row.value]))
    return Said(frozenset(found))


def filters(tables: Tables) -> tuple[dict[str, Said], dict[str, Said]]:
    """Return the yes-or-no capabilities that can be a filter, and those too little known for it.

    Each by id, sorted by group and label. Fewer than `FEWEST` centres known is too little.
    """
    types = tables.capability_types
    types = types[types["kind"] == "yes_no"].sort_values(["group", "label"])
    every = {str(capability): said_of(tables, str(capability)) for capability in types.index}
    usable = {capability: said for capability, said in every.items() if said.known >= FEWEST}
    return usable, {key: said for key, said in every.items() if key not in usable}


def fold(text: str) -> str:
    """Return a text as it is compared in a search: no accents, no case, no invisible signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc"))
    return kept.translate(LETTERS)


def matching(centres: pd.DataFrame, text: str, country: str = "") -> list[str]:
    """Return the ids of the centres in a country whose name or city holds every word of a text."""
    wanted = fold(text).split()
    rows = centres if not country else centres[centres["country"] == country]
    told = (rows["name"] + " " + rows["name_local"] + " " + rows["city"]).map(fold)
    return [str(i) for i, said in told.items() if all(word in said for word in wanted)]


def _holding(lists: dict[str, dict[str, str]], country: str, union: list[str]) -> dict[str, str]:
    return lists.get(country, lists.get("EU", {}) if country in union else {})
