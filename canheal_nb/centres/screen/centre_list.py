"""The centres that were found, as a list on the screen and as a file to take along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from canheal_nb.centres.model import selection
from canheal_nb.centres.model.selection import Said
from canheal_nb.centres.question import Centres
from canheal_nb.centres.text import centre_facts
from canheal_nb.charts.maps.picture import SHAPES
from canheal_nb.data import Dataset
from canheal_nb.indicators import facts
from canheal_nb.screens import exports
from canheal_nb.text.locale import _


@dataclass(frozen=True)
class Row:
    """One centre as the list names it; `lines`: what is known of what was asked."""

    centre_id: str
    name: str
    place: str
    shape: str
    kind: str
    lines: list[str]


def rows(
    dataset: Dataset,
    ids: frozenset[str],
    chosen: Mapping[str, Said],
    kinds: Mapping[str, str],
    names: Mapping[str, str],
) -> list[Row]:
    """Return the centres by name; with the findings for what is chosen, else with a summary."""
    centres = dataset.centres
    centres = centres[centres.index.isin(ids)]
    order = centres["name"].map(selection.fold).sort_values(kind="stable").index
    found = centre_facts.findings(dataset, dict(chosen), list(map(str, order)))
    brief = {} if chosen else centre_facts.summary(dataset)
    return [
        Row(
            str(i),
            str(centres.at[i, "name"]),
            ", ".join(
                filter(None, [str(centres.at[i, "city"]), names[str(centres.at[i, "country"])]])
            ),
            SHAPES[kinds.get(str(i), "")],
            facts.designation_words(kinds[str(i)]) if str(i) in kinds else "",
            found[str(i)] or [brief.get(str(i), _("no fact but its place"))],
        )
        for i in order
    ]


def saved(
    question: Centres,
    dataset: Dataset,
    said: str,
    listed: list[Row],
    cited: Mapping[str, facts.Source],
    kind: str,
) -> exports.File:
    """Return the list as csv or xlsx, with the sources of what was asked."""
    own = dataset.centres.loc[[row.centre_id for row in listed], "source_id"]
    every = dict(cited) | {
        source.source_id: source
        for source in facts.cited(dataset.sources, sorted(filter(None, own.unique())))
    }
    parts = {
        "title": said.rstrip("."),
        "edition": dataset.edition.name,
        "as_of": dataset.edition.as_of.isoformat(),
        "view": "app/centres?" + question.query(),
    }
    head = [_("Id"), _("Centre"), _("Place"), _("OECI designation"), _("What is known")]
    table = [[r.centre_id, r.name, r.place, r.kind, " | ".join(r.lines)] for r in listed]
    return exports.table_file(
        kind, "canheal-centres", head, table, list(every.values()), exports.citation(parts)
    )
