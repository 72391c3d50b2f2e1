"""What a centre meets of a certificate, and the path to it."""

REPORTS = {
    "designation_check": "report.designation_check:REPORT",
    "training_plan": "report.training_plan:REPORT",
}
