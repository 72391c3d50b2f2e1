"""One scenario from its inputs to its outcome: what app, report and command line all call.

Inputs, ground, units (as written, or planned where only money and a goal are given), outcome,
and the same over draws of everything that has a range. Nothing is loaded here, and the same
scenario, tables and seed give the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from canheal_nb.access.model.access_tables import Tables
from canheal_nb.funding.model import evaluation, model_inputs, openings, planning
from canheal_nb.funding.model.model_inputs import Case, Floats
from canheal_nb.funding.model.planning import Planned
from canheal_nb.funding.model.scenario import Add, Scenario
from canheal_nb.need.model import inputs, services
from canheal_nb.priorities.model.priority_sets import EQUAL
from canheal_nb.solver.problem import Progress, Stop
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty import futures
from canheal_nb.uncertainty.futures import Futures, Option
from canheal_nb.uncertainty.results import LEVEL
from canheal_nb.uncertainty.sampling import LIVE, Range

PLAN, NOTHING = "plan", "nothing"
TIME_LIMIT = 10.0
MINUTES = (60, 120)
ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


@dataclass(frozen=True, eq=False)
class Run:
    """A scenario and what it does.

    `scenario`: as written, or with the plan as its changes; `planned`: None where its author
    wrote the changes; `outcome` at the best guess of every input; `draws`: how many futures
    the intervals are from; `access`: who comes within reach of a centre (`openings.by_area`, with
    the limit in minutes in front), empty where no centre opens or gains a title; `seen`: the
    draws, where they were made elsewhere, as in a sweep.
    """

    scenario: Scenario
    case: Case
    outcome: evaluation.Outcome
    planned: Planned | None
    draws: int
    access: pd.DataFrame = field(default_factory=pd.DataFrame)
    seen: Futures | None = None

    @property
    def matrix(self) -> pd.DataFrame:
        """The input matrix of the scenario's services (see `inputs.matrix`)."""
        return self.case.own

    @cached_property
    def services(self) -> pd.DataFrame:
        """One row per service (see `evaluation.by_service`)."""
        return evaluation.by_service(self.outcome)

    @cached_property
    def countries(self) -> pd.DataFrame:
        """One row per country and service (see `evaluation.by_country`)."""
        return evaluation.by_country(self.outcome)

    @cached_property
    def futures(self) -> Futures:
        """The plan and doing nothing over the same draws; options "plan" and "nothing"."""
        if self.seen is not None:
            return self.seen
        return futures.look(self.options, seed=self.scenario.seed, draws=self.draws)

    @property
    def options(self) -> list[Option]:
        """The plan and doing nothing as options over what is uncertain."""
        none = np.zeros(self.case.shape)
        bought = option(PLAN, self.case, self.outcome.units)
        return [bought, option(NOTHING, self.case, none)]

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """Of 100 draws, 90 lie between: low, median, high, mean, draws; by outcome of the plan.

        Outcomes as in `followed`, for example "radiotherapy: share".
        """
        return self.futures.intervals().loc[PLAN]

    @cached_property
    def at_end(self) -> tuple[Floats, Floats, Floats]:
        """Need, met doing nothing, met with the plan, in the last year, over the draws.

        Arrays [n, A, I], the same futures as in `futures`.
        """
        drawn = _known(self.case.drawn(self.scenario.seed, self.draws))
        shape = (self.draws, *self.case.shape[:2])
        need, nothing, after = evaluation.at_end(self.case, self.outcome.units, drawn)
        full = [np.broadcast_to(one, shape) for one in (need, nothing, after)]
        return full[0], full[1], full[2]

    @cached_property
    def drawn_shares(self) -> dict[str, Floats]:
        """The Union's share of need met in the last year, by service, over the draws (0 to 1)."""
        need, _nothing, after = self.at_end
        known = ~np.isnan(after)
        share = _share(np.nansum(after, axis=1), np.where(known, need, 0.0).sum(axis=1))
        return {s: share[:, i] for i, s in enumerate(self.case.services) if known[..., i].any()}

    @cached_property
    def shares(self) -> dict[str, tuple[float, float]]:
        """Where the Union's shares lie in 90 of 100 draws: those of `intervals`, found quickly."""
        ends = {one: np.quantile(drawn, ENDS) for one, drawn in self.drawn_shares.items()}
        return {one: (float(low), float(high)) for one, (low, high) in ends.items()}

    @cached_property
    def country_intervals(self) -> pd.DataFrame:
        """Return where the shares of each country lie, in the last year, 90 of 100 draws.

        Columns country, service, nothing_low, nothing_high, after_low, after_high (0 to 1).
        """
        case = self.case
        need, nothing, after = self.at_end
        names = {
            "country": np.repeat(case.countries, len(case.services)),
            "service": np.tile(case.services, len(case.countries)),
        }
        key = ("nothing", self.scenario.seed, self.draws)
        if key not in case.kept:
            case.kept[key] = _ends(nothing, need)
        ends: dict[str, Floats] = {}
        for name, (low, high) in (("nothing", case.kept[key]), ("after", _ends(after, need))):
            ends |= {f"{name}_low": low, f"{name}_high": high}
        return pd.DataFrame(names | ends)

    @cached_property
    def units(self) -> pd.DataFrame:
        """What is bought: country, service, year, units; only where there is something."""
        case, bought = self.case, self.outcome.units
        rows = [
            (case.countries[a], case.services[i], case.years[t], float(bought[a, i, t]))
            for a, i, t in np.argwhere(bought > 0)
        ]
        return pd.DataFrame(rows, columns=["country", "service", "year", "units"])


def run(
    tables: Tables,
    scenario: Scenario,
    *,
    plan: bool | None = None,
    weights: Mapping[str, float] | None = None,
    draws: int = LIVE,
    time_limit: float = TIME_LIMIT,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Run:
    """Return what a scenario does.

    `plan`: search for what to buy (True), take the changes as written (False), or, by default,
    search only where the scenario has money or a target and no changes of units. `weights`:
    priority by service, for the search alone. Raises UserError as `case`, `units` and
    `planning.plan` do.
    """
    if scenario.priorities not in ("", EQUAL) and weights is None:
        text = _("The priorities {name} are not at hand here; without them no plan is shown.")
        raise UserError(text.format(name=ascii(scenario.priorities)), code="no-priorities")
    made = prepared(tables, scenario)
    if plan if plan is not None else searched(scenario):
        planned = planning.plan(made, scenario, weights, time_limit, progress, stop)
        kept = planning.scenario_of(made, scenario, planned)
        return Run(kept, made, planned.outcome, planned, draws, reachable(tables, scenario))
    outcome = evaluation.evaluate(made, model_inputs.units(made, scenario))
    return Run(scenario, made, outcome, None, draws, reachable(tables, scenario))


def reachable(tables: Tables, scenario: Scenario) -> pd.DataFrame:
    """Return who is within each of `MINUTES` before and after (see `Run.access`)."""
    parts = [openings.by_area(tables, scenario, limit) for limit in MINUTES]
    for limit, part in zip(MINUTES, parts, strict=True):
        part.insert(0, "limit", limit)
    return pd.concat(parts, ignore_index=True)


def prepared(tables: Tables, scenario: Scenario) -> Case:
    """Return the ground of a scenario with its own assumptions: the slow part, to be kept."""
    return model_inputs.case(tables, inputs.matrix(tables, scenario.assumptions), scenario)


def vocabulary(tables: Tables) -> dict[str, list[str]]:
    """Return the ids that a scenario may name: country, centre, capability, priorities."""
    return {
        "country": services.countries(tables),
        "centre": sorted(map(str, tables.centres.index)),
        "capability": openings.capabilities(tables),
        "priorities": [EQUAL],
    }


def searched(scenario: Scenario) -> bool:
    """Return whether a scenario leaves open what to buy: money or a target, and no units."""
    written = any(isinstance(change, Add) for change in scenario.changes)
    money = bool(scenario.budget.total) or any(euros for _year, euros in scenario.budget.by_year)
    return not written and (money or scenario.goal.target is not None)


def option(name: str, case: Case, units: Floats) -> Option:
    """Return buying `units` [A, I, T] as an option over what is uncertain in its inputs."""

    def function(values: dict[str, Floats]) -> Mapping[str, Floats]:
        return followed(evaluation.evaluate(case, units, _known(values)))

    return Option(name, function, uncertain(case))


def uncertain(case: Case) -> tuple[Range, ...]:
    """Return the ranges of the inputs that the evaluation of a case uses."""
    return case.ranges


def followed(outcome: evaluation.Outcome) -> dict[str, Floats]:
    """Return what is followed over draws: `evaluation.outcomes`, and the shares of need met.

    "service: today" (in the year of the count) and "service: nothing" (in the last year), beside
    "service: share" (with the plan, in the last year), 0 to 1; "cost": euros, all services.
    """
    case = outcome.case
    found = evaluation.outcomes(outcome)
    for i, service in enumerate(case.services):
        need, nothing = outcome.need[..., i, -1], outcome.nothing[..., i, -1]
        known = ~np.isnan(nothing)
        if not known.any():
            continue
        total = np.where(known, need, 0.0).sum(axis=-1)
        found[f"{service}: nothing"] = _share(np.nansum(nothing, axis=-1), total)
        first = np.where(known, need / case.growth[:, i, -1], 0.0).sum(axis=-1)
        then = np.where(known, outcome.today[..., i], 0.0).sum(axis=-1)
        found[f"{service}: today"] = _share(then, first)
    found["cost"] = outcome.spent
    return found


def _ends(met: Floats, need: Floats) -> tuple[Floats, Floats]:
    """Return the ends of a share of need over the draws [n, A, I], one after the other [A * I]."""
    share = np.divide(met, need, out=np.full(need.shape, np.nan), where=need > 0)
    low, high = np.quantile(share.reshape(len(share), -1), ENDS, axis=0)
    return low, high


def _known(values: Mapping[str, Floats]) -> dict[str, Floats]:
    return {name: drawn for name, drawn in values.items() if not np.isnan(drawn).all()}


def _share(part: Floats, whole: Floats) -> Floats:
    some = np.asarray(whole) > 0
    found: Floats = np.where(some, part / np.where(some, whole, 1.0), np.nan)
    return found
