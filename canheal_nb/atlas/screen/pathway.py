"""The pathway: six stages of care, how unequal each is, and what is not known about it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from canheal_nb.atlas.model import disparity
from canheal_nb.atlas.question import Pathway
from canheal_nb.atlas.text import disparity_text, stages_text
from canheal_nb.charts import dots, value_pairs
from canheal_nb.data import Dataset
from canheal_nb.indicators import facts, measures, series_choice, words
from canheal_nb.indicators.measures import Measure
from canheal_nb.screens.shell import Screen
from canheal_nb.text.locale import N_, _

TEMPLATE = "pathway.html"
STAGES = {
    "prevention": N_("Prevention"),
    "screening": N_("Screening"),
    "diagnosis": N_("Diagnosis"),
    "treatment": N_("Treatment"),
    "survivorship": N_("Survivorship and quality of life"),
    "palliative": N_("Palliative care"),
}
INSIDE = {
    "prevention": N_("prevention"),
    "screening": N_("screening"),
    "diagnosis": N_("diagnosis"),
    "treatment": N_("treatment"),
    "survivorship": N_("survivorship and quality of life"),
    "palliative": N_("palliative care"),
}
COMPARED = ("care", "outcome")
PEOPLE_BY_SEX = "globocan_population"


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the pathway question may name."""
    return {"country": measures.members(dataset.areas)}


def screen(question: Pathway, dataset: Dataset, notice: str = "") -> Screen:
    """Return what the pathway shows for a question."""
    names = words.country_names(dataset.areas)
    compared = measured(dataset)
    walk = [
        stages_text.step(stage, _(name), _(INSIDE[stage]), compared[stage])
        for stage, name in STAGES.items()
    ]
    here = walk[list(STAGES).index(question.stage)]
    rows = stage_rows(dataset, question.stage)
    members = measures.members(dataset.areas)
    context = {
        "question": question,
        "notice": notice,
        "answer": stages_text.answer(walk, len(members)),
        "finding": stages_text.furthest(here, names),
        "standing": stages_text.standing(here, question.country, names),
        "walk": walk,
        "here": here,
        "beside": beside(question.stage),
        "countries": [(area, names[area]) for area in members],
        "chosen": names.get(question.country, ""),
        "measures": [
            block(measure, use, question.country, dataset, names)
            for use, measure in compared[question.stage]
        ],
        "sexes": [sexes(key, question.country, dataset, names) for key in keys(rows, "sexes")],
        "unsexed": unsexed(compared[question.stage], set(keys(rows, "sexes")), dataset),
        "goals": goals(rows, question.country, dataset, names),
        "centres": [centre_fact(key, question.country, dataset) for key in keys(rows, "centres")],
        "patients": stages_text.patients(keys(rows, "patients"), dataset),
        "norms": stages_text.norms(rows[rows["use"] == "norm"], dataset),
        "domains": stages_text.domains(keys(rows, "domains"), dataset),
        "elsewhere": stages_text.elsewhere(keys(rows, "elsewhere"), dataset),
        "left_out": stages_text.left_out(keys(rows, "left_out"), dataset),
        "open": open_questions(dataset, question.stage),
        "judged": sorted({f"{row['chosen_by']}, {row['chosen_on']}" for row in records(rows)}),
    }
    return Screen(question, TEMPLATE, context, {})


def stage_rows(dataset: Dataset, stage: str) -> pd.DataFrame:
    """Return what belongs to a stage, by use and in the order in which it is shown."""
    rows = dataset.table("judgements/pathway")
    rows = rows[rows["stage"] == stage].assign(place=rows["place"].astype(int))
    return rows.sort_values(["use", "place"])


def open_questions(dataset: Dataset, stage: str) -> list[dict[str, str]]:
    """Return what is not known about a stage: question, whom to ask, why it matters."""
    rows = dataset.table("judgements/pathway_open")
    rows = rows[rows["stage"] == stage].sort_values("place", key=lambda place: place.astype(int))
    return [{key: _(row[key]) for key in ("question", "ask", "why")} for row in records(rows)]


def records(rows: pd.DataFrame) -> list[dict[str, str]]:
    """Return the rows of a table of texts as dictionaries."""
    return [{str(name): str(cell) for name, cell in row.items()} for _i, row in rows.iterrows()]


def keys(rows: pd.DataFrame, use: str) -> list[str]:
    """Return what is put to one use in a stage."""
    return [str(key) for key in rows.loc[rows["use"] == use, "key"]]


@lru_cache(maxsize=2)
def measured(dataset: Dataset) -> dict[str, list[tuple[str, Measure]]]:
    """Return by stage the measures that compare countries, each with its use (care, outcome)."""
    found: dict[str, list[tuple[str, Measure]]] = {}
    for stage in STAGES:
        rows = records(stage_rows(dataset, stage))
        found[stage] = [
            (row["use"], measures.measure(dataset, row["key"]))
            for row in rows
            if row["use"] in COMPARED
        ]
    return found


def beside(stage: str) -> dict[str, tuple[str, str]]:
    """Return the stage before and the stage after, each as id and name."""
    order = list(STAGES)
    here = order.index(stage)
    around = {"before": here - 1, "after": here + 1}
    return {
        where: (order[i], _(STAGES[order[i]])) for where, i in around.items() if 0 <= i < len(order)
    }


def block(
    measure: Measure, use: str, country: str, dataset: Dataset, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return one measure as it is shown: finding, picture, gaps, cautions, table, sources."""
    gap = disparity.gap(measure.exact["number"]) if measure.rank != "no" else None
    chart = dots.of_measure(measure, names, (country,), lines(measure, dataset))
    people = series_choice.layer(dataset.indicators, series_choice.Series("population_total"))[
        "number"
    ]
    editions = measures.choices(dataset, measure.id).editions
    told = disparity_text.lines(measure, gap)
    if country:
        told.append((names[country], stages_text.where(measure, country)))
    return {
        "id": measure.id,
        "title": disparity_text.finding(measure, gap, names),
        "unit": words.unit(measure),
        "when": disparity_text.when(measure),
        "edition": ", ".join(edition for edition in editions if edition),
        "known": _("Known for {known} of {all}.").format(
            known=len(measure.table), all=len(measure.members)
        ),
        "care": use == "care",
        "svg": dots.svg(chart),
        "missing": words.listed(chart.missing) if chart.missing else "",
        "lines": told,
        "cautions": disparity_text.cautions(
            measure, gap, people, dataset.edition.as_of.year, names
        ),
        "definition": _(measure.definition),
        "rows": facts.rows(measure, names),
        "sources": facts.cited(dataset.sources, measure.sources),
    }


def lines(measure: Measure, dataset: Dataset) -> tuple[dots.Line, ...]:
    """Return the lines over a picture: the Union's figure and the goal, where there are any."""
    union, found = measure.union, []
    if union is not None and union.how != "sum":
        found.append(dots.Line(union.number, words.union_short(measure)))
    goal = measures.target(dataset, measure.id)
    if goal is not None:
        text = _("goal {value}").format(value=words.bound(goal.number))
        found.append(dots.Line(goal.number, text, "target"))
    return tuple(found)


def sexes(key: str, country: str, dataset: Dataset, names: Mapping[str, str]) -> dict[str, Any]:
    """Return women and men of one series side by side; counts per 100,000 of each sex."""
    kind = dataset.indicator_types.loc[key]
    counts = series_choice.is_count(str(kind["unit"]))
    members = measures.members(dataset.areas)
    table = disparity.by_sex(dataset.indicators, key, members, PEOPLE_BY_SEX if counts else "")
    unit = (
        _("new cases a year per 100,000 women or men, not adjusted for age")
        if counts
        else _(str(kind["unit"]))
    )
    rows = tuple(disparity_text.sexes_pair(table, area, names[area]) for area in members)
    label = _(str(kind["label"]))
    picture = value_pairs.Pairs(
        label, unit, _("women"), _("men"), _("women ÷ men"), rows, (country,)
    )
    told = disparity_text.sexes_lines(table, names)
    if country:
        told.append((names[country], next(row.text for row in rows if row.key == country)))
    sources = {part for ids in table["source_id"] for part in ids.split("+")}
    if counts:
        base = dataset.indicators[dataset.indicators["indicator"] == PEOPLE_BY_SEX]
        sources |= set(base["source_id"])
    return {
        "id": f"sex-{key}",
        "title": disparity_text.sexes_finding(label, table),
        "unit": unit,
        "when": words.listed(sorted({str(year) for year in table["year"].dropna()})),
        "known": _("Known for {known} of {all}.").format(known=len(table), all=len(members)),
        "svg": value_pairs.svg(picture),
        "missing": words.listed(picture.missing) if picture.missing else "",
        "lines": told,
        "computed": counts,
        "caveat": _(str(kind["caveat"])),
        "rows": picture.drawn,
        "sources": facts.cited(dataset.sources, sorted(sources)),
    }


def unsexed(
    compared: list[tuple[str, Measure]], shown: set[str], dataset: Dataset
) -> list[tuple[str, str]]:
    """Return why measures have no picture of women and men, each reason with its measures."""
    notes: dict[str, list[str]] = {}
    for _use, m in compared:
        note = disparity_text.sexes_note(m, disparity.published_sexes(dataset.indicators, m.id))
        if note and m.id not in shown:
            notes.setdefault(note, []).append(_(m.label))
    return [(note, "; ".join(labels)) for note, labels in notes.items()]


def goals(
    rows: pd.DataFrame, country: str, dataset: Dataset, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the policy goals of a stage and how far they are reached, where that is known."""
    table = dataset.table("frameworks/targets").set_index("target", drop=False)
    tied = dataset.table("judgements/target_measures").set_index("target")["indicator"]
    found = []
    for goal in records(rows[rows["use"] == "goal"]):
        key = goal["key"]
        row = records(table.loc[[key]])[0] | {"scope": goal["scope"]}
        measure = measures.measure(dataset, tied[key]) if key in tied.index else None
        found.append(
            {
                "name": _(key),
                "aim": disparity_text.goal_text(row),
                "policy": stages_text.policy(row),
                "note": _(row["note"]),
                "state": stages_text.reached(measure, row, dataset.edition.as_of.year, names),
                "own": words.figure(measure, country) if measure and country else "",
                "sources": facts.cited(dataset.sources, [row["source_id"]]),
            }
        )
    return found


def centre_fact(key: str, country: str, dataset: Dataset) -> dict[str, Any]:
    """Return what is known at the centres, and in the chosen country."""
    measure = measures.measure(dataset, key)
    return {
        "label": _(measure.label),
        "text": stages_text.centres(measure, len(dataset.centres)),
        "own": words.figure(measure, country) if country else "",
        "definition": " ".join(filter(None, [_(measure.definition), _(measure.caveat)])),
        "sources": facts.cited(dataset.sources, measure.sources),
    }
