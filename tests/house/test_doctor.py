"""The doctor names what is missing and a line that repairs it, and nothing on a sound machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from canheal_nb import doctor
from canheal_nb.text import home
from canheal_nb.text.errors import UserError


def by_name() -> dict[str, doctor.Finding]:
    return {finding.name: finding for finding in doctor.examine()}


def test_a_finding_has_a_remedy_exactly_when_something_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = by_name()
    monkeypatch.setattr(doctor, "find_library", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(doctor, "FONT_FOLDERS", ())
    monkeypatch.setattr(doctor, "POSTGRESQL", "/nowhere")
    after = by_name()
    assert list(before) == list(after)
    for finding in (*before.values(), *after.values()):
        assert finding.ok is (finding.remedy == "")
        assert not (finding.ok and finding.debian)
    assert {name for name, finding in after.items() if not finding.ok} >= {
        "Pango", "Noto fonts", "Chromium", "PostgreSQL", "npm",
    }  # fmt: skip
    assert doctor.debian_packages(list(after.values())) == [
        "chromium",
        "fonts-noto-core",
        "libharfbuzz-subset0",
        "libpango-1.0-0",
        "libpangoft2-1.0-0",
        "postgresql",
    ]


def test_the_line_for_pango_installs_only_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(doctor, "find_library", lambda name: None if "subset" in name else name)
    finding = by_name()["Pango"]
    assert finding.sentence == "Missing libraries: harfbuzz-subset."
    assert re.search(r"install --no-install-recommends libharfbuzz-subset0$", finding.remedy)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["pandera[pandas]>=0.35", "not-to-be-had>=1", 'spare; extra == "more"']
    monkeypatch.setattr(metadata, "requires", lambda name: wanted)
    finding = by_name()["Python packages"]
    assert finding.sentence == "1 package is missing: not-to-be-had."
    assert finding.remedy == "make app"


def test_a_folder_without_data_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CANHEAL_DATA", str(tmp_path / "nowhere"))
    finding = by_name()["Data"]
    assert not finding.ok
    assert str(tmp_path / "nowhere") in finding.sentence


def test_the_browser_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANHEAL_CHROMIUM", sys.executable)
    assert doctor.browser() == sys.executable


def test_the_doctor_needs_no_package() -> None:
    script = "import canheal_nb.doctor as d; print(len(d.examine()) > 5)"
    checkout = Path(home.__file__).parents[2]
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path[:0] = [{str(checkout)!r}]; {script}",
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout == "True\n"


def test_the_data_are_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CANHEAL_DATA", str(tmp_path))
    assert home.data_dir() == tmp_path.resolve()
    monkeypatch.setenv("CANHEAL_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="nowhere does not exist") as refused:
        home.data_dir()
    assert refused.value.code == "missing-folder"
