"""Where a country stands: its brief, and the overview of the Union."""

REPORTS = {
    "country_brief": "report.country_brief:REPORT",
    "eu_overview": "report.eu_overview:REPORT",
}
