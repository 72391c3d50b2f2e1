"""How ready a place is for genomics in cancer care, and what comes next."""

REPORTS = {
    "genomics_readiness": "report:REPORT",
}
