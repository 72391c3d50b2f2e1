"""What a report on readiness for genomics says: what is known, the steps, whom to ask, dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from canheal_nb import data
from canheal_nb.designation.model import self_check
from canheal_nb.genomics.model import next_steps, readiness
from canheal_nb.genomics.question import GenomicsReadiness
from canheal_nb.genomics.text import readiness_text, workload_text
from canheal_nb.indicators import measures, words
from canheal_nb.reporting.blocks import Block, Report, spoken
from canheal_nb.reporting.contract import Cover, Definition
from canheal_nb.text import dates
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.text.question import read


def vocabulary(dataset: data.Dataset) -> dict[str, list[str]]:
    """Return the ids that the report's question may name."""
    return {"country": measures.members(dataset.areas)}


def open_readiness(**given: object) -> Readiness:
    """Read the report's parameters and return its blocks; UserError says what is wrong."""
    dataset = data.load()
    return Readiness(read(GenomicsReadiness, given, vocabulary(dataset)), dataset)


def cover(question: GenomicsReadiness, dataset: data.Dataset) -> Cover:
    """Return the title block; answers that cannot be read are refused before anything runs."""
    checked(question, dataset)
    name = words.country_names(dataset.areas)[question.country]
    return Cover(
        subject=question.country,
        as_of=dataset.edition.as_of,
        title=_("{name}: readiness for genomics").format(name=name),
        subtitle=_("What is known, what comes next, and whom to ask for the rest; a self-check"),
        edition=dataset.edition.name,
        lang=question.lang,
    )


def spoken_for(question: GenomicsReadiness) -> dict[str, str]:
    """Return the answers for the question's country, by name."""
    given, own = self_check.spelled(question.answers), f"{question.country}."
    return {k.removeprefix(own): v for k, v in given.items() if k.startswith(own) or "." not in k}


def checked(question: GenomicsReadiness, dataset: data.Dataset) -> next_steps.Check:
    """Return the check of a question; UserError for an answer that cannot be read or is unknown.

    Answers as the app saves them (`place.name:value`) are taken too, those of this country only.
    """
    said = spoken_for(question)
    found = next_steps.check(dataset, said, dataset.edition.as_of)
    known = [one.indicator.asked for one in found.assessed]
    known += [one.asked for one, _said in found.stated]
    known = [*known, *dates.names(known), *workload_text.names()]
    lost = [name for name in said if name not in known]
    if lost:
        text = _("answers: there is no answer {name}; the names are: {known}.")
        raise UserError(text.format(name=lost[0], known=", ".join(known)), code="unknown-answer")
    _amounts, wrong = workload_text.numbers(said, dataset)
    wrong += [one.wrong for one in readiness_text.planned(found, said).values() if one.wrong]
    if wrong:
        raise UserError(_("answers: {why}").format(why=wrong[0]), code="wrong-answer")
    return found


@dataclass(frozen=True)
class Readiness(Report):
    """The check of one country; every method returns one block."""

    TEMPLATE: ClassVar[str] = "genomics.html"
    TABLES: ClassVar[tuple[str, ...]] = (
        "profile",
        "steps",
        "asks",
        "capacity",
        "costs",
        "counselling",
        "genomes",
        "dates",
        "sheet",
    )

    @spoken
    def findings(self) -> Block:
        """Return what is assessed and what the tables know of the country."""
        made = [readiness_text.answer(self._check, self.names[self._country]), *self._known[0]]
        return self.block("findings", findings=made, marks=self.marks(self._known[1]))

    @spoken
    def profile(self) -> Block:
        """Return what is assessed, lowest level first, and how much of each domain is."""
        rows = [readiness_text.row(one) for one in readiness.ranked(self._check.assessed)]
        domains = [
            (_(name), known, every)
            for name, (known, every, _l, _h) in readiness.by_domain(self._check.assessed).items()
        ]
        levels = [int(level) for level in readiness.LEVELS]
        return self.block("profile", rows=rows, domains=domains, levels=levels)

    @spoken
    def steps(self) -> Block:
        """Return the steps in order, with owner and what they rest on, as a plan to fill in."""
        found = self._check
        plan = readiness_text.planned(found, spoken_for(self.question))
        return self.block(
            "steps",
            steps=readiness_text.steps(found),
            no=readiness_text.missing(found),
            plan=plan,
            owned=readiness_text.owned(plan),
        )

    @spoken
    def asks(self) -> Block:
        """Return whom to ask about what is not assessed, and for which papers."""
        rows = [
            (_(one.domain), _(one.whom), _(one.paper), len(one.asked)) for one in self._check.asks
        ]
        return self.block("asks", rows=rows, first=readiness_text.first(self._check))

    @spoken
    def costs(self) -> Block:
        """Return what testing costs: the country's samples, and figures as found."""
        lines = [*self._testing[0], readiness_text.per_thousand(self.dataset)]
        capacity, unknown = workload_text.parted(
            workload_text.sequencing(self._amounts, self.dataset)[0]
        )
        rows = [(*row[:3], self.marks([row[3]])) for row in readiness_text.costs(self.dataset)]
        facts_told = [f"{_(one.domain)}: {_(one.text)}" for one in self._check.told]
        return self.block(
            "costs", lines=lines, rows=rows, told=facts_told, capacity=capacity, unknown=unknown
        )

    @spoken
    def counselling(self) -> Block:
        """Return the load of counselling, a row per figure, each with where it is from."""
        rows, unknown = workload_text.parted(self._counselling[0])
        return self.block("counselling", rows=rows, unknown=unknown)

    @spoken
    def genomes(self) -> Block:
        """Return where the country stands with the genomes of Europe, and with biomarker tests."""
        signed, goal = (
            readiness_text.signed(self._country, self.dataset),
            readiness_text.genomes_goal(self._check),
        )
        said = spoken_for(self.question)
        rows = workload_text.genomes(signed, said, self._amounts, goal)
        rows, unknown = workload_text.parted(rows)
        metrics = workload_text.biomarkers(self._check)
        blank = _("not assessed")
        unknown += [text for _kind, text, answer in metrics if answer == blank]
        answered = [one for one in metrics if one[2] != blank]
        return self.block("genomes", rows=rows, biomarkers=answered, unknown=unknown)

    @spoken
    def perspectives(self) -> Block:
        """Return the five perspectives, each answered or open."""
        return self.block("perspectives", rows=readiness_text.perspectives(self._check))

    @spoken
    def dates(self) -> Block:
        """Return the recommendations and legal dates, seen from the edition's day."""
        as_of = self.dataset.edition.as_of.isoformat()
        rows, tracked = readiness_text.date_rows(self._check), readiness_text.tracked(self._check)
        return self.block("dates", rows=rows, as_of=as_of, tracked=tracked)

    @spoken
    def sheet(self) -> Block:
        """Return all indicators and statements that are not assessed, to be filled in by hand."""
        blank = {one.id: one for ask in self._check.asks for one in ask.asked}
        groups: dict[str, list[tuple[str, str, str, str]]] = {}
        for one in blank.values():
            ends = (_(one.levels[0]), _(one.levels[-1])) if one.levels else ("", "")
            groups.setdefault(_(one.domain), []).append((one.id, _(one.text), *ends))
        return self.block("sheet", groups=groups)

    @property
    def cited(self) -> Iterable[str]:
        """The ids of the sources that the blocks name, in reading order."""
        framework = sorted(set(self.dataset.table(next_steps.FRAMEWORK)["source_id"]))
        costs = [row[3] for row in readiness_text.costs(self.dataset)]
        dates = [one.source_id for one in self._check.dates]
        return [
            *self._known[1],
            *self._testing[1],
            *self._counselling[1],
            *costs,
            *dates,
            *framework,
        ]

    @property
    def absent(self) -> set[str]:
        """Without anything assessed there is no profile and no step; with all, nobody to ask."""
        found = self._check
        known = readiness.ranked(found.assessed)
        gone = set() if known else {"profile"}
        gone |= set() if found.steps or found.missing else {"steps"}
        return gone if found.asks else gone | {"asks", "sheet"}

    @cached_property
    def _check(self) -> next_steps.Check:
        return checked(self.question, self.dataset)

    @property
    def _country(self) -> str:
        return str(self.question.country)

    @cached_property
    def _known(self) -> tuple[list[str], list[str]]:
        return readiness_text.facts_of(self._country, self.dataset, self.names)

    @cached_property
    def _testing(self) -> tuple[list[str], list[str]]:
        return readiness_text.testing(self._amounts, self.dataset)

    @cached_property
    def _amounts(self) -> dict[str, float]:
        return workload_text.numbers(spoken_for(self.question), self.dataset)[0]

    @cached_property
    def _counselling(self) -> tuple[list[workload_text.Row], list[str]]:
        return workload_text.counselling(self._country, self._amounts, self.dataset)


REPORT = Definition(GenomicsReadiness, vocabulary, cover, "country", document=True)
