"""One slide as a PowerPoint file: a finding, a chart with its numbers, three points, a source.

The chart is PowerPoint's own, so that its numbers can be read and changed; the notes hold what
one says. The same content gives the same bytes: the clock is taken out of the file.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from canheal_nb.charts import style
from canheal_nb.reporting.office.parts import printable, timeless

_INCH = 914_400


@dataclass(frozen=True)
class Slide:
    """What stands on a slide. `series`: per name one number per category, in per cent, or None."""

    title: str
    chart_title: str
    categories: Sequence[str]
    series: Mapping[str, Sequence[float | None]]
    points: Sequence[str]
    source: str
    notes: str
    as_of: dt.date
    lang: str = "en"
    author: str = ""


def write(slide: Slide) -> bytes:
    """Return the slide as the bytes of a .pptx file of one slide, 16 by 9."""
    from pptx import Presentation
    from pptx.util import Emu

    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(int(13.333 * _INCH)), Emu(int(7.5 * _INCH))
    page = deck.slides.add_slide(deck.slide_layouts[5])
    _title(page.shapes.title, slide.title)
    _chart(page, slide)
    _text(page, slide.points, (8.5, 1.7, 4.3, 4.7), 13, bullets=True)
    _text(page, [slide.source], (0.6, 6.75, 12.1, 0.55), 11)
    page.notes_slide.notes_text_frame.text = slide.notes
    about = deck.core_properties
    about.title, about.author, about.language = slide.title, slide.author, slide.lang
    about.last_modified_by, about.revision = "", 1
    made = io.BytesIO()
    deck.save(made)
    return timeless(made.getvalue(), slide.as_of.isoformat().encode() + b"T00:00:00Z")


def _title(shape: object, said: str) -> None:
    _place(shape, (0.6, 0.35, 12.1, 1.15))
    _paragraphs(shape, [said], 26, style.INK, bold=True)


def _chart(page: object, slide: Slide) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
    from pptx.util import Pt

    data = CategoryChartData(number_format="General")
    data.categories = list(slide.categories)
    for name, numbers in slide.series.items():
        data.add_series(name, list(numbers))
    box = [int(_INCH * part) for part in (0.6, 1.6, 7.6, 5.0)]
    frame = page.shapes.add_chart(  # type: ignore[attr-defined]
        XL_CHART_TYPE.COLUMN_CLUSTERED, *box, data
    )
    frame.name = slide.chart_title
    frame._element.nvGraphicFramePr.cNvPr.set("descr", _alt(slide))
    chart = frame.chart
    chart.has_title = True
    chart.chart_title.text_frame.text = slide.chart_title
    chart.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(14)
    chart.has_legend, chart.font.size = True, Pt(12)
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    axis = chart.value_axis
    axis.minimum_scale = 0
    axis.has_major_gridlines, axis.visible = False, False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap, plot.has_data_labels = 60, -5, True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = "General", False
    labels.position, labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, Pt(11)
    colours = (style.SEQUENTIAL[1], style.SEQUENTIAL[3], style.ACCENT)
    for series, colour in zip(plot.series, colours, strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _colour(colour)


def _text(
    page: object,
    lines: Sequence[str],
    box: tuple[float, float, float, float],
    size: int,
    *,
    bullets: bool = False,
) -> None:
    shape = page.shapes.add_textbox(*(int(_INCH * part) for part in box))  # type: ignore[attr-defined]
    _paragraphs(shape, lines, size, style.INK if bullets else style.QUIET, space=10)


def _paragraphs(
    shape: object,
    lines: Sequence[str],
    size: int,
    colour: str,
    *,
    bold: bool = False,
    space: int = 0,
) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    frame = shape.text_frame  # type: ignore[attr-defined]
    frame.word_wrap = True
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(space)
        run = paragraph.add_run()
        run.text = printable(line)
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _colour(colour)


def _place(shape: object, box: tuple[float, float, float, float]) -> None:
    for name, part in zip(("left", "top", "width", "height"), box, strict=True):
        setattr(shape, name, int(_INCH * part))


def _alt(slide: Slide) -> str:
    parts = [
        f"{name}: "
        + ", ".join(
            f"{kind} {number:.1f}"
            for kind, number in zip(slide.categories, numbers, strict=True)
            if number is not None
        )
        for name, numbers in slide.series.items()
    ]
    return f"{slide.chart_title}. " + "; ".join(parts)


def _colour(code: str) -> object:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(code.lstrip("#").upper())
