"""What a centre profile says: every fact about one centre, and what nobody has told us."""

from __future__ import annotations

from canheal_nb import data
from canheal_nb.questions import CentreProfile
from canheal_nb.reports.contract import Cover
from canheal_nb.views import words


def vocabulary(dataset: data.Dataset) -> dict[str, list[str]]:
    """Return the ids that a profile's question may name."""
    return {"centre": [str(centre) for centre in dataset.centres.index]}


def cover(question: CentreProfile, dataset: data.Dataset) -> Cover:
    """Return the title block of a profile."""
    centre = dataset.centres.loc[question.centre]
    country = words.country_names(dataset.areas)[str(centre["country"])]
    own = str(centre["name_local"]) if "name_local" in centre else ""
    named = own if own != centre["name"] else ""
    return Cover(
        subject=question.centre,
        as_of=dataset.edition.as_of,
        title=str(centre["name"]),
        subtitle=" · ".join(filter(None, [named, str(centre["city"]), country])),
        edition=dataset.edition.name,
        lang=question.lang,
    )
