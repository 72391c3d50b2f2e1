"""The scenarios that come with the data: they read, run, keep their word and name their guesses."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from canheal_nb.data import Dataset, scenario_files
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import scenario_run
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.text.errors import UserError


@pytest.fixture(scope="module")
def shipped(dataset: Dataset) -> dict[str, Scenario]:
    known = scenario_run.vocabulary(dataset)
    texts = scenario_files.shipped(dataset.path)
    return {name: scenario_file.read(text, known, name) for name, text in texts.items()}


def test_the_six_are_there_in_order_with_their_reason(shipped: dict[str, Scenario]) -> None:
    assert tuple(shipped) == scenario_files.ORDER
    assert all(len(one.why) > 60 for one in shipped.values())


def test_every_guess_has_a_range_a_name_and_a_reason(shipped: dict[str, Scenario]) -> None:
    guesses = [guess for one in shipped.values() for guess in one.assumptions]
    assert len(guesses) > 10
    for guess in guesses:
        assert guess.low <= guess.value <= guess.high
        assert "an example to be replaced" in guess.by
        assert guess.why


def test_each_is_of_this_edition_and_writes_as_itself(
    dataset: Dataset, shipped: dict[str, Scenario]
) -> None:
    known = scenario_run.vocabulary(dataset)
    for one in shipped.values():
        assert one.edition == dataset.edition.name
        assert scenario_file.read(scenario_file.write(one), known) == one


def test_nothing_is_bought_today(six: dict[str, Run]) -> None:
    found = six["today"]
    assert found.planned is None
    assert found.outcome.spent == 0
    assert (found.services["served"].dropna() == 0).all()


def test_catching_up_brings_every_country_to_its_target(six: dict[str, Run]) -> None:
    found = six["radiotherapy_catch_up"]
    shares = found.countries["share_after"].dropna()
    assert len(shares) == 26
    assert shares.min() >= 0.9
    assert found.planned is not None
    assert 0 <= found.planned.plan.gap <= 1e-3


def test_money_stays_within_the_budget_and_equity_lifts_the_least(six: dict[str, Run]) -> None:
    least = {}
    for name in ("equity_first", "spread_evenly"):
        found = six[name]
        assert 0 < float(found.outcome.spent) <= 500e6
        least[name] = found.services.set_index("service").at["radiotherapy", "least"]
    assert least["equity_first"] > least["spread_evenly"]


def test_ten_titles_bring_seventy_of_a_hundred_within_two_hours(six: dict[str, Run]) -> None:
    found = six["access_90_by_2030"]
    union = found.access.set_index(["limit", "area"])
    assert union.at[(120, "EU"), "before"] == pytest.approx(0.455, abs=5e-4)
    assert union.at[(120, "EU"), "after"] == pytest.approx(0.711, abs=5e-4)
    assert not math.isnan(found.services.iloc[0]["cost"])


def test_a_file_that_is_not_there_or_no_text_is_refused(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.yaml cannot be read \(No such file"):
        scenario_file.load(str(tmp_path / "none.yaml"), dataset)
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="UTF-8"):
        scenario_file.load(str(broken), dataset)
