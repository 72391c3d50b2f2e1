"""The edition: the name of the data as published, and the date they stand for."""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass

from canheal_nb.data.faults import Fault
from canheal_nb.data.sheets import encoding_fault
from canheal_nb.text.locale import _

FILE = "edition.toml"
_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class Edition:
    """`name`, for example "2026.1", and `as_of`, the day whose state the data describe."""

    name: str
    as_of: datetime.date


def parse(data: bytes) -> tuple[Edition | None, list[Fault]]:
    """Read edition.toml; where it is faulty there is no edition but a list of faults."""
    try:
        text = data.decode()
        stated = tomllib.loads(text)
    except UnicodeDecodeError as error:
        return None, [encoding_fault(FILE, data, error)]
    except (ValueError, RecursionError) as error:
        line = _LINE.search(str(error))
        remedy = _("write two lines such as {lines}").format(lines=_EXAMPLE)
        return None, [Fault(FILE, int(line[1]) if line else 1, "", "", "syntax", remedy)]
    name, as_of = stated.get("edition"), stated.get("as_of")
    named, dated = isinstance(name, str) and bool(name.strip()), type(as_of) is datetime.date
    faults = [] if named else [_fault(text, "edition", name)]
    faults += [] if dated else [_fault(text, "as_of", as_of)]
    return (Edition(str(name), as_of) if as_of and not faults else None), faults


def _fault(text: str, key: str, value: object) -> Fault:
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip().startswith(key)]
    shown = "" if value is None else str(value)
    remedy = _("write {example}, in this form").format(example=_EXAMPLES[key])
    return Fault(FILE, lines[0] if lines else 1, key, shown, "empty" if not shown else key, remedy)


_EXAMPLES = {"edition": 'edition = "2026.1"', "as_of": "as_of = 2026-11-24"}
_EXAMPLE = " / ".join(_EXAMPLES.values())
