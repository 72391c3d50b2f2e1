"""An indicator of one's own: what is taken, what is refused, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.indicators import measures
from canheal_nb.text.errors import UserError

Add = Callable[..., Dataset]
ABOUT = {"indicator": "wards", "label": "Wards", "source": "A survey of ours", "unit": "wards"}


@pytest.fixture
def add(build: Callable[..., Dataset], tmp_path: Path) -> Add:
    """Return a maker: the fictional dataset with an indicator in `own.csv`."""

    def made(text: str, **about: str) -> Dataset:
        file = tmp_path / "own.csv"
        file.write_text(text, encoding="utf-8")
        return build().with_indicator(file, **(ABOUT | about))

    return made


def refusal(add: Add, text: str, **about: str) -> str:
    with pytest.raises(UserError) as refused:
        add(text, **about)
    return str(refused.value)


def test_figures_are_mapped_at_once_with_their_source(add: Add) -> None:
    measure = measures.measure(add("area_id,value,year\nSI,3.5,2024\nGR,2,\n"), "wards")
    assert measure.table["number"].to_dict() == {"GR": 2.0, "SI": 3.5}
    assert set(measure.unknown) == {"FR", "MT"}
    assert measure.sources == ["own-wards"]
    assert (measure.label, measure.unit, measure.rank) == ("Wards", "wards", "no")


def test_the_dataset_it_is_added_to_stays_as_it_was(build: Callable[..., Dataset]) -> None:
    before = build()
    frame = pd.DataFrame({"area_id": ["SI"], "value": [1]})
    after = before.with_indicator(frame, **ABOUT)
    assert "wards" in after.indicator_types.index
    assert "wards" not in before.indicator_types.index
    assert len(after.indicators) == len(before.indicators) + 1
    assert len(before.sources) == len(build().sources)
    assert after.sources.loc["own-wards", "title"] == "A survey of ours"
    assert after.indicators.dtypes.equals(before.indicators.dtypes)


def test_a_frame_may_hold_countries_as_its_index_and_years_beside_empty_cells(
    build: Callable[..., Dataset],
) -> None:
    frame = pd.DataFrame({"value": [1.5, 2], "year": [2024, None]}, index=["SI", "GR"])
    own = build().with_indicator(frame.rename_axis("area_id"), **ABOUT)
    table = measures.measure(own, "wards").table
    assert table["year"].isna().to_dict() == {"GR": True, "SI": False}
    assert table.loc["SI", "year"] == 2024
    assert table.loc["SI", "value"] == "1.5"


WRONG = {
    "Greece as EL": ("area_id,value\nSI,1\nEL,2\n", ["line 3", '"EL"', "write GR"]),
    "no such country": ("area_id,value\nXX,2\n", ["line 2", '"XX"', "two letters"]),
    "text for a number": ("area_id,value\nSI,1\nFR,many\n", ["line 3", '"many"', "digits"]),
    "a decimal comma": ('area_id,value\nSI,"3,5"\n', ["line 2", '"3,5"', "decimal point"]),
    "a bare comma": ("area_id,value\nSI,3,5\n", ["line 2", "3 fields, not 2"]),
    "the same twice": ("area_id,value\nSI,1\nFR,2\nSI,1\n", ["line 4", "line 2", "delete one"]),
    "two values": ("area_id,value\nSI,1\nSI,2\n", ["line 3", "line 2 says 1"]),
    "no value column": ("area_id,year\nSI,2024\n", ["line 1", "column value", "missing"]),
    "no country column": ("country,value\nSI,1\n", ["column area_id", "countries' codes"]),
    "a column too many": ("area_id,value,city\nSI,1,x\n", ["column city", "delete it", "note"]),
    "a misspelled column": ("area_id,value,yera\nSI,1,2024\n", ["column yera", "year"]),
    "semicolons": ("area_id;value\nSI;1\n", ["commas between the fields"]),
    "an empty value": ("area_id,value\nSI,\n", ["line 2", "column value", "nothing is stated"]),
    "only a header": ("area_id,value\n", ["at least one row"]),
    "nothing": ("", ["names on the first line"]),
    "only elsewhere": ("area_id,value\nNO,1\n", ["a country of the European Union"]),
    "a year to come": ("area_id,value,year\nSI,1,2999\n", ["line 2", '"2999"', "out of range"]),
    "a third sex": ("area_id,value,sex\nSI,1,X\n", ["line 2", "T, M, F"]),
    "disorder": ("area_id,value,low,high\nSI,1,2,3\n", ["line 2", "not in order"]),
    "a formula": ("area_id,value\nSI,=1+1\n", ["line 2", "spreadsheet"]),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_a_faulty_table_is_refused_in_one_sentence_with_its_line(
    add: Add, text: str, words: list[str]
) -> None:
    said = refusal(add, text)
    assert [word for word in words if word not in said] == []
    assert said.startswith("own.csv")
    assert said.endswith(".")
    assert "\n" not in said


def test_other_faults_are_counted(add: Add) -> None:
    said = refusal(add, "area_id,value\nEL,many\nXX,1\n")
    assert said.startswith("own.csv, line 2, column area_id")
    assert "2 more faults follow." in said


DESCRIBED = {
    "a known id": ({"indicator": "waiting"}, "There is an indicator waiting already"),
    "a capability's id": ({"indicator": "oeci_accredited"}, "already; choose another id"),
    "an id with a space": ({"indicator": "my wards"}, '"my wards": this is not an id'),
    "no source": ({"source": " "}, "has no source; say where the figures come from"),
    "no label": ({"label": ""}, "column label: nothing is stated"),
    "a wrong direction": ({"direction": "up"}, '"up": the word is not one of those allowed'),
    "a wrong name": ({"colour": "red"}, "has no colour; it may state: indicator, label"),
}


@pytest.mark.parametrize(("about", "words"), DESCRIBED.values(), ids=DESCRIBED)
def test_a_faulty_description_is_refused(add: Add, about: dict[str, str], words: str) -> None:
    assert words in refusal(add, "area_id,value\nSI,1\n", **about)


def test_a_number_where_a_text_belongs_is_refused(build: Callable[..., Dataset]) -> None:
    with pytest.raises(UserError, match="unit must be a text, not 3"):
        build().with_indicator("own.csv", **(ABOUT | {"unit": 3}))  # type: ignore[arg-type]


def test_percentages_stay_between_0_and_100(add: Add) -> None:
    assert "between 0 and 100" in refusal(add, "area_id,value\nSI,130\n", unit="% of people")


def test_a_file_that_is_not_there_is_named(build: Callable[..., Dataset], tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"absent\.csv cannot be read"):
        build().with_indicator(tmp_path / "absent.csv", **ABOUT)
