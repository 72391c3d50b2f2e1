"""What this machine lacks, for what, and the line that puts it right.

Uses the standard library only: it must work where the packages are missing.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from canheal_nb.text import home
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, ngettext

OLDEST_PYTHON = (3, 11)
DISK_NEEDED_MB = 500
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# library that WeasyPrint loads -> the Debian package that brings it
PDF_LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
# where Debian keeps the programs of PostgreSQL's server, a folder for each version
POSTGRESQL = "/usr/lib/postgresql"
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "~/Library/Fonts",
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    name: what; needed_for: which part of the product uses it; ok: whether it is there;
    sentence: what was found; remedy: the line to run, "" when ok;
    debian: the Debian packages that bring it, empty when ok or when none does.
    """

    name: str
    needed_for: str
    ok: bool
    sentence: str
    remedy: str = ""
    debian: tuple[str, ...] = ()


def examine() -> list[Finding]:
    """Look at everything the product needs, in the order a person would repair it."""
    return [finding for look in _LOOKS for finding in look()]


def debian_packages(findings: list[Finding]) -> list[str]:
    """Return the Debian packages that the failed findings ask for, each once, sorted."""
    return sorted({package for finding in findings for package in finding.debian})


def browser() -> str | None:
    """Return the path of a Chromium, or None; CANHEAL_CHROMIUM names one."""
    names = (os.environ.get("CANHEAL_CHROMIUM", ""), *BROWSERS)
    return next((path for name in names if name and (path := shutil.which(name))), None)


def postgresql() -> str | None:
    """Return the folder of the newest PostgreSQL server's programs, or None."""
    found = [path.parent for path in Path(POSTGRESQL).glob("*/bin/initdb")]
    found.sort(key=lambda folder: (len(folder.parent.name), folder.parent.name))
    elsewhere = shutil.which("initdb")
    return str(found[-1]) if found else str(Path(elsewhere).parent) if elsewhere else None


def _python() -> Iterator[Finding]:
    here = ".".join(str(part) for part in sys.version_info[:3])
    wanted = ".".join(str(part) for part in OLDEST_PYTHON)
    ok = sys.version_info >= OLDEST_PYTHON
    sentence = _("Python {here} runs this; {wanted} or newer is needed.")
    remedy = "" if ok else f"make clean && make app PYTHON=python{wanted}"
    yield Finding("Python", _("everything"), ok, sentence.format(here=here, wanted=wanted), remedy)


def _packages() -> Iterator[Finding]:
    missing = _missing_packages()
    sentence = ngettext(
        "{count} package is missing: {names}.", "{count} packages are missing: {names}.",
        len(missing),
    )  # fmt: skip
    yield Finding(
        _("Python packages"),
        _("everything"),
        not missing,
        sentence.format(count=len(missing), names=", ".join(missing))
        if missing
        else _("All packages are installed."),
        _install_line() if missing else "",
    )


def _missing_packages() -> list[str]:
    """Return the run requirements that are not installed; the package itself when it is not."""
    try:
        wanted = metadata.requires("canheal-nb") or []
    except metadata.PackageNotFoundError:
        return ["canheal-nb"]
    names = sorted(_distribution(line) for line in wanted if "extra ==" not in line)
    return [name for name in names if not _installed(name)]


def _distribution(requirement: str) -> str:
    """Return the name in a requirement such as "pandera[pandas]>=0.35"."""
    allowed = "-_."
    cut = (i for i, char in enumerate(requirement) if not (char.isalnum() or char in allowed))
    return requirement[: next(cut, len(requirement))]


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _in_checkout() -> bool:
    return (Path(__file__).parent.parent / "Makefile").is_file()


def _install_line() -> str:
    return "make app" if _in_checkout() else f"{sys.executable} -m pip install canheal-nb"


def _restore_line() -> str:
    if _in_checkout():
        return "git checkout -- data notebooks"
    return f"{sys.executable} -m pip install --force-reinstall --no-deps canheal-nb"


def _pdf() -> Iterator[Finding]:
    missing = [name for name in PDF_LIBRARIES if not find_library(name)]
    packages = tuple(PDF_LIBRARIES[name] for name in missing)
    sentence = _("Missing libraries: {names}.").format(names=", ".join(missing))
    yield Finding(
        _("Pango"),
        _("reports as PDF (HTML works without it)"),
        not missing,
        sentence if missing else _("Pango and its companions are there."),
        _system_line(packages, "pango") if missing else "",
        packages,
    )


def _fonts() -> Iterator[Finding]:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    ok = any(True for folder in folders for _font in folder.rglob("NotoSans-Regular.*"))
    packages = () if ok else ("fonts-noto-core",)
    yield Finding(
        _("Noto fonts"),
        _("Greek, Cyrillic and accented names in PDF"),
        ok,
        _("Noto Sans is there.") if ok else _("Noto Sans was not found."),
        _system_line(packages, "font-noto-sans"),
        packages,
    )


def _chromium() -> Iterator[Finding]:
    path = browser()
    packages = () if path else ("chromium",)
    found = _("{path} will be used.").format(path=path)
    yield Finding(
        _("Chromium"),
        _("the browser tests (nothing else)"),
        path is not None,
        found if path else _("No Chromium was found."),
        _system_line(packages, "chromium"),
        packages,
    )


def _postgresql() -> Iterator[Finding]:
    folder = postgresql()
    packages = () if folder else ("postgresql",)
    found = _("{path} will be used.").format(path=folder)
    yield Finding(
        "PostgreSQL",
        _("the tests of the store (nothing else)"),
        folder is not None,
        found if folder else _("No PostgreSQL server was found."),
        _system_line(packages, "postgresql"),
        packages,
    )


def _npm() -> Iterator[Finding]:
    """Name no Debian package: neither the apps nor the tests need npm."""
    path = shutil.which("npm")
    yield Finding(
        _("npm"),
        _("making the polygons again with make data (nothing else)"),
        path is not None,
        _("{path} will be used.").format(path=path) if path else _("No npm was found."),
        "" if path else _system_line(("npm",), "node"),
    )


def _system_line(packages: tuple[str, ...], brew: str) -> str:
    """Return the line that installs system packages here, "" when there are none to install."""
    if not packages:
        return ""
    if sys.platform == "darwin":
        return f"brew install {brew}"
    sudo = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    names = " ".join(packages)
    return f"{sudo}apt-get update && {sudo}apt-get install --no-install-recommends {names}"


def _files() -> Iterator[Finding]:
    for name, find in ((_("Data"), home.data_dir), (_("Notebooks"), home.notebooks_dir)):
        try:
            sentence, ok = _("They are in {folder}.").format(folder=find()), True
        except UserError as error:
            sentence, ok = str(error), False
        yield Finding(name, _("apps and reports"), ok, sentence, "" if ok else _restore_line())


def _folders() -> Iterator[Finding]:
    places = (
        (_("The current folder"), Path.cwd(), _("reports written here"), 'cd "$HOME"'),
        (_("The temporary folder"), Path(tempfile.gettempdir()), _("reports and apps"),
         'export TMPDIR="$HOME"'),
    )  # fmt: skip
    for name, folder, use, remedy in places:
        ok = os.access(folder, os.W_OK | os.X_OK)
        sentence = _("{folder} can be written.") if ok else _("{folder} cannot be written.")
        yield Finding(name, use, ok, sentence.format(folder=folder), "" if ok else remedy)


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(tempfile.gettempdir()).free // 10**6
    sentence = _("{free} MB are free for temporary files; {wanted} MB are wanted.")
    ok = free >= DISK_NEEDED_MB
    yield Finding(
        _("Disk"),
        _("reports and apps"),
        ok,
        sentence.format(free=free, wanted=DISK_NEEDED_MB),
        "" if ok else 'export TMPDIR="$HOME"',
    )


_LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _python,
    _packages,
    _pdf,
    _fonts,
    _chromium,
    _postgresql,
    _npm,
    _files,
    _folders,
    _disk,
)
