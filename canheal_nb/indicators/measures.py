"""A measure: what one map shows, be it an indicator, a computed ratio or a count of centres."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol

import pandas as pd

from canheal_nb.indicators import capabilities, series_choice


class Tables(Protocol):
    """The tables a measure is made from (columns as in `canheal_nb.data.Dataset`)."""

    def __hash__(self) -> int: ...

    @property
    def areas(self) -> pd.DataFrame: ...
    @property
    def centres(self) -> pd.DataFrame: ...
    @property
    def capabilities(self) -> pd.DataFrame: ...
    @property
    def capability_types(self) -> pd.DataFrame: ...
    @property
    def capability_lists(self) -> pd.DataFrame: ...
    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def indicator_types(self) -> pd.DataFrame: ...
    def table(self, name: str) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Ratio:
    """Counts per million people, both published, divided here."""

    counts: str
    people: str


PEOPLE = "population_total"
RATIOS = {
    "radiotherapy_machines_dirac_per_million": Ratio("radiotherapy_machines_dirac_number", PEOPLE),
    "radiotherapy_equipment_per_million": Ratio("radiotherapy_equipment_number", PEOPLE),
    "ct_scanners_per_million": Ratio("ct_scanners_number", PEOPLE),
    "pet_scanners_per_million": Ratio("pet_scanners_number", PEOPLE),
    "gamma_cameras_per_million": Ratio("gamma_cameras_number", PEOPLE),
    "mammography_units_per_million": Ratio("mammography_units_number", PEOPLE),
}
DESIGNATION = "oeci_accredited"


@dataclass(frozen=True)
class Measure:
    """What a map shows.

    `table`: one row per known member state, indexed by `area_id`, with `number, value, low,
    high, year, source_id, flag, note` and, by kind, `base, count` (ratio) or `at_least` (count of
    centres). `kind`: indicator, ratio or centres. `rank`: "yes", "with care" or "no". `sex`: F
    or M where only one half of a series without a total is shown, else "".
    """

    id: str
    kind: str
    label: str
    unit: str
    definition: str
    caveat: str
    direction: str
    rank: str
    table: pd.DataFrame = field(repr=False)
    union: series_choice.UnionValue | None
    members: tuple[str, ...]
    sex: str = ""

    @property
    def exact(self) -> pd.DataFrame:
        """The rows that may be compared: those that are not "at least"."""
        if "at_least" not in self.table:
            return self.table
        return self.table[~self.table["at_least"].astype(bool)]

    @property
    def unknown(self) -> list[str]:
        """The member states without a figure."""
        return [area for area in self.members if area not in self.table.index]

    @property
    def whole(self) -> bool:
        """Whether all figures are whole numbers."""
        return bool((self.table["number"] == self.table["number"].round()).all())

    @property
    def sources(self) -> list[str]:
        """The ids of all sources behind the figures, in order."""
        return sorted({part for ids in self.table["source_id"] for part in ids.split("+") if part})


def members(areas: pd.DataFrame) -> list[str]:
    """Return the 27 member states' ids, sorted by name."""
    states = areas[areas["kind"] == "member_state"]
    return [str(area) for area in states.sort_values("name").index]


def measure(
    tables: Tables, show: str, sex: str = "", edition: str = "", year: int | None = None
) -> Measure:
    """Return the measure with this id: an indicator, a ratio or a capability.

    A capability of several values is written `capability=value` (`oeci_designation=CCC`).
    `sex`, `edition`, `year`: which series, the default where not given (see `series_choice.layer`);
    a ratio's are those of its count. Raises KeyError for an unknown id; questions are checked
    before. It is computed once per dataset.
    """
    known = _measured(tables, show, sex, edition, year)
    return replace(known, table=known.table.copy())


@lru_cache(maxsize=512)
def _measured(tables: Tables, show: str, sex: str, edition: str, year: int | None) -> Measure:
    capability, _sign, value = show.partition("=")
    if capability in tables.capability_types.index:
        return _centres(tables, capability, value or "yes")
    kind = tables.indicator_types.loc[show]
    ratio = RATIOS.get(show)
    series = series_choice.Series(ratio.counts if ratio else show, sex, edition, year)
    table = series_choice.layer(tables.indicators, series)
    if ratio:
        table = _per_million(tables, table, ratio.people)
    states = members(tables.areas)
    known = series_choice.members_only(table, states)
    half = "" if ratio else series_choice.only_sex(tables.indicators, show)
    return Measure(
        id=show,
        kind="ratio" if ratio else "indicator",
        label=str(kind["label"]),
        unit=str(kind["unit"]),
        definition=str(kind["definition"]),
        caveat=str(kind["caveat"]),
        direction=str(kind["direction"]),
        rank=str(kind["rank"]),
        table=known,
        union=series_choice.union_value(known, str(kind["unit"])),
        members=tuple(states),
        sex=sex if sex in ("F", "M") else half,
    )


@dataclass(frozen=True)
class Choices:
    """The series there are of one measure: sexes (T, F, M), editions, years, each sorted.

    `sex`, `edition`: the ones that are shown, chosen or by default.
    """

    sexes: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    sex: str = ""
    edition: str = ""


def choices(tables: Tables, show: str, sex: str = "", edition: str = "") -> Choices:
    """Return which series a measure has; the years are those of the chosen sex and edition."""
    ratio = RATIOS.get(show)
    rows = tables.indicators
    rows = rows[rows["indicator"] == (ratio.counts if ratio else show)]
    rows = rows[rows["area_id"].isin(members(tables.areas))]
    if rows.empty:
        return Choices()
    editions = sorted(rows["edition"].unique())
    edition = edition if edition in editions else series_choice.default_edition(rows)
    rows = rows[rows["edition"] == edition]
    sexes = sorted(rows["sex"].unique(), key="TFM".index)
    sex = sex if sex in sexes else series_choice.default_sex(rows)
    years = sorted(int(year) for year in rows.loc[rows["sex"] == sex, "year"].dropna().unique())
    return Choices(tuple(sexes), tuple(editions), tuple(years), sex, edition)


@dataclass(frozen=True)
class Target:
    """A policy's mark for a measure, in its unit, and who set it for when ("" = not stated)."""

    number: float
    policy: str
    year: str
    source_id: str
    why: str


def target(tables: Tables, show: str) -> Target | None:
    """Return the policy target that a measure is held against, if there is one.

    Which target belongs to which measure is our judgement (judgements/target_measures).
    """
    chosen = tables.table("judgements/target_measures")
    chosen = chosen[chosen["indicator"] == show]
    if chosen.empty:
        return None
    named = chosen.iloc[0]
    goals = tables.table("frameworks/targets")
    same = (goals["target"] == named["target"]) & (goals["policy"] == named["policy"])
    goal = goals[same].iloc[0]
    return Target(
        float(goal["value"]), goal["policy"], goal["year"], goal["source_id"], named["why"]
    )


def offered(tables: Tables) -> dict[str, list[tuple[str, str]]]:
    """Return what a map can show: group -> (id, label), groups and labels sorted.

    Number indicators with at least one figure, the computed ratios, and every capability that
    is a yes or a category known for at least one centre.
    """
    types = tables.indicator_types
    have = set(tables.indicators["indicator"]) | set(RATIOS)
    numbers = types[(types["kind"] == "number") & types.index.isin(have)]
    groups: dict[str, list[tuple[str, str]]] = {}
    for indicator, row in numbers.iterrows():
        groups.setdefault(str(row["group"]), []).append((str(indicator), str(row["label"])))
    for group, items in _offered_capabilities(tables).items():
        groups.setdefault(group, []).extend(items)
    return {name: sorted(items, key=lambda item: item[1]) for name, items in sorted(groups.items())}


def _offered_capabilities(tables: Tables) -> dict[str, list[tuple[str, str]]]:
    facts = tables.capabilities
    groups: dict[str, list[tuple[str, str]]] = {}
    for capability, row in tables.capability_types.iterrows():
        values = sorted(facts.loc[facts["capability"] == capability, "value"].unique())
        items = groups.setdefault(f"Centres: {row['group'].lower()}", [])
        if row["kind"] == "yes_no" and "yes" in values:
            items.append((str(capability), str(row["label"])))
        elif row["kind"] == "category":
            items += [(f"{capability}={value}", f"{row['label']}: {value}") for value in values]
    return {group: items for group, items in groups.items() if items}


def _per_million(tables: Tables, counts: pd.DataFrame, people: str) -> pd.DataFrame:
    """Divide by the people of the same year, or of the year beside it."""
    outermost = tables.areas[tables.areas["kind"] == "outermost_region"]
    rows = tables.indicators[tables.indicators["indicator"] == people]
    apart = rows["area_id"].isin(outermost.index)
    years = counts["year"]
    own = series_choice.nearest_year(rows[~apart], years)
    regions = outermost["country"].map(years).dropna().astype("Int64")
    overseas = series_choice.nearest_year(rows[apart], regions)
    return series_choice.per_million(counts, own, overseas["number"], outermost["country"])


def _centres(tables: Tables, capability: str, value: str) -> Measure:
    kind = tables.capability_types.loc[capability]
    states = members(tables.areas)
    table = capabilities.count_layer(
        tables.centres, tables.capabilities, tables.capability_lists, states, capability, value
    )
    name = str(kind["label"]) if value == "yes" else f"{kind['label']}: {value}"
    total = float(table["number"].sum())
    partly = len(table) < len(states) or bool(table["at_least"].any())
    return Measure(
        id=capability if value == "yes" else f"{capability}={value}",
        kind="centres",
        label=name,
        unit="centres",
        definition=str(kind["definition"]),
        caveat=str(kind["caveat"]),
        direction="neutral",
        rank="no",
        table=table,
        union=series_choice.UnionValue(total, "sum", len(table), partly) if len(table) else None,
        members=tuple(states),
    )


MACHINES = "radiotherapy_machines_dirac_per_million"
