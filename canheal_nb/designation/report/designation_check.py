"""What a designation check says on paper: criteria, the path, what is open, and the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from canheal_nb import data
from canheal_nb.designation.model import country_path, self_check
from canheal_nb.designation.question import DesignationCheck
from canheal_nb.designation.report import check_subject
from canheal_nb.designation.report.check_subject import checked, spoken_for, vocabulary
from canheal_nb.designation.report.country_path import CountryDesignation
from canheal_nb.designation.text import check_text, plan_text, verdict_text
from canheal_nb.indicators import facts, words
from canheal_nb.reporting.blocks import Block, Report, spoken
from canheal_nb.reporting.contract import Cover, Definition
from canheal_nb.text.locale import _
from canheal_nb.text.question import read


def open_check(**given: object) -> Designation | CountryDesignation:
    """Read the report's parameters and return its blocks; UserError says what is wrong."""
    dataset = data.load()
    question = read(DesignationCheck, given, vocabulary(dataset))
    return (Designation if question.centre else CountryDesignation)(question, dataset)


def cover(question: DesignationCheck, dataset: data.Dataset) -> Cover:
    """Return the title block; answers that cannot be read are refused before anything runs."""
    titles = _("{name}: self-check, {aim}"), _("{name}: the next certificates of its centres")
    return check_subject.cover(question, dataset, titles)


@dataclass(frozen=True)
class Designation(Report):
    """The check of one centre; every method returns one block."""

    TEMPLATE: ClassVar[str] = "designation.html"
    TABLES: ClassVar[tuple[str, ...]] = ("criteria", "path", "maturity", "calendar", "standing")

    @spoken
    def findings(self) -> Block:
        """Return the answer in a few sentences, and where the thresholds come from."""
        made = [check_text.answer(self._check, self._name), verdict_text.finding(self._check)]
        made += [check_text.total(self._check.total)]
        if self._check.plan.start:
            made.append(plan_text.finish(self._check.plan))
        if self._check.held:
            held = facts.designation_words(self._check.held)
            made.append(_("It holds a certificate already: {kind}.").format(kind=held))
        return self.block("findings", findings=made, one_page=_(check_text.ONE_PAGE))

    @spoken
    def criteria(self) -> Block:
        """Return every criterion with threshold, answer, verdict and gap, and the research rule."""
        rows = [*self._check.conditions, *self._check.results, *self._check.volume]
        named = {**check_text.PARTS, "volume": check_text.VOLUME}
        groups: dict[str, list[dict[str, Any]]] = {}
        for one in rows:
            groups.setdefault(_(named[one.criterion.part]), []).append(self._row(one))
        rule = check_text.rule(self._check.rule) if self._check.rule else ""
        return self.block("criteria", groups=groups, rule=rule)

    @spoken
    def path(self) -> Block:
        """Return the steps in order with money, time, people and training."""
        return self.block(
            "path",
            steps=plan_text.rows(self._check),
            total=check_text.total(self._check.total),
            pending=verdict_text.pending(self._check),
            finish=plan_text.finish(self._check.plan),
            unowned=plan_text.owners(self._check.plan),
        )

    @spoken
    def maturity(self) -> Block:
        """Return the level reached in each theme that was read; no overall score."""
        rows = [(_(r.theme), _(r.criterion), check_text.level(r)) for r in self._check.reached]
        unread = words.listed(str(n) for n in self._check.unread)
        return self.block("maturity", rows=rows, unread=unread)

    @spoken
    def calendar(self) -> Block:
        """Return the dates of a certificate that is held; nothing where none was given."""
        as_of = self.dataset.edition.as_of
        rows = check_text.dates(self._check.dates, as_of)
        return self.block("calendar", rows=rows, as_of=as_of.isoformat())

    @spoken
    def standing(self) -> Block:
        """Return how many centres of the country stand at which step; nothing of one's own."""
        if self.question.centre == check_subject.OWN:
            return Block("")
        found = country_path.counts(self.dataset, self._country)
        rows = [(_(check_text.STANDING[step]), n) for step, n in found.items() if n]
        return self.block("standing", rows=rows, country=self.names[self._country])

    @spoken
    def unknown(self) -> Block:
        """Return what is open, to be found out first."""
        return self.block("unknown", open=[_(r.criterion.text) for r in self._check.open])

    @property
    def cited(self) -> Iterable[str]:
        """The ids of the sources that the blocks name, in reading order."""
        return check_text.cited(self._check)

    @property
    def absent(self) -> set[str]:
        """No calendar without the date of a certificate; no country for one's own centre."""
        own = {"standing"} if self.question.centre == check_subject.OWN else set()
        return own if self._check.dates else {"calendar"} | own

    @cached_property
    def _check(self) -> self_check.Check:
        return checked(self.question, self.dataset)

    @property
    def _name(self) -> str:
        return check_subject.name(self.question, self.dataset)

    @property
    def _country(self) -> str:
        return str(self.dataset.centres.at[self.question.centre, "country"])

    def _row(self, one: Any) -> dict[str, Any]:
        asked, given = one.criterion.asked, spoken_for(self.question)
        facts_of = [f for f in self._check.facts if f.asked == asked and f.answers]
        known = [] if asked in given else facts_of
        return {
            "text": _(one.criterion.text),
            "needed": check_text.needed(one.criterion),
            "said": check_text.said(one) or _("blank"),
            "verdict": _(check_text.VERDICTS[one.verdict]),
            "gap": check_text.gap(one),
            "known": bool(known),
            "counting": _(self._check.counting.get(one.criterion.asked, "")),
            "marks": self.marks([one.criterion.source_id, *(f.source_id for f in known)]),
        }


REPORT = Definition(
    DesignationCheck,
    check_subject.vocabulary,
    cover,
    "country",
    document=True,
    opened=check_subject.opened,
)
