"""The slide of a scenario brief: the same run, the same sentences, one chart."""

from __future__ import annotations

import math

from canheal_nb import data
from canheal_nb.locale import _
from canheal_nb.model import inputs
from canheal_nb.questions_scenarios import ScenarioBrief
from canheal_nb.reports import scenario_reach, scenario_said
from canheal_nb.reports.scenario import Funding
from canheal_nb.reports.scenario_brief import opened
from canheal_nb.reports.slide import Slide, write
from canheal_nb.views import facts, funding, funding_limits
from canheal_nb.views import scenario_words as said

MOST_SERVICES, MOST_SOURCES, MOST_COUNTRIES = 5, 3, 8


def slide(question: ScenarioBrief, dataset: data.Dataset) -> bytes:
    """Return the slide of a scenario as the bytes of a .pptx file, in the language in use."""
    return write(content(opened(question, dataset)))


def content(found: Funding) -> Slide:
    """Return what stands on the slide of a scenario."""
    title, kinds, series = _chart(found)
    counts = inputs.share(found.run.matrix)
    rests = _(
        "Modelled. Of {n} inputs {sourced} have a source, {assumed} are assumed, {none} have none."
    ).format(n=sum(counts.values()), **counts)
    return Slide(
        title=scenario_said.title(found),
        chart_title=title,
        categories=kinds,
        series=series,
        points=scenario_said.plan(found),
        source=f"{rests} {_sources(found)}",
        notes="\n\n".join(filter(None, [*_notes(found), rests])),
        as_of=found.dataset.edition.as_of,
        lang=found.question.lang,
        author=found.scenario.author,
    )


def _chart(found: Funding) -> tuple[str, list[str], dict[str, list[float | None]]]:
    """Return title, categories and series: capacity, or who is within reach, or units bought."""
    rows = found.run.services
    rows = rows[rows["known"] > 0].head(MOST_SERVICES)
    year = found.run.case.years[-1]
    columns = {
        _("today"): "share_today",
        _("doing nothing, {year}").format(year=year): "share_nothing",
        _("scenario, {year}").format(year=year): "share_after",
    }
    near = scenario_reach.gained(found)
    if near and not (rows["units"] > 0).any():
        kinds = [_("within {n} minutes by car").format(n=limit) for limit in near]
        thousands: list[float | None] = [round(n / 1000) for n in near.values()]
        title = _("Near a centre of the scenario and near none listed, thousand people")
        return title, kinds, {_("scenario"): thousands}
    if len(rows):
        kinds = [said.service(str(name)) for name in rows["service"]]
        met = {name: [_per_cent(float(v)) for v in rows[c]] for name, c in columns.items()}
        title = _("{measure}, per cent").format(measure=said.measured(rows["service"]))
        return title, kinds, met
    reach = scenario_reach.shares(found)
    if reach:
        kinds = [_("within {n} minutes by car").format(n=limit) for limit in reach]
        parts = {
            name: [_per_cent(pair[place]) for pair in reach.values()]
            for place, name in enumerate((_("today"), _("scenario")))
        }
        return _("People within reach of a centre in the Union, per cent"), kinds, parts
    bought = found.run.units.groupby("country")["units"].sum().sort_values(ascending=False)
    kinds = [found.names[str(area)] for area in bought.index[:MOST_COUNTRIES]] or [_("none")]
    numbers: list[float | None] = [float(n) for n in bought.iloc[:MOST_COUNTRIES]]
    return _("Units bought, countries with most"), kinds, {_("units"): numbers or [None]}


def _notes(found: Funding) -> list[str]:
    left = list(found.run.case.not_modelled)
    if found.run.planned is not None:
        left += list(found.run.planned.plan.not_modelled)
    return [
        found.scenario.why,
        scenario_said.proof(found),
        scenario_said.money(found) + ".",
        scenario_said.unpriced(found),
        funding.assumes(found.run),
        *([] if found.run.planned is None else funding_limits.left_out(found.run.planned)),
        _("Not modelled: {list}.").format(list="; ".join(said.not_modelled(left))),
        _("The figures are those of the scenario brief and of the command line, rounded."),
    ]


def _sources(found: Funding) -> str:
    cited = facts.cited(found.dataset.sources, found.source_ids[:MOST_SOURCES])
    named = "; ".join(source.title for source in cited)
    if not cited:
        return _("canheal_nb, edition {edition}.").format(edition=found.dataset.edition.name)
    text = _("Sources: {named}, and others in the brief; canheal_nb, edition {edition}.")
    return text.format(named=named, edition=found.dataset.edition.name)


def _per_cent(share: float) -> float | None:
    return None if math.isnan(share) else round(100 * share, 1)
