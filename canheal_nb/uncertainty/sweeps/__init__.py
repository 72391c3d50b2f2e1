"""Many draws of any function of uncertain inputs: here, or on a Dask cluster by its address."""

from __future__ import annotations

from canheal_nb.uncertainty.sweeps.blocks import BLOCK
from canheal_nb.uncertainty.sweeps.sweep import CHUNK, Sweep, run

__all__ = ["BLOCK", "CHUNK", "Sweep", "run"]
