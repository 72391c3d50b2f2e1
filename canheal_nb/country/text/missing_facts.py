"""What is not known, counted from the tables: measures without a figure, facts by centre."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from canheal_nb.data import Dataset
from canheal_nb.indicators import measures
from canheal_nb.text.locale import _

OPEN = "judgements/pathway_open"
CARE = ("Care", "Diagnostics", "Radiotherapy", "Size")


@dataclass(frozen=True)
class Capability:
    """What is known of one capability for a set of centres: `known` of `base`, `yes` of these."""

    label: str
    known: int
    base: int
    yes: str


def indicators(dataset: Dataset, country: str) -> tuple[int, list[str]]:
    """Return how many kinds of figures there are, and the labels of those a country lacks.

    Ratios computed here count too; projections do not.
    """
    types = dataset.indicator_types
    types = types[types["group"] != "Projections"]
    rows = dataset.indicators
    have = set(rows["indicator"][(rows["area_id"] == country) & (rows["value"] != "")])
    lacking = []
    for show, row in types.iterrows():
        if str(show) in measures.RATIOS:
            there = country in measures.measure(dataset, str(show)).table.index
        else:
            there = show in have
        if not there:
            lacking.append(_(str(row["label"])))
    return len(types), sorted(lacking)


def by_group(dataset: Dataset) -> list[dict[str, object]]:
    """Return for each group of indicators for how many of the member states they are known."""
    states = measures.members(dataset.areas)
    types, rows = dataset.indicator_types, dataset.indicators
    rows = rows[rows["area_id"].isin(states) & (rows["value"] != "")]
    counts = rows.groupby("indicator")["area_id"].nunique().reindex(types.index, fill_value=0)
    for show in measures.RATIOS:
        if show in types.index:
            counts[show] = len(measures.measure(dataset, show).table)
    found = []
    for group, own in counts.groupby(types["group"]):
        least = str(own.idxmin())
        found.append(
            {
                "group": _(str(group)),
                "measures": len(own),
                "whole": int((own == len(states)).sum()),
                "least": "" if own.min() == len(states) else _(str(types.loc[least, "label"])),
                "known": int(own.min()),
            }
        )
    return found


def capabilities(dataset: Dataset, centres: pd.DataFrame) -> list[list[Capability]]:
    """Return for what a patient may need how many of these centres are known to have it or not.

    Groups: care, diagnostics, radiotherapy, size. Nobody counted as "no" unless a source says
    so. In pairs, as they stand in the lines of a table.
    """
    types, facts = dataset.capability_types, dataset.capabilities
    own = facts[facts["centre_id"].isin(centres.index)]
    found = []
    for capability, row in types[types["group"].isin(CARE)].iterrows():
        rows = own[own["capability"] == capability]
        yes = rows["centre_id"][rows["value"] == "yes"].nunique()
        found.append(
            Capability(
                label=_(str(row["label"])),
                known=int(rows["centre_id"].nunique()),
                base=len(centres),
                yes=str(yes) if row["kind"] == "yes_no" else "",
            )
        )
    half = (len(found) + 1) // 2
    return [found[i::half] for i in range(half)]


def questions(dataset: Dataset, most: int) -> list[tuple[str, str]]:
    """Return questions that no source read answers for any country, and whom to ask.

    `most`: so many of each stage of the pathway.
    """
    rows = dataset.table(OPEN)
    rows = rows[rows["place"].astype(int) <= most]
    return [(_(str(q)), _(str(ask))) for q, ask in zip(rows["question"], rows["ask"], strict=True)]
