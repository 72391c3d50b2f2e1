"""What is known of one country, beside the map and, on demand, in full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from canheal_nb.atlas.model import country_profile
from canheal_nb.charts.maps.picture import SHAPES
from canheal_nb.data import Dataset
from canheal_nb.indicators import designated_centres, facts, measures, words
from canheal_nb.text.locale import _, ngettext


def beside(
    country: str, measure: measures.Measure, dataset: Dataset, names: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return the chosen country's figure and centres; None where none is chosen."""
    if not country:
        return None
    row = facts.rows(measure, names)[measure.members.index(country)]
    listed = dataset.centres
    listed = listed[listed["country"] == country].sort_values("name")
    kinds = designated_centres.designations(dataset.capabilities).reindex(listed.index).fillna("")
    described = [
        {"id": centre, "name": name, "shape": SHAPES[kind], "words": facts.designation_words(kind)}
        for centre, name, kind in zip(listed.index, listed["name"], kinds, strict=True)
    ]
    designated = [line for line, kind in zip(described, kinds, strict=True) if kind]
    others = [line for line, kind in zip(described, kinds, strict=True) if not kind]
    return {
        "name": row.name,
        "figure": row.text,
        "age": row.age,
        "note": row.note,
        "sources": facts.cited(dataset.sources, list(row.source_ids)),
        "union": words.union_line(measure) if measure.kind != "centres" else "",
        "listed": ngettext("{n} centre", "{n} centres", len(listed)).format(n=len(listed)),
        "designated": designated,
        "others": others,
        "others_title": ngettext(
            "{n} without an OECI designation known",
            "{n} without an OECI designation known",
            len(others),
        ).format(n=len(others)),
        "centre_sources": facts.cited(
            dataset.sources,
            sorted(
                {
                    *listed["source_id"],
                    *designated_centres.designation_sources(dataset.capabilities),
                }
            ),
        ),
    }


def in_full(country: str, dataset: Dataset, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return every measure by group: the country's figures with source and age, and the gaps."""
    groups = []
    for group in country_profile.everything(dataset, country):
        rows = [(m, facts.rows(m, names)[m.members.index(country)]) for m in group.known]
        groups.append(
            {
                "name": _(group.group),
                "count": _("{known} known, {unknown} not known").format(
                    known=len(group.known), unknown=len(group.unknown)
                ),
                "rows": [
                    {
                        "label": _(m.label),
                        "show": m.id,
                        "text": row.text,
                        "age": row.age,
                        "note": row.note,
                        "sources": facts.cited(dataset.sources, list(row.source_ids)),
                    }
                    for m, row in rows
                ],
                "unknown": [_(m.label) for m in group.unknown],
            }
        )
    return groups
