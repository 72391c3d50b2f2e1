"""Reports: a question's notebook, run once, becomes one HTML page and one typeset PDF.

Importing this package is light; papermill, nbconvert and WeasyPrint are loaded
only by the functions that use them.
"""

from __future__ import annotations

from canheal_nb.reports.asking import make
from canheal_nb.reports.contract import FORMATS, Cover, Outcome, ReportError
from canheal_nb.reports.making import run
from canheal_nb.reports.notebook import known_reports

__all__ = ["FORMATS", "Cover", "Outcome", "ReportError", "known_reports", "make", "run"]
