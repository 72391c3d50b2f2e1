"""Which training closes which gap: programmes, order, who, and what training does not close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from canheal_nb import data
from canheal_nb.designation.model import training_match
from canheal_nb.designation.model.criteria import NOT_MET
from canheal_nb.designation.model.self_check import Check
from canheal_nb.designation.model.training_match import Offer, Want
from canheal_nb.designation.question import TrainingPlan
from canheal_nb.designation.report import check_subject
from canheal_nb.designation.text import check_text, plan_text
from canheal_nb.reporting.blocks import Block, Report, spoken
from canheal_nb.reporting.contract import Cover, Definition
from canheal_nb.text.locale import _, ngettext
from canheal_nb.text.question import read

TRAINING, PROGRAMMES = "judgements/standards_training", "frameworks/training_programmes"


def open_plan(**given: object) -> Training:
    """Read the report's parameters and return its blocks; UserError says what is wrong."""
    dataset = data.load()
    return Training(read(TrainingPlan, given, check_subject.vocabulary(dataset)), dataset)


def cover(question: TrainingPlan, dataset: data.Dataset) -> Cover:
    """Return the title block; answers that cannot be read are refused before anything runs."""
    titles = _("{name}: training for the {aim}"), _("{name}: training for its cancer centres")
    return check_subject.cover(question, dataset, titles)


@dataclass(frozen=True)
class Training(Report):
    """The training for one centre, or for the centres of a country; every method is a block."""

    TEMPLATE: ClassVar[str] = "training_plan.html"
    TABLES: ClassVar[tuple[str, ...]] = ("plan", "programmes", "open", "others")

    @spoken
    def findings(self) -> Block:
        """Return how many gaps training is for, how many it is not for, and what has ended."""
        gaps = [want for want in self._wants if want.verdict == NOT_MET]
        kinds = {want.asked for want in gaps}
        running = {want.asked for want in gaps if want.running}
        without = {want.asked for want in gaps if not want.offers}
        text = ngettext(
            "{n} gap or step is known; a programme that goes on is for {m} of them.",
            "{n} gaps and steps are known; a programme that goes on is for {m} of them.",
            len(kinds),
        )
        made = [text.format(n=len(kinds), m=len(running))]
        if without:
            names = "; ".join(_(w.text) for w in _once(gaps) if w.asked in without)
            made.append(_("No programme of our list is for: {list}.").format(list=names))
        ended = [one.name for one in training_match.chosen(gaps) if one.ended]
        if ended:
            text = _("Ended, and only worth asking what came after: {list}.")
            made.append(text.format(list="; ".join(ended)))
        open_ = len({want.asked for want in self._wants if want.verdict != NOT_MET})
        text = ngettext(
            "{n} more is open: whether training is needed for it is not known.",
            "{n} more are open: whether training is needed for them is not known.",
            open_,
        )
        return self.block("findings", findings=[*made, text.format(n=open_)] if open_ else made)

    @spoken
    def plan(self) -> Block:
        """Return the gaps in order with their programmes, who does it and by when."""
        gaps = [want for want in self._wants if want.verdict == NOT_MET]
        return self.block("plan", rows=self._rows(gaps), country=bool(self._for_country))

    @spoken
    def programmes(self) -> Block:
        """Return each programme of the plan once, as its source states it."""
        gaps = [want for want in self._wants if want.verdict == NOT_MET]
        rows = [self._stated(one) for one in training_match.chosen(gaps)]
        return self.block("programmes", rows=rows)

    @spoken
    def open(self) -> Block:
        """Return what is open and has a programme, so that it is asked first."""
        rows = self._rows([w for w in self._wants if w.verdict != NOT_MET and w.offers])
        return self.block("open", rows=rows, country=bool(self._for_country))

    @spoken
    def others(self) -> Block:
        """Return the programmes of the list that no criterion asks for."""
        mapped = set(self.dataset.table(TRAINING)["programme"])
        return self.block(
            "others", rows=[self._stated(o) for o in self._every if o.name not in mapped]
        )

    @property
    def cited(self) -> Iterable[str]:
        """The ids of the sources that the blocks name, in reading order."""
        ids = [one.source_id for want in self._wants for one in want.offers]
        ids += [one.source_id for one in self._every]
        return [*ids, *(one for found in self._checks for one in check_text.cited(found))]

    @property
    def absent(self) -> set[str]:
        """Without a known gap there is no plan; without an open theme no table of them."""
        plan = any(w.verdict == NOT_MET for w in self._wants)
        open_ = any(w.verdict != NOT_MET and w.offers for w in self._wants)
        return (set() if plan else {"plan", "programmes"}) | (set() if open_ else {"open"})

    @cached_property
    def _checks(self) -> list[Check]:
        if not self._for_country:
            return [check_subject.checked(self.question, self.dataset)]
        return [c for n in check_subject.coming(self.question, self.dataset) if (c := n.check)]

    @property
    def _for_country(self) -> str:
        return "" if self.question.centre else str(self.question.country)

    @cached_property
    def _wants(self) -> list[Want]:
        tables = self.dataset.table(TRAINING), self.dataset.table(PROGRAMMES)
        as_of = self.dataset.edition.as_of
        return [w for found in self._checks for w in training_match.wants(found, *tables, as_of)]

    @property
    def _every(self) -> list[Offer]:
        programmes = self.dataset.table(PROGRAMMES)
        return list(training_match.offers(programmes, self.dataset.edition.as_of).values())

    def _rows(self, wants: Sequence[Want]) -> list[dict[str, Any]]:
        """Return one row per gap: what, programmes, who and by when, or how many centres."""
        return [
            {
                "text": _(want.text),
                "offers": [(o.name, o.period, o.ended, _(o.why)) for o in want.offers],
                "owner": want.owner,
                "due": plan_text.month(want.due) if want.due else "",
                "centres": sum(one.asked == want.asked for one in wants),
            }
            for want in _once(wants)
        ]

    def _stated(self, one: Offer) -> dict[str, Any]:
        blank = _("not stated")
        return {
            "name": one.name,
            "ended": one.ended,
            "period": one.period or blank,
            "topic": one.topic,
            "audience": one.audience or blank,
            "provider": one.provider or blank,
            "duration": one.duration or blank,
            "cost": one.cost or blank,
            "place": one.place or blank,
            "marks": self.marks([one.source_id]),
        }


def _once(wants: Sequence[Want]) -> list[Want]:
    """Return one of each gap, in the order in which they come."""
    return list({want.asked: want for want in reversed(wants)}.values())[::-1]


REPORT = Definition(
    TrainingPlan,
    check_subject.vocabulary,
    cover,
    "country",
    document=True,
    opened=check_subject.opened,
)
