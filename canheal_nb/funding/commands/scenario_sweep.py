"""The draws of a scenario as a sweep: many, kept in a folder, here or on a cluster."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.uncertainty import sampling
from canheal_nb.uncertainty.futures import Futures, Together
from canheal_nb.uncertainty.sweeps.sweep import Progress, Stop, run


def swept(
    found: Run,
    draws: int,
    *,
    folder: Path | None = None,
    address: str | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Run | None:
    """Return a run whose intervals are from so many draws; None where it was stopped before.

    The draws are those of `Run.futures`, by number, so that 1,000 of them give its figures. What
    is finished is kept in the folder and not made again; a folder of another scenario, plan or
    data is refused. Raises UserError as `sweeps.run` does.
    """
    together = Together(found.options)
    if not any(one.varies for one in together.given):
        return dataclasses.replace(found, draws=draws)
    seed = found.scenario.seed
    made = run(
        together,
        together.given,
        draws=draws,
        seed=seed,
        folder=folder,
        of=named(found),
        address=address,
        progress=progress,
        stop=stop,
    )
    if not made.complete:
        return None
    values = sampling.sample(together.given, seed, 0, draws)
    seen = Futures(together, values, made.outcomes, seed)
    return dataclasses.replace(found, draws=draws, seen=seen)


def named(found: Run) -> str:
    """Return what the draws of a run are of: its ground, its inputs and what is bought."""
    case, told = found.case, hashlib.sha256()
    for part in (case.countries, case.services, case.years, sorted(case.given.items())):
        told.update(repr(part).encode())
    told.update(repr(sorted(case.per_use)).encode())
    for array in (case.people, case.count, case.growth, case.start, found.outcome.units):
        told.update(array.astype("<f8").tobytes())
    return f"scenario {told.hexdigest()[:16]}"
