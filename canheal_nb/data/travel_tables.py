"""The contracts of the tables behind modelled driving times.

A data folder may do without them: the loader reads them only when they are asked for.
"""

from __future__ import annotations

from canheal_nb.data.contracts import FIRST_YEAR, SOURCES, YES_NO, Column, Kind, Table

_OURS = (
    Column("chosen_by", "who chose it", required=True),
    Column("chosen_on", "when", required=True),
    Column("why", "why", required=True),
)
_NOTE = Column("note", "what a reader should know about this row")
_LINK = Column("link_id", "a bridge, tunnel, dam or ferry", "id", required=True)
_ROADS = ("motorway", "trunk", "primary", "secondary", "tertiary")


def _source(*, required: bool = True) -> Column:
    return Column("source_id", "where it was read", "id", required, refers=SOURCES)


def _points(*, required: bool = True) -> tuple[Column, ...]:
    return tuple(
        Column(f"{end}{name}", meaning, "number", required, low=-bound, high=bound)
        for end in ("from_", "to_")
        for name, meaning, bound in (
            ("latitude", "degrees north", 90),
            ("longitude", "degrees east", 180),
        )
    )


def _minutes(name: str, meaning: str) -> Column:
    return Column(name, meaning, "number", low=0, high=10_000)


_CITY: tuple[tuple[str, str, Kind], ...] = (
    ("", "a city", "text"),
    ("_country", "its country", "area"),
    ("_latitude", "degrees north (GeoNames)", "number"),
    ("_longitude", "degrees east (GeoNames)", "number"),
)
_CITY_ENDS = tuple(
    Column(f"{end}{name}", meaning, kind, required=True)
    for end in ("origin", "destination")
    for name, meaning, kind in _CITY
)
_PAIR = (
    Column("origin", "a city", required=True),
    Column("destination", "another", required=True),
)
_HALF = Column("half", "what the pair is for", "text", True, ("calibrate", "measure", "bound"))

SPEEDS = Table(
    "facts/travel/speeds",
    "The median speed driven on one class of rural road of a country.",
    (
        Column("area", "ISO 3166 code, or world", required=True),
        Column("road", "the class of road", "text", True, _ROADS),
        Column("km_per_hour", "km/h", "number", required=True, low=1, high=200),
        Column("year", "the year of the measurements", "year", low=FIRST_YEAR),
        Column("doubtful", "was it probably extrapolated?", "text", True, YES_NO),
        _source(),
        _NOTE,
    ),
    ("area", "road"),
)
CITY_TIMES = Table(
    "facts/travel/city_times",
    "A known driving time between two cities.",
    (
        *_CITY_ENDS,
        _minutes("minutes", "minutes, where one number is stated"),
        _minutes("minutes_low", "least minutes, where a range is stated"),
        _minutes("minutes_high", "most minutes"),
        Column("road_km", "km on the road", "number", low=0),
        Column("terrain", "what lies between"),
        Column("grade", "how good the source is, A to C", "text", True, ("A", "B", "C")),
        _source(),
        _NOTE,
    ),
    ("origin", "destination"),
)
FIXED_LINKS = Table(
    "facts/travel/fixed_links",
    "A bridge, tunnel or dam that a coarse map of land lacks.",
    (
        _LINK,
        Column("name", "its name", required=True),
        *_points(required=False),
        Column("length_km", "its length", "number", low=0),
        Column("car", "can a car cross it?", "text", True, (*YES_NO, "shuttle")),
        Column("opened", "when it opened"),
        Column("read", "was it read, or is only that it exists claimed?", "text", True, YES_NO),
        _source(required=False),
        _NOTE,
    ),
    ("link_id",),
)
FERRIES = Table(
    "facts/travel/ferries",
    "What one source says about a car ferry.",
    (
        _LINK,
        Column("from_place", "one port", required=True),
        Column("from_country", "its country", "area", required=True),
        Column("to_place", "the other", required=True),
        Column("to_country", "its country", "area", required=True),
        *_points(),
        Column("coordinate_basis", "what the points are", required=True),
        _minutes("crossing_minutes", "minutes of the crossing"),
        Column("distance_km", "its length", "number", low=0),
        Column("departures", "how often, as stated"),
        _minutes("headway_low", "least minutes between departures"),
        _minutes("headway_high", "most minutes between departures"),
        Column("year", "the year it held", "year", low=FIRST_YEAR),
        _source(),
        _NOTE,
    ),
    ("link_id", "source_id"),
)
AREAS_PASSED = Table(
    "judgements/travel_areas",
    "A country or region that may be driven through.",
    (
        Column("area_id", "the area", "area", required=True),
        Column("drive", "always, or when asked for?", "text", True, ("yes", "on request")),
        Column("speeds_of", "whose speeds hold there", required=True),
        *_OURS,
    ),
    ("area_id",),
)
ROADS = Table(
    "judgements/travel_roads",
    "A class of road's share in a speed.",
    (
        Column("pace", "the speed's end of the band", "text", True, ("slow", "middle", "fast")),
        Column("part", "short or long ways", "text", True, ("local", "long")),
        Column("road", "the class of road", "text", True, _ROADS),
        Column("share", "its share of the way", "number", required=True, low=0, high=1),
        *_OURS,
    ),
    ("pace", "part", "road"),
)
LINKS_USED = Table(
    "judgements/travel_links",
    "Whether a bridge or ferry is used, and between which points.",
    (
        _LINK,
        Column("kind", "road or ferry", "text", True, ("road", "ferry")),
        Column("use", "is it used?", "text", True, YES_NO),
        *_points(required=False),
        *_OURS,
    ),
    ("link_id",),
)
SPLIT = Table(
    "judgements/travel_split",
    "What a known driving time is used for.",
    (*_PAIR, _HALF, *_OURS),
    ("origin", "destination"),
)
_CONSTANT = (
    Column("constant", "its name", "id", required=True),
    Column("value", "its value", "number", required=True),
    Column("unit", "its unit", required=True),
    Column("meaning", "what it does", required=True),
    *_OURS,
)
LATTICE = Table("judgements/travel_lattice", "A constant of the lattice.", _CONSTANT, ("constant",))
FIT = Table(
    "judgements/travel_fit",
    "A constant fitted to the calibrating half of the known times.",
    _CONSTANT,
    ("constant",),
)
CATCHMENTS = Table(
    "judgements/catchments",
    "A constant of the ways in which people share a centre.",
    tuple(c for c in _CONSTANT if c.name != "unit") + (Column("unit", "its unit"),),
    ("constant",),
)
LINKS = Table(
    "built/lattice_links",
    "A bridge or ferry tied to two nodes of the lattice.",
    (
        _LINK,
        Column("kind", "road or ferry", "text", True, ("road", "ferry")),
        Column("state", "what came of it", "text", True, ("used", "not used", "one piece")),
        Column("from_node", "a node", "number", low=0),
        Column("to_node", "another", "number", low=0),
        Column("metres", "of a road", "number", low=0),
        _minutes("minutes", "of a ferry: crossing and half a wait"),
        _minutes("minutes_fast", "of a ferry without a wait"),
        _minutes("minutes_slow", "of a ferry and a whole wait"),
        Column("from_km", "how far its first end was moved", "number", low=0),
        Column("to_km", "how far its second end was moved", "number", low=0),
    ),
    ("link_id",),
)
KNOWN = Table(
    "built/travel_known",
    "A known driving time and the modelled ones.",
    (
        *_PAIR,
        _HALF,
        _minutes("minutes", "known minutes"),
        *(_minutes(pace, "modelled minutes") for pace in ("fast", "middle", "slow")),
    ),
    ("origin", "destination"),
)
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        SPEEDS, CITY_TIMES, FIXED_LINKS, FERRIES, AREAS_PASSED, ROADS, LINKS_USED, SPLIT, LATTICE,
        FIT, CATCHMENTS, LINKS, KNOWN,
    )
}  # fmt: skip
