"""The contract of every table that the package loads: plain data, one place.

The checks (`schemas`, `rules`) and the loader (`dataset`) read these objects; a data
dictionary can be printed from them. A table that is not listed here may lie in the data
folder all the same: it is carried, checked by the general rules and handed out as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "id", "area", "number", "year", "web", "value"]

AREAS = "facts/areas"
CAPABILITY_TYPES = "facts/capability_types"
CENTRES = "facts/centres"
INDICATOR_TYPES = "facts/indicator_types"
LISTS = "facts/capability_lists"
SOURCES = "sources"

FIRST_YEAR = 1900
PROJECTION_YEARS = 50
YES_NO = ("yes", "no")
YES_NO_AT_LEAST = ("yes", "no", "at_least")


@dataclass(frozen=True)
class Column:
    """One column: what it means and which cells it takes.

    `kind`: text, id (letters, digits and . _ -), area (ISO 3166 alpha-2 or -2), number
    (decimal point), year (four digits), web (an http address), value (text whose form the
    row's type decides). An empty cell means "not stated" and is refused when `required`.
    `low` and `high` bound numbers; `years_ahead` is how far past the edition's date a year
    may lie. `refers` names the table whose key the cell must be; with `joined`, several
    such ids may stand with a + between them.
    """

    name: str
    meaning: str
    kind: Kind = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    years_ahead: int = 0
    refers: str = ""
    joined: bool = False


@dataclass(frozen=True)
class Table:
    """One table: `name` is its path under the data folder without `.csv`."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The path of its file under the data folder."""
        return f"{self.name}.csv"

    @property
    def short(self) -> str:
        """The name it has on a Dataset."""
        return self.name.rpartition("/")[2]

    @property
    def names(self) -> tuple[str, ...]:
        """Its columns' names, in the order in which they are handed out."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column | None:
        """Return the column of that name, or None when the contract has none."""
        return next((column for column in self.columns if column.name == name), None)


def _source(*, required: bool = True, joined: bool = False) -> Column:
    meaning = "where it was read; an id of sources.csv"
    return Column("source_id", meaning, "id", required, refers=SOURCES, joined=joined)


def _note() -> Column:
    return Column("note", "what a reader should know about this row")


_SOURCES = Table(
    SOURCES,
    "A place where facts were read.",
    (
        Column("source_id", "its id", "id", required=True),
        Column("title", "its title", required=True),
        Column("publisher", "who publishes it"),
        Column("url", "its address", "web"),
        Column("year", "year of publication", "year", low=FIRST_YEAR, years_ahead=1),
        Column("rights", "terms of use as found, never guessed", required=True),
        Column("redistribute", "may it be passed on whole?", "text", True, (*YES_NO, "unknown")),
        Column("retrieved", "when or in which version it was read"),
        Column("via", "whose copy was read when it was not the publisher's own"),
    ),
    ("source_id",),
)

_AREAS = Table(
    AREAS,
    "The Union, a country, or an outermost region.",
    (
        Column("area_id", "ISO 3166 code (Greece is GR), or EU", "area", required=True),
        Column("name", "its name in English", required=True),
        Column(
            "kind",
            "what it is",
            required=True,
            allowed=("union", "member_state", "outermost_region", "other"),
        ),
        Column("country", "the country it belongs to", "area", required=True, refers=AREAS),
    ),
    ("area_id",),
)

_CENTRES = Table(
    CENTRES,
    "A cancer centre.",
    (
        Column("centre_id", "its id", "id", required=True),
        Column("name", "its name in English", required=True),
        Column("name_local", "its name where it is"),
        Column("city", "its city", required=True),
        Column("country", "its country", "area", required=True, refers=AREAS),
        Column("latitude", "degrees north", "number", required=True, low=-90, high=90),
        Column("longitude", "degrees east", "number", required=True, low=-180, high=180),
        Column(
            "coordinate_basis",
            "what the coordinates point to",
            required=True,
            allowed=("hospital", "main site", "city", "neighbour"),
        ),
        Column("website", "its address", "web"),
        _source(),
    ),
    ("centre_id",),
)

_CAPABILITIES = Table(
    "facts/capabilities",
    "One fact about one centre; a fact without a row is not known.",
    (
        Column("centre_id", "the centre", "id", required=True, refers=CENTRES),
        Column("capability", "what is said", "id", required=True, refers=CAPABILITY_TYPES),
        Column("value", "the value as published", "value", required=True),
        Column("year", "the year it held", "year", low=FIRST_YEAR, years_ahead=1),
        _source(),
        _note(),
    ),
    ("centre_id", "capability", "value", "year", "source_id"),
)

_CAPABILITY_TYPES = Table(
    CAPABILITY_TYPES,
    "What a capability is.",
    (
        Column("capability", "its id", "id", required=True),
        Column("label", "its name on a screen", required=True),
        Column("group", "the heading it stands under", required=True),
        Column(
            "kind",
            "the form of its values",
            required=True,
            allowed=("yes_no", "number", "category", "year"),
        ),
        Column("unit", "unit of its numbers"),
        Column("definition", "what counts", required=True),
        Column("caveat", "how it may mislead"),
    ),
    ("capability",),
)

_CAPABILITY_LISTS = Table(
    LISTS,
    "How complete the list behind a capability is in a country.",
    (
        Column("capability", "the capability", "id", required=True, refers=CAPABILITY_TYPES),
        Column("country", "a country, or EU for all 27", "area", required=True, refers=AREAS),
        Column(
            "completeness",
            "how complete the list is",
            required=True,
            allowed=("complete", "partial", "anecdotal"),
        ),
        Column("as_of", "when the list was"),
        Column("missing", "what it leaves out"),
        _source(required=False),
        Column("may_compute_access", "may access be computed?", "text", True, YES_NO_AT_LEAST),
        Column("may_say_no", "does absence mean no?", "text", True, YES_NO_AT_LEAST),
    ),
    ("capability", "country"),
)

_INDICATORS = Table(
    "facts/indicators",
    "One value of one area; a value without a row is not known.",
    (
        Column("area_id", "the area", "area", required=True, refers=AREAS),
        Column("indicator", "what is measured", "id", required=True, refers=INDICATOR_TYPES),
        Column("edition", "the edition of the series; editions never share a line"),
        Column("year", "the year", "year", low=FIRST_YEAR, years_ahead=PROJECTION_YEARS),
        Column("sex", "T total, M men, F women", required=True, allowed=("T", "M", "F")),
        Column("value", "the value as published", "value", required=True),
        Column("low", "lower end of the published interval", "number"),
        Column("high", "upper end of the published interval", "number"),
        _source(joined=True),
        Column("flag", "words, separated by commas, that qualify the value"),
        _note(),
    ),
    ("area_id", "indicator", "edition", "year", "sex", "source_id"),
)

_INDICATOR_TYPES = Table(
    INDICATOR_TYPES,
    "What an indicator is.",
    (
        Column("indicator", "its id", "id", required=True),
        Column("label", "its name on a screen", required=True),
        Column("group", "the heading it stands under", required=True),
        Column(
            "kind",
            "the form of its values",
            required=True,
            allowed=("number", "yes_no", "category"),
        ),
        Column("unit", "unit of its numbers"),
        Column(
            "direction",
            "which way is better",
            required=True,
            allowed=("more_is_better", "more_is_worse", "neutral"),
        ),
        Column(
            "rank",
            "may countries be ranked by it?",
            required=True,
            allowed=("yes", "with care", "no"),
        ),
        Column("definition", "what counts", required=True),
        Column("caveat", "how it may mislead"),
    ),
    ("indicator",),
)

_PARAMETERS = Table(
    "facts/parameters",
    "An input of the models.",
    (
        Column("parameter", "its id", "id", required=True),
        Column("value", "the central value", "number"),
        Column("low", "lower end, or one side of the contrast", "number"),
        Column("high", "upper end, or the other side of the contrast", "number"),
        Column("range_kind", "what low and high are", allowed=("interval", "contrast")),
        Column("unit", "unit of the three", required=True),
        Column("price_year", "year of the prices"),
        _source(),
        _note(),
    ),
    ("parameter",),
)

_LEFT_OUT = Table(
    "facts/left_out",
    "A fact that was found and is not shown.",
    (
        Column("table", "the table it would stand in", required=True),
        Column("key", "its key there", required=True),
        Column("value", "the value found"),
        Column("reason", "why it is not shown", required=True),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _SOURCES,
        _AREAS,
        _CENTRES,
        _CAPABILITIES,
        _CAPABILITY_TYPES,
        _CAPABILITY_LISTS,
        _INDICATORS,
        _INDICATOR_TYPES,
        _PARAMETERS,
        _LEFT_OUT,
    )
}
