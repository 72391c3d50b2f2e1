"""The centre finder's sentences: plain, about this person's choices, made from data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pandas as pd
from babel.dates import format_date

from canheal_nb.indicators import words
from canheal_nb.indicators.words import listed
from canheal_nb.text.locale import N_, _, ngettext

STEP = 5
HOUR = 60
QUARTER = 15
FEW = 10
WEIGHT_WORDS = {
    "0": N_("does not matter"),
    "1": N_("matters a little"),
    "2": N_("matters"),
    "3": N_("matters a lot"),
    "4": N_("matters most"),
}
GROUP_TITLES = {
    "well": N_("Fits well"),
    "could": N_("Could fit"),
    "little": N_("Little known: ask them"),
}
GROUP_MEANS = {
    "well": N_("What you need is known to be there, and most of what matters to you."),
    "could": N_("What you need is known to be there. Some of what matters to you is not."),
    "little": N_("Nobody has told us enough. That says nothing against these centres."),
}


def date(text: str) -> str:
    """Return a date of the data (2026-09-10) as one reads it; any other text as it is."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return text
    return str(format_date(day, "long", locale=words.cldr()))


def duration(minutes: float) -> str:
    """Return minutes rounded to five, as hours and minutes from two hours on."""
    rounded = max(STEP, round(minutes / STEP) * STEP)
    if rounded < 2 * HOUR:
        return ngettext("{n} minute", "{n} minutes", rounded).format(n=rounded)
    hours, rest = divmod(rounded, HOUR)
    if not rest:
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=rest)


def km(distance: float) -> str:
    """Return a straight distance, rounded."""
    if distance < 1:
        return _("less than 1 km")
    if distance < FEW:
        return _("about {n} km").format(n=words.decimal(distance))
    return _("about {n} km").format(n=words.significant(distance))


def way(time: Mapping[str, float] | None, distance: float, *, car: bool) -> str:
    """Return how far a centre is: modelled minutes by car with their band, or a straight line."""
    if time is not None and time["high"] < QUARTER:
        return _("less than 15 minutes by car")
    if time is not None:
        return _("about {middle} by car (between {low} and {high})").format(
            middle=duration(time["middle"]), low=duration(time["low"]), high=duration(time["high"])
        )
    if car:
        text = _("{km} in a straight line; the time by car is not known, ask how to get there")
    else:
        text = _("{km} in a straight line; the real way is longer")
    return text.format(km=km(distance))


def certificate(title: str, as_of: str, *, held: bool) -> str:
    """Return who certified a centre, read when, until when."""
    if held:
        text = _("certified by OECI as {title}; directory of {date}; until when is not known")
        return text.format(title=title, date=date(as_of))
    text = _("not in OECI's directory of {date}; there are other quality schemes")
    return text.format(date=date(as_of))


def title(label: str, year: object) -> str:
    """Return a national or European title with the year of its source."""
    when = _("year not stated") if pd.isna(year) else _("source of {year}").format(year=year)
    return _("{title} ({when}; until when is not known)").format(title=label, when=when)


def weighed(
    labels: Mapping[str, str], chosen: Mapping[str, str], values: Mapping[str, float | None]
) -> list[str]:
    """Return what is known of each thing that matters to the person, heaviest first."""
    said = []
    for name in sorted(chosen, key=lambda one: (-int(chosen[one]), labels[one])):
        value = values.get(name)
        text = _("You said: {what} {how}.").format(
            what=labels[name], how=_(WEIGHT_WORDS[chosen[name]])
        )
        if value is None:
            text += " " + _("Not known of this centre.")
        elif name != "nearness":
            text += " " + (_("Here: yes.") if value else _("Here: no."))
        said.append(text)
    return said


def result(place: str, count: Mapping[str, int], limit: str, *, plain: bool) -> str:
    """Return the answer: how many centres are within the limit, by group.

    `plain`: nothing was asked but the way, so nothing can fit well or badly.
    """
    n = sum(count.values())
    text = ngettext(
        "From {place}, {n} centre in our list is {limit}.",
        "From {place}, {n} centres in our list are {limit}.",
        n,
    ).format(place=place, n=n, limit=limit)
    if not plain:
        parts = [
            (count["well"], ngettext("{n} fits well", "{n} fit well", count["well"])),
            (count["could"], ngettext("{n} could fit", "{n} could fit", count["could"])),
            (count["little"], _("of {n} we know too little")),
        ]
        shown = [form.format(n=number) for number, form in parts if number]
        text += " " + _("{what}.").format(what=listed(shown).capitalize())
    return text


def nothing(place: str, limit: str) -> str:
    """Return that no centre was found."""
    text = _("From {place}, no centre in our list that could fit is {limit}.")
    return text.format(place=place, limit=limit)


def asked(how: str, text: str, count: int) -> str:
    """Return the question back when a place is not settled."""
    forms = {
        "": _("Where do you live? Then you see which centres could fit."),
        "several": ngettext(
            "{n} place has this name: “{text}”. Which is yours?",
            "{n} places have this name: “{text}”. Which is yours?",
            count,
        ),
        "region": _("“{text}” is a region. Which place is nearest to you?"),
        "near": _("We know no place called “{text}”. Is it one of these?"),
        "none": _(
            "We know no place called “{text}”. Try another spelling, or the nearest larger town."
        ),
    }
    return forms[how].format(text=text.strip(), n=count)


def network(name: str, known: int, centres: int) -> str:
    """Return how much is known of a European network for a kind of cancer."""
    if not name:
        return _(
            "For this cancer we do not know which centre treats it: no list says so. "
            "Ask your doctor, and the centres below."
        )
    text = _(
        "There is a European network for this: {name}. We know {known} of its members among "
        "{centres} centres; it may have more. Ask your doctor which member is near you."
    )
    return text.format(name=name, known=known, centres=centres)
