"""From the tables of a dataset to who can reach what; each answer is computed once and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import pandas as pd

from canheal_nb.access.model import access_inequality, coverage, crowding, definitions
from canheal_nb.access.model.access_inequality import Fairness
from canheal_nb.access.model.catchment_weights import Method
from canheal_nb.access.model.coverage import Reaching
from canheal_nb.access.model.crowding import Crowding, Falling
from canheal_nb.access.model.decay import Decay
from canheal_nb.access.model.definitions import Definition
from canheal_nb.access.travel import driving_check, journeys, speeds, straight_line
from canheal_nb.access.travel.driving import PACES, Land, Pace
from canheal_nb.access.travel.driving_check import Error
from canheal_nb.access.travel.journeys import Ground, Stored
from canheal_nb.indicators import measures

INCOME = "gdp_per_capita_ppp_constant"
KNOWN = "built/travel_known"
CATCHMENTS = "judgements/catchments"
NOTES = "judgements/population_notes"
TARGET = "Eligible patients with access to comprehensive cancer centres"
POLICY = "Europe's Beating Cancer Plan"
KEPT = 2  # datasets


class Tables(measures.Tables, speeds.Tables, Protocol):
    """The tables that access is computed from (as `canheal_nb.data.Dataset` hands them out)."""

    def __hash__(self) -> int: ...
    @property
    def settlements(self) -> pd.DataFrame: ...
    @property
    def spread(self) -> pd.DataFrame: ...
    @property
    def hexagons(self) -> pd.DataFrame: ...
    @property
    def lattice(self) -> Land: ...
    @property
    def journeys(self) -> Stored | None: ...


@lru_cache(maxsize=KEPT)
def ground(tables: Tables) -> Ground:
    """Return what ways lead over."""
    places = journeys.places(tables.settlements, tables.spread, tables.hexagons)
    drives = {pace: speeds.drive(tables, pace) for pace in PACES}
    return Ground(places, drives, lambda: tables.lattice)


@lru_cache(maxsize=KEPT)
def offered(tables: Tables) -> dict[str, Definition]:
    """Return the definitions of a centre that figures can be given for, by id."""
    return definitions.offered(tables)


@lru_cache(maxsize=32)
def found(tables: Tables, definition: str) -> Reaching:
    """Return who can reach a centre of this definition."""
    meant, over = offered(tables)[definition], ground(tables)
    centres = definitions.centres(tables, meant)
    ways = journeys.pairs(over, centres, tables.journeys)
    states = definitions.states(tables, meant)
    return coverage.reaching(meant, over.places, centres, states, ways)


@lru_cache(maxsize=512)
def _shares(tables: Tables, meant: str, limit: int, across: bool, pace: Pace) -> pd.DataFrame:
    return coverage.shares(found(tables, meant), limit, across, pace)


def shares(tables: Tables, meant: str, limit: int, across: bool, pace: Pace) -> pd.DataFrame:
    """Return the people within the limit by country and for the Union (`reaching.shares`)."""
    return _shares(tables, meant, limit, across, pace).copy()


@lru_cache(maxsize=128)
def regions(tables: Tables, meant: str, limit: int, across: bool, pace: Pace) -> pd.Series:
    """Return the share within the limit by area_id (`reaching.regions`)."""
    return coverage.regions(found(tables, meant), limit, across, pace)


@lru_cache(maxsize=128)
def by_size(tables: Tables, meant: str, limit: int, across: bool) -> pd.DataFrame:
    """Return the share within the limit by size of settlement (`reaching.by_size`)."""
    return coverage.by_size(found(tables, meant), limit, across)


@lru_cache(maxsize=64)
def by_class(
    tables: Tables, meant: str, bounds: tuple[int, ...], across: bool, pace: Pace
) -> tuple[float, ...]:
    """Return the share of people by class of minutes (`reaching.by_class`)."""
    return tuple(coverage.by_class(found(tables, meant), bounds, across, pace).tolist())


@lru_cache(maxsize=64)
def cells(tables: Tables, definition: str, across: bool, pace: Pace) -> pd.Series:
    """Return minutes by h3 (see `reaching.cells`)."""
    return coverage.cells(found(tables, definition), across, pace)


@lru_cache(maxsize=64)
def decay(tables: Tables, name: Falling, limit: int) -> Decay:
    """Return the decay of this name up to a limit, with the constants that the project chose."""
    return crowding.decay(name, limit, speeds.constants(tables.table(CATCHMENTS)))


@lru_cache(maxsize=64)
def crowded(
    tables: Tables,
    definition: str,
    limit: int,
    across: bool,
    pace: Pace,
    method: Method,
    falling: Falling,
) -> Crowding:
    """Return how crowded the centres are (`crowding.crowding`)."""
    decayed = decay(tables, falling, limit)
    return crowding.crowding(found(tables, definition), across, pace, method, decayed)


@lru_cache(maxsize=64)
def fair(
    tables: Tables,
    definition: str,
    limit: int,
    across: bool,
    pace: Pace,
    method: Method = "e2sfca",
    falling: Falling = "gaussian",
) -> Fairness | None:
    """Return how equal access is; None where no country's list is whole."""
    known = found(tables, definition)
    if not known.exact or known.centres.empty:
        return None
    decayed = decay(tables, falling, limit)
    return access_inequality.fairness(known, limit, across, pace, income(tables), method, decayed)


@lru_cache(maxsize=64)
def by_line(tables: Tables, definition: str, across: bool) -> dict[float, float]:
    """Return the share of people by straight distance (`straight_line.KM`): the simple second
    way."""
    known = found(tables, definition)
    return straight_line.shares(known.places, known.centres, straight_line.KM, across)


@lru_cache(maxsize=KEPT)
def error(tables: Tables) -> Error:
    """Return how far modelled times are from known ones."""
    times = tables.table(KNOWN)
    numbers = times[["minutes", *PACES]].apply(pd.to_numeric)
    return driving_check.error(times[["half"]].join(numbers))


@lru_cache(maxsize=KEPT)
def place_names(tables: Tables) -> pd.Series:
    """Return the name of the largest place in each cell, by h3."""
    places = ground(tables).places
    largest = places.sort_values("people", ascending=False).drop_duplicates("h3")
    names = tables.settlements["name"].reindex(largest.index.str.partition(":").get_level_values(0))
    return pd.Series(names.to_numpy(), index=pd.Index(largest["h3"]))


@lru_cache(maxsize=KEPT)
def income(tables: Tables) -> pd.Series:
    """Return the income per person that countries are ranked by, by area_id."""
    return measures.measure(tables, INCOME).table["number"]


@lru_cache(maxsize=KEPT)
def notes(tables: Tables) -> pd.DataFrame:
    """Return where people are less well placed, by area_id: note and weak (yes: only a band)."""
    rows = tables.table(NOTES).set_index("area_id")
    return pd.DataFrame({"note": rows["note"], "weak": rows["band"] == "yes"})


@lru_cache(maxsize=KEPT)
def target(tables: Tables) -> measures.Target:
    """Return the policy's mark: a share of people (parts of 100), by when and who says so."""
    rows = tables.table("frameworks/targets")
    goal = rows[(rows["target"] == TARGET) & (rows["policy"] == POLICY)].iloc[0]
    return measures.Target(
        float(goal["value"]), goal["policy"], goal["year"], goal["source_id"], goal["target"]
    )
