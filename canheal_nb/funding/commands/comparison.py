"""`canheal scenario list` and `compare`: several scenarios in one table, and in named futures."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from canheal_nb.reporting.console_table import as_json, draws, plain, rows, table
from canheal_nb.text.locale import _

if TYPE_CHECKING:
    from canheal_nb.data import Dataset
    from canheal_nb.funding.model.scenario_run import Run
    from canheal_nb.uncertainty.named_futures import Faced

Say = Callable[[str], None]


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """Add what `list` and `compare` take beside the names, the shape and the draws."""
    if name == "list":
        parser.add_argument("--run", action="store_true", dest="runs", help=_("run them all"))
    if name in ("list", "compare"):
        parser.add_argument(
            "--futures", action="store_true", help=_("what each loses in named futures")
        )


def listed(parsed: argparse.Namespace, say: Say) -> int:
    """Name the shipped scenarios; with --run, set all of them beside each other."""
    from canheal_nb import data
    from canheal_nb.funding import scenario_file
    from canheal_nb.funding.scenario_file.analysis import run_scenario
    from canheal_nb.text.errors import UserError

    dataset = data.load()
    if parsed.runs:
        made = {
            name: run_scenario(dataset, name, draws=draws(parsed))
            for name in scenario_file.shipped()
        }
        return _beside(made, dataset, parsed, say)
    if parsed.futures:
        text = _("--futures needs figures; write `canheal scenario list --run --futures`.")
        raise UserError(text, code="command-line")
    found = [(name, scenario_file.load(name, dataset)) for name in scenario_file.shipped()]
    lines: list[dict[str, object]] = [
        {
            "scenario": name,
            "first_year": one.start,
            "last_year": one.start + one.years - 1,
            "services": " ".join(one.services),
            "title": one.title,
        }
        for name, one in found
    ]
    if parsed.json:
        say(as_json(lines))
        return 0
    if parsed.csv:
        table(list(lines[0]) if lines else [], lines, parsed, say)
        return 0
    for line in lines:
        told = _("{scenario}: {title} ({first_year} to {last_year}; {services})")
        say(told.format(**{name: plain(value) for name, value in line.items()}))
    return 0


def compare(parsed: argparse.Namespace, say: Say) -> int:
    """Set two to eight scenarios beside each other."""
    from canheal_nb import data
    from canheal_nb.funding.scenario_file.analysis import compare_scenarios

    dataset = data.load()
    made = compare_scenarios(dataset, parsed.scenario, draws=draws(parsed))
    return _beside(made, dataset, parsed, say)


def _beside(made: Mapping[str, Run], dataset: Dataset, parsed: argparse.Namespace, say: Say) -> int:
    from canheal_nb.funding.model import scenario_comparison
    from canheal_nb.funding.model.run_figures import figures, plain_rows
    from canheal_nb.need.text import service_words

    found = scenario_comparison.table(made)
    best = scenario_comparison.best(made, draws(parsed))
    faced = scenario_comparison.faced(made, dataset) if parsed.futures else {}
    if parsed.json:
        whole: dict[str, Any] = {"scenarios": {name: figures(run) for name, run in made.items()}}
        whole |= {"table": plain_rows(found), "best": best}
        if parsed.futures:
            whole["futures"] = {service: _figures(one, service) for service, one in faced.items()}
        say(as_json(whole))
        return 0
    if parsed.csv:
        lines = rows(found)
        if parsed.futures:
            lines = [line for service, one in faced.items() for line in _lines(one, service)]
        table(list(lines[0]) if lines else [], lines, parsed, say)
        return 0
    table(list(_SHOWN), [_shown(row) for row in rows(found)], parsed, say)
    say("")
    for service, parts in best.items():
        named = ", ".join(f"{plain(name)} {100 * part:.0f}" for name, part in parts.items())
        told = _("{service}: most {measure}, in draws of 100: {list}")
        say(told.format(service=service, measure=service_words.measure([service]), list=named))
    for service, one in faced.items():
        _tell_futures(one, service, made, parsed, say)
    return 0


def _tell_futures(
    faced: Faced, service: str, made: Mapping[str, Run], parsed: argparse.Namespace, say: Say
) -> None:
    """Print shares and, in brackets, what is lost beside the best, by future and scenario."""
    from canheal_nb.need.text import service_words

    outcomes, regret = faced.outcome(f"{service}: share"), faced.regret(f"{service}: share")
    say("")
    told = _("{service}: {measure} in named futures, %; in brackets what is lost beside the best")
    say(told.format(service=service, measure=service_words.measure([service])))
    still = faced.still(f"{service}: share")
    lines: list[dict[str, object]] = [
        {
            "future": _(faced.labels[str(future)]),
            **{
                str(name): f"{100 * met:.1f} ({100 * regret.table.at[future, name]:.1f})"
                for name, met in row.items()
            },
        }
        for future, row in outcomes.iterrows()
        if future not in still
    ]
    most: dict[str, object] = {"future": _("most that is lost")}
    most |= {str(name): f"({100 * loss:.1f})" for name, loss in regret.worst.items()}
    cost: dict[str, object] = {"future": _("all it costs, million euros")}
    cost |= {name: f"{float(made[name].outcome.spent) / 1e6:.1f}" for name in outcomes.columns}
    table(list(lines[0]), [*lines, most, cost], parsed, say)
    if still:
        told = _("as at the best guess: {list}")
        say(told.format(list="; ".join(_(faced.labels[name]) for name in still)))
    told = _("loses least at worst: {list}; money is not weighed in this")
    say(told.format(list=", ".join(map(plain, regret.choice))))


def _figures(faced: Faced, service: str) -> dict[str, object]:
    """Return need met, loss, largest loss and choice as plain values."""
    outcomes, regret = faced.outcome(f"{service}: share"), faced.regret(f"{service}: share")
    return {
        "need_met": outcomes.to_dict("index"),
        "lost": regret.table.to_dict("index"),
        "most_lost": regret.worst.to_dict(),
        "choice": list(regret.choice),
        "moves_nothing": list(faced.idle),
    }


def _lines(faced: Faced, service: str) -> list[dict[str, object]]:
    """Return a row per future and scenario: need met and what is lost beside the best."""
    lost = faced.regret(f"{service}: share").table
    met = faced.outcome(f"{service}: share")
    return [
        {
            "service": service,
            "future": str(future),
            "scenario": str(name),
            "need_met": float(share),
            "lost": float(lost.at[future, name]),
        }
        for future, row in met.iterrows()
        for name, share in row.items()
    ]


_SHOWN = (
    "scenario", "result", "known", "units", "today", "nothing", "after", "90 of 100", "least",
    "more served", "million euros", "gap %", "sourced/assumed/none",
)  # fmt: skip


def _shown(row: dict[str, object]) -> dict[str, object]:
    """Return a row of the table as a person reads it: shares in per cent, money in millions."""

    def number(name: str, factor: float = 1.0, digits: int = 1) -> str:
        value = float(str(row[name]))
        return "-" if math.isnan(value) else f"{factor * value:.{digits}f}"

    counts = [number(name, 1.0, 0) for name in ("sourced", "assumed", "none")]
    ends = [number(name, 100) for name in ("low", "high")]
    return {
        "scenario": row["scenario"],
        "result": row["result"],
        "known": number("known", 1.0, 0),
        "units": number("units", 1.0, 0),
        **{name: number(name, 100) for name in ("today", "nothing", "after")},
        "90 of 100": "-" if "-" in ends else f"{ends[0]}-{ends[1]}",
        "least": number("least", 100),
        "more served": number("served", 1.0, 0),
        "million euros": number("cost", 1e-6),
        "gap %": number("gap", 100, 4),
        "sourced/assumed/none": "-" if "-" in counts else "/".join(counts),
    }
