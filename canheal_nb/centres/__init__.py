"""Which cancer centres have what."""

REPORTS = {
    "centre_profile": "report:REPORT",
}
