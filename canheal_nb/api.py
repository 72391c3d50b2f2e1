"""What people call in a notebook of their own: look up, measure, map, and open a brief.

Each function checks what it is given and refuses it in one sentence; the work is done by the
same functions that the apps and reports use, so that the same question has the same answer.
"""

from __future__ import annotations

import difflib

import pandas as pd

from canheal_nb.atlas.question import Atlas
from canheal_nb.atlas.screen import atlas_map
from canheal_nb.charts.maps import picture
from canheal_nb.charts.maps.map_figure import MapFigure
from canheal_nb.country.report.country_brief import Brief, open_brief
from canheal_nb.data import Dataset
from canheal_nb.funding.scenario_file.analysis import compare_scenarios as compare_scenarios
from canheal_nb.funding.scenario_file.analysis import input_matrix as input_matrix
from canheal_nb.funding.scenario_file.analysis import run_scenario as run_scenario
from canheal_nb.indicators import designated_centres, facts, measures, words
from canheal_nb.indicators.measures import Measure
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.text.question import read, shown

MOST_NAMED, MOST_COMPARED = 6, 8


def catalogue(dataset: Dataset) -> pd.DataFrame:
    """Return everything that can be measured and mapped, by the id that `measure` takes.

    Columns: `group`, `label`, `unit`, `known` (member states with a figure, of 27), `year`
    (newest; NA where not stated) and `rank` (may countries be ranked by it: yes, with care, no).
    """
    rows = [
        (show, group, label, dataset_measure)
        for group, items in measures.offered(dataset).items()
        for show, label in items
        for dataset_measure in [measures.measure(dataset, show)]
    ]
    frame = pd.DataFrame(
        {
            "id": [show for show, *_rest in rows],
            "group": [group for _show, group, *_rest in rows],
            "label": [label for *_rest, label, _found in rows],
            "unit": [found.unit for *_rest, found in rows],
            "known": [len(found.table) for *_rest, found in rows],
            "year": pd.array([found.table["year"].max() for *_rest, found in rows], dtype="Int64"),
            "rank": [found.rank for *_rest, found in rows],
        }
    )
    return frame.set_index("id")


def measure(
    dataset: Dataset, show: str, *, sex: str = "", edition: str = "", year: int | None = None
) -> Measure:
    """Return one figure per member state for an id of the `catalogue`.

    `show` may also be the id of an indicator that `Dataset.with_indicator` added. `sex` (T, M,
    F), `edition` and `year` choose a series; without them the default is taken: both sexes, the
    edition that knows most countries, the newest year that nearly all of them share. The result's
    `table` is indexed by area_id and holds `number` (in the measure's `unit`), `value` (as
    published), `low`, `high`, `year`, `source_id`, `flag`, `note`; a member state that is not in
    it is not known. Raises UserError for an unknown id, and for a series that there is not.
    """
    _require(dataset, show)
    _asked(dataset, show=show, sex=sex, edition=edition, year=year or 0)
    found = measures.choices(dataset, show, sex, edition)
    for name, value, known in (
        ("sex", sex, found.sexes),
        ("edition", edition, found.editions),
        ("year", year, found.years),
    ):
        if value and value not in known:
            sentence = _("{show} has no {name} {value}; there is: {known}.")
            listed = ", ".join(str(one) or '""' for one in known) or _("no choice")
            text = sentence.format(show=show, name=name, value=value, known=listed)
            raise UserError(text, code=f"unknown-{name}")
    return measures.measure(dataset, show, sex, edition, year)


def map_figure(
    dataset: Dataset,
    show: str | Measure,
    *,
    country: str = "",
    centres: str = "none",
    classes: str = "steps",
) -> MapFigure:
    """Return the map of a measure, or of an id of the `catalogue`; a notebook shows it.

    `country` is ringed; `centres` are drawn as points ("oeci", "all" or "none"); `classes` is how
    the legend is cut ("steps", "quantiles", "equal", "natural"). Projection EPSG:3035; not known
    is hatched. Raises UserError for an unknown id, country or word.
    """
    found = show if isinstance(show, Measure) else measure(dataset, show)
    given = {"show": found.id, "country": country, "centres": centres, "classes": classes}
    asked = _asked(dataset, **given)
    points = designated_centres.points(dataset, asked.centres)
    made = picture.compose(found, dataset.map, dataset.areas, points, method=classes)
    names = words.country_names(dataset.areas)
    cited = tuple(facts.cited(dataset.sources, found.sources))
    return MapFigure(found, made, country, names, cited)


def country_brief(country: str, lang: str = "en") -> Brief:
    """Return the brief of one country, whose methods are its parts in the report's order.

    The parts are made from the embedded data and shown by a notebook: `findings()`,
    `map_figure()`, `map_table()` and so on. Raises UserError for an unknown country or language.
    """
    return open_brief(country=country, lang=lang)


def _require(dataset: Dataset, show: str) -> None:
    """Refuse an id that is not in the catalogue, and name some that are like it."""
    known = atlas_map.vocabulary(dataset)["show"]
    if show in known:
        return
    wanted = str(show).casefold()
    near = [one for one in known if wanted and wanted in one.casefold()][:MOST_NAMED]
    near = near or difflib.get_close_matches(wanted, known, n=MOST_NAMED)
    sentence = _("There is no figure {show}; `catalogue(dataset)` lists all that there are.")
    if near:
        sentence = _("There is no figure {show}; did you mean {near}?")
    text = sentence.format(show=shown(show), near=", ".join(near))
    raise UserError(text, code="unknown-show")


def _asked(dataset: Dataset, **given: object) -> Atlas:
    """Read what was asked as the atlas does, so that it is refused with the same sentence."""
    return read(Atlas, given, atlas_map.vocabulary(dataset))
