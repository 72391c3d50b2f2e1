"""Options side by side over the same futures: how sure, who wins, what matters, what would turn it.

An option (a scenario, a plan) is a function of uncertain inputs with the ranges it rests on. Two
options that give one input the same range share it; where their authors gave it different ranges
it is two inputs, "Option: input", which still rise and fall together (one stream). All options
meet the same draws, so that differences between them are not luck.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty import results, sampling, sensitivity
from canheal_nb.uncertainty.results import LEVEL, Beats, Regret
from canheal_nb.uncertainty.sampling import LIVE, SOURCED, Range

Floats = NDArray[np.float64]
Function = Callable[[dict[str, Floats]], Mapping[str, Floats]]
_BETWEEN = " | "


@dataclass(frozen=True)
class Option:
    """A name, a function from {input: array[n]} to {outcome: array[n]}, and its inputs."""

    name: str
    function: Function
    given: tuple[Range, ...]


class Together:
    """The options as one function of one set of inputs, `given`; it can be swept as it is.

    It returns every outcome of every option, named "option | outcome" (see `named`).
    """

    def __init__(self, options: Sequence[Option]) -> None:
        """Join options. Raises UserError for none, or for one name twice."""
        names = [option.name for option in options]
        if not names or len(set(names)) < len(names):
            text = _("Compare one option at least, each with a name of its own; here: {names}.")
            said = text.format(names=", ".join(names) or _("none"))
            raise UserError(said, code="wrong-options")
        self.options = tuple(options)
        spelled: dict[str, set[str]] = {}
        for option in options:
            for one in option.given:
                spelled.setdefault(one.name, set()).add(repr(one))
        self._split = {name for name, ways in spelled.items() if len(ways) > 1}
        joined = {self._input(option, one.name): one for option in options for one in option.given}
        self.given = tuple(_renamed(name, one) for name, one in joined.items())

    def __call__(self, values: dict[str, Floats]) -> dict[str, Floats]:
        """Return the outcomes of every option for the same draws."""
        made: dict[str, Floats] = {}
        for option in self.options:
            own = {one.name: values[self._input(option, one.name)] for one in option.given}
            for outcome, drawn in option.function(own).items():
                made[named(option.name, outcome)] = np.asarray(drawn, dtype=float)
        return made

    def called(self, name: str) -> list[str]:
        """Return what an input is called here: once, once per option where ranges differ."""
        own = [self._input(option, name) for option in self.options]
        return [one.name for one in self.given if one.name == name or one.name in own]

    def _input(self, option: Option, name: str) -> str:
        return f"{option.name}: {name}" if name in self._split else name


@dataclass(frozen=True)
class Futures:
    """What `look` found: the draws of the inputs, and of every outcome of every option."""

    together: Together
    values: dict[str, Floats]
    made: dict[str, Floats]
    seed: int

    def of(self, outcome: str, options: Sequence[str] = ()) -> dict[str, Floats]:
        """Return the draws of one outcome by option, of all or of those named.

        Raises UserError where an option lacks it.
        """
        named_ones = options or [option.name for option in self.together.options]
        return {name: self._draws(name, outcome) for name in named_ones}

    def intervals(self, level: float = LEVEL) -> pd.DataFrame:
        """Return `low`, `median`, `high`, `mean`, `draws` by `option` and `outcome`."""
        found = results.intervals(self.made, level)
        pairs = [tuple(name.rsplit(_BETWEEN, 1)) for name in found.index]
        found.index = pd.MultiIndex.from_tuples(pairs, names=["option", "outcome"])
        return found

    def beats(self, a: str, b: str, outcome: str, *, more_is_better: bool = True) -> Beats:
        """Return in which share of the futures option A is better than B by an outcome."""
        first, second = self._draws(a, outcome), self._draws(b, outcome)
        return results.beats(first, second, more_is_better=more_is_better)

    def best(self, outcome: str, *, more_is_better: bool = True) -> pd.Series:
        """Return in which share of the futures each option is the best by an outcome."""
        return results.best(self.of(outcome), more_is_better=more_is_better)

    def matters(self, outcome: str, option: str, against: str = "") -> pd.DataFrame:
        """Return how much of an outcome's variance each input accounts for; the most first.

        With `against`, of the difference between the two options: what the choice hangs on.
        Columns as in `sensitivity.of_draws`.
        """
        drawn = self._draws(option, outcome)
        drawn = drawn - self._draws(against, outcome) if against else drawn
        return sensitivity.of_draws(_streams(self), drawn, seed=self.seed)

    def information(self, outcome: str, *, more_is_better: bool = True) -> pd.Series:
        """Return what knowing each input before choosing would add to an outcome, on average."""
        options = self.of(outcome)
        return results.information(_streams(self), options, more_is_better=more_is_better)

    def break_even(
        self, a: str, b: str, outcome: str, *, more_is_better: bool = True
    ) -> pd.DataFrame:
        """Return, per input, where in its range the better of A and B would change.

        Columns as in `results.break_even`; the other inputs stay at their best guess.
        """
        self._draws(a, outcome), self._draws(b, outcome)
        pair = (named(a, outcome), named(b, outcome))
        given = self.together.given
        return results.break_even(self.together, given, *pair, more_is_better=more_is_better)

    def _draws(self, option: str, outcome: str) -> Floats:
        name = named(option, outcome)
        if name not in self.made:
            text = _("There is no outcome {name}; there is: {known}.")
            raise UserError(
                text.format(name=name, known=", ".join(self.made)), code="unknown-outcome"
            )
        return self.made[name]


def look(options: Sequence[Option], *, seed: int, draws: int = LIVE) -> Futures:
    """Return the options over the same draws of all that is uncertain in any of them.

    The same options, seed and number of draws give the same bytes. Raises UserError for no
    options or two of one name.
    """
    together = Together(options)
    values = sampling.sample(together.given, seed, 0, draws)
    return Futures(together, values, together(values), seed)


def regret(
    options: Sequence[Option],
    futures: Mapping[str, Mapping[str, float]],
    outcome: str,
    *,
    more_is_better: bool = True,
) -> Regret:
    """Return what each option would lose in each named future, and which loses least at worst.

    A future names the inputs that differ from the best guess, and their values; one that options
    have with different ranges is set for each, or for one by "Option: input". Raises UserError
    for an input that no option has, an outcome that one lacks, and where a figure is not known.
    """
    made = under(options, futures).of(outcome)
    table = pd.DataFrame(made, index=pd.Index(futures, name="future"), dtype=float)
    return results.regret(table, more_is_better=more_is_better)


def under(options: Sequence[Option], futures: Mapping[str, Mapping[str, float]]) -> Futures:
    """Return the options in each named future, in their order, as if each were a draw.

    As for `regret`: what a future does not name stays at its best guess.
    """
    together = Together(options)
    values = {
        name: np.full(len(futures), centre)
        for name, centre in sampling.centres(together.given).items()
    }
    for row, held in enumerate(futures.values()):
        for name, value in held.items():
            known = together.called(name)
            if not known:
                text = _("{name} is not among the inputs; there is: {known}.")
                said = text.format(name=name, known=", ".join(sorted(values)) or _("none"))
                raise UserError(said, code="unknown-input")
            for each in known:
                values[each][row] = value
    return Futures(together, values, together(values), 0)


def inputs_of(matrix: pd.DataFrame) -> tuple[Range, ...]:
    """Return the ranges of an input matrix (see `inputs.matrix`), named "service.cell".

    Cells that rest on one sourced parameter share its stream; an assumption has its own. A cell
    that is not known is NaN in every draw.
    """
    rows = matrix.assign(
        stream=matrix["key"].where(matrix["basis"] == SOURCED, ""),
        name=matrix["service"] + "." + matrix["cell"],
    )
    return sampling.ranges(rows.set_index("name"))


def named(option: str, outcome: str) -> str:
    """Return how an outcome of an option is called among those of all."""
    return f"{option}{_BETWEEN}{outcome}"


def _renamed(name: str, one: Range) -> Range:
    return Range(name, one.value, one.low, one.high, one.shape, one.stream or one.name)


def _streams(found: Futures) -> dict[str, Floats]:
    """Return the draws by stream: inputs that rise and fall together are one input.

    A stream is called as its inputs are, joined with "=": which is which cannot be told apart.
    """
    members: dict[str, list[str]] = {}
    for one in found.together.given:
        if one.varies:
            members.setdefault(one.stream or one.name, []).append(one.name)
    return {" = ".join(names): found.values[names[0]] for names in members.values()}
