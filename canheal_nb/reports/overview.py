"""What the overview of the Union says: blocks made from the data."""

from __future__ import annotations

from canheal_nb import data
from canheal_nb.locale import _
from canheal_nb.questions import EuOverview
from canheal_nb.reports.contract import Cover
from canheal_nb.views import words

UNION = "EU"


def vocabulary(dataset: data.Dataset) -> dict[str, list[str]]:
    """Return the ids that an overview's question may name: none."""
    return {}


def cover(question: EuOverview, dataset: data.Dataset) -> Cover:
    """Return the title block of the overview."""
    return Cover(
        subject=UNION,
        as_of=dataset.edition.as_of,
        title=words.country_names(dataset.areas)[UNION],
        subtitle=_("What cancer care can count on in the 27 member states, and what is not known"),
        edition=dataset.edition.name,
        lang=question.lang,
    )
