"""A report's notebook, run once by papermill in a kernel of its own."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canheal_nb.reporting import kernel
from canheal_nb.reporting.contract import ReportError
from canheal_nb.reporting.light_imports import without_iri_grammar
from canheal_nb.reporting.notebook import Simple
from canheal_nb.text.locale import _

if TYPE_CHECKING:
    from nbformat import NotebookNode

START_SECONDS = 60
CELL_SECONDS = 300
EXECUTED = "executed.ipynb"
_SOCKET_PATH = 80
logging.getLogger("papermill").addHandler(logging.NullHandler())


def execute(
    notebook: Path, parameters: Mapping[str, Simple], folder: Path, as_of: dt.date
) -> NotebookNode:
    """Run a notebook in `folder`, an empty temporary one, and return it with its outputs.

    The notebook is kept as `executed.ipynb` in `folder` even when it fails. ReportError with
    the failing cell's own sentence when that is a UserError, else with the kind of failure.
    """
    with without_iri_grammar():
        import papermill
    try:
        executed: NotebookNode = papermill.execute_notebook(
            notebook,
            folder / EXECUTED,
            parameters=dict(parameters),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            start_timeout=START_SECONDS,
            execution_timeout=CELL_SECONDS,
            kernel_manager_class=_kernel_manager(folder, as_of),
            resources={"metadata": {"path": str(folder)}},
        )
    except papermill.PapermillExecutionError as error:
        raise _failed(notebook.stem, error, folder) from None
    except TimeoutError:
        raise _stopped(notebook.stem, _("a step took too long"), "report-too-slow") from None
    except RuntimeError:
        raise _stopped(notebook.stem, _("its process ended"), "report-stopped") from None
    return executed


def _failed(report: str, error: Any, folder: Path) -> ReportError:
    """Say why a cell failed: its own sentence, or the kind and first line of its error."""
    fault = folder / kernel.FAULT
    if fault.exists():
        sentence, code = json.loads(fault.read_text(encoding="utf-8"))
        return ReportError(sentence, code=code)
    detail = f"{error.ename}: {error.evalue}".splitlines()[0][:200]
    return _stopped(report, _("a cell failed with {detail}").format(detail=detail), "report-failed")


def _stopped(report: str, reason: str, code: str) -> ReportError:
    sentence = _(
        "The report {report} could not be made: {reason}. Nothing was written; "
        "try again, and tell the maintainers if it happens twice."
    )
    return ReportError(sentence.format(report=report, reason=reason), code=code)


def _kernel_manager(folder: Path, as_of: dt.date) -> type[Any]:
    """Return the manager of a kernel that is the running interpreter, whatever is installed.

    It speaks through socket files in `folder` where the system has them, so that reports
    made at the same time never compete for a port.
    """
    with without_iri_grammar():
        from jupyter_client.kernelspec import KernelSpec
        from jupyter_client.manager import AsyncKernelManager
        from traitlets import default

    class ReportKernelManager(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=_command(), env=_environment(folder, as_of), language="python")

        @default("transport")
        def _transport(self) -> str:
            short = len(os.fsencode(folder)) < _SOCKET_PATH
            return "ipc" if os.name == "posix" and short else "tcp"

        @default("connection_file")
        def _connection(self) -> str:
            return str(folder / "kernel.json")

    return ReportKernelManager


def _command() -> list[str]:
    return [sys.executable, "-P", str(Path(kernel.__file__).resolve()), "-f", "{connection_file}"]


def _environment(folder: Path, as_of: dt.date) -> dict[str, str]:
    """Keep the reader's home out of the report, and every hash and date the same each time."""
    midnight = dt.datetime.combine(as_of, dt.time(), tzinfo=dt.UTC)
    return {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder),
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(int(midnight.timestamp())),
    }
