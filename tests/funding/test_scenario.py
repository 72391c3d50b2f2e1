"""A scenario's added units, by hand."""

from __future__ import annotations

from canheal_nb.funding.model.scenario import Add, Give, Scenario, added


def test_units_of_one_cell_are_summed_and_other_changes_left_out() -> None:
    scenario = Scenario(
        "T",
        "A",
        "W",
        "E",
        2027,
        2,
        changes=(
            Add("mri", "AA", 2, 2027),
            Add("mri", "AA", 3, 2027),
            Add("mri", "AA", 1, 2028),
            Give("fictional", "ccc", 2027),
        ),
    )
    assert added(scenario) == {("AA", "mri", 2027): 5, ("AA", "mri", 2028): 1}
