"""Who calls which centre a comprehensive cancer centre: layers that are never made into one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from canheal_nb.indicators import capabilities
from canheal_nb.indicators.measures import Tables


@dataclass(frozen=True)
class Layer:
    """How many centres of one country a layer names.

    `number` None: not known. `at_least`: the list behind it is not complete. `as_of` and
    `missing`: of when the list is and what it leaves out, as stated. `centres`: their ids.
    """

    layer: str
    label: str
    number: int | None
    at_least: bool
    as_of: str
    missing: str
    centres: tuple[str, ...]
    sources: tuple[str, ...]


def layers(
    tables: Tables, chosen: pd.DataFrame, countries: Iterable[str]
) -> dict[str, list[Layer]]:
    """Return each country's layers, in the order of `chosen`.

    `chosen`: rows of judgements/ccc_layers (`layer, capability, value, label`). A title that
    belongs to other countries, and has no list for this one, says nothing about it. "any" is
    left out: it can be counted only where all layers are known.
    """
    groups = [(str(n), rows) for n, rows in chosen.groupby("layer", sort=False) if n != "any"]
    return {
        country: [_layer(tables, name, rows, country) for name, rows in groups]
        for country in countries
    }


def _layer(tables: Tables, name: str, rows: pd.DataFrame, country: str) -> Layer:
    found: list[str] = []
    listed, sources = [], []
    for capability, value in zip(rows["capability"], rows["value"], strict=True):
        named = capabilities.centres_with(tables.capabilities, capability, value)
        own = [str(c) for c in named if tables.centres["country"].get(c, "") == country]
        about = _list(tables.capability_lists, capability, country)
        found += own
        if about is not None:
            listed.append(about)
        if own or about is not None:
            sources += _sources(tables.capabilities, capability, own, about)
    whole = bool(listed) and all(about["completeness"] == "complete" for about in listed)
    centres = tuple(sorted(dict.fromkeys(found)))
    return Layer(
        layer=name,
        label=str(rows["label"].iloc[0]),
        number=len(centres) if centres or whole else None,
        at_least=not whole,
        as_of="; ".join(dict.fromkeys(about["as_of"] for about in listed if about["as_of"])),
        missing="; ".join(dict.fromkeys(about["missing"] for about in listed if about["missing"])),
        centres=centres,
        sources=tuple(dict.fromkeys(sources)),
    )


def _list(lists: pd.DataFrame, capability: str, country: str) -> pd.Series | None:
    rows = lists[(lists["capability"] == capability) & lists["country"].isin([country, "EU"])]
    own = rows[rows["country"] == country]
    rows = own if len(own) else rows
    return None if rows.empty else rows.iloc[0]


def _sources(
    facts: pd.DataFrame, capability: str, centres: list[str], about: pd.Series | None
) -> list[str]:
    rows = facts[(facts["capability"] == capability) & facts["centre_id"].isin(centres)]
    listed = [] if about is None or not about["source_id"] else [str(about["source_id"])]
    return [*listed, *sorted(rows["source_id"].unique())]
