"""Cancer centres: which designation each has, and which are drawn as points."""

from __future__ import annotations

import pandas as pd

from canheal_nb.indicators.capabilities import newest
from canheal_nb.indicators.measures import Tables, members


def designations(capabilities: pd.DataFrame) -> pd.Series:
    """Return OECI's newest designation (CC or CCC) by centre_id, for the centres that have one."""
    rows = newest(capabilities, "oeci_designation")
    return rows.drop_duplicates("centre_id").set_index("centre_id")["value"]


def designation_sources(capabilities: pd.DataFrame) -> list[str]:
    """Return the ids of the sources behind OECI's designations, sorted."""
    rows = capabilities[capabilities["capability"] == "oeci_designation"]
    return sorted(rows["source_id"].unique())


def points(tables: Tables, which: str) -> pd.DataFrame:
    """Return the Union's centres to be drawn, indexed by centre_id.

    Columns `name, country, latitude, longitude` (degrees) and `kind` (CCC, CC or "").
    `which`: "oeci" (those with a designation), "all" or "none".
    """
    centres = tables.centres
    centres = centres[centres["country"].isin(members(tables.areas))]
    centres = centres.dropna(subset=["latitude", "longitude"])
    kind = designations(tables.capabilities).reindex(centres.index).fillna("")
    table = centres.assign(kind=kind)[["name", "country", "latitude", "longitude", "kind"]]
    if which == "none":
        return table.iloc[:0]
    return table[table["kind"] != ""] if which == "oeci" else table
