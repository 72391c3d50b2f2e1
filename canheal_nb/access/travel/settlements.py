"""Settlements: how their names are searched for, and which cells their people live in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_GAPS = re.compile(r"[\W_]+")


def fold(name: str) -> str:
    """Return a name as it is searched for: small letters, no accents, single spaces.

    "Łódź" gives "lodz", "Saint-Étienne" "saint etienne", "Αθήνα" "αθηνα".
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_LETTERS)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _GAPS.sub(" ", letters).strip()


def searched(names: Iterable[str], letters: set[str]) -> set[str]:
    """Return what names in some scripts ("LATIN", "GREEK" ...) are searched for.

    Umlauts are also written out: "München" gives "munchen" and "muenchen".
    """
    local = [name for name in names if _scripts(name) <= letters]
    written = (
        unicodedata.normalize("NFC", name.casefold()).translate(_WRITTEN_OUT) for name in local
    )
    return {key for key in map(fold, [*local, *written]) if len(key) > 1}


def _scripts(name: str) -> set[str]:
    return {unicodedata.name(sign, "?").partition(" ")[0] for sign in name if sign.isalpha()}


def by_cell(settlements: pd.DataFrame, spread: pd.DataFrame) -> pd.DataFrame:
    """Return `geonameid, h3, population`: how many people of each settlement live in each cell.

    `settlements`: index geonameid, with h3 and population; `spread`: geonameid, h3, population
    of the large ones, which cover more than one cell. The sums are those of the settlements.
    """
    at_point = ~settlements.index.isin(spread["geonameid"])
    still = settlements.loc[at_point, ["h3", "population"]].reset_index(names="geonameid")
    return pd.concat([still, spread[["geonameid", "h3", "population"]]], ignore_index=True)
