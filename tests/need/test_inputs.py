"""The input matrix: what is sourced, assumed or unknown, and prices worked out by hand."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.need.model import inputs, prices, services
from canheal_nb.text.errors import UserError


@pytest.fixture
def price_tables(dataset: Dataset) -> prices.PriceTables:
    return prices.from_texts(dataset.table("facts/money"), dataset.table("facts/exchange_rates"))


def cell(table: pd.DataFrame, name: str) -> pd.Series:
    return table.set_index(table["service"] + "." + table["cell"]).loc[name]


def test_prices_by_hand(price_tables: prices.PriceTables) -> None:
    found = prices.to_year(2_700_000, "EUR", 2018, "DE", price_tables)
    assert found.value == pytest.approx(2_700_000 * 123.03 / 103.78)
    found = prices.to_year(4_000_000, "BGN", 2013, "BG", price_tables)
    assert found.value == pytest.approx(4_000_000 * 142.27 / 101.54 / 1.9558)
    assert len(found.steps) == 2


@pytest.mark.parametrize(
    ("money", "year", "country", "why"),
    [
        ("GBP", 2015, "GB", "no consumer price index of GB for 2015"),
        ("EUR", 2015, "PL", "EUR is not the money of the price index of PL"),
        ("EUR", 2024, "ES", "no consumer price index of ES for 2024"),
        ("EUR", None, "IT", "no price year"),
        ("EUR", 2015, "XX", "no consumer price index of XX"),
    ],
)
def test_a_price_without_index_or_rate_is_refused(
    price_tables: prices.PriceTables, money: str, year: int | None, country: str, why: str
) -> None:
    found = prices.to_year(100, money, year, country, price_tables)
    assert math.isnan(found.value)
    assert why in found.refused


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2013", (2013, True)),
        ("~2014-16", (2015, False)),
        ("2008-09", (2008, False)),
        ("~2016", (2016, False)),
        ("", (None, False)),
    ],
)
def test_the_middle_of_a_span_of_years(text: str, year: tuple[int | None, bool]) -> None:
    assert prices.middle_year(text) == year


def test_the_matrix_says_where_each_cell_is_from(
    dataset: Dataset, price_tables: prices.PriceTables
) -> None:
    table = inputs.matrix(dataset, price_tables=price_tables)
    assert len(table) == 80
    assert not table.duplicated(["service", "cell"]).any()
    assert sum(inputs.share(table).values()) == 80
    assert cell(table, "radiotherapy.capacity")["value"] == 450
    assert cell(table, "radiotherapy.capital")["value"] == pytest.approx(3_200_819, abs=1)
    assert "2012 taken" in cell(table, "pet_ct.capital")["price_steps"]
    assert cell(table, "palliative_home.capacity")["value"] == 100_000
    assert (table.loc[table["basis"] == "none", "value"].isna()).all()


def test_a_contrast_gives_a_value_and_no_interval(dataset: Dataset) -> None:
    found = cell(inputs.matrix(dataset), "radiotherapy.need")
    assert (found["value"], found["range_kind"]) == (0.483, "contrast")
    assert math.isnan(found["low"])
    assert math.isnan(found["high"])


def test_bounds_without_a_value_stay_without_and_weak(dataset: Dataset) -> None:
    found = cell(inputs.matrix(dataset), "radiotherapy.life")
    assert math.isnan(found["value"])
    assert (found["low"], found["high"], found["weak"]) == (7, 8, True)


@pytest.mark.parametrize(
    "name", ["tumour_boards.running", "accreditation.capital", "palliative_home.running"]
)
def test_a_refused_price_is_none_with_its_reason(
    dataset: Dataset, price_tables: prices.PriceTables, name: str
) -> None:
    found = cell(inputs.matrix(dataset, price_tables=price_tables), name)
    assert found["basis"] == "none"
    assert "cannot be brought to euros of 2023" in found["note"]


def test_a_note_that_says_weak_marks_the_cell(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    thin = {
        "specialist_nurses.capacity": inputs.Key("cns_patients", "its note says weak"),
        "palliative_home.capacity": inputs.Key("pc_home_team", "its note does not"),
    }
    chosen = {**inputs.keys(dataset), **thin}
    monkeypatch.setattr(inputs, "keys", lambda _tables: chosen)
    table = inputs.matrix(dataset)
    assert cell(table, "specialist_nurses.capacity")["weak"]
    assert not cell(table, "palliative_home.capacity")["weak"]


def test_every_cell_of_the_table_resolves_and_says_who_chose_it(dataset: Dataset) -> None:
    rows = dataset.table("judgements/service_inputs")
    assert list(zip(rows["service"], rows["cell"], strict=True)) == [
        (service, cell) for service in services.SERVICES for cell in services.CELLS
    ]
    known = {
        "parameter": set(dataset.parameters.index),
        "indicator": set(dataset.indicators["indicator"]),
        "whole": {""},
        "none": {""},
    }
    unknown = [row.key for row in rows.itertuples() if row.key not in known[row.kind]]
    assert unknown == []
    assert set(rows["weak"]) == {"yes", "no"}
    assert (rows[["chosen_by", "chosen_on", "why"]] != "").all(axis=None)
    named = re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", " ".join(rows["why"]))
    assert set(named) <= known["parameter"]
    assert len(named) > 8


def test_a_cell_that_nothing_fills_says_why_and_in_what_unit(dataset: Dataset) -> None:
    table = inputs.matrix(dataset)
    assert (table["why"] != "").all()
    assert cell(table, "mri.capacity")["unit"] == "scans per scanner-year"
    given = inputs.Assumption("mri.capacity", 4000)
    assert cell(inputs.matrix(dataset, [given]), "mri.capacity")["unit"] == "scans per scanner-year"
    assert cell(inputs.matrix(dataset, [given]), "mri.capacity")["why"] == ""


def test_the_prices_of_the_tables_are_taken_where_none_are_given(
    dataset: Dataset, price_tables: prices.PriceTables
) -> None:
    given = inputs.matrix(dataset, price_tables=price_tables)
    pd.testing.assert_frame_equal(inputs.matrix(dataset), given)
    assert prices.of(dataset) is prices.of(dataset)


def test_a_table_without_a_cell_is_refused(dataset: Dataset) -> None:
    class Cut:
        def table(self, name: str) -> pd.DataFrame:
            return dataset.table(name).iloc[:-1]

    with pytest.raises(UserError, match=r"no row for accreditation\.staff"):
        inputs.keys(Cut())  # type: ignore[arg-type]


def test_an_assumption_fills_a_cell_and_is_named(dataset: Dataset) -> None:
    given = inputs.Assumption("mri.capacity", 4000, 3000, 5000, "scans", "a reader", "a trial")
    before, after = inputs.matrix(dataset), inputs.matrix(dataset, [given])
    found = cell(after, "mri.capacity")
    assert (found["value"], found["basis"], found["by"]) == (4000, "assumed", "a reader")
    assert inputs.share(after)["assumed"] == inputs.share(before)["assumed"] + 1
    assert inputs.values(after) == {"mri.capacity": 4000}


@pytest.mark.parametrize(
    ("name", "value", "low", "high"),
    [
        ("mri.colour", 1, 0, 2),
        ("mri", 1, 0, 2),
        ("mri.life", -1, math.nan, math.nan),
        ("mri.life", math.inf, math.nan, math.nan),
        ("mri.life", 3, 4, 5),
    ],
)
def test_impossible_assumptions_are_refused(
    name: str, value: float, low: float, high: float
) -> None:
    with pytest.raises(UserError):
        inputs.Assumption(name, value, low, high)


def test_two_assumptions_of_one_input_are_refused(dataset: Dataset) -> None:
    given = inputs.Assumption("mri.life", 10)
    with pytest.raises(UserError, match="assumed twice"):
        inputs.matrix(dataset, [given, given])
