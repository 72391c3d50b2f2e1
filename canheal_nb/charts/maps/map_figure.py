"""A map that a notebook can show, read as a table and save: the report's picture, by itself."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from markupsafe import Markup, escape

from canheal_nb.charts import style
from canheal_nb.charts.maps import legend, map_svg
from canheal_nb.charts.maps.picture import MapPicture
from canheal_nb.indicators import facts
from canheal_nb.indicators.measures import Measure
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _


@dataclass(frozen=True)
class MapFigure:
    """A map of one measure, as `map_figure` makes it; a notebook shows it when it ends a cell.

    `measure` holds the figures, `country` the one that is ringed ("" for none), `names` the
    countries' names by code, `sources` what is cited under the map.
    """

    measure: Measure
    picture: MapPicture = field(repr=False)
    country: str
    names: dict[str, str] = field(repr=False)
    sources: tuple[facts.Source, ...] = field(repr=False)

    @property
    def svg(self) -> str:
        """The picture as SVG: map, outermost regions and legend, 1000 units wide."""
        return str(map_svg.figure_svg(self.picture, self.country))

    @property
    def caption(self) -> str:
        """Title, legend, caveat and sources in words."""
        cited = "; ".join(f"{s.title} ({s.publisher}, {s.year})" for s in self.sources)
        parts = [
            f"{self.picture.title}.",
            legend.legend_words(self.picture),
            _(self.measure.caveat),
            _("Sources: {cited}.").format(cited=cited) if cited else "",
        ]
        return " ".join(part for part in parts if part)

    @property
    def table(self) -> pd.DataFrame:
        """The same figures for all 27, by area_id, known or not.

        Columns: `name`, `number` (float, in the measure's unit; NaN where not known), `text` (as
        the map says it), `year` (as text), `note`, `sources` (ids), `known` (bool).
        """
        rows = facts.rows(self.measure, self.names)
        number = self.measure.table["number"].reindex([row.area_id for row in rows])
        frame = pd.DataFrame(
            {
                "area_id": [row.area_id for row in rows],
                "name": [row.name for row in rows],
                "number": number.to_numpy(dtype=float),
                "text": [row.text for row in rows],
                "year": [row.age for row in rows],
                "note": [row.note for row in rows],
                "sources": ["+".join(row.source_ids) for row in rows],
                "known": [row.known for row in rows],
            }
        )
        return frame.set_index("area_id")

    def save(self, path: Path | str) -> Path:
        """Write the picture as an SVG file and return its path; UserError when it cannot be."""
        target = Path(path)
        if target.suffix.lower() != ".svg":
            sentence = _("The map is saved as SVG; write {name}, not {given}.")
            named = {"name": f"{target.stem}.svg", "given": target.name}
            raise UserError(sentence.format(**named), code="wrong-suffix")
        try:
            target.write_text(self.svg, encoding="utf-8", newline="\n")
        except OSError as error:
            sentence = _("The file {path} cannot be written ({reason}); choose another folder.")
            words = {"path": target, "reason": error.strerror or type(error).__name__}
            raise UserError(sentence.format(**words), code="unwritable") from None
        return target

    def _repr_html_(self) -> str:
        """Return the picture with its caption, readable on a light and on a dark page."""
        encoded = b64encode(self.svg.encode()).decode()
        look = f"max-width:44rem;margin:0;padding:8px;background:{style.PAPER};color:{style.INK}"
        return str(
            Markup(
                '<figure style="{look}"><img style="width:100%;height:auto" alt="{alt}" '
                'src="data:image/svg+xml;base64,{encoded}"><figcaption style="font-size:.875rem">'
                "{caption}</figcaption></figure>"
            ).format(
                look=look,
                alt=escape(self.picture.description),
                encoded=encoded,
                caption=escape(self.caption),
            )
        )
