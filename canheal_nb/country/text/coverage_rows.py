"""Who can reach a comprehensive cancer centre: rows for briefs and the overview."""

from __future__ import annotations

from typing import Any

from canheal_nb.access.model import access_tables
from canheal_nb.access.model.coverage import UNION
from canheal_nb.access.model.definitions import Definition
from canheal_nb.access.text import coverage_text
from canheal_nb.access.travel.driving import Pace
from canheal_nb.data import Dataset
from canheal_nb.indicators import words

WAYS = ((60, False), (60, True), (120, False), (120, True))
PACE: Pace = "middle"


def rows(dataset: Dataset, area: str) -> list[dict[str, Any]]:
    """Return one row per layer with its label and four shares in words.

    For each of `WAYS` (minutes, whether borders are open); a country's in few signs. Where no
    figure may be given it says so.
    """
    words_of = coverage_text.spoken if area == UNION else coverage_text.compact
    weak = bool(access_tables.notes(dataset)["weak"].get(area, False))
    return [
        {
            "label": coverage_text.layer_words(name),
            "silent": _silent(dataset, name, area),
            "cells": [
                words_of(access_tables.shares(dataset, name, limit, across, PACE).loc[area], weak)
                for limit, across in WAYS
            ],
        }
        for name, one in access_tables.offered(dataset).items()
        if one.layer
    ]


def _silent(dataset: Dataset, name: str, area: str) -> bool:
    """Whether nothing can be said of a layer, near or far."""
    tables = (access_tables.shares(dataset, name, limit, over, PACE) for limit, over in WAYS)
    return {table.at[area, "state"] for table in tables} == {"unknown"}


def sources(dataset: Dataset, country: str = "") -> list[str]:
    """Return the ids of the sources of lists, speeds, populations (of a country) and the mark."""
    ids = [access_tables.target(dataset).source_id]
    for one in access_tables.offered(dataset).values():
        if one.layer and set(access_tables.found(dataset, one.id).states.values()) != {"unknown"}:
            ids += _listed(dataset, one, country)
    ids += list(dataset.table("facts/travel/speeds")["source_id"])
    people = dataset.table("facts/population/admin1_population")
    people = people[people["country"] == country] if country else people
    ids += [part for joint in people["source_id"] for part in joint.split("+")]
    return list(dict.fromkeys(ids))


def _listed(dataset: Dataset, one: Definition, country: str) -> list[str]:
    """The sources of the lists alone: those of single facts stand beside the centres."""
    lists = dataset.capability_lists
    names = [capability for capability, _value in one.values]
    rows = lists[lists["capability"].isin(names) & (lists["may_compute_access"] == "yes")]
    rows = rows[rows["country"].isin([country, "EU"])] if country else rows
    return [str(source) for source in rows["source_id"].unique() if source]


def context(dataset: Dataset, area: str) -> dict[str, Any]:
    """Return what both templates say beside the rows: note, error, the mark."""
    error, target = access_tables.error(dataset), access_tables.target(dataset)
    return {
        "note": str(access_tables.notes(dataset)["note"].get(area, "")),
        "pairs": error.pairs,
        "median": words.decimal(error.median),
        "most": words.decimal(error.ninth_decile),
        "mark": words.bound(target.number),
        "year": target.year,
        "policy": target.policy,
    }
