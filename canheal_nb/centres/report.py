"""What a centre profile says: every fact about one centre, and what nobody has told us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import pandas as pd

from canheal_nb import data
from canheal_nb.centres.model import centre_profile
from canheal_nb.centres.question import CentreProfile
from canheal_nb.centres.text import centre_facts, locator_map
from canheal_nb.indicators import designated_centres, facts, measures, words
from canheal_nb.indicators.measures import MACHINES
from canheal_nb.reporting.blocks import Block, Report, image, spoken
from canheal_nb.reporting.contract import Cover, Definition
from canheal_nb.text.locale import _, ngettext
from canheal_nb.text.question import read

NOTES = "judgements/centre_notes"
TITLES, STATUS = "Quality and accreditation", "eunetccc_status"
CONTEXT = (MACHINES, "unmet_medical_need_pct", "cancer_mortality_asr_world")


def vocabulary(dataset: data.Dataset) -> dict[str, list[str]]:
    """Return the ids that a profile's question may name."""
    return {"centre": [str(centre) for centre in dataset.centres.index]}


def open_profile(**given: object) -> Profile:
    """Read a profile's parameters and return its blocks; UserError says what is wrong."""
    dataset = data.load()
    return Profile(read(CentreProfile, given, vocabulary(dataset)), dataset)


def cover(question: CentreProfile, dataset: data.Dataset) -> Cover:
    """Return the title block of a profile."""
    centre = dataset.centres.loc[question.centre]
    country = words.country_names(dataset.areas)[str(centre["country"])]
    own = str(centre.get("name_local", ""))
    named = own if own != centre["name"] else ""
    return Cover(
        subject=question.centre,
        as_of=dataset.edition.as_of,
        title=str(centre["name"]),
        subtitle=" · ".join(filter(None, [named, str(centre["city"]), country])),
        edition=dataset.edition.name,
        lang=question.lang,
    )


@dataclass(frozen=True)
class Profile(Report):
    """The profile of one centre; every method returns one block."""

    TEMPLATE: ClassVar[str] = "centre.html"
    TABLES: ClassVar[tuple[str, ...]] = ("titles", "facts")

    @spoken
    def findings(self) -> Block:
        """Return where the centre is, what it is called, how much is known about it."""
        made = [self._listed(), self._called(), self._counted()]
        return self.block("findings", findings=made)

    @spoken
    def where(self) -> Block:
        """Return the map of the country with the centre on it, and what the point stands for."""
        drawn = locator_map.svg(self.shapes, self._beside, self._id, self._country)
        return self.block(
            "where",
            encoded=image(drawn) if drawn else "",
            alt=_("Map of {country} and what lies around it; {name} is in {city}.").format(
                country=self._place, name=self._name, city=self._city
            ),
            name=self._name,
            others=len(self._beside) - 1,
            basis=centre_facts.basis(str(self._row.get("coordinate_basis", ""))),
            notes=self._notes,
            marks=self.marks([str(self._row["source_id"])]),
        )

    @spoken
    def titles(self) -> Block:
        """Return who has certified or named the centre what, and when."""
        rows = [
            line for known in self._known if self._is_title(known) for line in self._rows(known)
        ]
        return self.block("titles", rows=rows)

    @spoken
    def facts(self) -> Block:
        """Return every fact with its year, age, list and source; contradictions side by side."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for known in self._known:
            group = _(str(self._types.loc[known.capability, "group"]))
            groups.setdefault(group, []).extend(self._rows(known))
        return self.block("facts", groups=groups, as_of=self.dataset.edition.as_of.year)

    @spoken
    def context(self) -> Block:
        """Return the centre's country in three lines."""
        return self.block(
            "context", lines=[self._context_line(m) for m in self._measured], country=self._place
        )

    @spoken
    def unknown(self) -> Block:
        """Return what is not known about the centre, by group."""
        groups, elsewhere = centre_facts.questions(self.dataset, self._id)
        asked = {group: [question for question, _about in items] for group, items in groups.items()}
        return self.block("unknown", groups=asked, elsewhere=elsewhere)

    @spoken
    def ask(self) -> Block:
        """Return where to ask: the centre's own page, where its address is known."""
        address = centre_facts.website(str(self._row.get("website", "")))
        return self.block("ask", address=address, name=self._name)

    @property
    def cited(self) -> Iterable[str]:
        """The ids of the sources that the blocks name, in reading order."""
        yield str(self._row["source_id"])
        for known in self._known:
            yield from (fact.source_id for fact in known.facts if fact.source_id)
        for measure in self._measured:
            yield from measure.sources

    @property
    def absent(self) -> set[str]:
        """A centre without a title has no table of titles, one without facts none of facts."""
        has = {"titles": any(map(self._is_title, self._known)), "facts": bool(self._known)}
        return {name for name, there in has.items() if not there}

    @property
    def _id(self) -> str:
        return str(self.question.centre)

    @cached_property
    def _row(self) -> Any:
        return self.dataset.centres.loc[self._id]

    @property
    def _name(self) -> str:
        return str(self._row["name"])

    @property
    def _city(self) -> str:
        return str(self._row["city"])

    @property
    def _country(self) -> str:
        return str(self._row["country"])

    @property
    def _place(self) -> str:
        return self.names[self._country]

    @cached_property
    def _types(self) -> pd.DataFrame:
        return self.dataset.capability_types

    @cached_property
    def _beside(self) -> pd.DataFrame:
        centres = self.dataset.centres
        return centres[centres["country"] == self._country]

    @cached_property
    def _known(self) -> list[centre_profile.Known]:
        return centre_profile.known(self.dataset, self._id, self.dataset.edition.as_of.year)

    @cached_property
    def _notes(self) -> list[str]:
        rows = self.dataset.table(NOTES)
        return [_(str(note)) for note in rows["note"][rows["centre_id"] == self._id]]

    @property
    def _member(self) -> bool:
        return self._country in measures.members(self.dataset.areas)

    @cached_property
    def _measured(self) -> list[measures.Measure]:
        """The three measures of the country's context; none outside the Union."""
        there = [show for show in CONTEXT if show in self.dataset.indicator_types.index]
        return [measures.measure(self.dataset, show) for show in there] if self._member else []

    def _is_title(self, known: centre_profile.Known) -> bool:
        return known.capability == STATUS or self._types.at[known.capability, "group"] == TITLES

    def _rows(self, known: centre_profile.Known) -> list[dict[str, Any]]:
        kind = self._types.loc[known.capability]
        publishers = self.dataset.sources["publisher"]
        return [
            {
                "label": _(str(kind["label"])),
                "value": centre_facts.value(fact.value, str(kind["unit"])),
                "age": centre_facts.age(fact.year, fact.age),
                "listed": centre_facts.listing(known),
                "note": fact.note,
                "disputed": known.disputed,
                "by": str(publishers.get(fact.source_id, "")) or _("not stated"),
                "marks": self.marks([fact.source_id] if fact.source_id else []),
            }
            for fact in known.facts
        ]

    def _listed(self) -> str:
        text = ngettext(
            "{name} is the only centre in {country} that is in our list, a sample of members and "
            "networks.",
            "{name} is one of {n} centres in {country} that are in our list, a sample of members "
            "and networks.",
            len(self._beside),
        )
        said = text.format(name=self._name, n=len(self._beside), country=self._place)
        return f"{said} {self.marks([str(self._row['source_id'])])}"

    def _called(self) -> str:
        kind = str(designated_centres.designations(self.dataset.capabilities).get(self._id, ""))
        titles = [known for known in self._known if self._is_title(known)]
        held = [k for k in titles if k.facts[0].value != "no"]
        if not held:
            return _("No certificate or title of it is known; that does not mean that it has none.")
        first = _("It is an {kind}.").format(kind=facts.designation_words(kind)) if kind else ""
        text = ngettext(
            "{n} certificate, title or step towards one is known (Table {table}).",
            "{n} certificates, titles or steps towards one are known (Table {table}).",
            len(held),
        )
        counted = text.format(n=len(held), table=self.numbers["titles"])
        return " ".join(filter(None, [first, counted]))

    def _counted(self) -> str:
        found = [fact for known in self._known for fact in known.facts]
        open_questions, _elsewhere = centre_profile.unknown(self.dataset, self._id)
        years = [fact.year for fact in found if fact.year is not None]
        if not found:
            text = _("Nothing else is known about it; {open} questions are open.")
            return text.format(open=len(open_questions))
        text = ngettext(
            "{n} fact about it is known, {newest}; {open} questions are open.",
            "{n} facts about it are known, {newest}; {open} questions are open.",
            len(found),
        )
        newest = _("the newest of {year}").format(year=max(years)) if years else _("none dated")
        return text.format(n=len(found), newest=newest, open=len(open_questions))

    def _context_line(self, measure: measures.Measure) -> str:
        country, marks = self._country, self.marks(measure.sources)
        if country not in measure.table.index:
            return _("{label}: not known. {marks}").format(label=_(measure.label), marks=marks)
        row = measure.table.loc[country]
        note = "; ".join(filter(None, [words.age(row), facts.note(str(row["flag"]))]))
        return _("{label}: {figure} ({note}), {place}. {marks}").format(
            label=_(measure.label),
            figure=words.figure(measure, country),
            note=note,
            place=words.place(measure, country),
            marks=marks,
        )


REPORT = Definition(CentreProfile, vocabulary, cover, "centre")
