"""Fit the model of driving times to half of the known times, and put all of them beside it.

    python build/travel_fit.py

Needs the lattice. Writes the two fitted constants and the modelled times of the known pairs.
"""

from pathlib import Path

import pandas as pd

from canheal_nb.access.travel import driving_check
from canheal_nb.access.travel.driving import PACES
from canheal_nb.access.travel.speeds import drive
from canheal_nb.data import load

DATA = Path(__file__).resolve().parent.parent / "data"
OURS = {"chosen_by": "canheal_nb project", "chosen_on": "2026-11-24"}
NEUTRAL = {"entry_minutes": 0.0, "long_factor": 1.0}


def fitted(entry: float, factor: float) -> pd.DataFrame:
    """Return the two constants with what they mean."""
    rows = [
        ("entry_minutes", entry, "min", "local roads at both ends of a way at the long speed",
         "fitted: least mean absolute logarithm of modelled over known minutes of the half of "
         "the known times that calibrates"),
        ("long_factor", factor, "ratio", "by which the detour of the long speed is multiplied",
         "fitted together with entry_minutes; below 1, since more of a long way is motorway than "
         "the half assumed, and since roads are straighter than in 1990, which the detour is from"),
    ]  # fmt: skip
    names = ["constant", "value", "unit", "meaning", "why"]
    frame = pd.DataFrame(rows, columns=names).assign(**OURS)
    return frame[[*names[:4], *OURS, "why"]]


def main() -> None:
    """Fit, write, model, write."""
    dataset = load(DATA)
    pairs = driving_check.known(dataset)
    calibrating = pairs[pairs["half"] == "calibrate"]
    plain = drive(dataset, fit=NEUTRAL)
    parts = driving_check.parts(dataset.lattice, plain, calibrating)
    entry, factor = driving_check.fit(parts, calibrating["minutes"])
    found = fitted(entry, factor)
    found.to_csv(DATA / "judgements/travel_fit.csv", index=False, lineterminator="\n")
    constants = {"entry_minutes": entry, "long_factor": factor}
    for pace in sorted(PACES):
        one = drive(dataset, pace, fit=constants)
        pairs[pace] = driving_check.modelled(dataset.lattice, one, pairs).round(1)
    columns = ["origin", "destination", "half", "minutes", *sorted(PACES)]
    known = pairs[columns].sort_values(columns[:2])
    known.to_csv(DATA / "built/travel_known.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
