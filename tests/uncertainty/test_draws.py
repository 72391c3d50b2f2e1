"""Draws: the shapes as defined, the same numbers whatever else is drawn, contrasts never."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from canheal_nb.data import Dataset
from canheal_nb.text.errors import UserError
from canheal_nb.uncertainty import sampling
from canheal_nb.uncertainty.sampling import Range

NAN = math.nan
FIRST = [0.7738287499968094, 0.6813416567437626, 0.06618633740087321]
MANY = 40_000
SHAPES = {
    "pert": Range("x", 2.0, 1.0, 6.0, "pert"),
    "triangular": Range("x", 2.0, 1.0, 6.0, "triangular"),
    "uniform": Range("x", NAN, 1.0, 6.0, "uniform"),
    "lognormal": Range("x", 0.6, 0.51, 0.7, "lognormal"),
}
EXACT = {
    "pert": stats.beta(1 + 4 / 5, 1 + 4 * 4 / 5, loc=1, scale=5),
    "triangular": stats.triang(1 / 5, loc=1, scale=5),
    "uniform": stats.uniform(1, 5),
    "lognormal": stats.lognorm(s=(math.log(0.7) - math.log(0.51)) / 3.919927969, scale=0.6),
}


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_shape_is_the_distribution_it_says(shape: str) -> None:
    shares = np.linspace(0.001, 0.999, 999)
    assert sampling.quantiles(SHAPES[shape], shares) == pytest.approx(EXACT[shape].ppf(shares))


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_draws_follow_their_distribution(shape: str) -> None:
    made = sampling.sample([SHAPES[shape]], 7, 0, MANY)["x"]
    assert stats.kstest(made, EXACT[shape].cdf).pvalue > 0.001
    assert made.mean() == pytest.approx(EXACT[shape].mean(), abs=4 * EXACT[shape].std() / 200)


@given(
    first=st.integers(0, 5_000),
    length=st.integers(1, 40),
    seed=st.integers(0, 2**63 - 1),
    name=st.text(max_size=20),
)
def test_any_part_of_a_stream_is_the_same_part(
    first: int, length: int, seed: int, name: str
) -> None:
    whole = sampling.uniforms(seed, name, 0, first + length)
    part = sampling.uniforms(seed, name, first, first + length)
    assert part.tobytes() == whole[first:].tobytes()
    assert 0 < whole.min() <= whole.max() < 1


def test_the_first_numbers_of_a_stream_never_change() -> None:
    """A change here changes every published interval."""
    found = sampling.uniforms(1, "mri.capacity", 0, 3)
    assert found.tolist() == FIRST


def test_a_parameter_more_changes_no_other_and_another_seed_changes_all() -> None:
    one, other = SHAPES["pert"], Range("y", NAN, 0.0, 1.0, "uniform")
    alone = sampling.sample([one], 3)
    both = sampling.sample([other, one], 3)
    assert both["x"].tobytes() == alone["x"].tobytes()
    assert abs(np.corrcoef(sampling.sample([one], 4)["x"], alone["x"])[0, 1]) < 0.1
    assert abs(np.corrcoef(both["x"], both["y"])[0, 1]) < 0.1


def test_inputs_of_one_stream_rise_and_fall_together() -> None:
    euros = Range("a.capital", 2.0, 1.0, 4.0, "pert", "machine_price")
    francs = Range("b.capital", 4.0, 2.0, 8.0, "pert", "machine_price")
    made = sampling.sample([euros, francs], 3)
    assert made["b.capital"] == pytest.approx(2 * made["a.capital"])


def rows(**cells: tuple[object, ...]) -> pd.DataFrame:
    columns = ["value", "low", "high", "unit", "range_kind"]
    return pd.DataFrame.from_dict(cells, orient="index", columns=columns)


def test_each_row_gets_the_shape_of_the_rule() -> None:
    made = sampling.ranges(
        rows(
            all_three=(3.0, 1.0, 6.0, "EUR", "interval"),
            bounds_only=(None, 1.0, 6.0, "EUR", "interval"),
            hazard=(0.77, 0.74, 0.81, "hazard ratio", "interval"),
            two_cases=(29.1, 20.0, 69.4, "minutes", "contrast"),
            one_bound=(3.0, None, 6.0, "EUR", ""),
            alone=(3.0, None, None, "EUR", ""),
            no_width=(3.0, 3.0, 3.0, "EUR", "interval"),
            unknown=(None, None, None, "EUR", ""),
        )
    )
    assert [one.shape for one in made] == ["pert", "uniform", "lognormal"] + ["fixed"] * 5
    drawn = sampling.sample(made, 1, 0, 50)
    assert set(drawn["two_cases"]) == {29.1}
    assert np.isnan(drawn["unknown"]).all(), "what is not known stays not known"
    assert sampling.centres(made)["bounds_only"] == 3.5
    triangular = sampling.ranges(rows(all_three=(3, 1, 6, "EUR", "interval")), shape="triangular")
    assert triangular[0].shape == "triangular"


def test_no_contrast_of_the_embedded_parameters_is_ever_drawn(dataset: Dataset) -> None:
    table = dataset.parameters
    made = {one.name: one for one in sampling.ranges(table)}
    contrasts = table.index[table["range_kind"] == "contrast"]
    assert len(contrasts) > 20
    assert not [name for name in contrasts if made[name].varies]
    assert sum(one.varies for one in made.values()) > 50
    drawn = sampling.sample(made.values(), 1, 0, 100)
    for name, one in made.items():
        if one.varies and one.shape != "lognormal":
            assert one.low <= drawn[name].min() <= drawn[name].max() <= one.high


def test_a_named_future_holds_some_inputs() -> None:
    made = sampling.sample([SHAPES["pert"]], 1, 0, 5)
    assert set(sampling.held(made, {"x": 4.5})["x"]) == {4.5}
    assert sampling.held(made, {})["x"] is made["x"]
    with pytest.raises(UserError, match="z is not among the inputs; there is: x"):
        sampling.held(made, {"z": 1.0})


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((7.0, 1.0, 6.0, "EUR", "interval"), "must rise and hold the value 7.0"),
        ((None, 6.0, 1.0, "EUR", "interval"), "6.0 to 1.0 must rise"),
        ((1.0, -1.0, math.inf, "EUR", "interval"), "must rise"),
        ((0.5, 0.0, 1.0, "hazard ratio", "interval"), "must be above 0, and its lower bound is 0"),
        ((math.inf, None, None, "EUR", ""), "must be finite"),
    ],
)
def test_a_range_that_cannot_be_is_refused(cells: tuple[object, ...], said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        sampling.ranges(rows(dreamt=cells))
    assert str(caught.value).startswith("dreamt: ")


def test_what_cannot_be_drawn_is_refused() -> None:
    one = SHAPES["pert"]
    for wrong, said in (
        (lambda: sampling.sample([one], -1), "seed -1"),
        (lambda: sampling.sample([one], 1, 5, 5), "no draws from 5 to 5"),
        (lambda: sampling.sample([one, one], 1), "x is listed twice"),
        (lambda: sampling.ranges(rows(), shape="uniform"), "pert or triangular, not as uniform"),
        (lambda: Range("x", NAN, 1.0, 2.0, "pert"), "can only be uniform"),
        (lambda: Range("x", 1.0, 0.0, 2.0, "bell"), "bell is no shape"),
    ):
        with pytest.raises(UserError, match=said):
            wrong()
