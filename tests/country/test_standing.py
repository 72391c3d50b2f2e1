"""How far from the middle, and which designation layer names how many."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from canheal_nb.atlas.model import outliers
from canheal_nb.country import model
from canheal_nb.data import Dataset
from canheal_nb.indicators import measures

Build = Callable[..., Dataset]


def made(
    values: list[float], rank: str = "yes", flag: str = "", name: str = "m"
) -> measures.Measure:
    """Return a measure known for countries "0", "1" and so on; `flag` is that of the last one."""
    table = pd.DataFrame({"number": values, "value": [str(v) for v in values]})
    table.index = pd.Index([str(i) for i in range(len(values))])
    table["flag"] = ["", *[""] * (len(values) - 2), flag]
    members = tuple(table.index)
    return measures.Measure(
        name, "indicator", name, "%", "", "", "neutral", rank, table, None, members
    )


def test_distance_is_in_widths_of_the_middle_half() -> None:
    values = [float(v) for v in range(20)] + [100.0]
    assert outliers.distance(made(values), "20") == (100 - 10) / (15 - 5)
    assert outliers.distance(made(values), "10") == 0


def test_no_distance_where_it_would_mean_nothing() -> None:
    few, same = [1.0] * 5 + [9.0], [1.0] * 25 + [9.0]
    assert math.isnan(outliers.distance(made(few), "5"))
    assert math.isnan(outliers.distance(made(same), "25"))
    values = [float(v) for v in range(25)]
    assert math.isnan(outliers.distance(made(values), "99"))
    assert math.isnan(outliers.distance(made(values, flag="definition_differs"), "24"))


def test_only_what_may_be_ranked_is_most_unlike() -> None:
    near, far = [float(v) for v in range(24)], [*map(float, range(23)), 500.0]
    ranked, unranked = made(near, name="near"), made(far, rank="with care", name="far")
    found = outliers.most_unlike([unranked, ranked], "23")
    assert found is ranked
    assert outliers.most_unlike([unranked], "23") is None
    assert outliers.most_unlike([ranked, made(far, name="far")], "23").id == "far"  # type: ignore[union-attr]


def test_the_widest_middle_half() -> None:
    narrow = made([100.0 + v for v in range(24)], name="narrow")
    wide = made([10.0 * v for v in range(24)], name="wide")
    assert outliers.widest([narrow, wide]) is wide
    assert outliers.widest([made([1.0, 2.0])]) is None


def chosen(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["layer", "capability", "value"])
    return table.assign(label=table["layer"])


def test_a_complete_list_can_say_none(build: Build) -> None:
    lists = [("oeci_designation", "EU", "complete", "2026-09-10", "", "S2", "yes", "yes")]
    rows = chosen(("oeci", "oeci_designation", "CCC"), ("any", "oeci_designation", "CCC"))
    found = model.layers(build(capability_lists=lists), rows, ["FR", "SI"])
    (france,), (slovenia,) = found["FR"], found["SI"]
    assert (france.number, france.at_least, france.centres) == (1, False, ("dreamt",))
    assert (slovenia.number, slovenia.at_least, slovenia.as_of) == (0, False, "2026-09-10")


def test_without_a_complete_list_it_is_at_least_or_not_known(build: Build) -> None:
    rows = chosen(("oeci", "oeci_designation", "CCC"))
    partial = [("oeci_designation", "FR", "partial", "2020", "some", "S2", "no", "no")]
    for lists in (partial, []):
        found = model.layers(build(capability_lists=lists), rows, ["FR", "SI"])
        assert (found["FR"][0].number, found["FR"][0].at_least) == (1, True)
        assert found["SI"][0].number is None


def test_the_title_of_one_country_is_not_asked_of_another(dataset: Dataset) -> None:
    rows = dataset.table("judgements/ccc_layers")
    found = model.layers(dataset, rows, ["CZ", "DE", "FR", "ES"])
    national = {c: next(x for x in f if x.layer == "national") for c, f in found.items()}
    assert national["DE"].number == 26
    assert not national["DE"].at_least
    assert national["FR"].number is None
    spain = next(x for x in found["ES"] if x.layer == "eunetccc")
    assert (spain.number, spain.at_least) == (2, True)
    assert all(x.layer != "any" for x in found["CZ"])
