"""Consent, country and names that are handed in are those of the data; nothing else is kept."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from canheal_nb.store import open_store, submissions, terms, transfer
from canheal_nb.text.errors import UserError

DAY = dt.date(2026, 3, 2)
OFFER = replace(terms.offered(), topics={"data"})
WRONG = [
    ({"consent": "9"}, "The consent '9'"),
    ({"country": "XX"}, "The country 'XX'"),
    ({"answers": {"mri": "40", "leeches": "60"}}, "The answer 'leeches'"),
    ({"method": "euros", "answers": {"over.mri": "2"}}, "The answer 'over.mri'"),
    ({"method": "bwm", "answers": {"best": "leeches"}}, "The answer 'leeches'"),
    ({"method": "ahp", "answers": {"mri.radiotherapy": "3"}}, "The answer 'mri.radiotherapy'"),
]


def nothing_kept(store) -> bool:
    return submissions.count(store) == {"priorities": 0, "feedback": 0}


@pytest.mark.parametrize(("other", "said"), WRONG)
def test_what_the_data_do_not_know_is_refused(store, priorities, other, said):
    with pytest.raises(UserError, match=f"{said} is not in the data here; nothing was kept") as no:
        submissions.hand_in(store, priorities(**other), DAY, OFFER)
    assert no.value.code == "unknown-name"
    assert nothing_kept(store)


def test_a_comment_on_terms_that_nobody_was_asked_for_is_refused(store, feedback):
    with pytest.raises(UserError, match="The consent '3' is not in the data here"):
        submissions.hand_in(store, feedback(consent="3"), DAY, OFFER)
    assert nothing_kept(store)


@pytest.mark.parametrize(
    ("method", "answers"),
    [
        ("swing", {"mri": "40"}),
        ("ranking", {"radiotherapy": "1", "mri": "2"}),
        ("euros", {"mri": "99.5"}),
        ("bwm", {"best": "mri", "worst": "pet_ct", "over.pet_ct": "9", "under.radiotherapy": "2"}),
        ("ahp", {"radiotherapy.mri": "1/3"}),
    ],
)
@pytest.mark.parametrize("country", ["", "SI"])
def test_every_way_of_asking_is_known(store, priorities, method, answers, country):
    given = priorities(method=method, answers=answers, country=country)
    submissions.hand_in(store, given, DAY, OFFER)
    assert submissions.priorities(store)[0]["answers"] == answers


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"consent": "1"', '"consent": "9"', "Line 2: The consent '9'"),
        ('"country": "SI"', '"country": "XX"', "Line 2: The country 'XX'"),
        ('\\"mri\\"', '\\"leeches\\"', "Line 2: The answer 'leeches'"),
        ('"kind": "priorities"', '"kind": "feedback"', "Line 2 is no line"),
        ('"mri\\": \\"40', '"mri\\": \\"nan', "Line 2 is no line"),
    ],
)
def test_so_it_is_in_an_export(store, priorities, tmp_path, before, after, said):
    submissions.hand_in(store, priorities(), DAY, OFFER)
    lines = list(transfer.export_lines(store))
    bad = [lines[0], lines[1].replace(before, after)]
    assert bad != lines
    json.loads(bad[1])
    other = open_store(str(tmp_path / "other"))
    with pytest.raises(UserError, match=said):
        transfer.import_lines(other, bad, OFFER, DAY)
    assert nothing_kept(other)
    other.close()
