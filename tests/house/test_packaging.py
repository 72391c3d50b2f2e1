"""The package, its locks and its environments say the same thing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml
from packaging.requirements import Requirement

import canheal_nb

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-bench.txt",
    "requirements-bootstrap.txt",
)
RUN = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["install"]]
WANTED = {
    "requirements.txt": RUN,
    "requirements-dev.txt": [
        *RUN,
        *PROJECT["dependency-groups"]["build"],
        *PROJECT["dependency-groups"]["dev"],
    ],
    "requirements-bench.txt": PROJECT["dependency-groups"]["bench"],
    "requirements-bootstrap.txt": PROJECT["dependency-groups"]["bootstrap"],
}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    """Return name -> version of a lock, which pins each name once."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([\w.\-]+)==([^\s;]+)", text, flags=re.M)
    assert len(found) == len(dict(found))
    return dict(found)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_pinned_within_its_range(lock: str) -> None:
    locked = pins(lock)
    for line in WANTED[lock]:
        wanted = Requirement(line)
        version = locked.get(canonical(wanted.name))
        assert version, f"{lock} does not pin {wanted.name}: make lock"
        assert wanted.specifier.contains(version), f"{lock}: {version} is not in {line}"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_nothing_names_an_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    logical = text.replace("\\\n", " ").splitlines()
    entries = [line for line in logical if line.strip() and not line.lstrip().startswith("#")]
    assert len(entries) == len(pins(lock))
    assert [line for line in entries if "--hash=sha256:" not in line] == []
    for forbidden in ("://", "file:", " @ ", "find-links", "index-url", "trusted-host"):
        assert forbidden not in text


def test_the_test_lock_is_the_run_lock_and_more() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_both_environment_files_are_the_same_bytes() -> None:
    at_top = (ROOT / "environment.yml").read_bytes()
    assert at_top == (ROOT / "binder" / "environment.yml").read_bytes()


@pytest.mark.parametrize("folder", [".", "binder"])
def test_the_environment_resolves_to_the_run_lock(folder: str) -> None:
    environment = yaml.safe_load((ROOT / folder / "environment.yml").read_text(encoding="utf-8"))
    *conda, by_pip = environment["dependencies"]
    assert conda == ["python=3.11", "pip"]
    (line,) = by_pip["pip"]
    assert last_requirements(ROOT / folder, line) == (ROOT / "requirements.txt").resolve()


def last_requirements(folder: Path, line: str) -> Path:
    """Follow "-r file" as pip does: relative to the file that says it."""
    path = (folder / line.removeprefix("-r ")).resolve()
    lines = path.read_text(encoding="utf-8").splitlines()
    return last_requirements(path.parent, lines[0]) if lines[0].startswith("-r ") else path


def test_binder_brings_what_the_doctor_asks_for_pdf() -> None:
    from canheal_nb.doctor import PDF_LIBRARIES

    brought = set((ROOT / "binder" / "apt.txt").read_text(encoding="utf-8").split())
    assert {*PDF_LIBRARIES.values(), "fonts-noto-core"} == brought


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel as `make wheel` does, into a temporary folder."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def tracked(*patterns: str) -> list[str]:
    command = ["git", "ls-files", "--", *patterns]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def test_the_wheel_carries_the_package_the_data_and_the_notebooks(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    share = "canheal_nb/_share/"
    wanted = {*tracked("canheal_nb"), *(share + name for name in tracked("data", "notebooks"))}
    assert {share + "data/sources.csv", "canheal_nb/py.typed"} <= wanted
    assert [name for name in wanted if name.startswith(share + "notebooks/apps/")]
    assert sorted(wanted - names) == []


def test_the_wheel_carries_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"canheal_nb", f"canheal_nb-{canheal_nb.__version__}.dist-info"}
    assert [name for name in wheel.namelist() if "test" in name or "__pycache__" in name] == []


@pytest.fixture(scope="module")
def elsewhere(
    wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., subprocess.Popen[str]]:
    """Start `canheal` from the wheel alone: empty folder, empty home, no checkout in sight."""
    top = tmp_path_factory.mktemp("elsewhere")
    for folder in ("site", "home", "here"):
        (top / folder).mkdir()
    wheel.extractall(top / "site")
    environment = {
        **{name: value for name, value in os.environ.items() if "JUPYTER" not in name},
        "HOME": str(top / "home"),
        "PYTHONPATH": str(top / "site"),
    }
    environment.pop("CANHEAL_DATA", None)

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "canheal_nb.cli", *arguments],
            cwd=top / "here",
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def test_the_wheel_alone_finds_its_data_without_fault(
    elsewhere: Callable[..., subprocess.Popen[str]],
) -> None:
    with elsewhere("data", "verify") as process:
        printed, trouble = process.communicate()
    assert (process.returncode, trouble) == (0, "")
    assert "site/canheal_nb/_share/data" in printed


def test_the_wheel_alone_makes_a_report(elsewhere: Callable[..., subprocess.Popen[str]]) -> None:
    arguments = ("report", "country_brief", "--country", "SI", "--out", "out")
    with elsewhere(*arguments) as process:
        printed, trouble = process.communicate()
    assert process.returncode == 0, trouble
    assert [Path(line).suffix for line in printed.split()] == [".html", ".pdf"]


def test_the_wheel_alone_shows_the_apps(elsewhere: Callable[..., subprocess.Popen[str]]) -> None:
    with elsewhere("app", "--no-browser", "--no-preheat") as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[-1]
            with urlopen(address, timeout=30) as answer:
                page = answer.read().decode("utf-8")
        finally:
            process.terminate()
            process.communicate()
    assert "atlas" in page


def test_the_command_is_declared() -> None:
    assert PROJECT["project"]["scripts"] == {"canheal": "canheal_nb.cli:main"}


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_commands_that_a_document_names_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, flags=re.M))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert named
    assert named <= set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.M))
