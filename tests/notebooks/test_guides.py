"""The guides as a reader follows them: cell by cell, and what they claim is so.

nbval runs them in a kernel; here their names are looked at afterwards.
"""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest

import canheal_nb
from canheal_nb.text.home import notebooks_dir

GUIDES = notebooks_dir() / "guides"
EXPECTED = {
    "load_and_map_the_data",
    "add_your_own_indicator",
    "reproduce_a_figure",
    "use_your_own_travel_times",
    "write_and_run_a_scenario",
}
RAISES = "raises-exception"


def followed(name: str) -> tuple[dict[str, Any], list[canheal_nb.UserError]]:
    """Run a guide's cells in one namespace; return it and the refusals that it shows."""
    cells = json.loads((GUIDES / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    refused = []
    for cell in cells:
        if cell["cell_type"] == "code":
            code = compile("".join(cell["source"]), name, "exec")
            if RAISES in cell["metadata"].get("tags", []):
                with pytest.raises(canheal_nb.UserError) as caught:
                    exec(code, names)
                refused.append(caught.value)
            else:
                exec(code, names)
    return names, refused


def test_the_guides_are_there() -> None:
    assert {path.stem for path in GUIDES.glob("*.ipynb")} == EXPECTED


def test_a_first_map_is_drawn_and_joined_with_shapes() -> None:
    names, refused = followed("load_and_map_the_data")
    assert refused == []
    assert "_repr_html_" in dir(names["figure"])
    assert len(names["joined"]) == 27
    assert names["joined"].loc["MT", "thousand_km2"] == pytest.approx(0.3)
    assert names["machines"].unknown == ["CY"]
    names["folder"].cleanup()


def test_an_own_indicator_is_added_and_faults_are_told_with_their_line() -> None:
    names, refused = followed("add_your_own_indicator")
    assert names["figure"].table["known"].sum() == 6
    assert len(names["both"]) == 6
    assert ["line 3" in str(refused[0]), "write GR" in str(refused[0])] == [True, True]
    assert ["line 2" in str(refused[1]), "about ten" in str(refused[1])] == [True, True]
    assert "oncology_nurses_example" not in names["dataset"].indicator_types.index
    names["folder"].cleanup()


def test_the_figure_by_hand_is_that_of_the_measure_and_of_the_brief() -> None:
    names, _refused = followed("reproduce_a_figure")
    assert names["difference"] == pytest.approx(0, abs=1e-9)
    assert names["agree"].all()
    assert len(names["agree"]) == 26
    shown = names["compared"]
    differ = shown.index[shown["printed"] != shown["by_hand"].astype(str)]
    assert set(differ) == {"CY", "FR"}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_guide_calls_public_names_only(name: str) -> None:
    cells = json.loads((GUIDES / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    called = {
        node.attr
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "canheal_nb"
    }
    assert called
    assert called <= set(canheal_nb.__all__)


def test_a_refusal_is_one_sentence_in_a_notebook_too() -> None:
    assert canheal_nb.UserError("This is wrong.")._render_traceback_() == [
        "UserError: This is wrong."
    ]


def test_own_travel_times_take_the_place_of_modelled_ones() -> None:
    names, refused = followed("use_your_own_travel_times")
    assert ["given twice" in str(refused[0]), "from 0 up" in str(refused[1])] == [True, True]
    assert len(names["centres"]) > 5
    share = names["within"].share.loc[""]
    assert 0 < share[60.0] < share[120.0] <= 1
    assert names["scores"].score.sum() > 0
    names["folder"].cleanup()


def test_a_scenario_is_written_checked_run_and_compared() -> None:
    names, refused = followed("write_and_run_a_scenario")
    assert [each in str(refused[0]) for each in ("poland.yaml, line 11", "'PO'")] == [True, True]
    assert names["by_hand"] == pytest.approx(names["poland"]["served"])
    assert names["run"].case.not_modelled == ("staff",)
    assert (names["inputs"]["basis"] == "assumed").sum() == 2
    assert set(names["matters"].index) >= {"radiotherapy.lag", "radiotherapy.running"}
    assert names["best"]["radiotherapy"].keys() == set(names["pair"])
    assert names["lost"].table.loc["best_guess", names["run"].scenario.title] > 0
    assert len(list(names["kept"].glob("draws-*.npy"))) == 0, "cleaned up"
    kept, mine = names["first"].futures.of("cost"), names["more"].futures.of("cost")
    assert mine["plan"][:2_000].tobytes() == kept["plan"].tobytes()
    assert len(names["others"].outcomes["cost"]) == 3_000
