"""Make data/built/journeys.npz: travel times from every place to the centres that count.

    python build/journeys.py

The centres are those of all definitions for which access may be computed. What is stored is what
`canheal_nb.access.travel.journeys.computed` gives; it only saves the time to compute it.
"""

from pathlib import Path

import pandas as pd

from canheal_nb import data
from canheal_nb.access.model import access_tables, definitions
from canheal_nb.access.travel import journeys
from canheal_nb.data import journeys as stored

TARGET = Path(__file__).resolve().parent.parent / "data" / stored.FILE


def main() -> None:
    """Write the file; the same data give the same bytes."""
    dataset = data.load()
    over = access_tables.ground(dataset)
    every = [definitions.centres(dataset, one) for one in definitions.offered(dataset).values()]
    centres = pd.concat(every).sort_index()
    centres = centres.loc[~centres.index.duplicated(), journeys.POINT]
    tables = journeys.computed(over, centres)
    TARGET.write_bytes(stored.packed(stored.Journeys(over.digest, centres, tables)))


if __name__ == "__main__":
    main()
