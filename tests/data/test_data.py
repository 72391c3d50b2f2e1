"""Loading the dataset: types, keys, copies that nobody can spoil, and plain refusals."""

from __future__ import annotations

import dataclasses
import datetime
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import canheal_nb
from canheal_nb.data import Dataset, Edition, load
from canheal_nb.data.contracts import TABLES, Table
from canheal_nb.text.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
FICTION = ROOT / "tests" / "fixtures" / "data"
NAMES = [table.short for table in TABLES.values()]


@pytest.fixture(scope="module")
def fiction() -> Dataset:
    return load(FICTION)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FICTION, tmp_path / "data"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def refusal(folder: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        load(folder)
    assert "\n" not in str(caught.value)
    return caught.value


# --- what is handed out -------------------------------------------------------------------


def test_edition_and_path(fiction: Dataset) -> None:
    assert fiction.edition == Edition("fiction.1", datetime.date(2026, 11, 24))
    assert fiction.path == FICTION


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("sources", "source_id"),
        ("areas", "area_id"),
        ("centres", "centre_id"),
        ("capability_types", "capability"),
        ("indicator_types", "indicator"),
        ("parameters", "parameter"),
    ],
)
def test_a_single_key_is_the_index(fiction: Dataset, name: str, key: str) -> None:
    table = getattr(fiction, name)
    assert table.index.name == key
    assert table.index.is_unique
    assert key not in table.columns


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.short)
def test_columns_are_those_of_the_contract(fiction: Dataset, table: Table) -> None:
    frame = getattr(fiction, table.short).drop(columns="number", errors="ignore")
    single = table.key if len(table.key) == 1 else ()
    assert (*single, *frame.columns) == table.names


def test_a_centre_has_typed_cells(fiction: Dataset) -> None:
    centre = fiction.centres.loc["invented-bay"]
    assert centre.to_dict() == {
        "name": "Invented Bay Hospital",
        "name_local": "",
        "city": "Taħrafa",
        "country": "MT",
        "latitude": 35.9,
        "longitude": 14.48,
        "coordinate_basis": "main site",
        "website": "",
        "source_id": "X01",
    }


def test_values_are_kept_as_published_and_as_numbers(fiction: Dataset) -> None:
    facts = fiction.capabilities
    assert facts["value"].tolist()[:4] == ["yes", "no", "6", "1938"]
    assert facts["number"].tolist()[2:4] == [6.0, 1938.0]
    assert facts["number"].isna().tolist() == [
        v in ("yes", "no", "gold", "silver") for v in facts["value"]
    ]
    assert facts.loc[1, "note"] == "Not in the register,\nwhich is complete."


def test_what_is_not_stated_is_empty_text_nan_or_na(fiction: Dataset) -> None:
    indicators, facts = fiction.indicators, fiction.capabilities
    assert indicators["edition"].tolist()[0] == ""
    assert indicators["low"].isna().sum() == 7
    assert indicators.loc[1, ["number", "low", "high"]].tolist() == [8, 7.5, 8.5]
    assert facts["year"].dtype == "Int64"
    assert facts["year"].isna().tolist().count(True) == 1
    assert pd.isna(fiction.parameters.loc["no_midpoint", "value"])
    assert fiction.parameters.loc["capital_cost", "value"] == 2_500_000


@pytest.mark.parametrize("name", NAMES)
def test_text_columns_never_hold_nan(fiction: Dataset, name: str) -> None:
    texts = getattr(fiction, name).select_dtypes("string")
    assert not texts.isna().to_numpy().any()


# --- nobody can change it -----------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_changing_a_table_that_was_handed_out_changes_nothing(fiction: Dataset, name: str) -> None:
    before = getattr(load(FICTION), name)
    taken = getattr(fiction, name)
    for column in taken.columns:
        taken[column].array[0] = taken[column].array[-1]
        taken.loc[taken.index[0], column] = taken[column].iloc[-1]
    del taken[taken.columns[0]]
    taken.index.name = "spoiled"
    taken.attrs["spoiled"] = True
    pd.testing.assert_frame_equal(getattr(fiction, name), before)
    assert getattr(fiction, name).index.name != "spoiled"


def test_changing_the_map_that_was_handed_out_changes_nothing(fiction: Dataset) -> None:
    fiction.map["areas"].clear()
    assert fiction.map == {"title": "A map of nowhere", "areas": {"SI": "M0 0L1 1Z"}}


def test_the_dataset_is_frozen(fiction: Dataset) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        fiction.path = Path()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        fiction.centres = pd.DataFrame()  # type: ignore[misc]


# --- where it is read ---------------------------------------------------------------------


def test_the_package_loads_the_folder_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CANHEAL_DATA", str(FICTION))
    assert canheal_nb.load().edition.name == "fiction.1"


def test_the_embedded_data_load() -> None:
    dataset = load(ROOT / "data")
    assert len(dataset.centres) > 200
    assert (dataset.areas["kind"] == "member_state").sum() == 27
    assert dataset.map


def test_load_does_without_the_checking_library() -> None:
    code = (
        "import sys; from pathlib import Path; from canheal_nb.data import load;"
        f"load(Path({str(FICTION)!r})); print('pandera' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


# --- trust --------------------------------------------------------------------------------


def test_an_edited_copy_works_when_it_is_sound(folder: Path) -> None:
    edit(folder, "facts/centres.csv", "Invented Bay Hospital", "Reinvented Bay Hospital")
    assert load(folder).centres.loc["invented-bay", "name"] == "Reinvented Bay Hospital"


def test_a_copy_saved_by_a_spreadsheet_works(folder: Path) -> None:
    text = (folder / "facts/areas.csv").read_text("utf-8")
    (folder / "facts/areas.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    pd.testing.assert_frame_equal(load(folder).areas, load(FICTION).areas)


def test_columns_may_stand_in_any_order(folder: Path) -> None:
    lines = (folder / "facts/areas.csv").read_text("utf-8").splitlines()
    turned = "\n".join(",".join(reversed(line.split(","))) for line in lines)
    (folder / "facts/areas.csv").write_text(turned, "utf-8")
    pd.testing.assert_frame_equal(load(folder).areas, load(FICTION).areas)


def test_without_a_registry_sound_data_load(folder: Path) -> None:
    (folder / "registry.csv").unlink()
    assert len(load(folder).centres) == 5


def test_a_broken_copy_is_refused_with_its_first_fault_and_advice(folder: Path) -> None:
    edit(folder, "facts/centres.csv", "46.05,14.52", "96.05,14.52")
    edit(folder, "facts/indicators.csv", "T,6.8", "T,six")
    error = refusal(folder)
    assert error.code == "broken-data"
    assert 'facts/centres.csv, line 4, column latitude, "96.05": ' in str(error)
    assert f"`canheal data verify {folder}` lists all of them" in str(error)


def test_a_fault_that_an_edit_causes_in_another_table_is_seen(folder: Path) -> None:
    edit(folder, "sources.csv", "X03,Register", "X04,Register")
    assert 'column source_id, "X03": the id is not known' in str(refusal(folder))


@pytest.mark.parametrize("file", ["edition.toml", "sources.csv", "facts/indicators.csv"])
def test_a_missing_file_is_one_plain_sentence(folder: Path, file: str) -> None:
    (folder / file).unlink()
    error = refusal(folder)
    assert error.code == "missing-file"
    assert str(error) == (
        f"The file {file} in {folder} is missing or cannot be read; "
        "put it back, or install canheal_nb again."
    )


def test_a_broken_edition_is_refused(folder: Path) -> None:
    edit(folder, "edition.toml", "2026-11-24", '"soon"')
    assert "edition.toml, line 2, column as_of" in str(refusal(folder))


def test_a_registry_made_of_a_broken_edition_does_not_help(folder: Path) -> None:
    from canheal_nb.data import registry

    edit(folder, "edition.toml", "2026-11-24", '"soon"')
    (folder / "registry.csv").write_text(registry.text(folder), "utf-8")
    assert refusal(folder).code == "broken-data"


@pytest.mark.parametrize("text", ["", "[1]", "{", "[" * 100_000])
def test_a_broken_map_is_refused_when_it_is_asked_for(folder: Path, text: str) -> None:
    (folder / "built/map.json").write_text(text, "utf-8")
    with pytest.raises(UserError, match="built/map.json") as caught:
        _ = load(folder).map
    assert caught.value.code == "broken-map"


# --- tables that are carried along --------------------------------------------------------


def test_a_carried_table_is_text(fiction: Dataset) -> None:
    table = fiction.table("frameworks/targets")
    assert table["target"].tolist() == ["Everybody sleeps well", "Nobody waits"]
    assert table["value"].tolist() == ["100", "0"]
    assert table.loc[1, "note"] == "a target\non two lines"


def test_any_table_can_be_had_as_text(fiction: Dataset) -> None:
    assert fiction.table("facts/centres")["latitude"].tolist()[0] == "16.24"


@pytest.mark.parametrize("name", ["frameworks/target", "../../../etc/passwd", "", "targets"])
def test_an_unknown_table_is_refused(fiction: Dataset, name: str) -> None:
    with pytest.raises(UserError, match="There is no table") as caught:
        fiction.table(name)
    assert caught.value.code == "unknown-table"
    assert "frameworks/targets" in str(caught.value)


def test_a_carried_table_that_was_edited_is_checked(folder: Path) -> None:
    edit(folder, "frameworks/targets.csv", "Nobody waits", "Nobody waits long")
    assert load(folder).table("frameworks/targets").loc[1, "target"] == "Nobody waits long"
    edit(folder, "frameworks/targets.csv", "100,%", "100,%,%")
    with pytest.raises(UserError, match=r"frameworks/targets.csv, line 2: .* 7 fields, not 6"):
        load(folder).table("frameworks/targets")
