"""How many centres of a country stand at which step towards a certificate, and a band of peers.

The centres are those of the tables, which are a sample: a count says "in our list".
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from canheal_nb.model.capabilities import newest
from canheal_nb.model.centres import designations
from canheal_nb.model.measures import Tables

STEPS = ("CCC", "CC", "applying", "member", "outside", "unknown")


@dataclass(frozen=True)
class Band:
    """The middle half of what peers are known to have; peers are not named.

    `n`: peers with a figure, of `peers`; `low`, `middle`, `high`: quartiles and median.
    """

    n: int
    peers: int
    low: float
    middle: float
    high: float


def standing(tables: Tables, country: str) -> pd.Series:
    """Return the step of every centre of a country, by centre_id, each on its highest only.

    CCC and CC: OECI certificate held; applying: in OECI's accreditation, no certificate; member:
    of OECI only; outside: known not to be a member; unknown: nothing is known.
    """
    centres = tables.centres.index[tables.centres["country"] == country]
    held = designations(tables.capabilities)
    applying, member = (
        newest(tables.capabilities, name).drop_duplicates("centre_id").set_index("centre_id")
        for name in ("oeci_in_accreditation", "oeci_member")
    )
    found = {}
    for centre in centres:
        kind = str(held.get(centre, ""))
        if kind:
            found[str(centre)] = kind
        elif centre in applying.index and applying.at[centre, "value"] == "yes":
            found[str(centre)] = "applying"
        elif centre in member.index:
            yes = member.at[centre, "value"] == "yes"
            found[str(centre)] = "member" if yes else "outside"
        else:
            found[str(centre)] = "unknown"
    return pd.Series(found, dtype="str")


def counts(tables: Tables, country: str) -> dict[str, int]:
    """Return how many centres of a country stand at each step, in the order of `STEPS`."""
    found = standing(tables, country)
    return {step: int((found == step).sum()) for step in STEPS}


def band(
    tables: Tables, capability: str, designation: str, least: int, but: str = ""
) -> Band | None:
    """Return the middle half of a number among the centres with a designation (CC or CCC).

    `but`: a centre that is left out, since it is compared; None with fewer than `least` figures.
    """
    held = designations(tables.capabilities)
    peers = [str(c) for c in held.index[held == designation] if c != but]
    rows = newest(tables.capabilities, capability).drop_duplicates("centre_id")
    own = rows[rows["centre_id"].isin(peers)]["number"].dropna()
    if len(own) < least:
        return None
    low, middle, high = (float(own.quantile(q)) for q in (0.25, 0.5, 0.75))
    return Band(len(own), len(peers), low, middle, high)
