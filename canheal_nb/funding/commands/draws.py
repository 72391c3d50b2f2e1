"""`canheal scenario run --draws`: many draws, with progress, kept in a folder, on a cluster."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from canheal_nb.reporting.console_table import draws, path_of
from canheal_nb.text.locale import _

if TYPE_CHECKING:
    from canheal_nb.funding.model.scenario_run import Run

STEPS = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the draws are kept and made."""
    parser.add_argument("--keep", type=path_of, help=_("folder of finished draws, to go on from"))
    parser.add_argument("--cluster", help=_("address of your Dask scheduler"))


def swept(found: Run, parsed: argparse.Namespace) -> Run | None:
    """Return a run with the draws asked for; None, after a sentence, where Ctrl-C stopped it."""
    from canheal_nb.funding.commands import scenario_sweep
    from canheal_nb.reporting import files
    from canheal_nb.uncertainty.sampling import LIVE

    asked = draws(parsed)
    if parsed.keep is None and parsed.cluster is None and asked <= LIVE:
        return found
    done = [0]

    def progress(finished: int, whole: int) -> None:
        before, done[0] = done[0], finished
        first = not before and 0 < finished < whole and parsed.keep is not None
        if first or finished * STEPS // whole > before * STEPS // whole:
            _tell(_("{done} of {whole} draws").format(done=finished, whole=whole))

    try:
        with files.plain_full_disk(parsed.keep or Path()):
            return scenario_sweep.swept(
                found, asked, folder=parsed.keep, address=parsed.cluster, progress=progress
            )
    except KeyboardInterrupt:
        text = _("Stopped after {done} of {whole} draws; nothing is kept without --keep FOLDER.")
        if parsed.keep is not None:
            text = _(
                "Stopped after {done} of {whole} draws. They are in {folder}; the same command "
                "goes on from there."
            )
        _tell(text.format(done=done[0], whole=asked, folder=parsed.keep))
        return None


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
