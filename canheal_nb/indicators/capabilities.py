"""What is known of centres: counting without taking "not known" for "no"."""

from __future__ import annotations

import pandas as pd

from canheal_nb.indicators.series_choice import COLUMNS, contradicted


def newest(capabilities: pd.DataFrame, capability: str) -> pd.DataFrame:
    """Return the newest rows of each centre for a capability; undated ones where none is dated."""
    rows = capabilities[capabilities["capability"] == capability]
    year = rows.groupby("centre_id")["year"].transform("max")
    return rows[(rows["year"] == year).fillna(False) | year.isna()]


def centres_with(capabilities: pd.DataFrame, capability: str, value: str = "yes") -> pd.Index:
    """Return the `centre_id`s for which a newest fact says that the capability has this value."""
    rows = newest(capabilities, capability)
    return pd.Index(rows["centre_id"][rows["value"] == value].unique(), name="centre_id")


def completeness(lists: pd.DataFrame, capability: str, country: str) -> str:
    """Return how complete the list behind a capability is in a country.

    "complete", "partial" or "anecdotal" (the weakest, and the answer where no list is named).
    `lists`: `Dataset.capability_lists`; a row for EU holds for every member state.
    """
    rows = lists[(lists["capability"] == capability) & lists["country"].isin([country, "EU"])]
    own = rows[rows["country"] == country]
    rows = own if len(own) else rows
    return str(rows["completeness"].iloc[0]) if len(rows) else "anecdotal"


def count_layer(
    centres: pd.DataFrame,
    capabilities: pd.DataFrame,
    lists: pd.DataFrame,
    members: list[str],
    capability: str,
    value: str = "yes",
) -> pd.DataFrame:
    """Return for each country how many centres are known to have a capability.

    A frame like `series_choice.layer` plus `at_least` (True where the list is not complete).
    A country with a complete list and no centre has 0; without a complete list and with no
    centre found it is not known (no row). Where sources say both for one centre its country's
    `flag` is "contradicted".
    """
    found = centres_with(capabilities, capability, value)
    counts = centres["country"].reindex(found).value_counts()
    facts = newest(capabilities, capability)
    said = facts.groupby("centre_id")["value"].nunique()
    disputed = set(centres["country"].reindex(said.index[said > 1]))
    rows = []
    for country in members:
        whole = completeness(lists, capability, country) == "complete"
        number = int(counts.get(country, 0))
        if number or whole:
            rows.append((country, float(number), str(number), not whole))
    table = pd.DataFrame(rows, columns=["area_id", "number", "value", "at_least"])
    years = facts["year"].dropna()
    table["year"] = pd.array([years.max() if len(years) else pd.NA] * len(table), dtype="Int64")
    table[["low", "high"]] = float("nan")
    table["source_id"] = "+".join(sorted(facts["source_id"].unique()))
    table["flag"] = [contradicted("") if area in disputed else "" for area in table["area_id"]]
    table["note"] = ""
    return table.set_index("area_id")[[*COLUMNS, "at_least"]]
