"""The money and the sources behind a plan: exchange rates, national money, what is cited."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from canheal_nb.data import Dataset
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.need.model import inputs, prices, services


def source_ids(dataset: Dataset, scenario: Scenario) -> list[str]:
    """Return the ids of the sources behind the inputs, the counts and the exchange rates."""
    return list(_source_ids(dataset, scenario.services, scenario.assumptions))


@lru_cache(maxsize=24)
def _source_ids(
    dataset: Dataset, asked: tuple[str, ...], assumed: tuple[inputs.Assumption, ...]
) -> tuple[str, ...]:
    matrix = inputs.matrix(dataset, assumed)
    joined = [*matrix.loc[matrix["service"].isin(asked), "source_id"]]
    for service in asked:
        counted = services.need(dataset, service, {f"{service}.need": 1.0})
        joined += list(counted["source_id"].unique())
    joined += prices.rate_sources(dataset)
    ids = [one for each in joined for one in str(each).split("+") if one]
    return tuple(one for one in dict.fromkeys(ids) if one in dataset.sources.index)


@lru_cache(maxsize=4)
def national(dataset: Dataset) -> Mapping[str, tuple[str, float]]:
    """Return each country's own money and its units per euro; ("", NaN) where it is the euro."""
    tables = prices.of(dataset)
    return {one: prices.own_money(one, tables) for one in services.countries(dataset)}
