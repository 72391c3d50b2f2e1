"""Sensitivity against functions whose indices are known exactly (case H5)."""

from __future__ import annotations

import math
import subprocess
import sys
import warnings

import numpy as np
import pytest

from canheal_nb.text.errors import UserError
from canheal_nb.uncertainty import sampling, sensitivity
from canheal_nb.uncertainty.sampling import Range
from canheal_nb.uncertainty.sensitivity import Floats

NAN = math.nan
ANGLES = [Range(f"x{i}", NAN, -math.pi, math.pi, "uniform") for i in (1, 2, 3)]
UNIT = [Range(f"x{i}", NAN, 0.0, 1.0, "uniform") for i in (1, 2)]


def ishigami(values: dict[str, Floats]) -> dict[str, Floats]:
    """Ishigami and Homma 1990 with a = 7, b = 0.1."""
    x1, x2, x3 = values["x1"], values["x2"], values["x3"]
    return {"y": np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)}


def linear(values: dict[str, Floats]) -> dict[str, Floats]:
    return {"y": values["x1"] + 2 * values["x2"]}


def test_ishigami_within_the_error_of_the_sample() -> None:
    found = sensitivity.sobol(ishigami, ANGLES, "y", n=4_096, seed=1)
    exact = {
        "first": {"x1": 0.313905, "x2": 0.442411, "x3": 0.0},
        "total": {"x1": 0.557589, "x2": 0.442411, "x3": 0.243684},
    }
    for kind, indices in exact.items():
        for name, index in indices.items():
            margin = found.loc[name, f"{kind}_margin"]
            assert 0 < margin < 0.05
            assert found.loc[name, kind] == pytest.approx(index, abs=1.5 * margin)
    assert list(found.index) == ["x1", "x2", "x3"]


def test_the_linear_case() -> None:
    found = sensitivity.sobol(linear, UNIT, "y", n=1_024, seed=0)
    assert list(found.index) == ["x2", "x1"]
    assert found["first"].tolist() == pytest.approx([0.8, 0.2], abs=0.01)
    assert found["total"].tolist() == pytest.approx([0.8, 0.2], abs=0.01)


def test_draws_made_anyway_give_the_first_order() -> None:
    made = sampling.sample([*ANGLES, Range("still", 4.0)], 1, 0, 4_000)
    found = sensitivity.of_draws(made, ishigami(made)["y"], seed=1)
    assert list(found.index) == ["x2", "x1", "x3"], "what does not vary matters nothing"
    assert found["first"].tolist() == pytest.approx([0.442411, 0.313905, 0.0], abs=0.03)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_seed_gives_the_same_indices_and_nothing_else_is_touched(seed: int) -> None:
    np.random.seed(11)
    before = np.random.get_state()[1].tolist()
    first = sensitivity.sobol(linear, UNIT, "y", n=64, seed=seed)
    again = sensitivity.sobol(linear, UNIT, "y", n=64, seed=seed)
    made = sampling.sample(UNIT, seed)
    live = [sensitivity.of_draws(made, linear(made)["y"], seed=seed) for _run in range(2)]
    assert first.equals(again)
    assert live[0].equals(live[1])
    assert np.random.get_state()[1].tolist() == before


def test_inputs_of_one_stream_are_one_input() -> None:
    pair = [Range(name, NAN, 0.0, 1.0, "uniform", "price") for name in ("x1", "x2")]
    found = sensitivity.sobol(linear, [*pair, Range("x3", NAN, 0.0, 1.0, "uniform")], "y", seed=0)
    assert found["first"].to_dict() == pytest.approx({"price": 1.0, "x3": 0.0}, abs=0.01)


def test_other_shapes_have_their_own_indices() -> None:
    """The variance of a PERT from 0 to 6 with mode 3 is 36 / 28; of a uniform of width 1, 1/12."""
    given = [Range("x1", 3.0, 0.0, 6.0, "pert"), Range("x2", NAN, 0.0, 1.0, "uniform")]
    found = sensitivity.sobol(linear, given, "y", n=2_048, seed=0)
    share = (36 / 28) / (36 / 28 + 4 / 12)
    assert found.loc["x1", "first"] == pytest.approx(share, abs=0.02)
    ratio = [Range("x1", 0.6, 0.5, 0.7, "lognormal"), given[1]]
    assert sensitivity.sobol(linear, ratio, "y", n=64, seed=0).notna().all(axis=None)


def test_an_outcome_that_does_not_vary_has_no_shares() -> None:
    def still(values: dict[str, Floats]) -> dict[str, Floats]:
        return {"y": np.ones(len(values["x1"]))}

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sensitivity.sobol(still, UNIT, "y", n=64, seed=0).isna().all(axis=None)
        made = sampling.sample(UNIT, 1)
        assert sensitivity.of_draws(made, still(made)["y"], seed=0)["first"].isna().all()
        assert sensitivity.sobol(still, [Range("x1", 1.0)], "y", n=64, seed=0).empty


def test_what_cannot_be_told_is_refused() -> None:
    made = sampling.sample(UNIT, 1, 0, 100)
    unknown = np.where(np.arange(100) < 50, NAN, 1.0)
    for wrong, said in (
        (lambda: sensitivity.sobol(linear, UNIT, "y", n=1_000, seed=0), "1000 must be a power"),
        (lambda: sensitivity.of_draws(made, unknown, seed=0), "50 known draws are too few"),
        (
            lambda: sensitivity.sobol(lambda v: {"y": v["x1"] * NAN}, UNIT, "y", n=64, seed=0),
            "y is not known for every draw",
        ),
    ):
        with pytest.raises(UserError, match=said):
            wrong()


def test_salib_is_loaded_only_when_asked() -> None:
    script = "import sys, canheal_nb.uncertainty.sensitivity; assert 'SALib' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
