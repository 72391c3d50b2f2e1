"""Readiness for genomics without a screen: levels, what is not assessed, and what is refused."""

from __future__ import annotations

import pytest

from canheal_nb.data import Dataset
from canheal_nb.genomics.model import readiness
from canheal_nb.text.errors import UserError


@pytest.fixture(scope="module")
def wanted(dataset: Dataset) -> list[readiness.Indicator]:
    return readiness.indicators(dataset.table("frameworks/ngs_readiness"))


def test_there_are_49_indicators_of_five_levels(wanted: list[readiness.Indicator]) -> None:
    found = readiness.assess(wanted, {})
    assert len(found) == 49
    assert all(len(one.indicator.levels) == 5 for one in found)
    assert len(readiness.by_domain(found)) == 8
    ids = [one.asked for one in wanted]
    assert len(ids) == len(set(ids))


def test_blank_stays_not_assessed_and_is_never_the_first_level(
    wanted: list[readiness.Indicator],
) -> None:
    found = readiness.assess(wanted, {"mlm02": " ", "mlm03": "1"})
    assert [one.level for one in found[:3]] == [None, None, 1]
    assert found[0].now == found[0].next == ""
    assert [one.indicator.id for one in readiness.ranked(found)] == ["MLM03"]
    assert readiness.by_domain(found)["I Governance and strategy"] == (1, 3, 1, 1)
    assert readiness.by_domain(found)["II Investment and economic model"] == (0, 5, None, None)


@pytest.mark.parametrize("level", readiness.LEVELS)
def test_every_level_has_its_words_and_the_next(
    wanted: list[readiness.Indicator], level: str
) -> None:
    for one in readiness.assess(wanted, {i.asked: level for i in wanted if i.levels}):
        n = int(level)
        assert one.now == one.indicator.levels[n - 1] != ""
        assert one.next == (one.indicator.levels[n] if n < 5 else "")


@pytest.mark.parametrize("wrong", ["0", "6", "1.5", "yes", "high", "-1", "٣"])
def test_what_is_no_level_is_refused(wanted: list[readiness.Indicator], wrong: str) -> None:
    with pytest.raises(UserError) as refused:
        readiness.assess(wanted, {"mlm01": wrong})
    assert refused.value.code == "wrong-level"
    assert "MLM01" in str(refused.value)


def test_statements_are_yes_no_or_not_assessed(wanted: list[readiness.Indicator]) -> None:
    found = {i.id: said for i, said in readiness.stated(wanted, {"mtb01": "yes", "gc1": "no"})}
    assert len(found) == len(wanted) - 49
    assert (found["MTB01"], found["GC1"], found["MTB02"]) == ("yes", "no", "")
    with pytest.raises(UserError):
        readiness.stated(wanted, {"mtb01": "3"})


def test_lowest_first_then_the_order_of_the_framework(wanted: list[readiness.Indicator]) -> None:
    given = {"mlm10": "2", "mlm01": "4", "mlm05": "2", "mlm20": "1"}
    found = readiness.ranked(readiness.assess(wanted, given))
    assert [one.indicator.id for one in found] == ["MLM20", "MLM05", "MLM10", "MLM01"]


def test_five_perspectives_each_domain_once_and_gender_open(
    dataset: Dataset, wanted: list[readiness.Indicator]
) -> None:
    places = dataset.table("judgements/genomics_perspectives")
    found = readiness.perspectives(readiness.assess(wanted, {"mlm04": "3"}), places)
    assert set(found) == {"regulatory", "scientific", "economic", "research", "gender"}
    assert found["gender"] == (0, 0)
    assert found["economic"] == (1, 5)
    assert sum(every for _known, every in found.values()) == 49
    assert (places["chosen_by"] == "canheal_nb project").all()
    assert (places["why"] != "").all()
