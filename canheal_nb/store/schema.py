"""What may be handed in: every field by name, its form and its length; the rest is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, NoReturn

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

if TYPE_CHECKING:
    from canheal_nb.store.terms import Offer

PRIORITIES, FEEDBACK = "priorities", "feedback"
GROUPS = ("patient", "provider", "researcher", "policymaker", "citizen")
METHODS = ("swing", "ranking", "euros", "bwm", "ahp")
SORTS = ("error", "idea", "question", "experience")
MOST_ANSWERS = 200
LONGEST = {
    "part": 200, "fact": 300, "proposed": 300, "source": 500, "text": 2000, "link": 2000,
    "owner": 100, "answer": 4000, "changed": 1000, "why": 1000, "reason": 2000,
}  # fmt: skip
_KEY = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(r"[a-z0-9_-]{1,40}")
_SCREEN = re.compile(r"[A-Za-z0-9_-]{0,60}")
_COUNTRY = re.compile(r"(?:[A-Z]{2})?")
_LANG = re.compile(r"[A-Za-z_-]{2,12}")
_CONSENT = re.compile(r"[0-9]{1,4}")
_NAME = re.compile(r"[a-z0-9_.]{1,90}")
_ANSWER = re.compile(r"[A-Za-z0-9_./]{1,40}")
_NUMBER = re.compile(r"(?:[0-9]{1,6}\.?[0-9]{0,6}|\.[0-9]{1,6})(?:/[0-9]{1,6})?")
_LINK = re.compile(r"(?:/(?!/)[^\s\\<>\"]*)?")
_HASH = re.compile(r"[0-9a-f]{64}")
_KEPT = {
    "item": re.compile(r"[0-9a-f]{12}"),
    "key_hash": _HASH,
    "code_hash": _HASH,
    "kind": re.compile(r"priorities|feedback"),
    "lang": _LANG,
    "consent": _CONSENT,
    "as_group": re.compile(f"(?:{'|'.join(GROUPS)})(?:-pairs|-order)?"),
    "country": _COUNTRY,
    "method": re.compile("|".join(METHODS)),
    "topic": _ID,
    "sort": re.compile("|".join(SORTS)),
    "screen": _SCREEN,
    "link": _LINK,
    "state": re.compile(r"new|open|answered|waiting|accepted|declined"),
    "field": re.compile(r"[a-z]{1,20}"),
    "name": re.compile(r"[a-z]{1,20}(?:-pairs|-order)?-[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "print": re.compile(r"(?:[0-9a-f]{64})?"),
    "told": re.compile(r"\{[a-z0-9_.\": ,\[\]{}]{1,20000}\}"),
    "answers": re.compile(r"\{[A-Za-z0-9_./\": ,]{1,20000}\}"),
}
_HIDDEN = frozenset({"Cc", "Cs", "Cn"})


@dataclass(frozen=True)
class Priorities:
    """One person's answers; `answers`: name of a part -> what was answered."""

    key: str
    lang: str
    consent: str
    group: str
    country: str
    method: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Feedback:
    """One comment: its topic and sort, and which screen, part and fact of it is meant.

    `link`: the view's address below the server; `proposed` and `source`: what a wrong fact should
    say, and where that can be read.
    """

    key: str
    lang: str
    consent: str
    topic: str
    sort: str
    text: str
    screen: str
    part: str
    fact: str
    link: str
    proposed: str
    source: str


def read(given: object, offer: Offer) -> Priorities | Feedback:
    """Return a hand-in from what was sent; `offer`: what it may name.

    Raises UserError that names the first field that is unknown, missing, too long or malformed.
    """
    if not isinstance(given, Mapping):
        raise UserError(_("What was sent is no hand-in; nothing was kept."), code="no-hand-in")
    kind = given.get("kind")
    if kind not in (PRIORITIES, FEEDBACK):
        refuse("kind")
    made = Priorities if kind == PRIORITIES else Feedback
    names = {"kind", *made.__dataclass_fields__}
    unknown = [str(name) for name in given if name not in names]
    if unknown:
        refuse(unknown[0])
    if kind == FEEDBACK:
        said: Priorities | Feedback = _feedback(given, offer.topics)
        check_known(offer, FEEDBACK, said.consent)
        return said
    said = _priorities(given)
    check_known(offer, PRIORITIES, said.consent)
    check_answers(offer, said.country, said.method, said.answers)
    return said


def normal_key(given: object) -> str:
    """Return a key made in the browser as 32 hexadecimal digits; UserError when it is none."""
    return _matched("key", str(given).replace("-", "").lower(), _KEY)


def refuse(name: str) -> NoReturn:
    """Raise UserError about one field."""
    sentence = _("The field {name} is missing, unknown or malformed; nothing was kept.")
    raise UserError(sentence.format(name=ascii(name)[:40]), code="wrong-field")


def plain(name: str, given: object, *, required: bool = False) -> str:
    """Return a text without signs that nobody sees, its lines ended by a line feed.

    Raises UserError when it is no text, too long, or empty and required.
    """
    if not isinstance(given, str):
        refuse(name)
    lines = given.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in _HIDDEN)
    text = text.strip()
    if len(text) > LONGEST[name]:
        sentence = _("{name} is {count} signs long; at most {most} are kept. Shorten it.")
        told = sentence.format(name=name, count=len(text), most=LONGEST[name])
        raise UserError(told, code="too-long")
    if required and not text:
        raise UserError(_("Write something first; nothing was sent."), code="empty")
    return text


def chosen(name: str, given: object, allowed: Collection[str]) -> str:
    """Return a word that is one of those allowed; UserError otherwise."""
    if not isinstance(given, str) or given not in allowed:
        refuse(name)
    return given


def check_known(offer: Offer, kind: str, consent: str) -> None:
    """Refuse a consent that nobody was ever asked for."""
    if consent not in offer.consents.get(kind, ()):
        _refuse_unknown(_("The consent"), consent)


def check_answers(offer: Offer, country: str, method: str, answers: Mapping[str, str]) -> None:
    """Refuse a country or an answer that the data do not know, and what is no finite number."""
    if country and country not in offer.countries:
        _refuse_unknown(_("The country"), country)
    known = answer_names(method, offer.services)
    for name, answer in answers.items():
        if name not in known:
            _refuse_unknown(_("The answer"), name)
        if name in ("best", "worst"):
            if answer not in offer.services:
                _refuse_unknown(_("The answer"), answer)
        elif not _NUMBER.fullmatch(answer):
            sentence = _("{answer} is not a number; write it like 3, 0.5 or 1/3.")
            raise UserError(sentence.format(answer=f"'{answer}'"), code="not-a-number")


def answer_names(method: str, services: Sequence[str]) -> Collection[str]:
    """Return the names that the answers to a way of asking can have."""
    if method == "bwm":
        sides = {f"{side}.{one}" for side in ("over", "under") for one in services}
        return {"best", "worst", *sides}
    if method == "ahp":
        return {f"{one}.{other}" for one, other in combinations(services, 2)}
    return services


def _refuse_unknown(what: str, name: str) -> NoReturn:
    sentence = _("{what} {name} is not in the data here; nothing was kept. Load the page again.")
    raise UserError(sentence.format(what=what, name=f"'{name[:40]}'"), code="unknown-name")


def check_kept(name: str, value: str) -> None:
    """Refuse a column's text that a hand-in or a note could not have left in the store."""
    form = _KEPT.get(name)
    if form is not None and not form.fullmatch(value):
        refuse(name)
    if name in LONGEST and plain(name, value) != value:
        refuse(name)


def _priorities(given: Mapping[str, Any]) -> Priorities:
    answers = given.get("answers")
    if not isinstance(answers, Mapping) or not 0 < len(answers) <= MOST_ANSWERS:
        refuse("answers")
    return Priorities(
        key=normal_key(given.get("key")),
        lang=_matched("lang", given.get("lang", "en"), _LANG),
        consent=_matched("consent", given.get("consent"), _CONSENT),
        group=chosen("group", given.get("group"), GROUPS),
        country=_matched("country", given.get("country", ""), _COUNTRY),
        method=chosen("method", given.get("method"), METHODS),
        answers={
            _matched("answers", name, _NAME): _matched("answers", answer, _ANSWER)
            for name, answer in answers.items()
        },
    )


def _feedback(given: Mapping[str, Any], topics: Collection[str]) -> Feedback:
    texts = {name: plain(name, given.get(name, "")) for name in ("part", "fact", "proposed")}
    return Feedback(
        key=normal_key(given.get("key")),
        lang=_matched("lang", given.get("lang", "en"), _LANG),
        consent=_matched("consent", given.get("consent"), _CONSENT),
        topic=chosen("topic", _matched("topic", given.get("topic"), _ID), topics),
        sort=chosen("sort", given.get("sort"), SORTS),
        text=plain("text", given.get("text"), required=True),
        screen=_matched("screen", given.get("screen", ""), _SCREEN),
        link=_matched("link", plain("link", given.get("link", "")), _LINK),
        source=plain("source", given.get("source", "")),
        **texts,
    )


def _matched(name: str, given: object, form: re.Pattern[str]) -> str:
    if not isinstance(given, str) or not form.fullmatch(given):
        refuse(name)
    return given
