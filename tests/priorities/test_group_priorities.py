"""The screen of groups: what was told, with its range and agreement, and why nothing is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import numpy as np
import pytest

from canheal_nb.data import Dataset
from canheal_nb.priorities import named_sets
from canheal_nb.priorities.model import publication, snapshot_rules
from canheal_nb.priorities.model.snapshot_rules import Snapshot
from canheal_nb.priorities.question import GroupPriorities, Question
from canheal_nb.priorities.screen import groups
from canheal_nb.priorities.snapshot_store import Published
from canheal_nb.priorities.text import groups_text
from canheal_nb.screens import shell
from canheal_nb.text.errors import UserError

MAY, JUNE = dt.date(2026, 5, 4), dt.date(2026, 6, 8)
OLD = Snapshot(12, 0.05, {"mri": 0.4, "radiotherapy": 0.1}, ("swing",), "agree")
NEW = Snapshot(30, 0.05, {"mri": 0.1, "radiotherapy": 0.4, "pet_ct": 0.0}, (), "partly")
CARE = Snapshot(6, 0.1, {"mri": 0.5, "radiotherapy": 0.1}, ("euros", "swing"), "too_few")
PAIRS = Snapshot(8, 0.1, {"pet_ct": 0.2}, ("ahp",), "too_few")


def published(group: str, day: dt.date, told: Snapshot) -> Published:
    return Published(f"{group}-{day.isoformat()}", group, day, told)


Show = Callable[..., shell.Screen]


@pytest.fixture
def show(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Return a maker of the screen over four snapshots, or over none."""

    def shown(told: bool = True, **asked: str) -> shell.Screen:
        every = [
            published("patient", MAY, OLD),
            published("patient", JUNE, NEW),
            published("provider", JUNE, CARE),
            published("citizen-pairs", JUNE, PAIRS),
        ]
        monkeypatch.setattr(named_sets, "told", lambda: every if told else [])
        return groups.screen(GroupPriorities(**asked), dataset)  # type: ignore[arg-type]

    return shown


def test_a_group_is_told_with_people_day_ways_range_and_agreement(show: Show) -> None:
    seen = show(group="patient").context
    assert seen["answer"].startswith(
        "Patients and those who care for them: 30 people, 8 June 2026. Most points go to "
        "Radiotherapy (40) and MRI scans (10)."
    )
    facts = dict(seen["facts"])
    assert facts["How they answered"].startswith("not told")
    assert facts["Agreement"] == "They agree in part (Kendall's W between 0.33 and 0.67)"
    first = seen["rows"][0]
    assert (first["name"], first["points"]) == ("Radiotherapy", "40")
    assert int(first["low"]) < 40 < int(first["high"])
    assert "Tests of the tumour's genes" in seen["untold"]
    assert seen["name"] == "patient-2026-06-08"
    before = show(group="patient", day="2026-06-07").context
    assert "12 people, 4 May 2026" in before["answer"]
    assert dict(before["facts"])["How they answered"] == "Points from 0 to 100"


def test_groups_stand_side_by_side_each_once(show: Show) -> None:
    seen = show().context
    # Patients weigh 0.2, 0.8, 0 and providers 5/6, 1/6; scans nobody else weighed stay theirs.
    table = {row["name"]: (row["points"], row["low"], row["high"]) for row in seen["table"]}
    assert table == {
        "MRI scans": ("52", "20", "83"),
        "Radiotherapy": ("48", "17", "80"),
        "PET-CT scans": ("0", "0", "0"),
    }
    assert "Kendall's W 0.00" in seen["between"]
    assert seen["shown"] == ["Patients and those who care for them", "People who give care"]
    states = dict(seen["told"])
    assert states["People who give care"] == "6 people, 8 June 2026"
    assert states["Citizens"] == "not told yet"
    alone = show(way="pairs").context
    assert alone["answer"].startswith("Only one group is told: Citizens.")
    assert "not known" in alone["between"]


@pytest.mark.parametrize("asked", [{"told": False}, {"group": "citizen"}, {"way": "order"}])
def test_nothing_is_told_and_why(show: Show, asked: dict[str, object]) -> None:
    seen = show(**asked)  # type: ignore[arg-type]
    assert "no priorities are published" in seen.context["answer"].lower()
    page = re.sub(r"\s+", " ", str(seen.markup()))
    least = named_sets.least_people()[str(asked.get("way", "points"))]
    assert f"at least {least:,} people" in page
    assert f"It takes the answers of {least:,} people" in seen.context["answer"]
    assert "30 days must have passed" in page
    assert "not even how many answered" in page
    assert not seen.context["rows"]
    assert not seen.context["table"]
    assert 'href="share_priorities"' in page


@pytest.mark.parametrize("asked", [{}, {"group": "patient"}, {"told": False}])
def test_every_control_has_its_label_and_every_part_its_region(
    show: Show, asked: dict[str, object]
) -> None:
    seen = show(**asked)  # type: ignore[arg-type]
    page = str(seen.markup())
    ids = re.findall(r'<select id="([^"]+)"', page)
    assert set(ids) == set(re.findall(r'<label for="([^"]+)"', page))
    regions = seen.state()["regions"]
    assert set(regions) == set(re.findall(r'data-region="(\w+)"', page))
    assert [name for name, part in regions.items() if part.strip() not in page] == []


def test_a_day_that_is_none_is_refused(show: Show) -> None:
    with pytest.raises(UserError, match="is no day"):
        show(day="soon")
    assert issubclass(GroupPriorities, Question)


def test_a_screen_over_no_store_is_an_honest_one(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("CANHEAL_STORE", f"{tmp_path}/none")
    seen = groups.screen(GroupPriorities(), dataset)
    assert seen.context["days"] == []
    assert "No priorities are published of any group." in seen.context["answer"]


def test_answers_given_in_a_way_that_is_never_published_say_so(show: Show) -> None:
    assert named_sets.least_people()["pairs"] is None
    seen = show(way="pairs", told=False)
    assert "too unsure to be published" in seen.context["answer"]
    page = re.sub(r"\s+", " ", str(seen.markup()))
    assert "came out wrong more than one time in ten" in page
    assert "at least" not in seen.context["rule"]


@pytest.mark.parametrize(("size", "spread"), [(5, 1.0), (20, 1.0), (20, 0.05), (60, 0.3)])
def test_nine_of_ten_ranges_hold_what_such_people_want(size: int, spread: float) -> None:
    chance = np.random.default_rng(3)
    alike = np.full(10, spread)
    wanted = np.clip(chance.dirichlet(alike, 4000), 0, snapshot_rules.CAP).mean()
    inside = 0
    for _group in range(15):
        people = chance.dirichlet(alike, size)
        told = {
            str(i): snapshot_rules.told_weight(column, chance) for i, column in enumerate(people.T)
        }
        step = snapshot_rules.step_of(size)
        ranges = publication.intervals(Snapshot(size, step, told), draws=400)
        inside += int(((ranges["low"] <= wanted) & (wanted <= ranges["high"])).sum())
    assert inside >= 0.9 * 150


def test_ranges_repeat_and_narrow_with_people() -> None:
    few, many = (Snapshot(n, 0.05, {"mri": 0.2, "pet_ct": 0.0}) for n in (10, 200))
    wide = publication.intervals(few)
    assert wide.equals(publication.intervals(few))
    narrow = publication.intervals(many)
    assert ((wide["high"] - wide["low"]) > 1.5 * (narrow["high"] - narrow["low"])).all()
    assert (narrow["low"] >= 0).all()


def test_half_points_of_a_large_group_are_told_as_they_are() -> None:
    weights = {"a": 0.13, "b": 0.125, "c": 0.12, "d": 0.05}
    names = {key: key.upper() for key in weights}
    told = Snapshot(2000, 0.005, weights)
    one = Published("patient-2026-11-01", "patient", dt.date(2026, 11, 1), told)
    said = groups_text.one_group("Patients", one, names, 2000)
    assert said.startswith("Patients: 2,000 people, ")
    assert said.endswith("Most points go to A (13), B (12.5) and C (12).")
    shown = {row["name"]: row["points"] for row in groups_text.rows(told, names)}
    assert shown == {"A": "13", "B": "12.5", "C": "12", "D": "5"}
