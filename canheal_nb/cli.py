"""The command line: parses, calls, prints. `canheal --help` lists the subcommands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from canheal_nb import __version__
from canheal_nb.feedback import commands
from canheal_nb.funding.commands import priorities, scenario
from canheal_nb.reporting.console_table import path_of
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, ngettext

FAULTS, REFUSED, LEFT = 1, 2, 141
LONGEST = 200


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses in one plain sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise UserError instead of printing usage."""
        sentence = _("{message}; `{program} --help` shows what can be given.")
        raise UserError(
            sentence.format(message=_shortened(message), program=self.prog),
            code="command-line",
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 (well), 1 (faults found), 2 (refused) or 141 (nobody reads)."""
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read this has left, as `head` does; nothing more is written, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return LEFT
    except UserError as error:
        print(f"canheal: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130


def _run(arguments: Sequence[str] | None) -> int:
    parsed, rest = _parser().parse_known_args(arguments)
    if rest and parsed.run is not _report:
        sentence = _("{given} is not understood; `canheal --help` shows what can be given.")
        raise UserError(sentence.format(given=_shown(rest[0])), code="command-line")
    parsed.rest, parsed.say = rest, print
    return int(parsed.run(parsed))


def _shown(word: str) -> str:
    """Return a word of the command line quoted, in ASCII, at most 60 signs."""
    return f"'{ascii(word)[1:-1][:60]}'"


def _shortened(message: str) -> str:
    """Return argparse's message with a capital letter, and its end left out where it is long."""
    cut = message if len(message) <= LONGEST else message[:LONGEST] + "..."
    return cut[:1].upper() + cut[1:]


def _parser() -> Parser:
    parser = Parser(prog="canheal", description=_("Decision support for cancer care in the EU."))
    parser.add_argument("--version", action="version", version=f"canheal_nb {__version__}")
    subcommands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)

    app = subcommands.add_parser("app", help=_("open the apps in the browser"))
    app.add_argument("--port", type=int, default=None)
    app.add_argument("--base-url", default="/")
    app.add_argument("--no-browser", action="store_true")
    app.add_argument("--no-preheat", action="store_true", help=_("start kernels on demand"))
    app.add_argument("--store", default="", help=_("folder or address of what is handed in"))
    app.add_argument("--team", action="store_true", help=_("add the page /team, for this machine"))
    app.add_argument("--host", default="127.0.0.1", help=_("address to listen at (127.0.0.1)"))
    app.add_argument(
        "--host-name", action="append", default=[], help=_("name it is called by; repeatable")
    )
    app.add_argument(
        "--trusted-proxy", action="append", default=[], help=_("proxy to believe; repeatable")
    )
    app.add_argument("--log", default="", help=_("file for what was answered, of bounded size"))
    app.set_defaults(run=_app)

    report = subcommands.add_parser(
        "report", help=_("make a report: HTML, PDF, for some a slide or Word file")
    )
    report.add_argument("report", nargs="+")
    report.add_argument("--out", type=path_of, required=True)
    report.add_argument("--format", action="append", choices=("html", "pdf", "pptx", "docx"))
    report.add_argument(
        "--all", action="store_true", help=_("make one for everything it can be about")
    )
    batch = report.add_argument_group(_("together with --all"))
    batch.add_argument("--jobs", type=int, help=_("processes (2)"))
    batch.add_argument("--time-limit", type=int, help=_("seconds for one report (600)"))
    batch.add_argument("--force", action="store_true", help=_("make what is unchanged again"))
    batch.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))
    report.set_defaults(run=_report)

    data = subcommands.add_parser("data", help=_("check the data"))
    tasks = data.add_subparsers(required=True, metavar="TASK", parser_class=Parser)
    verify = tasks.add_parser("verify", help=_("list every fault in the data"))
    verify.add_argument("folder", type=path_of, nargs="?")
    verify.set_defaults(run=_verify)

    commands.add(subcommands, Parser)
    priorities.add(subcommands, Parser)
    scenario.add(subcommands, Parser)

    doctor = subcommands.add_parser("doctor", help=_("say what is missing for what"))
    doctor.set_defaults(run=_doctor)
    return parser


def _app(parsed: argparse.Namespace) -> int:
    from canheal_nb import serve
    from canheal_nb.serve.addresses import checked_host, is_loopback
    from canheal_nb.text import home

    host = checked_host(parsed.host, parsed.host_name)
    for sentence in _warnings(host, is_open=not is_loopback(host)):
        print(f"canheal: {sentence}", file=sys.stderr)
    serve.run(
        home.notebooks_dir() / "apps",
        port=parsed.port,
        base_url=parsed.base_url,
        open_browser=not parsed.no_browser,
        preheat=not parsed.no_preheat,
        store=parsed.store,
        for_team=parsed.team,
        announce_team=lambda url: print(_("The team's page: {url}").format(url=url), flush=True),
        host=host,
        host_names=parsed.host_name,
        trusted_proxies=parsed.trusted_proxy,
        log=parsed.log,
        announce=lambda address: print(_("The apps are at {url}").format(url=address), flush=True),
    )
    return 0


def _warnings(host: str, *, is_open: bool) -> list[str]:
    """Return what whoever starts the server should know.

    As root it warns and does not refuse: in containers root is often the only user, and there it
    has no more rights than the container.
    """
    said = []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        said.append(_("This runs as root, which it never needs; start it as a user of its own."))
    if is_open:
        said.append(
            _(
                "Other machines reach the apps at {host}, unencrypted and without a password."
            ).format(host=host)
        )
    return said


def _report(parsed: argparse.Namespace) -> int:
    from canheal_nb.reporting import catalogue

    if parsed.all:
        return _batch(parsed)
    _refuse_batch_options(parsed)
    outcome = catalogue.make(parsed.report[0], _options(parsed.rest), parsed.out, parsed.format)
    for path in outcome.paths:
        print(path)
    return 0


def _batch(parsed: argparse.Namespace) -> int:
    """Make every subject of the reports; the exit codes are in the README."""
    from canheal_nb.reporting.batch import batch

    order = batch.Order(
        reports=parsed.report,
        out=parsed.out,
        formats=parsed.format or (),
        common=_options(parsed.rest),
        workers=_at_least_one("--jobs", parsed.jobs, 2),
        limit=_at_least_one("--time-limit", parsed.time_limit, 600),
        force=parsed.force,
    )
    if parsed.dry_run:
        return batch.dry_run(order, print)
    try:
        return batch.run(order, lambda line: print(line, file=sys.stderr, flush=True))
    except batch.BusyError as error:
        print(f"canheal: {error}", file=sys.stderr)
        return batch.BUSY


def _at_least_one(name: str, value: int | None, otherwise: int) -> int:
    if value is None or value > 0:
        return value or otherwise
    sentence = _("{name} must be 1 or more, not {value}.")
    raise UserError(sentence.format(name=name, value=value), code="command-line")


def _refuse_batch_options(parsed: argparse.Namespace) -> None:
    """Refuse what would be passed over in silence when one report is made."""
    numbers = [parsed.jobs, parsed.time_limit]
    given = numbers != [None, None] or parsed.force or parsed.dry_run
    if given or len(parsed.report) > 1:
        sentence = _(
            "Several reports, --jobs, --time-limit, --force and --dry-run go with --all; add it, "
            "or leave them out."
        )
        raise UserError(sentence, code="command-line")


def _options(rest: Sequence[str]) -> dict[str, object]:
    """Return `--name value` and `--name=value` pairs; the question decides which names exist."""
    given: dict[str, object] = {}
    words = iter(rest)
    for word in words:
        name, sign, value = word.partition("=")
        if not name.startswith("--"):
            sentence = _("{given} stands alone; write --name value, for example --country SI.")
            raise UserError(sentence.format(given=_shown(word)), code="command-line")
        if not sign:
            value = next(words, "")
        given[name[2:].replace("-", "_")] = value
    return given


def _verify(parsed: argparse.Namespace) -> int:
    from canheal_nb import data
    from canheal_nb.text import home

    folder = parsed.folder or home.data_dir()
    faults = data.verify(folder)
    for fault in faults:
        print(fault.sentence())
    count = ngettext("{n} fault in {folder}.", "{n} faults in {folder}.", len(faults))
    print(count.format(n=len(faults), folder=folder))
    return FAULTS if faults else 0


def _doctor(_parsed: argparse.Namespace) -> int:
    from canheal_nb import doctor

    findings: list[Any] = doctor.examine()
    for finding in findings:
        mark = _("well") if finding.ok else _("MISSING")
        print(f"{mark:8} {finding.name}: {finding.sentence}")
        if not finding.ok:
            print(" " * 9 + _("needed for: {what}").format(what=finding.needed_for))
            print(" " * 9 + _("do this: {line}").format(line=finding.remedy))
    return 0 if all(finding.ok for finding in findings) else FAULTS


if __name__ == "__main__":
    sys.exit(main())
