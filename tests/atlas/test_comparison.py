"""Thirds, quarters, medians and labels: every known pair in one place, always the same."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canheal_nb.atlas.text import bivariate_map
from canheal_nb.charts import labels, style
from canheal_nb.data import Dataset
from canheal_nb.indicators import comparison, measures

Build = Callable[..., Dataset]
RATIO = "radiotherapy_machines_dirac_per_million"
tenths = st.integers(-400, 400).map(lambda n: n / 10)
tied = st.integers(0, 3).map(float)
figures = st.lists(st.one_of(tenths, tied), min_size=1, max_size=27)
pairs = st.lists(st.tuples(st.one_of(tenths, tied), tenths), min_size=1, max_size=27)


def both(values: list[tuple[float, float]]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=["x", "y"], index=[f"A{i}" for i in range(len(values))])


# --- thirds -------------------------------------------------------------------------------


def test_nine_different_figures_lie_three_by_three() -> None:
    thirds = comparison.thirds(pd.Series([5, 1, 9, 2, 8, 3, 7, 4, 6], dtype=float))
    assert thirds.tolist() == [1, 0, 2, 0, 2, 0, 2, 1, 1]


def test_equal_figures_share_a_third() -> None:
    assert comparison.thirds(pd.Series([1.0, 1.0, 1.0, 2.0, 3.0, 4.0])).tolist() == [
        0,
        0,
        0,
        1,
        2,
        2,
    ]


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0, 2.0, 1.0]])
def test_two_figures_have_no_thirds(values: list[float]) -> None:
    assert comparison.thirds(pd.Series(values, dtype=float)).empty


@given(figures)
@settings(max_examples=150, deadline=None)
def test_thirds_follow_the_figures_and_their_mirror(values: list[float]) -> None:
    series = pd.Series(values)
    thirds = comparison.thirds(series)
    if series.nunique() < 3:
        assert thirds.empty
        return
    assert set(thirds) <= {0, 1, 2}
    assert len(thirds) == len(series)
    for one, other in itertools.pairwise(series.sort_values().index):
        assert thirds[one] <= thirds[other]
        assert series[one] != series[other] or thirds[one] == thirds[other]
    if series.is_unique and len(series) % 3 == 0:
        assert thirds.value_counts().nunique() == 1
        assert comparison.thirds(-series).tolist() == (2 - thirds).tolist()


# --- cells and quarters -------------------------------------------------------------------


@given(pairs)
@settings(max_examples=150, deadline=None)
def test_every_pair_lies_in_one_cell_and_one_quarter(values: list[tuple[float, float]]) -> None:
    table = both(values)
    cells, quarters = comparison.cells(table), comparison.quarters(table)
    assert list(cells.index) in ([], list(table.index))
    assert set(cells) <= set(range(9))
    assert list(quarters.index) == list(table.index)
    assert set(quarters) <= set(comparison.QUARTERS)
    for name, bits in (("x", cells % 3), ("y", cells // 3)):
        low, high = table.loc[cells.index[bits == 0], name], table.loc[cells.index[bits == 2], name]
        assert low.empty or high.empty or low.max() < high.min()


def test_quarters_by_hand() -> None:
    table = both([(1, 1), (1, 9), (9, 1), (9, 9), (5, 5)])
    assert comparison.quarters(table).tolist() == [
        "both below",
        "second above",
        "first above",
        "both above",
        "on a line",
    ]
    assert comparison.quarters(table.head(0)).empty


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("physicians_per_1000", "unmet_medical_need_pct"),
        (RATIO, "treatable_mortality_asr"),
        ("survival_5y_breast", "hpv_vaccination_coverage_first_dose"),
    ],
)
def test_cells_and_unknown_add_up_to_all_members(dataset: Dataset, first: str, second: str) -> None:
    pair = comparison.pair(*(measures.measure(dataset, show) for show in (first, second)))
    names = {str(area): str(name) for area, name in dataset.areas["name"].items()}
    square = bivariate_map.square(pair, names)
    counted = sum(cell.count for row in square.rows for cell in row)
    assert counted + square.unknown == 27
    assert counted == len(pair.both) > 9
    assert square.unknown == len(pair.unknown)


def test_at_least_is_no_figure_to_set_against_another(build: Build) -> None:
    lists = [("oeci_accredited", "EU", "partial", "", "", "S2", "", "")]
    data = build(capability_lists=lists)
    pair = comparison.pair(*(measures.measure(data, s) for s in ("oeci_accredited", "waiting")))
    assert len(pair.first.table)
    assert pair.both.empty
    assert pair.cells.empty


def test_counts_are_put_in_no_order(dataset: Dataset) -> None:
    counts = measures.measure(dataset, "cancer_deaths")
    rate = measures.measure(dataset, "physicians_per_1000")
    assert comparison.median(counts) is None
    assert comparison.pair(counts, rate).cells.empty
    assert comparison.standing([counts], "SI").known == 0


def test_standing_counts_only_what_is_known(build: Build) -> None:
    waiting = measures.measure(build(), "waiting")
    assert comparison.median(waiting) == 8.25
    standings = [comparison.standing([waiting, waiting], area) for area in ("MT", "FR", "SI", "GR")]
    assert [(s.below, s.above, s.known) for s in standings] == [
        (2, 0, 2),
        (0, 0, 2),
        (0, 2, 2),
        (0, 0, 0),
    ]


# --- rank correlation ---------------------------------------------------------------------


def test_rank_correlation_needs_ten_pairs_and_an_order() -> None:
    rising = both([(float(i), float(i * i)) for i in range(10)])
    assert comparison.rank_correlation(rising) == pytest.approx(1)
    assert comparison.rank_correlation(rising.assign(y=-rising["y"])) == pytest.approx(-1)
    assert comparison.rank_correlation(rising.head(9)) is None
    assert comparison.rank_correlation(rising.assign(y=1.0)) is None


# --- labels -------------------------------------------------------------------------------

spots = st.tuples(st.floats(10, 330), st.floats(10, 310))
crowds = st.lists(st.tuples(spots, st.integers(4, 12)), min_size=1, max_size=6)
FRAME = labels.Box(0, 0, 340, 320)


@given(crowds)
@settings(max_examples=80, deadline=None)
def test_labels_cover_neither_each_other_nor_a_mark(
    crowd: list[tuple[tuple[float, float], int]],
) -> None:
    points = [point for point, _letters in crowd]
    sizes = [(8.2 * letters, 18.0) for _point, letters in crowd]
    marks = [labels.around(x, y, 8.0) for x, y in points]
    found = labels.placed(points, sizes, FRAME, marks)
    boxes = [box for box in found if box is not None]
    assert len(boxes) == len(points)
    assert all(FRAME.holds(box) for box in boxes)
    assert not any(one.meets(other) for one, other in itertools.combinations(boxes, 2))
    assert not any(box.meets(mark) for box in boxes for mark in marks)
    assert labels.placed(points, sizes, FRAME, marks) == found


def test_a_label_leaves_quiet_points_free_where_it_can() -> None:
    quiet = [labels.around(130, 100, 6)]
    (alone,) = labels.placed([(100, 100)], [(60, 18)], FRAME)
    (beside,) = labels.placed([(100, 100)], [(60, 18)], FRAME, quiet=quiet)
    assert alone is not None
    assert beside is not None
    assert alone.meets(quiet[0])
    assert not beside.meets(quiet[0])


def test_no_room_is_said() -> None:
    assert labels.placed([(5, 5)], [(60, 18)], labels.Box(0, 0, 20, 20)) == [None]


# --- colours ------------------------------------------------------------------------------

# How a screen's light is seen without red, green or blue cones (Machado, Oliveira, Fernandes 2009).
SEEN = {
    "all cones": np.eye(3),
    "no red": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no blue": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour: str, seen: np.ndarray) -> np.ndarray:
    """Return CIE L*a*b* of a colour as it is seen."""
    given = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    light = np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)
    share = TO_XYZ @ np.clip(seen @ light, 0, 1) / np.array([0.9505, 1.0, 1.089])
    root = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


@pytest.mark.parametrize("eyes", list(SEEN))
def test_nine_colours_are_told_apart_by_all_eyes(eyes: str) -> None:
    seen = [lab(colour, SEEN[eyes]) for colour in style.BIVARIATE]
    apart = [np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)]
    assert min(apart) > 20
    lightness = np.array([colour[0] for colour in seen]).reshape(3, 3)
    assert (np.diff(lightness, axis=0) < 0).all()
    assert (np.diff(lightness, axis=1) < 0).all()
