"""`canheal scenario`: check, run, compare, plan, and what is known; the figures of the app."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from canheal_nb.funding.commands import comparison, draws
from canheal_nb.reporting.console_table import as_json as _json
from canheal_nb.reporting.console_table import draws as _draws
from canheal_nb.reporting.console_table import path_of
from canheal_nb.reporting.console_table import plain as _plain
from canheal_nb.reporting.console_table import rows as _rows
from canheal_nb.reporting.console_table import table as _table
from canheal_nb.reporting.console_table import unknown as _unknown
from canheal_nb.text.locale import _

if TYPE_CHECKING:
    from canheal_nb.data import Dataset
    from canheal_nb.funding.model.scenario_run import Run

Say = Callable[[str], None]
STOPPED, MOST_OTHERS = 130, 5
MOST_TITLES, MOST_MINUTES = 100, 240
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
        if name not in ("list", "titles"):
            one.add_argument("scenario", nargs=many, help=_("an id, or a file"))
        if name != "check":
            shape = one.add_mutually_exclusive_group()
            shape.add_argument("--json", action="store_true", help=_("every figure, unrounded"))
            shape.add_argument("--csv", action="store_true", help=_("the table, unrounded"))
        if name not in ("check", "inputs", "titles"):
            one.add_argument("--draws", type=int, default=1_000, help=_("futures (1000)"))
        comparison.arguments(name, one)
        if name == "titles":
            one.add_argument("--of", default="oeci", help=_("what they would be (oeci)"))
            one.add_argument("--minutes", type=int, default=120, help=_("by car, at most (120)"))
            one.add_argument("--count", type=int, default=10, help=_("how many centres (10)"))
        if name == "run":
            draws.arguments(one)
        if name == "plan":
            one.add_argument("--out", type=path_of, help=_("write the plan as a scenario file"))
            one.add_argument("--others", type=int, default=1, help=_("plans nearly as good (1)"))
        one.set_defaults(run=lambda parsed, task=task: task(parsed, parsed.say))


def _check(parsed: argparse.Namespace, say: Say) -> int:
    from canheal_nb.funding import scenario_file

    dataset = _dataset()
    for name in parsed.scenario:
        found = scenario_file.load(name, dataset)
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
    from canheal_nb.funding.scenario_file.analysis import run_scenario

    made = run_scenario(_dataset(), parsed.scenario, draws=_draws(parsed))
    found = draws.swept(made, parsed)
    if found is None:
        return STOPPED
    _show(found, parsed, say)
    return 0


def _plan(parsed: argparse.Namespace, say: Say) -> int:
    from canheal_nb.funding import scenario_file
    from canheal_nb.funding.model import near_optimal_plans
    from canheal_nb.funding.model.run_figures import figures
    from canheal_nb.funding.scenario_file.analysis import run_scenario
    from canheal_nb.reporting import files

    found = near_optimal_plans.others(
        run_scenario(_dataset(), parsed.scenario, plan=True, draws=_draws(parsed)),
        _others(parsed),
    )
    if parsed.out is not None:
        content = scenario_file.write(found.scenario).encode()
        with files.plain_full_disk(parsed.out.parent):
            files.put(parsed.out.parent, {parsed.out.name: content})
    if parsed.json:
        say(_json(figures(found) | {"alternatives": near_optimal_plans.figures(found)}))
        return 0
    _show(found, parsed, say)
    for other in () if parsed.csv else near_optimal_plans.beside(found):
        text = _(
            "nearly as good: loses {lost} % of the gain, spends {part} % of the money otherwise"
        )
        lost, part = f"{100 * max(other.loses, 0.0):.2g}", f"{100 * other.otherwise:.0f}"
        say("")
        say(text.format(lost=lost, part=part))
        _table(list(other.table.columns), _rows(other.table), parsed, say)
    return 0


def _inputs(parsed: argparse.Namespace, say: Say) -> int:
    """Show the input matrix with its shares, as the app `inputs` does."""
    from canheal_nb.funding.scenario_file.analysis import input_matrix
    from canheal_nb.need.model import inputs
    from canheal_nb.need.text import input_text

    matrix = input_matrix(_dataset(), parsed.scenario or "")
    matrix.insert(2, "state", [input_text.state(row) for _i, row in matrix.iterrows()])
    if parsed.json:
        told = [
            {name: None if _unknown(value) else value for name, value in row.items()}
            for row in _rows(matrix)
        ]
        say(_json({"share": inputs.share(matrix), "inputs": told}))
        return 0
    if parsed.csv:
        _table(list(matrix.columns), _rows(matrix), parsed, say)
        return 0
    matrix["state"] = [_(input_text.STATES[name][1]) for name in matrix["state"]]
    words = matrix.pivot(index="service", columns="cell", values="state")
    order, columns = list(dict.fromkeys(matrix["service"])), list(dict.fromkeys(matrix["cell"]))
    _table(["service", *columns], _rows(words.loc[order, columns].reset_index()), parsed, say)
    say("")
    known = matrix[matrix["value"].notna() | matrix["low"].notna()]
    _table(["service", "cell", "value", "low", "high", "unit", "state"], _rows(known), parsed, say)
    say("")
    say(input_text.shares(matrix))
    return 0


def _titles(parsed: argparse.Namespace, say: Say) -> int:
    """Show which listed centres should gain a title, found exactly or with the gap."""
    from canheal_nb.funding.model import openings
    from canheal_nb.text.errors import UserError

    if not (0 < parsed.count <= MOST_TITLES and 0 < parsed.minutes <= MOST_MINUTES):
        text = _("--count must lie between 1 and {count}, --minutes between 1 and {minutes}.")
        told = text.format(count=MOST_TITLES, minutes=MOST_MINUTES)
        raise UserError(told, code="command-line")
    dataset = _dataset()
    definition = openings.definition_of(dataset, parsed.of)
    ids, people, gap = openings.best_titles(dataset, definition, parsed.minutes, parsed.count)
    centres = dataset.centres.loc[list(ids), ["name", "city", "country"]]
    lines = _rows(centres.rename_axis("centre").reset_index())
    if parsed.json:
        say(_json({"definition": definition, "people": people, "gap": gap, "centres": lines}))
        return 0
    _table(["centre", "name", "city", "country"], lines, parsed, say)
    if not parsed.csv:
        say("")
        text = _(
            "With these titles {people} more people live within {minutes} minutes by car, in their "
            "own country (modelled); gap {gap} %. Only centres of the list were looked at."
        )
        said = f"{100 * gap:.3g}"
        say(text.format(people=_plain(round(people)), minutes=parsed.minutes, gap=said))
    return 0


def _show(found: Run, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.funding.model.run_figures import figures
    from canheal_nb.funding.text import plan_limits, plan_text
    from canheal_nb.need.text import service_words

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
    near = found.access[found.access["gained"] > 0] if len(found.access) else found.access
    if len(near):
        say("")
        _table(list(near.columns), _rows(near), parsed, say)
    say("")
    told = _("of 100 draws ({n}), 90 lie between low and high")
    say(told.format(n=found.draws))
    kept = found.intervals.rename_axis("outcome").reset_index()
    _table(["outcome", "low", "median", "high"], _rows(kept), parsed, say)
    say("")
    told = _("cost: {cost} euros of 2023")
    say(told.format(cost=_plain(float(found.outcome.spent))))
    if found.planned is not None:
        done = found.planned.plan
        told = _("planned: {goal}, gap {gap} %, {method}")
        gap = f"{100 * done.gap:.3g}"
        say(told.format(goal=found.planned.rule or done.goal, gap=gap, method=done.method))
        if found.planned.rule:
            say(
                _("the best plan could gain up to {most}").format(
                    most=service_words.beaten(done.gap)
                )
            )
        codes = {one: one for one in found.case.countries}
        out = plan_limits.outside(found.planned, found.case, codes)
        for text in [*plan_limits.left_out(found.planned), *out]:
            say(text)
    if assumed := plan_text.assumes(found):
        say(_plain(assumed))
    say(_("shares are {measure}").format(measure=service_words.measure(found.case.services)))
    say(_("not modelled: {list}").format(list=", ".join(found.case.not_modelled) or _("nothing")))


def _others(parsed: argparse.Namespace) -> int:
    from canheal_nb.text.errors import UserError

    if 0 <= parsed.others <= MOST_OTHERS:
        return int(parsed.others)
    text = _("--others must lie between 0 and {most}, not {n}.")
    raise UserError(text.format(most=MOST_OTHERS, n=parsed.others), code="command-line")


def _dataset() -> Dataset:
    from canheal_nb import data

    return data.load()


_TASKS: dict[str, tuple[Callable[[argparse.Namespace, Say], int], Callable[[], str]]] = {
    "check": (_check, lambda: _("say what is wrong with scenario files, or that they are well")),
    "run": (_run, lambda: _("say what a scenario does; plan it where it names only money")),
    "list": (comparison.listed, lambda: _("name the scenarios that come with the data")),
    "compare": (comparison.compare, lambda: _("set two to eight scenarios beside each other")),
    "inputs": (_inputs, lambda: _("what is known for it: sourced, assumed, none")),
    "titles": (_titles, lambda: _("which centres a title would bring most people near to")),
    "plan": (_plan, lambda: _("search for what to buy, with a proven gap")),
}
