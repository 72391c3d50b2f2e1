"""The scenario brief without a kernel: what its blocks and its slide say, from one run."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from canheal_nb.data import Dataset
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import scenario_run
from canheal_nb.funding.model.scenario import Add, Budget, Goal, Scenario
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.funding.question import ScenarioBrief
from canheal_nb.funding.report import brief_text, scenario_brief, scenario_slide
from canheal_nb.funding.report.scenario_brief import Brief
from canheal_nb.need.model import inputs
from canheal_nb.need.model.inputs import Assumption
from canheal_nb.need.text import service_words
from canheal_nb.reporting import catalogue
from canheal_nb.reporting.office import slide
from canheal_nb.text.errors import UserError

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "reports" / "scenario_brief.ipynb"
HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {0} %s \" onload='x' & ‮"
OPEN = Scenario(
    "Forty millions", "a tester", "What do they bring?", "2026.1", 2027, 3, Budget(4e7),
    services=("radiotherapy", "pet_ct"), seed=4,
    assumptions=(
        Assumption("radiotherapy.lag", 1.0, 0.0, 2.0, "years", "a tester", "for the test"),
        Assumption("pet_ct.need", 0.5, 0.3, 0.9, "per new case", "a tester", "for the test"),
        Assumption("pet_ct.capacity", 2500.0, 2000.0, 4000.0, "a year per unit", "me", "x"),
        Assumption("pet_ct.lag", 0.0, 0.0, 1.0, "years", "a tester", "for the test"),
        Assumption("pet_ct.running", 1e5, 1e5, 1e5, "EUR a year", "a tester", "for the test"),
        Assumption("radiotherapy.running", 1e5, 1e5, 1e5, "EUR a year", "a tester", "for the test"),
    ),
)  # fmt: skip
NOTHING = dataclasses.replace(OPEN, budget=Budget(), title="Today")
WRITTEN = dataclasses.replace(NOTHING, changes=(Add("radiotherapy", "SI", 2.0, 2027),))


@pytest.fixture
def data(dataset: Dataset) -> Dataset:
    return dataset


def brief(data: Dataset, scenario: Scenario) -> Brief:
    return Brief(ScenarioBrief(scenario="x"), data, scenario)


def blocks(made: Brief) -> Iterator[str]:
    for block in (
        made.answer(), made.services(), made.picture(0), made.picture(1), made.equity(),
        made.bought(), made.matrix(), made.sure(), made.sources(),
    ):  # fmt: skip
        yield block.markup


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def test_the_notebook_shows_every_block() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    for name in ("answer", "services", "equity", "bought", "matrix", "sure", "sources", "check"):
        assert f"brief.{name}()" in code


def test_the_numbers_are_those_of_the_run(data: Dataset) -> None:
    made = brief(data, OPEN)
    run = scenario_run.run(data, OPEN)
    row = run.services.set_index("service").loc["pet_ct"]
    told = words(made.answer().markup)
    assert service_words.euros(float(run.outcome.spent)) in told
    assert service_words.share(float(row["share_after"])) in told
    assert run.planned is not None
    assert (
        "the best can gain at most "
        f"{service_words.beaten(max(run.planned.plan.gap, 1e-5))} (proven gap)" in told
    )
    assert "modelled, not measured" in told
    counts = inputs.share(run.matrix)
    assert f"{counts['sourced']} have a source, {counts['assumed']} are assumed" in told
    bought = words(made.bought().markup)
    for line in run.countries[run.countries["units"] > 0].itertuples():
        assert made.names[line.country] in bought
    assert service_words.millions(float(run.outcome.spent)) in bought


def test_who_does_not_gain_is_named_with_the_reason(data: Dataset) -> None:
    made = brief(data, WRITTEN)
    found = made.not_gaining("radiotherapy")
    assert "SI" not in sum(found.values(), [])
    assert sorted(sum(found.values(), ["SI"])) == list(made.run.case.countries)
    assert found["unknown"]
    told = words(made.bought().markup)
    for reason in (
        "No gain, and capacity stays below the benchmark",
        "is at the benchmark already",
    ):
        assert reason in told


def test_a_written_scenario_has_no_gap_and_says_so(data: Dataset) -> None:
    told = words(brief(data, WRITTEN).answer().markup)
    assert "2 machines in 1 member state" in told
    assert "there is no proven gap" in told
    assert "proven gap)" not in told


def test_nothing_bought_is_said_plainly(data: Dataset) -> None:
    made = brief(data, NOTHING)
    text = " ".join(words(part) for part in blocks(made))
    assert "Nothing is bought" in text
    assert "nan" not in text.casefold().split()
    assert brief_text.title(made).startswith("Nothing is bought")


@pytest.mark.parametrize("goal", ["max_min", "lexicographic", "per_head", "by_need"])
def test_every_goal_says_how_far_it_can_be_from_the_best(data: Dataset, goal: str) -> None:
    made = brief(data, dataclasses.replace(OPEN, goal=Goal(goal)))
    assert re.search(r"at most .* higher|up to .* (more|times as much)", brief_text.proof(made))


def test_hostile_texts_are_shown_not_obeyed(data: Dataset) -> None:
    bad = Assumption("mri.capacity", 10.0, 5.0, 20.0, HOSTILE, HOSTILE, HOSTILE)
    scenario = dataclasses.replace(
        OPEN,
        title=HOSTILE, why=HOSTILE, author=HOSTILE,
        services=("radiotherapy", "pet_ct", "mri"), assumptions=(*OPEN.assumptions, bad),
    )  # fmt: skip
    text = "".join(blocks(brief(data, scenario)))
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "{{ 7*7 }}" in text
    assert not re.search(r"<[^>]*onload=", text)


def test_every_service_alone_makes_a_brief(data: Dataset) -> None:
    for service in service_words.SERVICES:
        made = brief(data, dataclasses.replace(NOTHING, services=(service,), assumptions=()))
        assert "nan" not in words("".join(blocks(made))).casefold().split()
        made.check()


@pytest.mark.parametrize("name", scenario_file.shipped())
def test_every_shipped_scenario_makes_a_brief_and_a_slide(
    dataset: Dataset, six: dict[str, Run], name: str
) -> None:
    made = brief(dataset, scenario_file.load(name, dataset))
    assert made.run is six[name]
    text = words("".join([*blocks(made), made.access().markup]))
    assert "nan" not in text.casefold().split()
    made.check()
    content = scenario_slide.content(made)
    assert all(len(numbers) == len(content.categories) > 0 for numbers in content.series.values())
    assert slide.write(content)
    if name == "radiotherapy_catch_up":
        assert "the plan has another aim" in text
        assert text.count("How even it is") == 1
    if name == "access_90_by_2030":
        row = made.run.access[made.run.access["area"] == "EU"].iloc[1]
        assert service_words.share(float(row["after"])) in text


def test_the_slide_holds_the_numbers_and_the_same_bytes(data: Dataset) -> None:
    from pptx import Presentation

    made = brief(data, OPEN)
    content = scenario_slide.content(made)
    packed = slide.write(content)
    assert packed == slide.write(scenario_slide.content(brief(data, OPEN)))
    (page,) = Presentation(io.BytesIO(packed)).slides
    assert page.shapes.title.text == brief_text.title(made)
    (chart,) = [shape.chart for shape in page.shapes if shape.has_chart]
    after = made.run.services["share_after"]
    assert list(chart.plots[0].series[2].values) == [round(100 * v, 1) for v in after]
    texts = [shape.text_frame.text for shape in page.shapes if shape.has_text_frame]
    assert "\n".join(brief_text.plan(made)) in texts
    assert "Sources: " in texts[-1]
    assert "Not modelled: " in page.notes_slide.notes_text_frame.text
    with zipfile.ZipFile(io.BytesIO(packed)) as inside:
        assert {info.date_time for info in inside.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_subject_is_the_id_or_the_name_of_the_file(data: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "our plan (2).yaml"
    path.write_text(scenario_file.write(OPEN), encoding="utf-8")
    question, cover = catalogue.ask("scenario_brief", {"scenario": str(path)}, data)
    assert cover.subject == "our-plan-2"
    assert cover.title == OPEN.title
    assert scenario_brief.opened(question, data).scenario == OPEN  # type: ignore[arg-type]
    assert catalogue.all_formats("scenario_brief") == ("html", "pdf", "pptx")
    assert catalogue.all_formats("country_brief") == ("html", "pdf")
    with pytest.raises(UserError, match="There is no scenario moon"):
        catalogue.ask("scenario_brief", {"scenario": "moon"}, data)
