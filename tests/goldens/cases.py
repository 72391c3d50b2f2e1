"""What is kept: the name of each golden and how its text is made."""

from __future__ import annotations

import contextlib
import difflib
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache, partial

from openpyxl import load_workbook

from goldens import product
from goldens.markup import markup_lines, query_text, short, text_of_json

NOU = "centre=nou-bratislava"
READY = "GR.mlm05:1,GR.mlm06:1,GR.mlm35:2,GR.mtb02:no,GR.mlm06_owner:Payer,GR.mlm06_date:2028"
OWNED = "GR.g-mlm05_owner:Payer,GR.g-mlm05_date:2029-06,GR.g-mlm06_owner:Ministry"
FILLED = "nou-bratislava.beds:140,nou-bratislava.member:yes,nou-bratislava.budget_care:20"
POINTS = "swing.mri:100,swing.palliative_home:60,swing.pet_ct:0"
PAIRS = "ahp.radiotherapy.mri:9,ahp.radiotherapy.pet_ct:5,ahp.mri.pet_ct:3"
THREE = "radiotherapy,mri,pet_ct"
PLAN = """schema: 1
title: A plan of one's own
author: A reader
why: To see what it does.
edition: '2026.1'
start: 2027
years: 1
services: [radiotherapy]
budget: {total: 300000000, price_year: 2023, carry_over: true}
goal: {objective: max_min}
"""
TOO_LONG = PLAN.replace("years: 1", "years: 99")
# name -> (link, what is done then, field by field). The name begins with its app's.
STATES: dict[str, tuple[str, Sequence[tuple[str, str | bytes]]]] = {
    "access": ("", ()),
    "access-country": ("country=SI&limit=120", ()),
    "access-countries": ("show=countries&borders=open&speed=slow", ()),
    "access-crowding": ("view=crowding&centres=any&limit=90", ()),
    "access-refused": ("limit=61", ()),
    "atlas": ("", ()),
    "atlas-country": ("country=SI", ()),
    "atlas-series": ("show=cancer_mortality_asr_world&sex=F&classes=quantiles&country=HU", ()),
    "atlas-fixed": ("classes=fixed&bounds=5,7,9&centres=none", ()),
    "atlas-measure": ("show=unmet_medical_need_pct&centres=none&every=true&country=EE", ()),
    "atlas-changed": ("", (("country", "MT"), ("classes", "equal"))),
    "atlas-refused": ("country=EL", ()),
    "centres": ("", ()),
    "centres-country": ("has=proton_therapy&country=FR", ()),
    "centres-centre": ("country=SI&centre=onko-ljubljana", ()),
    "centres-empty": ("country=MT&has=proton_therapy", ()),
    "centres-found": ("designation=CC&find=hospital", ()),
    "centres-refused": ("has=oeci_acredited", ()),
    "check_designation": ("", ()),
    "check_designation-answers": (f"{NOU}&answers={FILLED}", ()),
    "check_designation-ccc": ("centre=onko-ljubljana&aim=ccc", ()),
    "check_designation-country": ("country=SK", ()),
    "check_designation-opened": (NOU, (("file", b"filled"),)),
    "check_designation-refused": ("", (("file", b"no spreadsheet"),)),
    "check_genomics": ("", ()),
    "check_genomics-country": (f"country=GR&answers={READY}", ()),
    "check_genomics-centre": ("centre=int-milan", ()),
    "check_genomics-refused": ("country=GR&answers=GR.mlm01:6", ()),
    "compare": ("", ()),
    "compare-two": ("countries=FR,DE,MT&view=two", ()),
    "compare-empty": ("countries=CY", ()),
    "compare-refused": ("countries=PL,XX", ()),
    "facts": ("", ()),
    "facts-country": ("country=CY&group=Outcomes", ()),
    "facts-empty": ("group=Outcomes&find=no such thing", ()),
    "find_centre": ("", ()),
    "find_centre-place": ("find=Ljubljana&reach=far&where=both", ()),
    "find_centre-child": ("find=Trier&reach=far&where=both&who=child&travel=none", ()),
    "find_centre-weighed": ("find=Kraków&reach=far&nearness=2&certificate=4&certified=oeci", ()),
    "find_centre-which": ("find=Frankfurt", ()),
    "find_centre-empty": ("find=Xyzzy", ()),
    "find_centre-refused": ("reach=further", ()),
    "group_priorities": ("", ()),
    "group_priorities-told": ("", ()),
    "group_priorities-patient": ("group=patient&day=2026-06-06", ()),
    "group_priorities-refused": ("day=soon", ()),
    "inputs": ("", ()),
    "inputs-country": ("service=pet_ct&country=SI", ()),
    "inputs-scenario": ("service=radiotherapy&scenario=equity_first&country=FR", ()),
    "inputs-refused": ("service=radiotheraphy", ()),
    "pathway": ("", ()),
    "pathway-country": ("stage=screening&country=SI", ()),
    "pathway-refused": ("stage=nowhere", ()),
    "plan_funding": ("", ()),
    "plan_funding-country": ("budget=800&years=1&service=radiotherapy&country=RO", ()),
    "plan_funding-fair": ("budget=300&goal=max_min&rule=by_need", ()),
    "plan_funding-weighed": ("budget=150&priorities=equal", ()),
    "plan_funding-years": ("scenario=radiotherapy_catch_up&country=BG", ()),
    "plan_funding-opened": ("", (("own", PLAN), ("scenario", "own"))),
    "plan_funding-empty": ("budget=0", ()),
    "plan_funding-refused": ("", (("own", TOO_LONG), ("scenario", "own"))),
    "plan_funding-brackets": ("lang=eo&budget=300", ()),
    "share_priorities": ("", ()),
    "share_priorities-points": ("", (("answers", POINTS),)),
    "share_priorities-pairs": (f"method=ahp&among={THREE}", (("answers", PAIRS),)),
    "share_priorities-refused": ("", (("answers", "swing.mri:1:2"),)),
    "share_priorities-brackets": ("method=ranking&lang=eo", ()),
    "strategy_sheet": ("", ()),
    "strategy_sheet-country": (f"country=GR&genomics={READY}&answers={OWNED}", ()),
    "strategy_sheet-centre": (f"{NOU}&designation=nou-bratislava.beds:60", ()),
    "strategy_sheet-refused": ("country=EL", ()),
}  # fmt: skip
# Of these states, which share most of their page, only what differs from the app as it opens is
# kept; and of every refusal.
BESIDE = {
    "access-countries", "access-country", "atlas-changed", "atlas-country",
    "check_designation-country", "check_genomics-centre", "check_genomics-country",
    "compare-empty", "find_centre-empty", "find_centre-weighed", "find_centre-which",
    "inputs-scenario", "plan_funding-country", "share_priorities-points",
}  # fmt: skip
REPORTS: dict[str, Sequence[str]] = {
    "centre_profile-onko-ljubljana": ("--centre", "onko-ljubljana"),
    "centre_profile-aachen": ("--centre", "aachen"),
    "country_brief-SI": ("--country", "SI"),
    "country_brief-CY": ("--country", "CY"),
    "designation_check-centre": ("--centre", "nou-bratislava", "--answers", "beds:140,member:yes"),
    "designation_check-country": ("--country", "SK"),
    "eu_overview": (),
    "genomics_readiness-GR": ("--country", "GR", "--answers", "mlm01:2,mtb02:no"),
    "scenario_brief-radiotherapy_catch_up": ("--scenario", "radiotherapy_catch_up"),
    "scenario_brief-today": ("--scenario", "today"),
    "training_plan-centre": ("--centre", "nou-bratislava", "--answers", "beds:140"),
    "training_plan-country": ("--country", "SK"),
}
SCENARIOS = (
    "access_90_by_2030", "equity_first", "ngs_for_all", "radiotherapy_catch_up", "spread_evenly",
    "today",
)  # fmt: skip
# Every command that can be typed; the help of its parent lists it.
COMMANDS = (
    "", "app", "report", "data", "data verify", "doctor",
    "feedback", "feedback list", "feedback show", "feedback answer", "feedback decide",
    "feedback delete", "feedback forget", "feedback report", "feedback export", "feedback import",
    "priorities", "priorities snapshot", "priorities list", "priorities show", "priorities plan",
    "priorities export",
    "scenario", "scenario check", "scenario run", "scenario list", "scenario compare",
    "scenario inputs", "scenario titles", "scenario plan",
)  # fmt: skip
REFUSED = (
    "", "nonsense", "report", "report nonsense --out o",
    "report country_brief --country EL --out o",
    "report country_brief --contry SI --out o", "report country_brief SI --jobs 2 --out o",
    "report country_brief --all --jobs 0 --out o",
    "report country_brief --country SI --out o --format x",
    "data verify nowhere", "scenario", "scenario run nothing", "scenario run today --draws 0",
    "scenario compare today", "scenario list --futures", "scenario run today --json --csv",
    "scenario titles --minutes 900", "feedback show", "priorities show nothing",
)  # fmt: skip


def screen(name: str) -> str:
    """Return a screen as lines, after its link and what the page is told beside its markup."""
    app = name.partition("-")[0]
    lines = _screen_lines(name)
    if name not in BESIDE and not name.endswith("-refused"):
        return "\n".join(lines)
    pairs = difflib.unified_diff(_screen_lines(app), lines, n=0, lineterm="")
    differ = [line for line in pairs if line[:3] not in ("---", "+++", "@@ ")]
    return "\n".join(["beside the app as it opens:", *differ])


@cache
def _screen_lines(name: str) -> tuple[str, ...]:
    app = name.partition("-")[0]
    query, steps = STATES[name]
    if app == "check_designation":
        steps = [(f, _filled_sheet() if value == b"filled" else value) for f, value in steps]
    with _around(name):
        view = product.seen(app, query, steps)
    head = [f"link: {query_text(view.query)}"]
    for part in ("marks", "canvas"):
        if view.state.get(part):
            head.append(f"{part}: {short(product.plain_json(view.state[part]))}")
    return (*head, "", *markup_lines(view.page))


def _around(name: str) -> AbstractContextManager[object]:
    if name in ("group_priorities-told", "group_priorities-patient"):
        return product.groups_told()
    return product.bracketed() if name.endswith("-brackets") else contextlib.nullcontext()


def _filled_sheet() -> bytes:
    """Return the sheet that the self-check saves, with beds filled in."""
    book = load_workbook(io.BytesIO(product.saved("check_designation", NOU, "xlsx")))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=6):
        if row[0].value == "beds":
            row[4].value = 140
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def report(name: str) -> str:
    """Return a report's page as lines."""
    page = product.report(name.partition("-")[0], *REPORTS[name])
    return "\n".join(markup_lines(page))


def scenario(name: str) -> str:
    """Return what `scenario run --json` says."""
    return text_of_json(product.command("scenario", "run", name, "--json").out)


def helps(name: str) -> str:
    """Return the help of a command with all its tasks."""
    wanted = [one for one in COMMANDS if (one.split() or ["canheal"])[0] == name]
    return "\n\n".join(f"$ canheal {one} --help\n{_help(one)}" for one in wanted)


def _help(words: str) -> str:
    said = product.command(*words.split(), "--help")
    return said.out if said.code == 0 else f"({said.code}) {said.err}"


def refusals() -> str:
    """Return the sentence and the exit code with which each wrong command is refused."""
    lines = []
    for words in REFUSED:
        said = product.command(*words.split())
        lines += [f"$ canheal {words}", f"({said.code}) {said.err.strip()}{said.out.strip()}", ""]
    return "\n".join(lines)


def public_names() -> str:
    """Return the public names with their signatures."""
    return "\n".join(product.public_names())


def _all() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "public_names", public_names
    yield "commands/refused", refusals
    for one in dict.fromkeys((one.split() or ["canheal"])[0] for one in COMMANDS):
        yield f"commands/{one}", partial(helps, one)
    for one in SCENARIOS:
        yield f"scenarios/{one}", partial(scenario, one)
    for one in STATES:
        yield f"screens/{one}", partial(screen, one)
    for one in REPORTS:
        yield f"reports/{one}", partial(report, one)


GOLDENS = dict(_all())
