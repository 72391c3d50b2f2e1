"""Where somebody lives: a name is settled to one place, or asked back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from canheal_nb.charts.maps.projection import to_map
from canheal_nb.data import Dataset
from canheal_nb.finder.model import gazetteer, matching
from canheal_nb.finder.question import Finder
from canheal_nb.indicators import words
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.text.refusals import shown

REGIONS, UNITS = "facts/population/admin1_population", "judgements/finder_units"
MARK = "#"


@dataclass(frozen=True)
class Candidate:
    """A place to choose: `context` tells it from others of its name."""

    value: str
    name: str
    context: str


@lru_cache(maxsize=2)
def places(dataset: Dataset) -> tuple[pd.DataFrame, gazetteer.Names, pd.Series]:
    """Return the settlements, the names they are found by, and the names of their regions."""
    settlements, regions = dataset.settlements, region_names(dataset)
    return settlements, gazetteer.names(settlements, dataset.settlement_names, regions), regions


def region_names(dataset: Dataset) -> pd.Series:
    """Return the name of each unit that has one of its own; "" elsewhere."""
    table = dataset.table(REGIONS)
    single = table.drop_duplicates("unit", keep=False).set_index("unit")["name"]
    units = pd.Series({unit: unit.partition(":")[2] for unit in table["unit"].unique()})
    units.update(single)
    own = dataset.table(UNITS).set_index("unit")["name"]
    units.update(own)
    return units


def settled(question: Finder, dataset: Dataset) -> tuple[Finder, gazetteer.Found | None]:
    """Return the question with one place or none, and what its text may mean.

    A text goes before the place that was chosen until now. Raises UserError for a place that
    does not exist.
    """
    settlements, known, _regions = places(dataset)
    text = question.find.strip()
    if text.startswith(MARK):
        question, text = question.changed(place=text.removeprefix(MARK), find=""), ""
    if question.place and not text and question.place not in settlements.index:
        sentence = _("There is no place {place}; type the name of the place where you live.")
        raise UserError(sentence.format(place=shown(question.place)), code="unknown-place")
    if not text:
        return question, None
    found = gazetteer.find(known, text)
    if found.how == "exact":
        return question.changed(place=found.ids[0], find=""), None
    return question.changed(place=""), found


def label(dataset: Dataset, place: str) -> str:
    """Return a place's name with its country."""
    settlements, _names, _regions = places(dataset)
    row = settlements.loc[place]
    country = words.country_names(dataset.areas)[str(row["area_id"])]
    return _("{place} ({country})").format(place=row["name"], country=country)


def candidates(dataset: Dataset, ids: tuple[str, ...]) -> list[Candidate]:
    """Return places to choose from, each with region, country and the nearest city."""
    settlements, _names, regions = places(dataset)
    names = words.country_names(dataset.areas)
    cities = settlements[settlements["size"] == "city"]
    return [_candidate(i, settlements.loc[i], cities, names, regions) for i in ids]


def _candidate(
    place: str, row: Any, cities: pd.DataFrame, names: dict[str, str], regions: pd.Series
) -> Candidate:
    parts = [str(regions.get(row["unit"], "")), names[str(row["area_id"])]]
    own = cities[(cities["country"] == row["country"]) & (row["size"] != "city")]
    away = matching.straight_km({"latitude": row["latitude"], "longitude": row["longitude"]}, own)
    if len(away):
        near = _("{n} km from {city}")
        city = str(own.at[away.idxmin(), "name"])
        parts.append(near.format(n=words.significant(float(away.min())), city=city))
    return Candidate(place, str(row["name"]), ", ".join(dict.fromkeys(filter(None, parts))))


def point(dataset: Dataset, place: str) -> pd.DataFrame:
    """Return `x, y` of a place in map units."""
    settlements, _names, _regions = places(dataset)
    return to_map(settlements.loc[[place]], dataset.map["transform"])
