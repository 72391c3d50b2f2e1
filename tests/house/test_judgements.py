"""No mapping, threshold or weight of ours hides in the code of the models.

Such numbers stand in data/judgements, each with its reason. What else is a number in
the models is listed here with the reason why it is none of them. A number of a new kind
fails until it is moved to the judgements or listed. Where standards and genomics are judged the
rule is strict: every number counts, wherever it stands.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from canheal_nb import load

PACKAGE = Path(__file__).resolve().parents[2] / "canheal_nb"
# Where pure functions over tables lie: they choose nothing by themselves.
MODELS = ("*/model.py", "*/model/*.py", "access/travel/*.py", "solver/**/*.py", "uncertainty/*.py")
MORE = (
    *("charts/maps/class_bounds", "charts/maps/projection", "indicators/capabilities"),
    *("indicators/comparison", "indicators/designated_centres", "indicators/measures"),
    *("indicators/series_choice", "text/dates"),
)
STRICT = ("text.dates", "genomics.", "designation.", "strategy.")
PLAIN = {0, 1, 2, 3, 0.5, 10, 100, 1_000, 1e5, 1e6}  # none, halves, axes, counts and units
TINY, HUGE = 1e-3, 1e9  # beyond them a number is a tolerance or "no end"
SEARCH = "how far a search or a sum is taken: its time and digits, not its answer"
METHOD = "belongs to the method that the docstring names"
UNIT = "a unit, a size of the earth, a calendar, or the length of a text"
ASKED = "a step or default of what the reader chooses; the view says which is taken"
MODELLED = "belongs to the travel model or the grid; fitted and told in its report"
LOOKED = (ast.Compare, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.arguments)
OURS = "ours, still in the code and told where it is shown; nothing of standards or genomics"
LISTED: dict[str, dict[str, set[str]]] = {
    SEARCH: {
        "solver.draw_plans": {"BLOCK"},
        "solver.exact.share_cost": {"(OPTIONS, STATES)", "20"},
        "solver.exact.least_share": {"(TURNS, ROUNDING)", "4", "0.002"},
        "solver.frontier": {"21", "30"},
        "solver.exact.max_min": {"4"},
        "priorities.model.consensus": {"DRAWS"},
        "uncertainty.sampling": {"ON_DEMAND", "_MOST_SEED", "_PER_BLOCK"},
        "solver.flows": {"PARTS", "0.005", "0.3"},
        "funding.model.openings": {"60"},
        "charts.maps.projection": {"60"},
        "priorities.model.publication": {"DRAWS"},
        "funding.model.planning": {"ROUGH", "5", "21"},
        "funding.model.near_optimal_plans": {"5"},
        "uncertainty.sensitivity": {"_FEWEST", "_LIVE_RESAMPLES", "_SMALLEST", "1024"},
        "access.travel.driving": {"AT_ONCE"},
        "uncertainty.results": {"_GRID", "_ROUNDS"},
    },
    METHOD: {
        "priorities.model.consensus": {"0.25", "0.75"},
        "atlas.model.disparity": {"0.25", "0.75"},
        "uncertainty.sampling": {"_MODE_WEIGHT", "_Z95"},
        "priorities.model.ahp": {"RANDOM_INDEX", "ACCEPTED", "9", "0.111111"},
        "priorities.model.best_worst": {"9"},
        "centres.model.map_scales": {"SCALES"},
        "designation.model.country_path": {"0.25", "0.5", "0.75"},
        "uncertainty.results": {"_Z95"},
    },
    UNIT: {
        "text.dates": {"12"},
        "finder.model.matching": {"EARTH_KM"},
        "genomics.model.workload": {"PERCENT"},
        "finder.model.gazetteer": {"MOST"},
        "indicators.series_choice": {"27"},
        "need.model.prices": {"4"},
        "priorities.model.priority_answers": {"LONGEST"},
        "designation.model.self_check": {"LONGEST"},
        "designation.model.timetable": {"LONGEST_OWNER"},
        "designation.model.answer_sheet": {"LONGEST"},
        "designation.model.certification_path": {"MILLION", "12"},
        "access.travel.straight_line": {"EARTH_KM"},
        "access.travel.driving": {"EARTH_KM"},
    },
    ASKED: {
        "solver.near_optimal": {"SLACK"},
        "charts.maps.class_bounds": {"NICE", "(FEWEST, MOST)", "CROWDED", "2.5", "5", "6"},
        "priorities.model.consensus": {"0.9"},
        "evidence.model": {"_UPPER", "5"},
        "access.model.crowding": {"BOUNDS"},
        "access.model.inequality_measures": {"0.2"},
        "finder.model.matching": {"WEIGHTS"},
        "need.model.prices": {"TARGET_YEAR"},
        "access.model.nearest_centre": {"LIMITS", "180"},
        "access.model.coverage": {"LIMITS"},
        "funding.model.scenario_run": {"MINUTES"},
        "priorities.model.publication": {"LEVEL"},
        "uncertainty.sensitivity": {"LEVEL"},
        "access.travel.straight_line": {"KM"},
        "uncertainty.results": {"LEVEL"},
    },
    MODELLED: {
        "access.travel.journeys": {"FARTHEST"},
        "access.travel.driving": {"LIMIT", "DOORS"},
        "access.travel.driving_check": {"LONGEST", "ENTRIES", "FACTORS"},
    },
    OURS: {
        "atlas.model.disparity": {"FEWEST_FOR_QUARTERS", "OLD_YEARS"},
        "finder.model.matching": {"WELL"},
        "finder.model.gazetteer": {"ALIKE"},
        "indicators.series_choice": {"NEARLY_ALL"},
        "solver.infeasibility_text": {"TOLD"},
        "priorities.model.snapshot_rules": {
            "REST_DAYS",
            "FEWEST",
            "CHANGED",
            "FINEST",
            "(MANY, FINEST_OF_MANY)",
            "(WIDELY, LARGELY)",
        },
        "atlas.model.outliers": {"FEWEST"},
        "access.model.catchment_weights": {"KEPT"},
    },
}


@cache
def trees() -> dict[str, ast.Module]:
    found = [*(PACKAGE / f"{name}.py" for name in MORE)]
    found += [path for pattern in MODELS for path in PACKAGE.glob(pattern)]
    return {dotted(path): ast.parse(path.read_text(encoding="utf-8")) for path in found}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def strict(module: str) -> bool:
    return module.startswith(STRICT)


def counted(node: ast.AST, every: bool) -> float | None:
    """Return the number that a node is, None where it is none or plain."""
    value: object = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        ends = [one.value for one in (node.left, node.right) if isinstance(one, ast.Constant)]
        if len(ends) == 2 and all(isinstance(one, int | float) for one in ends):
            value = ends[0] / ends[1]  # type: ignore[operator]
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if every:
        return None if value in (0, 1) else value
    return None if value in PLAIN or not TINY < value < HUGE else value


def found_in(tree: ast.Module, every: bool) -> list[tuple[str, int]]:
    """Return the numbers by the name they are given, or else as they are written, and the line.

    Where not every number counts: those of comparisons, tables, and defaults. An index is none.
    """
    made = []

    def visit(node: ast.AST, looked: bool, name: str) -> None:
        value = counted(node, every)
        if value is not None and (looked or every):
            made.append((name or f"{value:g}", getattr(node, "lineno", 0)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "lru_cache":
            return  # how much is kept in memory
        if isinstance(node, ast.Subscript):
            visit(node.value, looked, name)
            return
        inner = looked or isinstance(node, LOOKED)
        for child in ast.iter_child_nodes(node):
            visit(child, inner, name)

    for node in tree.body:
        named = isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        if named:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            visit(node.value, True, ast.unparse(target))
        else:
            visit(node, False, "")
    return list(dict.fromkeys(made))


def unlisted(module: str, tree: ast.Module) -> list[str]:
    allowed = {one for groups in LISTED.values() for one in groups.get(module, set())}
    made = found_in(tree, strict(module))
    return [f"{module}:{line}: {name}" for name, line in made if name not in allowed]


def test_no_number_of_ours_is_in_the_models() -> None:
    assert [one for module, tree in trees().items() for one in unlisted(module, tree)] == []


def test_what_is_listed_is_still_there() -> None:
    seen = {
        (module, name)
        for module, tree in trees().items()
        for name, _line in found_in(tree, strict(module))
    }
    listed = [(m, name) for groups in LISTED.values() for m, own in groups.items() for name in own]
    assert sorted(set(listed) - seen) == []
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    ("text", "module", "caught"),
    [
        ("LEAST = 4", "funding.model.openings", "LEAST"),
        ("PARTS: dict[str, float] = {'a': 0.7}", "funding.model.openings", "PARTS"),
        ("def f(x):\n    return x > 4", "funding.model.openings", "4"),
        ("def f(x):\n    return {'a': 0.25}[x]", "funding.model.openings", "0.25"),
        ("def f(x, weight=0.7):\n    return x * weight", "funding.model.openings", "0.7"),
        ("def f(x):\n    return x * 0.7", "designation.model.certification_path", "0.7"),
        ("def f(x):\n    return x >= 2", "designation.model.certification_path", "2"),
    ],
)
def test_a_number_of_ours_would_be_caught(text: str, module: str, caught: str) -> None:
    assert [one.split(": ")[1] for one in unlisted(module, ast.parse(text))] == [caught]


def test_which_certificate_has_the_rule_over_research_criteria_is_a_judgement() -> None:
    rows = load().table("judgements/standards_rules").set_index("rule")["value"]
    assert (rows["research_rule_cc"], rows["research_rule_ccc"]) == ("0", "1")
    branches = [
        ast.unparse(node)
        for module, tree in trees().items()
        if module.startswith("standards_check")
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and {"'cc'", "'ccc'"} & set(ast.unparse(node).split())
    ]
    assert branches == []  # no branch on a certificate's name decides a rule
