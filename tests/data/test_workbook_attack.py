"""Spreadsheets made to take memory, time or a file: each is one sentence, read elsewhere."""

from __future__ import annotations

import io
import json
import re
import resource
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from canheal_nb.data import workbook_reader, workbooks
from canheal_nb.text.errors import UserError

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = "</sheetData></worksheet>"
KEPT_MB = 48  # what the asking process may grow by, whatever the file


def book(parts: dict[str, bytes] | None = None, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a spreadsheet of two cells with some of its parts replaced, or more of them."""
    made = Workbook()
    made.active.append(["name", 1])
    plain, changed = io.BytesIO(), io.BytesIO()
    made.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(changed, "w", packing) as new:
        whole = {name: old.read(name) for name in old.namelist()} | (parts or {})
        for name, content in whole.items():
            new.writestr(name, content)
    return changed.getvalue()


def sheet(body: str) -> bytes:
    return book({SHEET: (OPEN + body + CLOSE).encode()})


def strings(body: str, head: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return book({STRINGS: f'{head}<sst xmlns="{space}">{body}</sst>'.encode()})


def zeros(megabytes: int) -> bytes:
    """Return a book with a part of so many megabytes of nothing: some kilobytes when packed."""
    return book({"xl/media/image1.png": bytes(megabytes * 2**20)})


def lying() -> bytes:
    """Return a bomb that says of itself that it has ten bytes, in both places where it can."""
    content = bytearray(zeros(30))
    size = struct.pack("<I", 30 * 2**20)
    assert content.count(size) == 2
    return bytes(content.replace(size, struct.pack("<I", 10)))


def entities() -> bytes:
    names = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    head = '<!DOCTYPE sst [<!ENTITY e0 "lol">' + "".join(names) + "]>"
    return strings("<si><t>&e9;</t></si>", head)


def told_file() -> bytes:
    head = '<!DOCTYPE sst [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    return strings("<si><t>&file;</t></si>", head)


def encrypted() -> bytes:
    content = bytearray(book())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), bytes(content)):
            content[found.start() + at] |= 1
    return bytes(content)


def cells(count: int, text: str) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for _n in range(count))


TOO_LARGE = "too large to hold answers"
NO_BOOK = "no spreadsheet (.xlsx) that can be read"
NOTHING = ""  # it is read, and what lies so far away is not taken
ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb of zeros": (lambda: zeros(200), TOO_LARGE),
    "a bomb that lies of its size": (lying, NO_BOOK),
    "rows without end": (lambda: sheet("<row/>" * 2_000_000), TOO_LARGE),
    "shared strings": (lambda: strings("<si><t>a</t></si>" * 1_000_000), TOO_LARGE),
    "more text than answers have": (
        lambda: sheet(f"<row>{cells(40, 'x' * 500)}</row>" * 50), TOO_LARGE),
    "a sheet as wide as it can be": (
        lambda: sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
        NOTHING,
    ),
    "a sheet as long as it can be": (
        lambda: sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        NOTHING,
    ),
    "dimensions that are not so": (
        lambda: book({SHEET: (OPEN.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/>'
                     "<sheetData>") + '<row><c r="A1"><v>1</v></c></row>' + CLOSE).encode()}),
        "1048576 rows and 16384 columns",
    ),
    "many cells in a row": (lambda: sheet(f"<row>{cells(20_000, 'a')}</row>"), TOO_LARGE),
    "parts without end": (
        lambda: book({f"xl/media/{n}": b"" for n in range(600)}), TOO_LARGE),
    "entities in entities": (entities, NO_BOOK),
    "an entity that names a file": (told_file, NO_BOOK),
    "tags in tags": (lambda: sheet("<row>" * 200_000), NO_BOOK),
    "a book in a book": (lambda: packed_in("inner.xlsx"), NO_BOOK),
    "packed so that nothing bounds it": (lambda: book(packing=zipfile.ZIP_BZIP2), NO_BOOK),
    "encrypted": (encrypted, NO_BOOK),
    "cut short": (lambda: book()[:-300], NO_BOOK),
    "cut in the middle": (lambda: book()[:1000], NO_BOOK),
    "no zip": (lambda: b"\xd0\xcf\x11\xe0" * 1000, NO_BOOK),
    "empty": (lambda: b"", NO_BOOK),
    "larger than the limit": (lambda: bytes(workbook_reader.PACKED + 1), TOO_LARGE),
    "a number of many digits": (lambda: sheet(f"<row><c><v>{'9' * 5000}</v></c></row>"), NO_BOOK),
}  # fmt: skip


def packed_in(name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as outer:
        outer.writestr(name, book())
    return made.getvalue()


def resident() -> int:
    """Return this process's memory now, in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


@pytest.fixture
def grown() -> Iterator[Callable[[], float]]:
    """Give what this process has grown by at most, in megabytes, looked at all the time."""
    before, most, over = resident(), [0], threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            most[0] = max(most[0], resident() - before)

    looking = threading.Thread(target=look)
    looking.start()
    yield lambda: most[0] / 2**20
    over.set()
    looking.join()


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_one_sentence_and_takes_no_memory_here(
    attack: str, grown: Callable[[], float]
) -> None:
    make, said = ATTACKS[attack]
    content = make()
    assert len(content) <= workbook_reader.PACKED + 1
    before = grown()
    found, told = None, NOTHING
    try:
        found = workbooks.cells(content)
    except UserError as refused:
        told = str(refused)
    assert (said in told and "\n" not in told) if said else (found, told) == ([], NOTHING)
    assert grown() - before < KEPT_MB


def test_the_reader_itself_stays_within_its_memory() -> None:
    """A limit that the system enforces: what the reader asks beyond it, it does not get."""
    code = "import sys; sys.argv = ['']; " + (
        f"sys.path.insert(0, {str(Path(workbook_reader.__file__).parent)!r}); "
        "import workbook_reader; workbook_reader._limit(); bytearray(300 * 2**20)"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MemoryError" in made.stderr


def test_the_reader_writes_no_file(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(workbook_reader.__file__).parent)!r}); "
        "import workbook_reader; workbook_reader._limit(); "
        f"open({str(tmp_path / 'made')!r}, 'w').write('x' * 100_000)"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "File too large" in made.stderr


def test_a_reader_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import signal; signal.pause()", encoding="utf-8")
    monkeypatch.setattr(workbook_reader, "__file__", str(slow))
    monkeypatch.setattr(workbooks, "SECONDS", 0.3)
    begun = time.monotonic()
    with pytest.raises(UserError, match="too large"):
        workbooks.cells(book())
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "said", ["", "[", "[1]", "{}", "9" * 5000, '{"rows": 1, "title": "", "most": [1]}']
)
def test_what_a_reader_says_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str
) -> None:
    odd = tmp_path / "odd.py"
    odd.write_text(f"import sys; sys.stdin.read; print({said!r})", encoding="utf-8")
    monkeypatch.setattr(workbook_reader, "__file__", str(odd))
    with pytest.raises(UserError, match="too large"):
        workbooks.cells(book())


def test_a_plain_book_is_read_within_a_second_of_work() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = workbooks.cells(book())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert [[cell.text for cell in row if cell.text] for row in rows] == [["name", "1"]]
    assert rows[0][1].place == "sheet Sheet, cell B1"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


def test_parts_are_read_as_they_are_not_as_they_say() -> None:
    """The same parts within the limits, in whatever way they may be packed, are read."""
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert len(workbooks.cells(book(packing=packing))) == 1
    found = json.loads(json.dumps(workbook_reader.read(book())))
    assert (found["title"], found["most"], found["rows"][0][1][:3]) == (
        "Sheet",
        [1, 2],
        ["name", 1, None],
    )
