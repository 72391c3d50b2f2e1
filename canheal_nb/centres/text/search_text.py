"""What a search for centres found, in words: known to, known not to, and not known."""

from __future__ import annotations

from canheal_nb.centres.model.selection import Said, Split
from canheal_nb.indicators.words import decimal, listed
from canheal_nb.text.locale import _, ngettext


def answer(split: Split, base: int, asked: list[str], country: str, find: str) -> str:
    """Return in one sentence how many centres are known to meet what is asked.

    `base`: of how many in the country (its name, "" for all) and with the words searched for.
    """
    scope = [country] if country else []
    scope += [_("“{text}”").format(text=find.strip())] if find.strip() else []
    if not asked:
        text = ngettext(
            "{n} cancer centre is in our list.", "{n} cancer centres are in our list.", base
        ).format(n=decimal(base))
    else:
        form = ngettext(
            "{n} of {base} centres is known to meet this: {what}.",
            "{n} of {base} centres are known to meet this: {what}.",
            len(split.yes),
        )
        text = form.format(n=len(split.yes), base=base, what=listed(asked))
    return _("{scope}: {text}").format(scope=", ".join(scope), text=text) if scope else text


def rest(split: Split, asked: bool) -> str:
    """Return what is known, and not known, of the centres that are not in the result."""
    if not asked:
        return _("A sample of members and networks, not a register of all hospitals.")
    said = []
    if split.no:
        form = ngettext(
            "{n} is known not to meet it.", "{n} are known not to meet it.", len(split.no)
        )
        said.append(form.format(n=len(split.no)))
    if split.unknown:
        text = _("Not known for {n}: nobody has told us, so ask them.")
        said.append(text.format(n=len(split.unknown)))
    return " ".join(said)


def known_for(said: Said, centres: int) -> str:
    """Return of how many centres it is known, and of how many yes and no."""
    text = _("known for {known} of {all}; {yes} yes").format(
        known=said.known, all=centres, yes=len(said.yes)
    )
    return text + (_(", {no} no").format(no=len(said.no)) if said.no else "")


def map_label(said: str) -> str:
    """Return what the map is to somebody who does not see it."""
    return _("Map of the centres in the list. {answer} Plus and minus zoom, arrows move.").format(
        answer=said
    )
