"""The files in which goldens are kept."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "kept"


def path(name: str) -> Path:
    """Return the file of a golden."""
    return FOLDER / f"{name}.txt"


def names() -> set[str]:
    """Return the names of all files there are."""
    return {str(one.relative_to(FOLDER).with_suffix("")) for one in FOLDER.rglob("*.txt")}


def write(name: str, text: str) -> None:
    """Keep the text of a golden, in lines that end alike everywhere."""
    path(name).parent.mkdir(parents=True, exist_ok=True)
    path(name).write_text(text.rstrip() + "\n", encoding="utf-8", newline="\n")


def read(name: str) -> str:
    """Return the kept text of a golden."""
    return path(name).read_text(encoding="utf-8")
