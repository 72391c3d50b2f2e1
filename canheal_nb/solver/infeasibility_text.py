"""Why no plan fits, in words, with the ids that a scenario file uses."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from canheal_nb.solver.problem import Infeasible
from canheal_nb.text.locale import _

TOLD = 8
MONEY, SHARES = ("budget", "absorption", "purse"), ("target", "least_cover")


@dataclass(frozen=True)
class Named:
    """What the places of a problem are called: areas, interventions, years, roles of staff."""

    areas: Sequence[str]
    services: Sequence[str]
    years: Sequence[int]
    roles: Sequence[str] = ()
    carry_over: bool = False


# What each kind of limit says.
LIMITS: dict[str, Callable[[], str]] = {
    "budget": lambda: _("{units} euros in {year}"),
    "carried": lambda: _("{units} euros up to {year}"),
    "absorption": lambda: _("{area} can spend {units} euros in {year}"),
    "purse": lambda: _("{area} can pay {units} euros of its own in {year}"),
    "cap": lambda: _("at most {units} {service} in {area}"),
    "floor": lambda: _("at least {units} {service} in {area}"),
    "locked": lambda: _("exactly {units} {service} in {area}"),
    "staff": lambda: _("{units} people free as {service} in {area} in {year}"),
    "target": lambda: _("{units} of the benchmark in {area} in {year}"),
    "least_cover": lambda: _("{units} of the benchmark for {service} in {area} in {year}"),
}


def named(error: Infeasible, names: Named) -> Infeasible:
    """Return the same refusal, saying which limits clash and the least that would make room."""
    clash = [_limit(one.kind, one.where, one.limit, names) for one in error.clash]
    gives = [
        _("{limit}: by {amount}").format(
            limit=_limit(one.kind, one.where, one.limit, names), amount=_amount(one.kind, one.needs)
        )
        for one in error.relaxation
    ]
    if not clash:
        return error
    first = (
        _("No plan can keep all of these, and without any one of them there is one: {list}.")
        if error.minimal
        else _("No plan can keep all of these: {list}.")
    )
    said = first.format(list=_listed(clash))
    if gives:
        second = _("The least that would make room, to loosen: {list}.")
        said = f"{said} {second.format(list=_listed(gives))}"
    return Infeasible(error.clash, error.relaxation, error.minimal, said)


def _limit(kind: str, where: tuple[int, int, int], limit: float, names: Named) -> str:
    area, service, year = where
    kinds = names.roles if kind == "staff" else names.services
    text = LIMITS["carried" if kind == "budget" and names.carry_over else kind]()
    return text.format(
        units=_share(limit) if kind in SHARES else _number(limit),
        area=names.areas[area] if area >= 0 else "",
        service=kinds[service] if 0 <= service < len(kinds) else "",
        year=names.years[year] if year >= 0 else "",
    )


def _amount(kind: str, needs: float) -> str:
    """Return an amount rounded up, so that loosening by it is enough."""
    if kind in SHARES:
        return _("{n} points").format(n=f"{math.ceil(1e4 * needs - 1e-6) / 100:g}")
    text = _number(math.ceil(needs - 1e-6) if abs(needs) >= 1 else needs)
    return _("{n} euros").format(n=text) if kind in MONEY else text


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _share(value: float) -> str:
    return _("{n} %").format(n=f"{100 * value:.4g}")


def _listed(parts: Sequence[str]) -> str:
    more = len(parts) - TOLD
    shown = [*parts[:TOLD], *([_("and {n} more").format(n=more)] if more > 0 else [])]
    return "; ".join(shown)
