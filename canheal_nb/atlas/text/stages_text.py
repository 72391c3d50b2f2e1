"""The stages of care in words: what is known for each, who stands where, what else was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from canheal_nb.atlas.model import disparity
from canheal_nb.atlas.text import disparity_text
from canheal_nb.data import Dataset
from canheal_nb.indicators import facts, words
from canheal_nb.indicators.measures import Measure
from canheal_nb.text.locale import N_, _, ngettext

POLICIES = {
    "EBCP": N_("Europe's Beating Cancer Plan"),
    "EBCP flagship 5": N_("Europe's Beating Cancer Plan, flagship 5"),
}


@dataclass(frozen=True)
class Step:
    """One stage: `known` is the most member states that any of its measures is known for.

    `care`: the same, of the measures of care itself only. `measures` may be compared. `inside`:
    the name as it stands inside a sentence.
    """

    id: str
    name: str
    measures: tuple[Measure, ...]
    known: int
    care: int
    members: int
    inside: str

    @property
    def words(self) -> str:
        """How much is known, for the navigator."""
        if not self.measures:
            return _("no figure by country")
        n = len(self.measures)
        text = ngettext("{n} measure, {known} of {all}", "{n} measures, up to {known} of {all}", n)
        return text.format(n=n, known=self.known, all=self.members)


def step(stage: str, name: str, inside: str, compared: Sequence[tuple[str, Measure]]) -> Step:
    """Return a stage with its measures that may be compared, given with their use."""
    usable = [(use, m) for use, m in compared if m.rank != "no" and len(m.exact) > 1]
    known = [len(m.exact) for _use, m in usable]
    care = [len(m.exact) for use, m in usable if use == "care"]
    members = max((len(m.members) for _use, m in compared), default=0)
    kept = tuple(m for _use, m in usable)
    return Step(stage, name, kept, max(known, default=0), max(care, default=0), members, inside)


def answer(walk: Sequence[Step], members: int) -> str:
    """Return what is known over all stages: full figures, figures of care itself, and none."""
    full = [step.inside for step in walk if step.known == members]
    care = [step.inside for step in walk if step.care == members]
    none = [step.inside for step in walk if not step.measures]
    first = ngettext(
        "Of {all} stages of cancer care, {n} has a figure for all {members} countries",
        "Of {all} stages of cancer care, {n} have a figure for all {members} countries",
        len(full),
    ).format(all=len(walk), n=len(full), members=members)
    second = (
        _("only for {list} is one about care itself and not only about who falls ill or dies")
        if care
        else _("none is about care itself, only about who falls ill or dies")
    ).format(list=words.listed(care))
    parts = [f"{first}; {second}."]
    if none:
        text = _("Nothing here compares countries on: {list}.")
        parts.append(text.format(list="; ".join(none)))
    return " ".join(parts)


def furthest(step: Step, names: Mapping[str, str]) -> str:
    """Return in which measure of a stage countries lie furthest apart, by their middle half."""
    found = [(m, disparity.gap(m.exact["number"])) for m in step.measures]
    wide = [(m, gap) for m, gap in found if gap is not None and gap.middle_ratio is not None]
    if not wide:
        return _("{stage}: no figure here compares countries.").format(stage=step.name)
    measure, gap = max(wide, key=lambda one: one[1].middle_ratio or 0.0)
    text = _("{stage}: countries lie furthest apart here. {finding}.")
    return text.format(stage=step.name, finding=disparity_text.finding(measure, gap, names))


def standing(step: Step, country: str, names: Mapping[str, str]) -> str:
    """Return where the chosen country lies outside the middle half; empty if none is chosen."""
    if not country or not step.measures:
        return ""
    parts = {m.id: disparity.part(m.exact["number"], country) for m in step.measures}
    known = sum(country in m.table.index for m in step.measures)
    text = _("{name}: known for {n} of {all} measures.")
    said = [text.format(name=names[country], n=known, all=len(step.measures))]
    forms = {
        "low": _("Among the lowest quarter: {list}."),
        "high": _("Among the highest quarter: {list}."),
    }
    for part, form in forms.items():
        labels = [_(m.label) for m in step.measures if parts[m.id] == part]
        if labels:
            said.append(form.format(list="; ".join(labels)))
    return " ".join(said)


def where(measure: Measure, country: str) -> str:
    """Return a country's figure and, where ranking is fair, its place among the others."""
    figure = words.figure(measure, country)
    if country not in measure.exact.index or measure.rank == "no":
        return figure
    return f"{figure}; {words.place(measure, country)}"


def policy(row: Mapping[str, str]) -> str:
    """Return who set a goal, for when, and whether it is only proposed."""
    parts = [
        _(POLICIES.get(row["policy"], row["policy"])),
        _("by {year}").format(year=row["year"]) if row["year"] else "",
    ]
    parts.append(_("a proposal") if row["kind"] == "proposal" else "")
    return ", ".join(filter(None, parts))


def reached(
    measure: Measure | None, row: Mapping[str, str], as_of: int, names: Mapping[str, str]
) -> str:
    """Return which countries have reached a goal, or that nobody can say.

    `row`: a goal with its `scope`: country, union, or rule (something to follow).
    """
    if measure is None or not row["value"]:
        forms = {
            "country": _("No figure by country is here, so who has reached it cannot be said."),
            "union": _("A goal for the Union as a whole; how far it has come is not known here."),
            "rule": _("Which countries follow it is not known here."),
        }
        text = forms[row["scope"]]
        if row["year"] and int(row["year"]) < as_of:
            text += " " + _("Its date, {year}, has passed.").format(year=row["year"])
        return text
    exact = measure.exact["number"]
    there = disparity.reached(exact, row["operator"], float(row["value"]))
    text = _("Reached in {n} of {known} countries known{list}.")
    listed = ": " + words.listed(names[area] for area in there) if len(there) else ""
    return text.format(n=len(there), known=len(exact), list=listed)


def centres(measure: Measure, listed: int) -> str:
    """Return how many centres are known to have something, "at least" unless the list is whole."""
    table = measure.table
    n = int(table["number"].sum())
    if len(table) == len(measure.members) and not table["at_least"].any():
        text = ngettext("{n} centre of {all} in our list", "{n} centres of {all} in our list", n)
        return text.format(n=n, all=listed)
    text = ngettext(
        "at least {n} centre; for the others of {all} in our list it is not known",
        "at least {n} centres; for the others of {all} in our list it is not known",
        n,
    )
    return text.format(n=n, all=listed)


def patients(attributes: Sequence[str], dataset: Dataset) -> list[dict[str, Any]]:
    """Return what patients said in surveys: shares with country and number asked."""
    table = dataset.table("frameworks/patient_priorities").set_index("attribute")
    found = []
    for attribute in attributes:
        rows = table.loc[[attribute]]
        said = [
            {
                "share": f"{words.as_published(row['weight_or_rank'])} %",
                "country": _(row["country"]),
                "study": _(row["study"]),
                "n": _(row["n"]),
            }
            for _i, row in rows.iterrows()
        ]
        sources = sorted(set(rows["source_id"]))
        cited = facts.cited(dataset.sources, sources)
        found.append({"label": _(attribute), "said": said, "sources": cited})
    return found


def norms(rows: pd.DataFrame, dataset: Dataset) -> list[dict[str, Any]]:
    """Return figures that hold for Europe or one study, not for the countries one by one."""
    found = []
    for _i, row in rows.iterrows():
        input_ = dataset.parameters.loc[row["key"]]
        value = float(input_["value"])
        found.append(
            {
                "label": _(row["label"]),
                "figure": f"{words.bound(value)} {_(str(input_['unit']))}",
                "note": _(str(input_["note"])),
                "sources": facts.cited(dataset.sources, [str(input_["source_id"])]),
            }
        )
    return found


def domains(attributes: Sequence[str], dataset: Dataset) -> dict[str, Any] | None:
    """Return the domains of a measure that was read about, without any result; None for none."""
    if not attributes:
        return None
    table = dataset.table("frameworks/patient_priorities").set_index("attribute")
    rows = table.loc[list(attributes)]
    return {
        "names": words.listed(_(attribute) for attribute in attributes),
        "study": words.listed(sorted(set(rows["study"]))),
        "made_with": words.listed(
            sorted({f"{r['n']}; {r['country']}" for r in rows.to_dict("records")})
        ),
        "sources": facts.cited(dataset.sources, sorted(set(rows["source_id"]))),
    }


def elsewhere(indicators: Sequence[str], dataset: Dataset) -> dict[str, Any] | None:
    """Return what a registry names as its indicators and was not read here; None for none."""
    if not indicators:
        return None
    rows = dataset.table("frameworks/ecir_indicators").set_index("indicator").loc[list(indicators)]
    cuts = {cut.strip() for text in rows["dimensions"] for cut in text.split(";")}
    return {
        "names": words.listed(_(indicator) for indicator in indicators),
        "cuts": words.listed(_(cut) for cut in sorted(cuts)),
        "sources": facts.cited(dataset.sources, sorted(set(rows["source_id"]))),
    }


def left_out(keys: Sequence[str], dataset: Dataset) -> dict[str, Any] | None:
    """Return how many figures were found and are not shown, and why; None for none."""
    table = dataset.left_out
    rows = table[table["key"].map(lambda key: key.split("|")[1:2]).isin([[k] for k in keys])]
    if rows.empty:
        return None
    areas = {key.split("|")[0] for key in rows["key"]}
    return {
        "count": len(rows),
        "areas": len(areas),
        "reasons": "; ".join(_(reason) for reason in sorted(set(rows["reason"]))),
    }
