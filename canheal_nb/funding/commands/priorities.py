"""`canheal priorities`: dated snapshots of what groups want, from the command line."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from canheal_nb.reporting.console_table import path_of
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, ngettext

if TYPE_CHECKING:
    from canheal_nb.priorities.snapshot_store import Published
    from canheal_nb.store.engine import Store

Say = Callable[[str], None]


def add(commands: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add the command and its tasks to a parser's commands."""
    made = commands.add_parser("priorities", help=_("what groups want, told safely"))
    tasks = made.add_subparsers(required=True, metavar="TASK", parser_class=parser_class)
    for name, (task, words, options) in _TASKS.items():
        one = tasks.add_parser(name, help=words())
        one.add_argument("--store", default="", help=_("folder or address of what is handed in"))
        options(one)
        one.set_defaults(run=lambda parsed, task=task: _run(parsed, task))


def _run(parsed: argparse.Namespace, task: Callable[..., None]) -> int:
    from canheal_nb.store import open_store

    store = open_store(parsed.store, make=False)
    try:
        task(store, parsed, parsed.say)
    finally:
        store.close()
    return 0


def _snapshot(store: Store, _parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.priorities import snapshot_store
    from canheal_nb.priorities.model import comparable
    from canheal_nb.priorities.model.snapshot_rules import CHANGED
    from canheal_nb.store import days
    from canheal_nb.text.numbers import decimal

    least = snapshot_store.least_people()
    today = days.trusted(store, days.today())
    if today.doubt:
        raise UserError(today.sentence(), code="doubted-clock")
    made, waiting = snapshot_store.publish(store, list(_services()), today.day)
    for one in made:
        say(_line(one))
    for group in waiting:
        if "-" in group.group and not group.people:
            continue
        fewest = least.get(comparable.split(group.group)[1])
        if fewest is None:
            text = _("{group}: never published; answers given this way are too unsure.")
            say(text.format(group=group.group))
            continue
        text = _("{group}: no snapshot today; {people} of {fewest} people, {changed} changed.")
        people = min(group.people, fewest)
        changed = min(group.changed, CHANGED)
        say(text.format(group=group.group, people=people, fewest=decimal(fewest), changed=changed))


def _list(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.priorities import snapshot_store

    found = snapshot_store.published(store, _day(parsed.as_of))
    for one in found:
        say(_line(one))
    if not found:
        say(_("No snapshot is published."))


def _show(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.priorities import snapshot_store

    one = snapshot_store.one(store, parsed.name)
    labels = _services()
    say(_line(one))
    say(_("Points of 100, in steps of {step}:").format(step=f"{100 * one.told.step:g}"))
    for service, weight in sorted(one.told.weights.items(), key=lambda w: (-w[1], w[0])):
        say(f"  {100 * weight:4g}  {labels.get(service, service)}")


def _export(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from dataclasses import asdict

    from canheal_nb.priorities import snapshot_store
    from canheal_nb.reporting import files

    found = snapshot_store.published(store, _day(parsed.as_of))
    rows = [
        {"name": o.name, "group": o.group, "day": o.day.isoformat(), **asdict(o.told)}
        for o in found
    ]
    text = "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows)
    with files.plain_full_disk(parsed.file.parent):
        files.put(parsed.file.parent, {parsed.file.name: text.encode()})
    count = ngettext("{n} snapshot in {file}.", "{n} snapshots in {file}.", len(rows))
    say(count.format(n=len(rows), file=parsed.file))


def _plan(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from dataclasses import replace

    from canheal_nb import load
    from canheal_nb.funding import scenario_file
    from canheal_nb.funding.model import scenario_run
    from canheal_nb.funding.report import priorities_rows
    from canheal_nb.priorities import named_sets, snapshot_store

    sets = named_sets.sets(snapshot_store.published(store))
    wrong = [name for name in parsed.name if name not in sets]
    if wrong:
        sentence = _("There are no priorities {name}; there are: {list}.")
        told = sentence.format(name=ascii(wrong[0])[:44], list=", ".join(sets))
        raise UserError(told, code="unknown-priorities")
    dataset = load()
    scenario = scenario_file.load(parsed.scenario, dataset)
    if parsed.most:
        goal = replace(scenario.goal, objective="most_need_met", target=None)
        scenario = replace(scenario, goal=goal)
    say(_(scenario.title))
    runs = {}
    for name in dict.fromkeys(parsed.name or sets):
        named, one = sets[name], replace(scenario, priorities=name)
        runs[name] = scenario_run.run(dataset, one, plan=True, weights=named.weights)
        say("")
        for line in priorities_rows.under(named, runs[name]):
            say(line)
    if len(runs) > 1:
        say("")
        say(priorities_rows.side_by_side(runs))


def _line(one: Published) -> str:
    from canheal_nb.funding.text.priorities_text import AGREEMENT

    people = ngettext("{n} person", "{n} people", one.told.people).format(n=one.told.people)
    methods = ", ".join(one.told.methods) or _("several methods")
    return f"{one.name}  {people}  {methods}  {_(AGREEMENT[one.told.agreement])}"


def _services() -> dict[str, str]:
    """Return the services that can be weighed, in their order, with their labels."""
    from canheal_nb.data.sheets import parse
    from canheal_nb.text.home import data_dir

    file = "judgements/priority_attributes.csv"
    sheet, _faults = parse(file, (data_dir() / file).read_bytes())
    rows = sorted((dict(row.cells) for row in sheet.rows), key=lambda row: int(row["place"]))
    return {row["service"]: row["label"] for row in rows}


def _day(given: str | None) -> dt.date | None:
    from canheal_nb.text import dates

    return dates.exact(given or "")


def _nothing(_parser: argparse.ArgumentParser) -> None:
    """Add no option."""


def _as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", help=_("only those published up to this day"))


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name")


def _file(parser: argparse.ArgumentParser) -> None:
    _as_of(parser)
    parser.add_argument("file", type=path_of)


def _scenario(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", help=_("an id, or a file"))
    parser.add_argument("name", nargs="*", help=_("sets of priorities; all without"))
    parser.add_argument(
        "--most", action="store_true", help=_("for the most capacity, whatever goal is written")
    )


_Options = Callable[[argparse.ArgumentParser], None]
_TASKS: dict[str, tuple[Callable[..., None], Callable[[], str], _Options]] = {
    "snapshot": (_snapshot, lambda: _("publish each group that is due, as of today"), _nothing),
    "list": (_list, lambda: _("list what was published"), _as_of),
    "show": (_show, lambda: _("show the weights of a snapshot"), _name),
    "plan": (_plan, lambda: _("say in words what is bought under each set"), _scenario),
    "export": (_export, lambda: _("write what was published as lines of JSON"), _file),
}
