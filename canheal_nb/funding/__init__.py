"""What to fund: the scenario, its plan, the screen and the brief."""

REPORTS = {
    "scenario_brief": "report.scenario_slide:REPORT",
}
# For the screen of priorities, which lies below this slice.
EFFECTS = {
    "priorities_on_plan": "screen.priorities_example:effect",
}
