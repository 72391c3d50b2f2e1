"""The one map picture: composed once as plain data, drawn alike in reports and on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from canheal_nb.charts import drawing
from canheal_nb.charts.maps import class_bounds, projection
from canheal_nb.indicators import facts, words
from canheal_nb.indicators.measures import Measure
from canheal_nb.indicators.series_choice import has_flag
from canheal_nb.text.locale import _, ngettext

NEAR, FAR = 15.0, 42.0
SHAPES = {"CCC": "diamond", "CC": "circle", "": "square"}


@dataclass(frozen=True)
class Unit:
    """One area as it is drawn: its class (None = not known), its words, whether "at least"."""

    area_id: str
    name: str
    klass: int | None
    text: str
    soft: bool = False

    @property
    def label(self) -> str:
        """What hover, focus and screen reader say."""
        return f"{self.name}: {self.text}"


@dataclass(frozen=True)
class Bin:
    """One class of the legend: its bounds in words and how many countries lie in it."""

    klass: int
    text: str
    count: int


@dataclass(frozen=True)
class Symbol:
    """One centre (or a group of centres on a small screen) as a point in map units.

    `area_id`: the country that a click on it chooses; empty for a group.
    """

    x: float
    y: float
    shape: str
    label: str
    area_id: str | None = None
    count: int = 1


@dataclass(frozen=True)
class MapPicture:
    """Everything that is drawn, as data; `geometry` is `Dataset.map`.

    `units`: the member states by name; `overseas`: outermost regions; `inner`: class bounds;
    `union`: the Union's figure on the legend's scale (None where there is none) and its words;
    `colours`: the colour of each class where it is not one hue from light to dark.
    """

    geometry: Mapping[str, Any]
    title: str
    description: str
    unit: str
    units: tuple[Unit, ...]
    overseas: tuple[Unit, ...]
    inner: tuple[float, ...]
    bins: tuple[Bin, ...]
    unknown: int
    union: float | None
    union_text: str
    symbols: tuple[Symbol, ...]
    groups: tuple[Symbol, ...]
    colours: tuple[str, ...] = ()

    def colour(self, klass: int | None) -> str:
        """Return the colour of a class, or the hatching of "not known"."""
        if klass is None or not self.colours:
            return drawing.fill(klass, len(self.bins))
        return self.colours[klass]


def compose(
    measure: Measure,
    geometry: Mapping[str, Any],
    areas: pd.DataFrame,
    points: pd.DataFrame,
    method: str = "steps",
    given: Sequence[float] = (),
) -> MapPicture:
    """Compose the map of a measure with centres as points.

    `points`: indexed by centre_id with `name, latitude, longitude, kind` (`centres.points`);
    `method`, `given`: how the classes are cut (`class_bounds.bounds`).
    """
    names = words.country_names(areas)
    inner = class_bounds.bounds(measure.table["number"], measure.whole, method, given)
    klass = class_bounds.classify(measure.table["number"], inner)
    units = tuple(_unit(measure, area, names[area], klass) for area in measure.members)
    near, groups = symbols(points, geometry["transform"])
    return MapPicture(
        geometry=geometry,
        title=_(measure.label),
        description=describe(measure, names),
        unit=words.unit(measure),
        units=units,
        overseas=_overseas(geometry, measure, names, klass),
        inner=tuple(inner),
        bins=_bins(inner, klass),
        unknown=len(measure.unknown),
        union=_on_scale(measure),
        union_text=words.union_line(measure),
        symbols=near,
        groups=groups,
    )


def describe(measure: Measure, names: Mapping[str, str]) -> str:
    """Return the text alternative: what is shown, the range, who is highest and lowest."""
    table = measure.exact
    if measure.table.empty:
        return _("Map of Europe. Nothing is known for any country.")
    if table.empty:
        text = _("Map of Europe: {label}, by country. {known}")
        return text.format(label=_(measure.label), known=words.known_line(measure, names))
    top, bottom = table["number"].idxmax(), table["number"].idxmin()
    text = _("Map of Europe: {label}, by country. Highest: {top}; lowest: {bottom}. {known}")
    return text.format(
        label=_(measure.label),
        top=f"{names[str(top)]}, {words.figure(measure, str(top))}",
        bottom=f"{names[str(bottom)]}, {words.figure(measure, str(bottom))}",
        known=words.known_line(measure, names),
    )


def symbols(
    points: pd.DataFrame, transform: Mapping[str, Any]
) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
    """Return centres as single points, pushed apart, and as groups for a small screen."""
    if points.empty:
        return (), ()
    where = projection.to_map(points, transform)
    moved = projection.spread(where, NEAR)
    single = tuple(
        Symbol(
            round(moved.at[centre, "x"], 1),
            round(moved.at[centre, "y"], 1),
            SHAPES[row["kind"]],
            f"{row['name']} ({facts.designation_words(row['kind'])})",
            row["country"],
        )
        for centre, row in points.iterrows()
    )
    grouped = projection.clusters(where, FAR)
    many = tuple(
        Symbol(
            round(float(row["x"]), 1),
            round(float(row["y"]), 1),
            "circle",
            ngettext("{n} centre", "{n} centres", int(row["count"])).format(n=int(row["count"])),
            count=int(row["count"]),
        )
        for _label, row in grouped.iterrows()
    )
    return single, many


def _unit(measure: Measure, area: str, name: str, klass: pd.Series) -> Unit:
    soft = bool("at_least" in measure.table and measure.table["at_least"].get(area, False))
    known = int(klass[area]) if area in klass.index else None
    return Unit(area, name, known, words.figure(measure, area), soft)


def _overseas(
    geometry: Mapping[str, Any], measure: Measure, names: Mapping[str, str], klass: pd.Series
) -> tuple[Unit, ...]:
    """Outermost regions take their country's class unless its figure leaves them out."""
    units = []
    metropolitan = has_flag(measure.table["flag"], "metropolitan")
    for inset in geometry["insets"]:
        country = inset["country"]
        if country not in klass.index or metropolitan.get(country, False):
            units.append(Unit(inset["id"], inset["name"], None, _("not known")))
            continue
        text = _("counted with {country}").format(country=names[country])
        units.append(Unit(inset["id"], inset["name"], int(klass[country]), text))
    return tuple(units)


def _bins(inner: list[float], klass: pd.Series) -> tuple[Bin, ...]:
    if klass.empty:
        return ()
    edges = [words.bound(value) for value in inner]
    counts = klass.value_counts()
    texts = (
        [_("under {high}").format(high=edges[0])]
        + [
            _("{low} to under {high}").format(low=low, high=high)
            for low, high in zip(edges, edges[1:], strict=False)
        ]
        + [_("{low} or more").format(low=edges[-1])]
        if edges
        else [_("all the same")]
    )
    return tuple(Bin(i, text, int(counts.get(i, 0))) for i, text in enumerate(texts))


def _on_scale(measure: Measure) -> float | None:
    """A sum over countries lies on another scale than the countries' own figures."""
    if measure.union is None or measure.union.how == "sum":
        return None
    return measure.union.number
