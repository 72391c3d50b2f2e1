"""Cost curves: a purchase as a yearly cost, fixed cost shared by volume, outcomes by volume."""

from __future__ import annotations

from collections.abc import Sequence


def annuity(rate: float, years: float) -> float:
    """Return the present value of 1 a year, paid at each year's end.

    rate: a year, as a share (0.045 is 4.5 %). (1 - (1 + rate)^-years) / rate.
    """
    return float(years) if rate == 0 else (1 - (1 + rate) ** -years) / rate


def yearly(price: float, rate: float, years: float) -> float:
    """Return the equivalent annual cost of a purchase used for `years` years."""
    return price / annuity(rate, years)


def per_patient(fixed: float, variable: float, patients: float) -> float:
    """Return the cost of one patient: a fixed yearly cost shared by all, and each one's own."""
    return fixed / patients + variable


def at_volume(steps: Sequence[tuple[float, float]], volume: float) -> float:
    """Return the rate of the highest step (least volume, rate) that a yearly volume reaches."""
    reached = [rate for least, rate in sorted(steps) if volume >= least]
    return reached[-1] if reached else float("nan")
