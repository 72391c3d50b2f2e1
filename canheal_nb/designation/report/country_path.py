"""What a country's centres take for their next certificates, on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from canheal_nb.designation.model import country_path
from canheal_nb.designation.model.country_path import Next
from canheal_nb.designation.report import check_subject
from canheal_nb.designation.text import check_text, plan_text
from canheal_nb.reporting.blocks import Block, Report, spoken
from canheal_nb.text.locale import _, ngettext


@dataclass(frozen=True)
class CountryDesignation(Report):
    """The centres of one country; its blocks have the names of those of a centre's report."""

    TEMPLATE: ClassVar[str] = "designation_country.html"
    TABLES: ClassVar[tuple[str, ...]] = ("criteria", "path", "unknown", "standing")

    @spoken
    def findings(self) -> Block:
        """Return how many centres there are, what comes next for them, and what is known of it."""
        n = len(self._coming)
        text = ngettext(
            "{n} centre of {country} is in our list, which is a sample.",
            "{n} centres of {country} are in our list, which is a sample.",
            n,
        )
        made = [text.format(n=n, country=self._name)]
        made += plan_text.country(self._coming, self._name)
        return self.block("findings", findings=made, one_page=_(check_text.ONE_PAGE))

    @spoken
    def criteria(self) -> Block:
        """Return each centre with its step today, its next certificate and its gaps."""
        names = {str(c): str(name) for c, name in self.dataset.centres["name"].items()}
        return self.block("criteria", rows=plan_text.centres(self._coming, names))

    @spoken
    def path(self) -> Block:
        """Return the steps that the centres need together, with what is known of their cost."""
        total = plan_text.cost(country_path.whole(self._coming))
        return self.block("path", rows=plan_text.shared(self._coming), total=total)

    @spoken
    def unknown(self) -> Block:
        """Return what is open, and for how many centres; it is to be found out first."""
        counted = Counter(
            r.criterion.text for one in self._coming if one.check for r in one.check.open
        )
        rows = [(_(text), n) for text, n in counted.most_common()]
        return self.block("unknown", rows=rows)

    def maturity(self) -> Block:
        """Return nothing: levels of maturity are not added up."""
        return Block("")

    def calendar(self) -> Block:
        """Return nothing: certificates end at different times."""
        return Block("")

    @spoken
    def standing(self) -> Block:
        """Return how many centres stand at which step."""
        found = country_path.counts(self.dataset, self.question.country)
        rows = [(_(check_text.STANDING[step]), n) for step, n in found.items() if n]
        return self.block("standing", rows=rows, country=self._name)

    @property
    def cited(self) -> Iterable[str]:
        """The ids of the sources that the blocks name, in reading order."""
        return [
            one for found in self._coming if found.check for one in check_text.cited(found.check)
        ]

    @property
    def absent(self) -> set[str]:
        """Without a centre in the list there are no tables."""
        return set() if self._coming else set(self.TABLES)

    @cached_property
    def _coming(self) -> list[Next]:
        return check_subject.coming(self.question, self.dataset)

    @property
    def _name(self) -> str:
        return self.names[self.question.country]
