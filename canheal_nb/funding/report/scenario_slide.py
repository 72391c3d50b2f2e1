"""The slide of a scenario brief: the same run, the same sentences, one chart."""

from __future__ import annotations

import math

from canheal_nb import data
from canheal_nb.funding.question import ScenarioBrief
from canheal_nb.funding.report import brief_text, coverage_rows, scenario_brief
from canheal_nb.funding.report.brief_data import Funding
from canheal_nb.funding.report.scenario_brief import opened
from canheal_nb.funding.text import plan_limits, plan_text
from canheal_nb.indicators import facts
from canheal_nb.need.model import inputs
from canheal_nb.need.text import service_words
from canheal_nb.reporting.contract import Definition
from canheal_nb.reporting.office.slide import Slide, write
from canheal_nb.text.locale import _

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
        title=brief_text.title(found),
        chart_title=title,
        categories=kinds,
        series=series,
        points=brief_text.plan(found),
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
    near = coverage_rows.gained(found)
    if near and not (rows["units"] > 0).any():
        kinds = [_("within {n} minutes by car").format(n=limit) for limit in near]
        thousands: list[float | None] = [round(n / 1000) for n in near.values()]
        title = _("Near a centre of the scenario and near none listed, thousand people")
        return title, kinds, {_("scenario"): thousands}
    if len(rows):
        kinds = [service_words.service(str(name)) for name in rows["service"]]
        met = {name: [_per_cent(float(v)) for v in rows[c]] for name, c in columns.items()}
        title = _("{measure}, per cent").format(measure=service_words.measured(rows["service"]))
        return title, kinds, met
    reach = coverage_rows.shares(found)
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
        brief_text.proof(found),
        brief_text.money(found) + ".",
        brief_text.unpriced(found),
        plan_text.assumes(found.run),
        *([] if found.run.planned is None else plan_limits.left_out(found.run.planned)),
        _("Not modelled: {list}.").format(list="; ".join(service_words.not_modelled(left))),
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


REPORT = Definition(
    ScenarioBrief, scenario_brief.vocabulary, scenario_brief.cover, "scenario", slide
)
