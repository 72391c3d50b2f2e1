"""A report's page as a tagged PDF, set by WeasyPrint from the same HTML.

Built to PDF/UA-1 and machine-checked in part: the structure is there, nobody has
validated every clause.
"""

from __future__ import annotations

from typing import Any

from canheal_nb.reporting.contract import ReportError
from canheal_nb.text.locale import _

_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core"
APT_LINE = f"apt-get install --yes {_PACKAGES}"


def require() -> Any:
    """Return the typesetter; ReportError with the line to run when Pango is missing."""
    try:
        import weasyprint
    except (ImportError, OSError):
        sentence = _(
            "A PDF needs the system library Pango, which is missing here; as root, run: {line} "
            "(or ask for the HTML only)."
        )
        raise ReportError(sentence.format(line=APT_LINE), code="missing-pango") from None
    return weasyprint


def make_pdf(page: str) -> bytes:
    """Return the page as PDF bytes: the same bytes for the same page and the same fonts."""
    weasyprint = require()
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols=("data",))
    html = weasyprint.HTML(string=page, url_fetcher=fetcher, base_url=None)
    return bytes(html.write_pdf(pdf_variant="pdf/ua-1"))
