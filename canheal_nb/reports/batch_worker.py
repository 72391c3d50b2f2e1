"""A process that makes one report after another, with its libraries loaded once.

Run as a script by `batch_crew`: a line of JSON on standard input asks for a report, a line
on standard output tells how it went. It ends when nobody asks any more.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any

Make = Callable[[str, Mapping[str, object], Path, list[str]], Any]


def main() -> None:
    """Load what every report needs, then make what is asked for."""
    answers = _private_output()
    root = str(Path(__file__).resolve().parents[2])
    if root not in sys.path:
        sys.path.insert(0, root)
    from canheal_nb.reports import asking

    serve(asking.make, sys.stdin, answers)


def _private_output() -> IO[str]:
    """Keep standard output for the answers alone; what libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def serve(make: Make, asked: Iterable[str], answers: IO[str]) -> None:
    """Answer each line of `asked` with the files that `make` made, or why it did not."""
    for line in asked:
        wanted = json.loads(line)
        answer = _answer(make, wanted)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _answer(make: Make, wanted: Mapping[str, Any]) -> dict[str, object]:
    from canheal_nb.errors import UserError

    out = Path(wanted["out"])
    try:
        outcome = make(wanted["report"], wanted["given"], out, wanted["formats"])
    except UserError as error:
        return {"code": error.code, "sentence": str(error)}
    except Exception as error:
        return {"code": "unexpected", "sentence": _unexpected(error)}
    return {"sha256": dict(outcome.sha256)}


def _unexpected(error: Exception) -> str:
    """Say in one sentence what nobody foresaw: one report's fault must not end the night."""
    from canheal_nb.locale import _

    detail = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    sentence = _("An error that nobody foresaw: {detail}. Please tell the maintainers.")
    return sentence.format(detail=detail)


if __name__ == "__main__":
    main()
