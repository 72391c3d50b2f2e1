"""`canheal feedback`: the team's work on what people wrote, from the command line."""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from canheal_nb.reporting.console_table import path_of
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, ngettext

if TYPE_CHECKING:
    from canheal_nb.store.engine import Store

Say = Callable[[str], None]
_SHOWN = 60


def add(commands: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add the command and its tasks to a parser's commands."""
    feedback = commands.add_parser("feedback", help=_("who answers what people wrote"))
    tasks = feedback.add_subparsers(required=True, metavar="TASK", parser_class=parser_class)
    for name, (task, words) in _TASKS.items():
        one = tasks.add_parser(name, help=words())
        one.add_argument("--store", default="", help=_("folder or address of what is handed in"))
        _OPTIONS[name](one)
        one.set_defaults(run=lambda parsed, task=task: _run(parsed, task))


def _run(parsed: argparse.Namespace, task: Callable[..., None]) -> int:
    from canheal_nb.store import open_store

    if task is _import:
        _rehearse(parsed)
    store = open_store(parsed.store, make=task is _import)
    try:
        task(store, parsed, parsed.say)
    finally:
        store.close()
    return 0


def _list(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.data.faults import printable
    from canheal_nb.feedback.text import comment_text
    from canheal_nb.store import comments

    rows = comment_text.rows(comments.comments(store), _topics(), _day(parsed.as_of))
    say(comment_text.summary(rows, _day(parsed.as_of)))
    for line in _upkeep(store):
        say(line)
    for row in rows:
        owner = row["owner"] or _("nobody yet")
        text = " ".join(row["text"].split())[:_SHOWN]
        parts = [row["item"], row["received"], row["due"], row["state_label"], owner, text]
        say(printable("  ".join([*parts, row["late"]]).rstrip()))


def _show(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.data.faults import printable
    from canheal_nb.feedback.text import comment_text
    from canheal_nb.store import comments

    rows = comment_text.rows(comments.comments(store), _topics(), _day(None))
    found = [row for row in rows if row["item"] == parsed.item]
    if not found:
        sentence = _("There is no comment {item}; `canheal feedback list` names them.")
        raise UserError(sentence.format(item=ascii(parsed.item)[:20]), code="unknown-item")
    row = found[0]
    say(printable(f"{row['item']}  {row['topic_label']}  {row['sort_label']}  {row['link']}"))
    for name in ("text", "answer", "changed"):
        for line in row[name].split("\n"):
            say("  " + printable(line))
    for name, value in row["proposal"].items():
        say(printable(f"  {name}: {' '.join(value.split())}"))
    for day, name, before, after in comments.history(store, row["item"]):
        say(printable(f"{day.isoformat()}  {name}: {ascii(before)} -> {ascii(after)}"))


def _answer(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.store import comments

    due = _day(parsed.due) if parsed.due else None
    comments.note(
        store,
        parsed.item,
        _today(store),
        owner=parsed.owner,
        answer=parsed.answer,
        changed=parsed.changed,
        due=due,
    )
    say(_("Noted."))


def _decide(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.store import comments

    comments.decide(store, parsed.item, _today(store), parsed.decision, parsed.why)
    say(_("Noted. No fact has changed: enter an accepted one in data/facts with its source."))


def _delete(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.store import comments

    comments.remove(store, parsed.item)
    say(_("Deleted."))


def _forget(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.store import submissions

    gone = submissions.forget_before(store, _day(parsed.before))
    say(ngettext("{n} hand-in deleted.", "{n} hand-ins deleted.", gone).format(n=gone))


def _clock(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.store import days

    if parsed.confirm:
        days.confirm(store, days.today(), _day(parsed.confirm))
    told = days.trusted(store, days.today())
    said = _("The clock says {clock}; the store believes {day}.")
    say(said.format(clock=told.clock.isoformat(), day=told.day.isoformat()))
    for line in _upkeep(store):
        say(line)


def _upkeep(store: Store) -> list[str]:
    """Return what the team is told about the clock, and about what is soon deleted."""
    from canheal_nb.store import days

    doubt = days.trusted(store, days.today()).sentence()
    n, first = days.marked(store)
    sentence = ngettext(
        "{n} hand-in is deleted for its age, from {day} on.",
        "{n} hand-ins are deleted for their age, from {day} on.",
        n,
    )
    soon = sentence.format(n=n, day=first.isoformat()) if first else ""
    return [line for line in (doubt, soon) if line]


def _today(store: Store) -> dt.date:
    """Return the day that the store believes: notes decide when a text is deleted."""
    from canheal_nb.store import days

    return days.trusted(store, days.today()).day


def _report(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.feedback import report
    from canheal_nb.store import comments

    formats = parsed.format or report.FORMATS
    as_of = _day(parsed.as_of)
    found = comments.comments(store)
    for path in report.write(found, _topics(), as_of, parsed.out, formats):
        say(str(path))


def _export(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.reporting import files
    from canheal_nb.store import submissions, terms, transfer

    days, made = terms.offered().copies_days, _today(store)
    lines = list(transfer.export_lines(store, made, days))
    n = sum(submissions.count(store).values())
    text = "".join(f"{line}\n" for line in lines)
    with files.plain_full_disk(parsed.file.parent):
        files.put(parsed.file.parent, {parsed.file.name: text.encode()})
    count = ngettext("{n} hand-in in {file}.", "{n} hand-ins in {file}.", n)
    say(count.format(n=n, file=parsed.file))
    if days is not None:
        sentence = _("Delete the file by {day}: what is taken back meanwhile is still in it.")
        say(sentence.format(day=(made + dt.timedelta(days)).isoformat()))


def _import(store: Store, parsed: argparse.Namespace, say: Say) -> None:
    from canheal_nb.data import given_files
    from canheal_nb.store import terms, transfer

    most, longest = transfer.MOST_BYTES, transfer.MOST_SIGNS
    with given_files.lines(parsed.file, most, longest) as lines:
        added, known = transfer.import_lines(store, lines, terms.offered(), _today(store))
    say(_("{added} added, {known} were there already.").format(added=added, known=known))


def _rehearse(parsed: argparse.Namespace) -> None:
    """Where there is no store yet, import into a passing one: a file in vain makes none."""
    from canheal_nb.store import address, file_of, open_store

    file = file_of(address(parsed.store))
    if file is None or file.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(folder)
        try:
            _import(store, parsed, lambda _line: None)
        finally:
            store.close()


def _topics() -> dict[str, dict[str, str]]:
    from canheal_nb.data.sheets import parse
    from canheal_nb.text.home import data_dir

    file = "judgements/feedback_topics.csv"
    path = data_dir() / file
    if not path.is_file():
        return {}
    sheet, _faults = parse(file, path.read_bytes())
    return {row["topic"]: dict(row.cells) for row in sheet.rows}


def _day(given: str | None) -> dt.date:
    """Return a day from its ISO text, today without one; UserError when it is none."""
    from canheal_nb.text.dates import exact

    return exact(given or "") or dt.datetime.now(dt.UTC).date()


def _item(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("item")


def _as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", help=_("the day on which it is late or not (today)"))


def _answer_options(parser: argparse.ArgumentParser) -> None:
    _item(parser)
    for name in ("owner", "answer", "changed", "due"):
        parser.add_argument(f"--{name}")


def _decide_options(parser: argparse.ArgumentParser) -> None:
    _item(parser)
    parser.add_argument("decision", choices=("accepted", "declined"))
    parser.add_argument("--why", default="")


def _report_options(parser: argparse.ArgumentParser) -> None:
    _as_of(parser)
    parser.add_argument("--out", type=path_of, required=True)
    parser.add_argument("--format", action="append", choices=("html", "pdf", "csv", "xlsx"))


def _forget_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--before", required=True, help=_("a day, as 2026-03-31"))


def _clock_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--confirm", default="", help=_("today's day, if the clock is right"))


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=path_of)


_TASKS: dict[str, tuple[Callable[..., None], Callable[[], str]]] = {
    "list": (_list, lambda: _("list every comment, late ones first")),
    "show": (_show, lambda: _("show a comment and what was noted about it")),
    "answer": (_answer, lambda: _("name its owner, answer it, say what changed, move its day")),
    "decide": (_decide, lambda: _("accept or decline a proposed correction, with the reason")),
    "delete": (_delete, lambda: _("delete a comment for good")),
    "forget": (_forget, lambda: _("delete everything that was handed in before a day")),
    "report": (_report, lambda: _("write the report by work package")),
    "clock": (_clock, lambda: _("say which day the store believes, or confirm the clock")),
    "export": (_export, lambda: _("write everything that was handed in as lines of JSON")),
    "import": (_import, lambda: _("add what is in such a file")),
}
_OPTIONS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "list": _as_of,
    "show": _item,
    "answer": _answer_options,
    "decide": _decide_options,
    "delete": _item,
    "forget": _forget_options,
    "report": _report_options,
    "clock": _clock_options,
    "export": _file,
    "import": _file,
}
