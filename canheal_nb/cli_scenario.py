"""`canheal scenario`: check, run, compare, plan, and what is known; the figures of the app."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canheal_nb.locale import _

if TYPE_CHECKING:
    import pandas as pd

    from canheal_nb.data import Dataset
    from canheal_nb.model.scenario_run import Run

Say = Callable[[str], None]
SERVICES = (
    "service", "known", "units", "need", "share_today", "share_nothing", "share_after", "served",
    "cost", "cost_per_person", "least", "least_country", "gini",
)  # fmt: skip


def add(commands: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add the command and its tasks to a parser's commands."""
    scenario = commands.add_parser("scenario", help=_("what money would do: run, compare, plan"))
    tasks = scenario.add_subparsers(required=True, metavar="TASK", parser_class=parser_class)
    for name, (task, words) in _TASKS.items():
        one = tasks.add_parser(name, help=words())
        many = {"check": "+", "compare": "+", "inputs": "?"}.get(name)
        one.add_argument("scenario", nargs=many, help=_("an id, or a file"))
        if name != "check":
            shape = one.add_mutually_exclusive_group()
            shape.add_argument("--json", action="store_true", help=_("every figure, unrounded"))
            shape.add_argument("--csv", action="store_true", help=_("the table, unrounded"))
        if name not in ("check", "inputs"):
            one.add_argument("--draws", type=int, default=1_000, help=_("futures (1000)"))
        if name == "plan":
            one.add_argument("--out", type=Path, help=_("write the plan as a scenario file"))
        one.set_defaults(run=lambda parsed, task=task: task(parsed, parsed.say))


def _check(parsed: argparse.Namespace, say: Say) -> int:
    from canheal_nb import scenarios

    dataset = _dataset()
    for name in parsed.scenario:
        found = scenarios.load(name, dataset)
        text = _("{file}: well. {title}, {first} to {last}; services: {list}.")
        told = text.format(
            file=_plain(name),
            title=_plain(found.title),
            first=found.start,
            last=found.start + found.years - 1,
            list=", ".join(found.services) or _("none"),
        )
        say(told)
    return 0


def _run(parsed: argparse.Namespace, say: Say) -> int:
    from canheal_nb import analysis

    _show(analysis.run_scenario(_dataset(), parsed.scenario, draws=_draws(parsed)), parsed, say)
    return 0


def _plan(parsed: argparse.Namespace, say: Say) -> int:
    from canheal_nb import analysis, scenarios
    from canheal_nb.reports import files

    found = analysis.run_scenario(
        _dataset(), parsed.scenario, plan=True, draws=_draws(parsed)
    )  # fmt: skip
    if parsed.out is not None:
        content = scenarios.write(found.scenario).encode()
        with files.plain_full_disk(parsed.out.parent):
            files.put(parsed.out.parent, {parsed.out.name: content})
    _show(found, parsed, say)
    return 0


def _compare(parsed: argparse.Namespace, say: Say) -> int:
    from canheal_nb import analysis
    from canheal_nb.model.scenario_comparison import best
    from canheal_nb.model.scenario_run import figures

    runs = analysis.compare_scenarios(_dataset(), parsed.scenario, draws=_draws(parsed))
    if parsed.json:
        made = {name: figures(run) for name, run in runs.items()}
        say(_json({"scenarios": made, "best": best(runs, _draws(parsed))}))
        return 0
    rows = [{"scenario": name, **row} for name, run in runs.items() for row in _rows(run.services)]
    _table(["scenario", *SERVICES], rows, parsed, say)
    if not parsed.csv:
        say("")
        for service, parts in best(runs, _draws(parsed)).items():
            named = ", ".join(f"{_plain(name)} {100 * part:.0f}" for name, part in parts.items())
            told = _("{service}: meets most, in draws of 100: {list}")
            say(told.format(service=service, list=named))
    return 0


def _inputs(parsed: argparse.Namespace, say: Say) -> int:
    """Show the input matrix with its shares, as the app `inputs` does."""
    from canheal_nb import analysis
    from canheal_nb.model import inputs
    from canheal_nb.views import inputs as shown

    matrix = analysis.input_matrix(_dataset(), parsed.scenario or "")
    matrix.insert(2, "state", [shown.state(row) for _i, row in matrix.iterrows()])
    if parsed.json:
        told = [
            {name: None if _nan(value) else value for name, value in row.items()}
            for row in _rows(matrix)
        ]
        say(_json({"share": inputs.share(matrix), "inputs": told}))
        return 0
    if parsed.csv:
        _table(list(matrix.columns), _rows(matrix), parsed, say)
        return 0
    matrix["state"] = [_(shown.STATES[name][1]) for name in matrix["state"]]
    words = matrix.pivot(index="service", columns="cell", values="state")
    order, columns = list(dict.fromkeys(matrix["service"])), list(dict.fromkeys(matrix["cell"]))
    _table(["service", *columns], _rows(words.loc[order, columns].reset_index()), parsed, say)
    say("")
    known = matrix[matrix["value"].notna() | matrix["low"].notna()]
    _table(["service", "cell", "value", "low", "high", "unit", "state"], _rows(known), parsed, say)
    say("")
    say(shown.shares(matrix))
    return 0


def _show(found: Run, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.model.scenario_run import figures

    if parsed.json:
        say(_json(figures(found)))
        return
    if parsed.csv:
        _table(list(found.countries.columns), _rows(found.countries), parsed, say)
        return
    say(_plain(found.scenario.title))
    _table(list(SERVICES), _rows(found.services), parsed, say)
    if len(found.units):
        say("")
        _table(list(found.units.columns), _rows(found.units), parsed, say)
    say("")
    told = _("cost: {cost} euros of 2023")
    say(told.format(cost=_plain(float(found.outcome.spent))))
    if found.planned is not None:
        done = found.planned.plan
        told = _("planned: {goal}, gap {gap} %, {method}")
        gap = f"{100 * done.gap:.3g}"
        say(told.format(goal=found.planned.rule or done.goal, gap=gap, method=done.method))
    say(_("not modelled: {list}").format(list=", ".join(found.case.not_modelled) or _("nothing")))


def _table(
    columns: Sequence[str], rows: list[dict[str, object]], parsed: argparse.Namespace, say: Say
) -> None:
    """Print rows as CSV with every digit, or as a plain table that a person reads."""
    if parsed.csv:
        made = io.StringIO()
        writer = csv.DictWriter(made, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {name: "" if _unknown(value) else value for name, value in row.items()} for row in rows
        )
        say(made.getvalue().rstrip("\n"))
        return
    texts = [[_plain(row[name]) for name in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    for line in (columns, *texts):
        cells = [
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        say("  ".join(cells).rstrip())


def _plain(value: object) -> str:
    if _unknown(value):
        return "-"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    from canheal_nb.data.faults import printable

    return printable(str(value))


def _unknown(value: object) -> bool:
    return value is None or value == "" or _nan(value)


def _nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _rows(table: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def _json(found: object) -> str:
    return json.dumps(found, allow_nan=False, indent=2)


def _draws(parsed: argparse.Namespace) -> int:
    from canheal_nb.errors import UserError

    if 100 <= parsed.draws <= 100_000:
        return int(parsed.draws)
    text = _("--draws must lie between 100 and 100 000, not {n}.")
    raise UserError(text.format(n=parsed.draws), code="command-line")


def _dataset() -> Dataset:
    from canheal_nb import data

    return data.load()


_TASKS: dict[str, tuple[Callable[[argparse.Namespace, Say], int], Callable[[], str]]] = {
    "check": (_check, lambda: _("say what is wrong with scenario files, or that they are well")),
    "run": (_run, lambda: _("say what a scenario does; plan it where it names only money")),
    "compare": (_compare, lambda: _("set two to four scenarios beside each other")),
    "inputs": (_inputs, lambda: _("what is known for it: sourced, assumed, none")),
    "plan": (_plan, lambda: _("search for what to buy, with a proven gap")),
}
