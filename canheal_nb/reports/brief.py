"""What a country brief says: blocks made from the data, each ready to be shown by a notebook."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from canheal_nb import data
from canheal_nb.errors import UserError
from canheal_nb.locale import _, use
from canheal_nb.model import centres as centre_facts
from canheal_nb.model import measures
from canheal_nb.model.indicators import has_flag
from canheal_nb.questions import CountryBrief, read
from canheal_nb.reports.contract import Cover
from canheal_nb.views import facts, html, picture, svg, words

MACHINES = "radiotherapy_machines_dirac_per_million"
UNMET = "unmet_medical_need_pct"
DEATHS = "cancer_mortality_asr_world"
STANDING = (MACHINES, "hpv_vaccination_coverage_first_dose", UNMET, DEATHS)


@dataclass(frozen=True)
class Block:
    """A part of a report as markup; a notebook cell ends with it."""

    markup: str

    def _repr_html_(self) -> str:
        return self.markup


def vocabulary(dataset: data.Dataset) -> dict[str, list[str]]:
    """Return the ids that a brief's question may name."""
    return {"country": measures.members(dataset.areas)}


def open_brief(**given: object) -> Brief:
    """Read a brief's parameters and return its blocks; UserError says what is wrong with them."""
    dataset = data.load()
    return Brief(read(CountryBrief, given, vocabulary(dataset)), dataset)


def cover(question: CountryBrief, dataset: data.Dataset) -> Cover:
    """Return the title block of a brief."""
    names = words.country_names(dataset.areas)
    return Cover(
        subject=question.country,
        as_of=dataset.edition.as_of,
        title=names[question.country],
        subtitle=_("What its cancer centres can do, what its people meet, and what is not known"),
        edition=dataset.edition.name,
        lang=question.lang,
    )


def _spoken(make: Callable[[Brief], Block]) -> Callable[[Brief], Block]:
    """Make a block in the language of the brief's question."""

    @wraps(make)
    def made(brief: Brief) -> Block:
        with use(brief.question.lang):
            return make(brief)

    return made


@dataclass(frozen=True)
class Brief:
    """The brief of one country; every method returns one block."""

    question: CountryBrief
    dataset: data.Dataset

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of areas."""
        return words.country_names(self.dataset.areas)

    @cached_property
    def measured(self) -> Mapping[str, measures.Measure]:
        """The measures a brief compares, by id."""
        return {show: measures.measure(self.dataset, show) for show in STANDING}

    @cached_property
    def source_ids(self) -> list[str]:
        """All sources of the brief; a source's place here is its number in the text."""
        ids = [part for measure in self.measured.values() for part in measure.sources]
        designations = centre_facts.designation_sources(self.dataset.capabilities)
        own = sorted(self._centres["source_id"].unique())
        return list(dict.fromkeys([*ids, *designations, *own]))

    @_spoken
    def findings(self) -> Block:
        """Return three findings: machines, centres, care that people went without."""
        made = [self._machines(), self._centre_sentence(), self._unmet()]
        return self._block("findings", findings=made)

    @_spoken
    def map_figure(self) -> Block:
        """Return the map of machines with the country ringed, as one picture with its words."""
        measure = self.measured[MACHINES]
        points = centre_facts.points(self.dataset, "oeci")
        made = picture.compose(measure, self.dataset.map, self.dataset.areas, points)
        encoded = b64encode(str(svg.figure_svg(made, self.question.country)).encode()).decode()
        return self._block(
            "map",
            encoded=encoded,
            alt=made.description,
            title=made.title,
            marks=self._marks(measure.sources),
        )

    @_spoken
    def map_table(self) -> Block:
        """Return the map's figures as a table, two countries a line."""
        measure = self.measured[MACHINES]
        lines = facts.rows(measure, self.names, words.value_text)
        half = (len(lines) + 1) // 2
        pairs = [lines[i::half] for i in range(half)]
        title, marks = _(measure.label), self._marks(measure.sources)
        return self._block("map_table", pairs=pairs, title=title, marks=marks)

    @_spoken
    def standing(self) -> Block:
        """Return the country beside the Union and the span of the member states, as a table."""
        lines = [self._standing_line(measure) for measure in self.measured.values()]
        return self._block("standing", lines=lines, country=self._name)

    @_spoken
    def centres(self) -> Block:
        """Return the country's centres in the list with what OECI designates them."""
        kinds = centre_facts.designations(self.dataset.capabilities)
        kinds = kinds.reindex(self._centres.index).fillna("")
        lines = [
            {"name": row["name"], "city": row["city"], "kind": facts.designation_words(kind)}
            for (_id, row), kind in zip(self._centres.iterrows(), kinds, strict=True)
        ]
        ids = centre_facts.designation_sources(self.dataset.capabilities)
        ids += sorted(self._centres["source_id"].unique())
        lists = self.dataset.capability_lists
        read_on = lists[lists["capability"] == measures.DESIGNATION]["as_of"].iloc[0]
        return self._block("centres", lines=lines, marks=self._marks(ids), read_on=read_on)

    @_spoken
    def unknown(self) -> Block:
        """Return what nobody has told us about the country."""
        measured = [m for m in self.measured.values() if self.question.country in m.unknown]
        return self._block("unknown", measures=[_(m.label) for m in measured])

    @_spoken
    def sources(self) -> Block:
        """Return the numbered sources and the method."""
        cited = facts.cited(self.dataset.sources, self.source_ids)
        neutrality = self.dataset.map["notes"]["neutrality"]
        return self._block("sources", cited=cited, neutrality=neutrality)

    def check(self) -> None:
        """Raise UserError when the brief would show a figure without a source."""
        known = set(self.dataset.sources.index)
        lost = [source for source in self.source_ids if source not in known]
        if lost:
            sentence = _("The brief cites {lost}, which is not in sources.csv; add it there.")
            raise UserError(sentence.format(lost=lost[0]), code="lost-source")

    @property
    def _name(self) -> str:
        return self.names[self.question.country]

    @cached_property
    def _centres(self) -> Any:
        centres = self.dataset.centres
        return centres[centres["country"] == self.question.country].sort_values("name")

    def _block(self, part: str, **context: object) -> Block:
        return Block(html.part("brief.html", part, context))

    def _marks(self, source_ids: list[str]) -> str:
        numbers = sorted({self.source_ids.index(source) + 1 for source in source_ids})
        return "[" + ", ".join(map(str, numbers)) + "]"

    def _machines(self) -> str:
        measure, country = self.measured[MACHINES], self.question.country
        counts = self.dataset.indicators
        counts = counts[counts["indicator"] == measures.RATIOS[MACHINES].counts]
        counts = counts[counts["area_id"] == country]
        if counts.empty:
            return _("The number of radiotherapy machines in {country} is not known.").format(
                country=self._name
            )
        number = words.as_published(str(counts["value"].iloc[0]))
        marks = self._marks(measure.sources)
        if country not in measure.table.index:
            return _(
                "{country} has {number} radiotherapy machines in the register; how many that is "
                "per person cannot be said, for {reason}. {marks}"
            ).format(country=self._name, number=number, reason=_reason(counts["flag"]), marks=marks)
        return _(
            "{country} has {number} radiotherapy machines in the register, {figure}: "
            "{place}. {union} {marks}"
        ).format(
            country=self._name,
            number=number,
            figure=words.figure(measure, country),
            place=words.place(measure, country),
            union=words.union_line(measure),
            marks=marks,
        )

    def _centre_sentence(self) -> str:
        kinds = centre_facts.designations(self.dataset.capabilities)
        kinds = kinds.reindex(self._centres.index).dropna()
        return (
            words.centres_sentence(self._name, self._centres["name"], kinds)
            + " "
            + self._marks(centre_facts.designation_sources(self.dataset.capabilities))
        )

    def _unmet(self) -> str:
        measure, country = self.measured[UNMET], self.question.country
        if country not in measure.table.index:
            return _("How many people go without care they need is not known.")
        return _(
            "{figure} said in {year} that they had gone without medical care they needed: "
            "{place}. {union} {marks}"
        ).format(
            figure=words.figure(measure, country),
            year=measure.table.loc[country, "year"],
            place=words.place(measure, country),
            union=words.union_line(measure),
            marks=self._marks(measure.sources),
        )

    def _standing_line(self, measure: measures.Measure) -> dict[str, str]:
        country = self.question.country
        known = country in measure.table.index
        return {
            "label": _(measure.label),
            "figure": words.figure(measure, country),
            "age": _age_and_note(measure.table.loc[country]) if known else "",
            "union": words.union_line(measure),
            "span": words.span(measure, self.names),
            "marks": self._marks(measure.sources),
        }


def _reason(flags: Any) -> str:
    """Return why a count was not divided by people, from the count's flags."""
    if has_flag(flags, "area_not_stated").any():
        return _("it is not stated which area they cover")
    return _("the number of people in the same area is not known")


def _age_and_note(row: Any) -> str:
    """Return how old a figure is and what is to be known about it."""
    return "; ".join(filter(None, [words.age(row), facts.note(str(row["flag"]))]))
