"""Every rule of the data, each with a fault planted in a copy of the fictional dataset."""

from __future__ import annotations

import csv
import importlib.util
import io
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canheal_nb.data import Fault, verify
from canheal_nb.data.contracts import TABLES, Table
from canheal_nb.data.faults import wording
from canheal_nb.data.places import boxes, metres
from canheal_nb.text.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
FICTION = ROOT / "tests" / "fixtures" / "data"

AREAS = "facts/areas.csv"
CAPABILITIES = "facts/capabilities.csv"
CAPABILITY_TYPES = "facts/capability_types.csv"
CENTRES = "facts/centres.csv"
INDICATORS = "facts/indicators.csv"
LISTS = "facts/capability_lists.csv"
PARAMETERS = "facts/parameters.csv"
SOURCES = "sources.csv"
TARGETS = "frameworks/targets.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FICTION, tmp_path / "data"))


def plant(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_bytes().decode()
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
    path.write_bytes(text.replace(old, new).encode())


def found(folder: Path) -> list[tuple[str, int, str, str]]:
    """What verify lists, without the news that sound files changed."""
    faults = [fault for fault in verify(folder) if fault.rule != "registry"]
    return [(fault.file, fault.line, fault.column, fault.rule) for fault in faults]


def the_fault(folder: Path) -> Fault:
    (fault,) = [fault for fault in verify(folder) if fault.rule != "registry"]
    return fault


# file, what is replaced, by what; then line, column, rule and a word of the remedy
PLANTED = [
    # columns and form
    (CENTRES, "name_local,", "name_lokal,", 1, "name_lokal", "unknown-column", "name_local"),
    (CENTRES, "city,country", " city,country", 1, "city", "characters", "alone"),
    (CENTRES, "Invented Bay Hospital,,", "Invented Bay Hospital,", 5, "", "fields", "9 fields"),
    (CENTRES, "Taħrafa,MT", "Taħrafa, by the sea,MT", 5, "", "fields", "quotes"),
    (CENTRES, "Taħrafa,MT", '"Taħrafa"?,MT', 5, "", "quotes", "twice"),
    # single cells
    (CENTRES, "Taħrafa,MT", ",MT", 5, "city", "empty", "its city"),
    (CENTRES, "46.05,14.52", "46°03,14.52", 4, "latitude", "number", "decimal point"),
    (CENTRES, "46.05,14.52", "nan,14.52", 4, "latitude", "number", "decimal point"),
    (CENTRES, "46.05,14.52", "1e999,14.52", 4, "latitude", "number", "decimal point"),
    (CENTRES, "46.05,14.52", "96.05,14.52", 4, "latitude", "range", "-90 to 90"),
    (CENTRES, "46.05,14.52", "46.05,214.52", 4, "longitude", "range", "-180 to 180"),
    (CENTRES, "main site", "main building", 5, "coordinate_basis", "vocabulary", "main site"),
    (CENTRES, "https://example.org/hill", "javascript:x()", 4, "website", "web", "https://"),
    (CENTRES, "Taħrafa,MT", "Taħrafa,Malta", 5, "country", "area", "ISO 3166"),
    (AREAS, "GR,Greece,member_state,GR", "GR,Greece,member_state,EL", 5, "country", "area", "GR"),
    (AREAS, "Malta,member_state", "Malta,Member_state", 6, "kind", "vocabulary", "member_state"),
    (SOURCES, "example.org/yearbook,2025", "example.org/yearbook,25", 2, "year", "year", "four"),
    (SOURCES, "terms not read,no", "terms not read,perhaps", 3, "redistribute", "vocabulary", "no"),
    (INDICATORS, "round 1,2024,F", "round 1,2024,X", 7, "sex", "vocabulary", "T, M, F"),
    (INDICATORS, "round 2,2040", "round 2,2140", 9, "year", "range", "1900 to 2076"),
    (CAPABILITIES, "gold,2024", "gold,1824", 8, "year", "range", "1900 to 2027"),
    (LISTS, "FR,partial", "FR,partly", 3, "completeness", "vocabulary", "partial"),
    # any text
    (CENTRES, "Taħrafa,", "Taħrafa ,", 5, "city", "spaces", "delete"),
    (CENTRES, "Taħrafa,", "Taħ\u202erafa,", 5, "city", "characters", "delete"),
    (CENTRES, "Taħrafa,", "Taħ\x07rafa,", 5, "city", "characters", "delete"),
    (CENTRES, "Taħrafa,", "Taħ\ufffdrafa,", 5, "city", "characters", "again"),
    (CENTRES, "Taħrafa,", "=HYPERLINK(1),", 5, "city", "formula", "letter"),
    (CAPABILITIES, "gold,2024", "@gold,2024", 8, "value", "formula", "letter"),
    # ids
    (CENTRES, "main site,,X01", "main site,,X10", 5, "source_id", "unknown-id", "sources.csv"),
    (CAPABILITIES, "bay,boards", "bey,boards", 7, "centre_id", "unknown-id", "bay"),
    (CAPABILITIES, "mill,linacs", "mill,linac", 10, "capability", "unknown-id", "linacs"),
    (INDICATORS, "FR,plan", "FR,plans", 4, "indicator", "unknown-id", "plan"),
    (INDICATORS, "MT,tier", "IT,tier", 5, "area_id", "unknown-id", "areas.csv"),
    (INDICATORS, "X01+X02", "X01+X09", 2, "source_id", "unknown-id", "X0"),
    (INDICATORS, "X01+X02", "X01+", 2, "source_id", "unknown-id", "sources.csv"),
    (TARGETS, "%,X01", "%,Y01", 2, "source_id", "unknown-id", "X01"),
    # values
    (CAPABILITIES, "linacs,3", "linacs,three", 10, "value", "value-kind", "digits"),
    (CAPABILITIES, "boards,yes,2026", "boards,Yes,2026", 7, "value", "value-kind", "yes or no"),
    (CAPABILITIES, "opened,1938", "opened,long ago", 6, "value", "value-kind", "year"),
    (INDICATORS, "T,yes,", "T,agreed,", 4, "value", "value-kind", "yes or no"),
    (INDICATORS, "T,6.8,", 'T,"6,8",', 6, "value", "value-kind", "decimal point"),
    (CAPABILITIES, "share,12.5", "share,112.5", 11, "value", "range", "0 and 100"),
    (INDICATORS, "2024,F,10", "2024,F,-10", 7, "value", "range", "0 and 100"),
    (PARAMETERS, "use,60", "use,160", 5, "value", "range", "0 and 100"),
    (CAPABILITIES, "linacs,6,2025,X01,", "linacs,6,2025,X01,\nimaginary-hill,linacs,7,2025,X01,",
     6, "value", "two-values", "line 5 says 6"),
    (INDICATORS, "T,6.8,,,X01,,", "T,6.8,,,X01,,\nSI,machines_per_million,,2025,T,6.9,,,X01,,",
     7, "value", "two-values", "line 6 says 6.8"),
    (PARAMETERS, "% of cases,,X01,", "% of cases,,X01,\nuse,61,,,,% of cases,,X01,",
     6, "", "duplicate-key", "line 5"),
    (LISTS, "linacs,SI", "boards,FR", 4, "", "duplicate-key", "line 3"),
    (CAPABILITIES, "boards,yes,2025", "boards,no,2025", 2, "value", "unproven-no", "FR"),
    (INDICATORS, "8,7.5,8.5", "8,8.1,8.5", 3, "value", "order", "above"),
    (INDICATORS, "8,7.5,8.5", "8,7.5,7.6", 3, "value", "order", "above"),
    (PARAMETERS, "no_midpoint,,1,5", "no_midpoint,,5,1", 3, "value", "order", "above"),
    (PARAMETERS, "contrast", "interval", 4, "value", "order", "above"),
    # places
    (CENTRES, "46.05,14.52", "14.52,46.05", 4, "latitude", "far-away", "swapped"),
    (CENTRES, "16.24,-61.53", "16.24,61.53", 2, "latitude", "far-away", "FR"),
    (CENTRES, "Taħrafa,MT", "Taħrafa,EU", 5, "country", "area-kind", "member_state"),
    (LISTS, "boards,FR", "boards,GP", 3, "country", "area-kind", "union"),
    # other files
    ("edition.toml", '"fiction.1"', '""', 1, "edition", "empty", "2026.1"),
    ("edition.toml", "2026-11-24", '"soon"', 2, "as_of", "as_of", "2026-11-24"),
    ("edition.toml", "as_of = ", "as_of : ", 2, "", "syntax", "as_of"),
    ("built/map.json", '"areas"', "areas", 1, "", "syntax", "make data"),
    (TARGETS, "Nobody waits", "Nobody waits ", 3, "target", "spaces", "delete"),
    (TARGETS, "<=,0,people", "<=,0", 3, "", "fields", "5 fields"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "column", "rule", "remedy"),
    PLANTED,
    ids=[f"{case[5]}-{Path(case[0]).stem}-{place}" for place, case in enumerate(PLANTED)],
)
def test_planted_fault_is_the_one_found(
    folder: Path, file: str, old: str, new: str, line: int, column: str, rule: str, remedy: str
) -> None:
    plant(folder, file, old, new)
    assert found(folder) == [(file, line, column, rule)]
    assert remedy in the_fault(folder).remedy


def test_the_fiction_is_sound() -> None:
    assert verify(FICTION) == []


def test_the_real_data_are_sound() -> None:
    assert [fault.sentence() for fault in verify(ROOT / "data")] == []


def test_ten_faults_of_ten_kinds_are_all_listed(folder: Path) -> None:
    for file, old, new in (
        (SOURCES, "https://example.org/boards", "example.org/boards"),
        (CENTRES, "46.05,14.52", "96.05,14.52"),
        (CENTRES, "Taħrafa,MT", ",EL"),
        (CAPABILITIES, "linacs,3", "linacs,three"),
        (CAPABILITIES, "boards,yes,2025", "boards,no,2025"),
        (INDICATORS, "round 1,2024,F", "round 1,2024,W"),
        (INDICATORS, "8,7.5,8.5", "9,7.5,8.5"),
        (LISTS, "linacs,SI", "boards,FR"),
        (PARAMETERS, "use,60,,,,% of cases,,X01", "use,60,,,,% of cases,,X99"),
    ):
        plant(folder, file, old, new)
    assert found(folder) == [
        (CAPABILITIES, 2, "value", "unproven-no"),
        (CAPABILITIES, 10, "value", "value-kind"),
        (LISTS, 4, "", "duplicate-key"),
        (CENTRES, 4, "latitude", "range"),
        (CENTRES, 5, "city", "empty"),
        (CENTRES, 5, "country", "area"),
        (INDICATORS, 3, "value", "order"),
        (INDICATORS, 7, "sex", "vocabulary"),
        (PARAMETERS, 5, "source_id", "unknown-id"),
        (SOURCES, 4, "url", "web"),
    ]
    assert len(verify(folder)) == 10


def test_a_column_taken_away_is_named(folder: Path) -> None:
    rows = list(csv.reader((folder / LISTS).read_text("utf-8").splitlines()))
    text = "\n".join(",".join(row[:4] + row[5:]) for row in rows)
    (folder / LISTS).write_text(text, "utf-8")
    assert found(folder) == [(LISTS, 1, "missing", "missing-column")]


def test_a_column_of_ones_own_is_named(folder: Path) -> None:
    lines = (folder / AREAS).read_text("utf-8").splitlines()
    text = "\n".join([lines[0] + ",mood", *(line + ",good" for line in lines[1:])])
    (folder / AREAS).write_text(text, "utf-8")
    assert found(folder) == [(AREAS, 1, "mood", "unknown-column")]


def test_a_column_that_is_there_twice_is_named(folder: Path) -> None:
    lines = (folder / AREAS).read_text("utf-8").splitlines()
    text = "\n".join([lines[0] + ",kind", *(line + ",?" for line in lines[1:])])
    (folder / AREAS).write_text(text, "utf-8")
    assert found(folder) == [(AREAS, 1, "kind", "double-column")]


def test_a_header_that_no_row_fits_is_one_fault_of_fields(folder: Path) -> None:
    plant(folder, AREAS, "kind,country", "kind,country,mood")
    assert found(folder) == [(AREAS, 1, "", "fields"), (AREAS, 1, "mood", "unknown-column")]


def test_semicolons_for_commas_are_one_fault(folder: Path) -> None:
    text = (folder / AREAS).read_text("utf-8").replace(",", ";")
    (folder / AREAS).write_text(text, "utf-8")
    first = next(fault for fault in verify(folder) if fault.file == AREAS)
    assert (first.line, first.rule) == (1, "unknown-column")
    assert "commas" in first.remedy
    assert [rule for file, *_, rule in found(folder) if file == AREAS] == ["unknown-column"]


def test_the_order_of_columns_and_rows_is_free(folder: Path) -> None:
    header, *rows = list(csv.reader((folder / AREAS).read_text("utf-8").splitlines()))
    text = "\n".join(",".join(reversed(row)) for row in [header, *reversed(rows)])
    (folder / AREAS).write_text(text, "utf-8")
    assert found(folder) == []


def test_byte_order_mark_windows_line_ends_and_blank_lines_are_no_fault(folder: Path) -> None:
    data = (folder / CAPABILITIES).read_bytes().replace(b"\n", b"\r\n") + b"\r\n"
    (folder / CAPABILITIES).write_bytes(b"\xef\xbb\xbf" + data.replace(b",\r\nis", b", is"))
    plant(folder, CAPABILITIES, "register,\r\nwhich", "register, which")
    assert found(folder) == []


def test_text_that_is_not_utf8_names_line_and_byte(folder: Path) -> None:
    data = (folder / CENTRES).read_bytes()
    (folder / CENTRES).write_bytes(data.decode().replace("ħ", "ô").encode("latin-1", "replace"))
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.rule) == (CENTRES, 2, "encoding")
    place = (folder / CENTRES).read_bytes().index(b"\xf4") + 1
    assert f"byte {place} of the file is 0xf4" in fault.remedy


def test_other_faults_are_listed_beside_wrong_encoding(folder: Path) -> None:
    plant(folder, CENTRES, "46.05,14.52", "96.05,14.52")
    data = (folder / CENTRES).read_bytes().replace("ħ".encode(), b"\xe7")
    (folder / CENTRES).write_bytes(data)
    assert [(line, rule) for _, line, _, rule in found(folder)] == [(4, "range"), (5, "encoding")]


def test_a_quotation_mark_that_is_not_closed_is_found_where_it_opens(folder: Path) -> None:
    plant(folder, CENTRES, "Taħrafa,MT", '"Taħrafa,MT')
    assert found(folder) == [(CENTRES, 5, "", "quotes")]


def test_an_empty_file_asks_for_its_header(folder: Path) -> None:
    (folder / "facts/left_out.csv").write_bytes(b"")
    assert found(folder) == [("facts/left_out.csv", 1, "", "syntax")]


def test_an_id_with_a_space_is_named_where_it_is_defined(folder: Path) -> None:
    plant(folder, SOURCES, "X03,Register", "X 03,Register")
    assert (SOURCES, 4, "source_id", "id") in found(folder)


def test_a_list_that_may_not_say_no_leaves_the_no_unproven(folder: Path) -> None:
    plant(folder, LISTS, "X03,yes,yes", "X03,yes,no")
    assert found(folder) == [(CAPABILITIES, 3, "value", "unproven-no")]


def test_a_list_for_the_union_proves_nothing_outside_it(folder: Path) -> None:
    plant(folder, CAPABILITIES, "dreamt-isle,boards,yes", "fabled-fjord,boards,no")
    assert found(folder) == [(CAPABILITIES, 2, "value", "unproven-no")]


def test_spaces_alone_are_empty_too(folder: Path) -> None:
    plant(folder, CENTRES, "Taħrafa,MT", "   ,MT")
    assert found(folder) == [(CENTRES, 5, "city", "empty"), (CENTRES, 5, "city", "spaces")]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.short)
def test_a_missing_table_is_one_fault(folder: Path, table: Table) -> None:
    (folder / table.file).unlink()
    assert found(folder) == [(table.file, 0, "", "missing-file")]


def test_a_row_of_the_wrong_length_still_defines_its_id(folder: Path) -> None:
    plant(folder, CENTRES, "invented-bay,", "invented-bay,,")
    assert found(folder) == [(CENTRES, 5, "", "fields")]


# --- the registry -------------------------------------------------------------------------


def test_a_sound_change_is_a_fault_of_the_registry_alone(folder: Path) -> None:
    plant(folder, CENTRES, "Taħrafa", "Taħrafia")
    (fault,) = verify(folder)
    assert (fault.file, fault.line, fault.rule) == (CENTRES, 0, "registry")
    assert "run `make data`" in fault.sentence()


def test_a_new_file_is_not_in_the_registry(folder: Path) -> None:
    (folder / "frameworks/dreams.csv").write_text("dream\nflying\n", "utf-8")
    (fault,) = verify(folder)
    assert (fault.file, fault.rule) == ("frameworks/dreams.csv", "registry")
    assert "new" in fault.remedy


def test_a_file_that_went_is_named_with_the_registry_line(folder: Path) -> None:
    (folder / TARGETS).unlink()
    (fault,) = verify(folder)
    lines = (folder / "registry.csv").read_text("utf-8").splitlines()
    assert lines[fault.line - 1].startswith(TARGETS)
    assert (fault.file, fault.value, fault.rule) == ("registry.csv", TARGETS, "missing-file")


def test_without_a_registry_there_is_one_fault(folder: Path) -> None:
    (folder / "registry.csv").unlink()
    (fault,) = verify(folder)
    assert (fault.file, fault.rule) == ("registry.csv", "missing-file")


def test_a_registry_without_its_columns_is_one_fault(folder: Path) -> None:
    (folder / "registry.csv").write_text("file\nsources.csv\n", "utf-8")
    (fault,) = verify(folder)
    assert (fault.file, fault.column, fault.rule) == ("registry.csv", "path", "missing-column")


def registrar() -> ModuleType:
    spec = importlib.util.spec_from_file_location("registrar", ROOT / "build" / "registry.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "build"))
        spec.loader.exec_module(module)
    return module


def test_the_registry_is_written_alike_every_time(folder: Path) -> None:
    before = (folder / "registry.csv").read_bytes()
    (folder / "registry.csv").unlink()
    (folder / ".hidden").write_text("not listed", "utf-8")
    assert registrar().main(folder) == 0
    assert (folder / "registry.csv").read_bytes() == before


def test_the_registry_is_not_written_over_a_fault(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "registry.csv").read_bytes()
    plant(folder, CENTRES, "46.05,14.52", "96.05,14.52")
    assert registrar().main(folder) == 1
    assert "latitude" in capsys.readouterr().out
    assert (folder / "registry.csv").read_bytes() == before


# --- how a fault is said ------------------------------------------------------------------


def test_the_sentence_names_file_line_column_value_rule_and_remedy(folder: Path) -> None:
    plant(folder, CENTRES, "46.05,14.52", "96.05,14.52")
    assert the_fault(folder).sentence() == (
        'facts/centres.csv, line 4, column latitude, "96.05": the number is out of range; '
        "write a number from -90 to 90."
    )


def test_a_hostile_value_is_shown_escaped_and_short(folder: Path) -> None:
    hostile = "\u202e\x1b[31m\u2066<b>" + "x" * 500
    plant(folder, CENTRES, "Taħrafa,", f'"{hostile}\nSecond line",')
    sentence = the_fault(folder).sentence()
    assert "\\u202e\\u001b[31m\\u2066<b>xxx" in sentence
    assert len(sentence) < 250
    assert not any(unicodedata.category(sign) in ("Cc", "Cf") for sign in sentence)


def test_a_folder_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder") as refusal:
        verify(tmp_path / "nowhere")
    assert refusal.value.code == "missing-folder"


def test_every_rule_has_its_words() -> None:
    for case in PLANTED:
        assert wording(case[5])
    with pytest.raises(KeyError):
        wording("no-such-rule")


# --- places -------------------------------------------------------------------------------


def test_metres_agree_with_the_published_point_of_the_projection() -> None:
    """EPSG's guidance note 7-2 gives 50 N 5 E as 3962799.45 E, 2999718.85 N."""
    east, north = metres(50, 5)
    assert east == pytest.approx(3_962_799, abs=10_000)
    assert north == pytest.approx(2_999_719, abs=10_000)


@pytest.mark.parametrize("broken", [b"", b"[]", b"{", b'{"features": [{}]}', b'{"features": 3}'])
def test_polygons_of_another_shape_give_no_box(broken: bytes) -> None:
    assert boxes([broken]) == {}


# --- whatever somebody types --------------------------------------------------------------

CELLS = [
    (f"{name}.csv", row, column)
    for name in ("sources", "facts/centres", "facts/capabilities", "facts/indicators")
    for row in (0, 1, 2)
    for column in range(6)
]
NASTY = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="\"',;\n\r\t =+-@\x00\ufeff\u202eé0X", max_size=8),
    st.sampled_from(["EL", "UK", "NaN", "-inf", "1e400", "٣", "=1+1", "x" * 5000, "+", "1_0"]),
)


def quoted(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def bare(rows: list[list[str]]) -> bytes:
    lines = (",".join(row) for row in rows)
    return "\n".join(lines).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("write", [quoted, bare])
@given(cell=st.sampled_from(CELLS), text=NASTY)
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_in_any_cell_is_listed_or_passes(
    folder: Path, write: Callable[[list[list[str]]], bytes], cell: tuple[str, int, int], text: str
) -> None:
    file, row, column = cell
    rows = list(csv.reader(io.StringIO((FICTION / file).read_text("utf-8"), newline="")))
    rows[row][column] = text
    (folder / file).write_bytes(write(rows))
    lines = (folder / file).read_bytes().count(b"\n") + text.count("\r") + 1
    for fault in verify(folder):
        assert fault.sentence().isprintable()
        assert 0 <= fault.line <= max(lines, 15)
    shutil.copy(FICTION / file, folder / file)
