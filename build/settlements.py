"""The rule that turns GeoNames' places into settlements: pure functions over tables.

GeoNames counts places inside places (a city and its districts) and leaves small villages out.
Nested places are removed, step by step, and what is left is scaled region by region to official
populations. The constants are ours and stand in data/judgements/settlement_rule.csv.

Everywhere a table of places has one row per place, sorted by `order`, with geonameid, name,
area, unit, latitude, longitude (degrees), population, names (how many alternate names it has),
folded (its name as `fold` spells it) and district (does a name say that it is a district?).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from canheal_nb.access.travel.settlements import fold

Rule = Mapping[str, float]

EARTH_KM = 6371.0
STEPS = ("name", "duplicate", "closed", "core", "budget")
DISTRICT_WORDS = (
    "arrondissement", "kerulet", "bezirk", r"stadtbezirk\w*", r"stadtteil\w*", "distritos?",
    "districte", "distrikt", "district", "distretto", "mestska cast", r"dzielnic\w*",
    "quartiere?", "barri", "barrios? de", r"sector(?:ul)? \d+", r"raion\w*", r"stadsdeel\w*",
    r"stadsdel\w*", r"kaupunginosa\w*", "circo(?:i)?scrizione", "municipio", "gradska cetvrt",
    "linnaosa", "condado", "comte", "county", r"\d+e arr",
)  # fmt: skip
DISTRICT = (
    rf"\b(?:{'|'.join(DISTRICT_WORDS)})\b|[区區]$"
    r"|^(?:paris|lyon|marseille) \d\d\b|^(?:praha|prague|brno) \d"
)


def order(places: pd.DataFrame) -> pd.DataFrame:
    """Sort by area, then the largest first; a place can only lie in one that stands before it."""
    by = ["area", "population", "geonameid"]
    return places.sort_values(by, ascending=[True, False, True], ignore_index=True)


def with_words(places: pd.DataFrame, alternates: Iterable[Iterable[str]]) -> pd.DataFrame:
    """Add names, folded and district; `alternates` are each place's alternate names."""
    folded = [fold(name) for name in places["name"]]
    rows = [[one, *map(fold, others)] for one, others in zip(folded, alternates, strict=True)]
    every = pd.Series(rows).explode()
    district = every.str.contains(DISTRICT).groupby(level=0).any()
    count = [len(row) - 1 for row in rows]
    return places.assign(names=count, folded=folded, district=district.to_numpy())


def ball(places: pd.DataFrame) -> np.ndarray:
    """Return points on a ball with the earth's radius, in km."""
    lat, lon = np.radians(places["latitude"]), np.radians(places["longitude"])
    flat = np.cos(lat)
    return EARTH_KM * np.column_stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)])


def arc(chord: np.ndarray) -> np.ndarray:
    """Return the great-circle distances, in km, of straight ones through the ball."""
    return 2 * EARTH_KM * np.arcsin(np.minimum(chord / (2 * EARTH_KM), 1))


def chord(km: Any) -> Any:
    """Return the straight distance through the ball of a great-circle distance, in km."""
    return 2 * EARTH_KM * np.sin(km / (2 * EARTH_KM))


def radius(population: Any, density: float) -> Any:
    """Return the radius, in km, of the disc on which people live at so many per km²."""
    return np.sqrt(population / (np.pi * density))


def pairs(places: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Return parent, child (row numbers) and km for every place in reach of a large one.

    The child stands after the parent in the order and belongs to the same area.
    """
    found = []
    for _area, rows in places.groupby("area").indices.items():
        points = ball(places.iloc[rows])
        people = places["population"].to_numpy()[rows]
        large = np.flatnonzero(people >= rule["parent_least"])
        reach = np.maximum(rule["name_reach"], radius(people[large], rule["name_density"]))
        near = cKDTree(points).query_ball_point(points[large], chord(reach) + 1e-6)
        parents = np.repeat(large, [len(one) for one in near])
        children = np.concatenate([np.asarray(one, dtype=int) for one in near] or [large])
        km = arc(np.linalg.norm(points[parents] - points[children], axis=1))
        found.append(np.column_stack([rows[parents], rows[children], km]))
    table = pd.DataFrame(np.concatenate(found), columns=["parent", "child", "km"])
    table = table.astype({"parent": int, "child": int})
    table = table[table["child"] > table["parent"]]
    return table.sort_values(["parent", "child"], ignore_index=True)


def remove(places: pd.DataFrame, closed: set[int], rule: Rule) -> pd.DataFrame:
    """Add `step`, the step that removes a place ("" where it stays), and `inside`.

    `inside` is the geonameid of the place that it lies in (0 where it stays). `closed` are the
    geonameids of places whose own figure already holds their districts. `places` also has
    `target`, the official population of its unit.
    """
    near = pairs(places, rule)
    state = pd.DataFrame({"step": "", "inside": -1}, index=places.index)
    for step in (_by_name, _duplicates, _nested, _over_budget):
        step(places, state, near, closed, rule)
    ids = places["geonameid"].to_numpy()
    inside = np.where(state["inside"] >= 0, ids[state["inside"]], 0)
    return places.assign(step=state["step"], inside=inside)


def _drop(state: pd.DataFrame, rows: Any, step: str, inside: Any) -> None:
    state.loc[rows, "step"] = step
    state.loc[rows, "inside"] = inside


def _by_name(
    places: pd.DataFrame, state: pd.DataFrame, near: pd.DataFrame, closed: set[int], rule: Rule
) -> None:
    """Remove what a name calls a district, near a large place that no name calls so."""
    district = places["district"].to_numpy()
    found = near[district[near["child"]] & ~district[near["parent"]]].drop_duplicates("child")
    _drop(state, found["child"].to_numpy(), "name", found["parent"].to_numpy())


def _duplicates(
    places: pd.DataFrame, state: pd.DataFrame, near: pd.DataFrame, closed: set[int], rule: Rule
) -> None:
    """Remove the second of two places that are one."""
    gone = (state["step"] != "").to_numpy(copy=True)
    for parent, child in _doubles(places, rule):
        if not gone[parent] and not gone[child]:
            gone[child] = True
            _drop(state, child, "duplicate", parent)


def _doubles(places: pd.DataFrame, rule: Rule) -> list[tuple[int, int]]:
    """Return parent and child of what may be one place twice, in the children's order."""
    points, area = ball(places), places["area"].to_numpy()
    people, names = places["population"].to_numpy(), places["names"].to_numpy()
    groups = places.groupby(["area", "folded"]).indices.values()
    same = [
        (int(one), int(two))
        for rows in groups
        if len(rows) > 1
        for i, two in enumerate(rows)
        for one in rows[:i]
        if np.linalg.norm(points[one] - points[two]) <= chord(rule["double_name_reach"])
    ]
    large = np.flatnonzero(people >= rule["double_least"])
    close = cKDTree(points[large]).query_pairs(chord(rule["double_reach"]), output_type="ndarray")
    one, two = np.sort(large[close], axis=1).T
    alike = (area[one] == area[two]) & (people[two] >= rule["double_share"] * people[one])
    alike &= (names[two] <= rule["double_names"]) & (names[two] < names[one])
    twice = zip(one[alike].tolist(), two[alike].tolist(), strict=True)
    return sorted({*same, *twice}, key=lambda pair: (pair[1], pair[0]))


def _nested(
    places: pd.DataFrame, state: pd.DataFrame, near: pd.DataFrame, closed: set[int], rule: Rule
) -> None:
    """Remove what lies in a closed city or in the core of any large place."""
    people, names = places["population"].to_numpy(), places["names"].to_numpy()
    shut = places["geonameid"].isin(closed).to_numpy()
    gone = (state["step"] != "").to_numpy(copy=True)
    for parent, group in near.groupby("parent"):
        if gone[parent]:
            continue
        child, km = group["child"].to_numpy(), group["km"].to_numpy()
        free = ~gone[child] & (people[child] < rule["nested_share"] * people[parent])
        wide = km <= radius(people[parent], rule["closed_density"])
        core = km <= radius(people[parent], rule["core_density"])
        by_closed = free & shut[parent] & wide & (names[child] <= rule["closed_names"])
        by_core = free & ~by_closed & core & (names[child] <= rule["core_names"])
        _drop(state, child[by_closed], "closed", parent)
        _drop(state, child[by_core], "core", parent)
        gone[child[by_closed | by_core]] = True


def _over_budget(
    places: pd.DataFrame, state: pd.DataFrame, near: pd.DataFrame, closed: set[int], rule: Rule
) -> None:
    """While a unit has more people than it should, remove the best hidden of its places."""
    kept = (state["step"] == "").to_numpy(copy=True)
    people, unit = places["population"].to_numpy(), places["unit"].to_numpy()
    over = places["population"].where(kept, 0).groupby(unit).sum()
    over -= places.groupby(unit)["target"].first()
    found = near[kept[near["parent"]] & kept[near["child"]]]
    found = found[unit[found["parent"]] == unit[found["child"]]]
    reach = np.maximum(
        rule["budget_reach"], radius(people[found["parent"]], rule["budget_density"])
    )
    names = np.minimum(places["names"].to_numpy()[found["child"]], rule["budget_names"])
    found = found.assign(hidden=found["km"] / reach * (1 + rule["budget_weight"] * names))
    found = found.sort_values(["hidden", "child", "parent"]).drop_duplicates("child")
    for row in found[found["hidden"] <= 1].itertuples():
        if over[unit[row.child]] > 0 and kept[row.parent]:
            kept[row.child] = False
            over[unit[row.child]] -= people[row.child]
            _drop(state, row.child, "budget", row.parent)


def scale(places: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return the people of the places that stay, so that each unit has its target.

    Small places take most of the difference: where GeoNames names few villages, the people of
    the others live there.
    """
    people = places["population"].astype(float)
    small = people < rule["small_below"]
    by_unit = places["unit"]
    little = people.where(small, 0).groupby(by_unit).sum()
    rest = people.where(~small, 0).groupby(by_unit).sum()
    target = places.groupby("unit")["target"].first()
    wanted = (target - rest) / little.where(little > 0)
    factor = wanted.clip(1 / rule["small_shrink"], rule["small_grow"]).fillna(1)
    whole = target / (rest + factor * little)
    return people * np.where(small, by_unit.map(factor), 1) * by_unit.map(whole)


def tenths(people: pd.Series, unit: pd.Series, target: pd.Series) -> pd.Series:
    """Round to one decimal so that each unit's sum is its target to the digit.

    The tenths that rounding down leaves over go to the largest remainders.
    """
    whole = np.floor(people * 10 + 1e-9)
    table = pd.DataFrame({"unit": unit, "whole": whole, "left": people * 10 - whole})
    missing = (target.groupby(unit).first() * 10).round() - whole.groupby(unit).sum()
    table = table.sort_values("left", ascending=False, kind="stable")
    place = table.groupby("unit").cumcount().sort_index()
    return ((whole + (place < unit.map(missing))) / 10).round(1)
