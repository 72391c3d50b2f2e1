"""Designations in words: by centre, by layer, and what each country itself calls its centres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from canheal_nb.country.model import Layer
from canheal_nb.data import Dataset
from canheal_nb.indicators import designated_centres
from canheal_nb.text.locale import N_, _

LAYERS, NATIONAL = "judgements/ccc_layers", "facts/national_designations"
SHORT = {"CCC": "OECI CCC", "CC": "OECI CC"}
ORDER = ("oeci", "oeci_cc", "national", "eunetccc")
SMALLER = {
    "layer": "oeci_cc",
    "capability": "oeci_designation",
    "value": "CC",
    "label": N_("OECI cancer centre"),
}


def chosen(dataset: Dataset) -> pd.DataFrame:
    """Return which capabilities make up which layer (our judgement), OECI's first.

    OECI's other certificate, Cancer Centre, stands beside its layer and belongs to none.
    """
    rows = pd.concat([dataset.table(LAYERS), pd.DataFrame([SMALLER])], ignore_index=True)
    rows = rows[rows["layer"].isin(ORDER)]
    return rows.sort_values("layer", key=lambda names: names.map(ORDER.index), kind="stable")


def national(dataset: Dataset, country: str) -> list[dict[str, str]]:
    """Return what a country calls a cancer centre: one dict per title, as stated by its source."""
    rows = dataset.table(NATIONAL)
    rows = rows[rows["country"] == country].sort_values("designation")
    return [
        {
            "title": str(row["designation"]),
            "by": str(row["who_grants"]) or _("not stated"),
            "number": str(row["n_designated"]) or _("not stated"),
            "complete": str(row["list_complete"]) or _("not stated"),
            "year": str(row["year"]),
            "source_id": str(row["source_id"]),
        }
        for _i, row in rows.iterrows()
    ]


def by_centre(
    dataset: Dataset, centres: pd.DataFrame, layers: Sequence[Layer]
) -> list[dict[str, Any]]:
    """Return each centre with its city and every designation that a layer gives it."""
    kinds = designated_centres.designations(dataset.capabilities)
    return [
        {
            "name": str(row["name"]),
            "city": str(row["city"]),
            "titles": _titles(str(centre), str(kinds.get(centre, "")), layers),
        }
        for centre, row in centres.iterrows()
    ]


def _titles(centre: str, kind: str, layers: Sequence[Layer]) -> str:
    named = [SHORT[kind]] if kind in SHORT else []
    others = [found for found in layers if not found.layer.startswith("oeci")]
    named += [_(found.label) for found in others if centre in found.centres]
    return ", ".join(named) or _("none known")
