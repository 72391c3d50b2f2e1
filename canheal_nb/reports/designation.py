"""What a designation check says on paper: criteria, the path, what is open, and the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from canheal_nb import data
from canheal_nb.locale import _
from canheal_nb.model import standards_check, standards_country
from canheal_nb.questions import read
from canheal_nb.questions_standards import DesignationCheck
from canheal_nb.reports import self_check
from canheal_nb.reports.blocks import Block, Report, spoken
from canheal_nb.reports.contract import Cover
from canheal_nb.reports.designation_country import CountryDesignation
from canheal_nb.reports.self_check import checked, spoken_for, vocabulary
from canheal_nb.views import facts, standards_finding, standards_plan, words
from canheal_nb.views import standards as told


def open_check(**given: object) -> Designation | CountryDesignation:
    """Read the report's parameters and return its blocks; UserError says what is wrong."""
    dataset = data.load()
    question = read(DesignationCheck, given, vocabulary(dataset))
    return (Designation if question.centre else CountryDesignation)(question, dataset)


def cover(question: DesignationCheck, dataset: data.Dataset) -> Cover:
    """Return the title block; answers that cannot be read are refused before anything runs."""
    titles = _("{name}: self-check, {aim}"), _("{name}: the next certificates of its centres")
    return self_check.cover(question, dataset, titles)


@dataclass(frozen=True)
class Designation(Report):
    """The check of one centre; every method returns one block."""

    TEMPLATE: ClassVar[str] = "designation.html"
    TABLES: ClassVar[tuple[str, ...]] = ("criteria", "path", "maturity", "calendar", "standing")

    @spoken
    def findings(self) -> Block:
        """Return the answer in a few sentences, and where the thresholds come from."""
        made = [told.answer(self._check, self._name), standards_finding.finding(self._check)]
        made += [told.total(self._check.total)]
        if self._check.plan.start:
            made.append(standards_plan.finish(self._check.plan))
        if self._check.held:
            held = facts.designation_words(self._check.held)
            made.append(_("It holds a certificate already: {kind}.").format(kind=held))
        return self.block("findings", findings=made, one_page=_(told.ONE_PAGE))

    @spoken
    def criteria(self) -> Block:
        """Return every criterion with threshold, answer, verdict and gap, and the research rule."""
        rows = [*self._check.conditions, *self._check.results, *self._check.volume]
        named = {**told.PARTS, "volume": told.VOLUME}
        groups: dict[str, list[dict[str, Any]]] = {}
        for one in rows:
            groups.setdefault(_(named[one.criterion.part]), []).append(self._row(one))
        rule = told.rule(self._check.rule) if self._check.rule else ""
        return self.block("criteria", groups=groups, rule=rule)

    @spoken
    def path(self) -> Block:
        """Return the steps in order with money, time, people and training."""
        return self.block(
            "path",
            steps=standards_plan.rows(self._check),
            total=told.total(self._check.total),
            pending=standards_finding.pending(self._check),
            finish=standards_plan.finish(self._check.plan),
            unowned=standards_plan.owners(self._check.plan),
        )

    @spoken
    def maturity(self) -> Block:
        """Return the level reached in each theme that was read; no overall score."""
        rows = [(_(r.theme), _(r.criterion), told.level(r)) for r in self._check.reached]
        unread = words.listed(str(n) for n in self._check.unread)
        return self.block("maturity", rows=rows, unread=unread)

    @spoken
    def calendar(self) -> Block:
        """Return the dates of a certificate that is held; nothing where none was given."""
        as_of = self.dataset.edition.as_of
        rows = told.dates(self._check.dates, as_of)
        return self.block("calendar", rows=rows, as_of=as_of.isoformat())

    @spoken
    def standing(self) -> Block:
        """Return how many centres of the country stand at which step; nothing of one's own."""
        if self.question.centre == self_check.OWN:
            return Block("")
        found = standards_country.counts(self.dataset, self._country)
        rows = [(_(told.STANDING[step]), n) for step, n in found.items() if n]
        return self.block("standing", rows=rows, country=self.names[self._country])

    @spoken
    def unknown(self) -> Block:
        """Return what is open, to be found out first."""
        return self.block("unknown", open=[_(r.criterion.text) for r in self._check.open])

    @property
    def cited(self) -> Iterable[str]:
        """The ids of the sources that the blocks name, in reading order."""
        return told.cited(self._check)

    @property
    def absent(self) -> set[str]:
        """No calendar without the date of a certificate; no country for one's own centre."""
        own = {"standing"} if self.question.centre == self_check.OWN else set()
        return own if self._check.dates else {"calendar"} | own

    @cached_property
    def _check(self) -> standards_check.Check:
        return checked(self.question, self.dataset)

    @property
    def _name(self) -> str:
        return self_check.name(self.question, self.dataset)

    @property
    def _country(self) -> str:
        return str(self.dataset.centres.at[self.question.centre, "country"])

    def _row(self, one: Any) -> dict[str, Any]:
        asked, given = one.criterion.asked, spoken_for(self.question)
        facts_of = [f for f in self._check.facts if f.asked == asked and f.answers]
        known = [] if asked in given else facts_of
        return {
            "text": _(one.criterion.text),
            "needed": told.needed(one.criterion),
            "said": told.said(one) or _("blank"),
            "verdict": _(told.VERDICTS[one.verdict]),
            "gap": told.gap(one),
            "known": bool(known),
            "counting": _(self._check.counting.get(one.criterion.asked, "")),
            "marks": self.marks([one.criterion.source_id, *(f.source_id for f in known)]),
        }
