"""The pathway without a browser: every stage says something, and everything it says resolves."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from canheal_nb.atlas.model import disparity
from canheal_nb.atlas.question import Pathway
from canheal_nb.atlas.screen import pathway
from canheal_nb.atlas.text import disparity_text, stages_text
from canheal_nb.data import Dataset
from canheal_nb.indicators import measures, words

FIRST_COLUMN = {
    "frameworks/targets": "target",
    "frameworks/patient_priorities": "attribute",
    "frameworks/ecir_indicators": "indicator",
}
SECTIONS = ("known", "sexes", "goals", "centres", "open")


class Page(HTMLParser):
    """Collects ids, regions and, by section, the words in it."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.sections: dict[str, str] = {}
        self.inside = ""
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"] or "")
        if tag == "section":
            self.inside = (values["aria-labelledby"] or "").removesuffix("-title")
            self.sections[self.inside] = ""
        self.labels |= {values[name] or "" for name in ("aria-labelledby",) if name in values}

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.sections[self.inside] += data


def found(dataset: Dataset, table: str, key: str) -> bool:
    """Say whether a row of the pathway names something that is in the data."""
    if table == "facts/indicators":
        return len(measures.measure(dataset, key).table) > 0
    if table == "facts/capabilities":
        return key in set(dataset.capabilities["capability"])
    if table == "facts/parameters":
        return key in dataset.parameters.index
    if table == "facts/left_out":
        return bool(dataset.left_out["key"].str.contains(f"|{key}|", regex=False).any())
    return key in set(dataset.table(table)[FIRST_COLUMN[table]])


def test_every_row_of_the_pathway_resolves_and_says_who_chose_it(dataset: Dataset) -> None:
    rows = dataset.table("judgements/pathway")
    unknown = [
        (row["stage"], row["key"])
        for row in pathway.records(rows)
        if not found(dataset, row["table"], row["key"])
    ]
    assert unknown == []
    for table in (rows, dataset.table("judgements/pathway_open")):
        assert set(table["stage"]) == set(pathway.STAGES)
        assert (table[["chosen_by", "chosen_on", "why"]] != "").all(axis=None)


def test_stage_ids_are_the_same_in_question_and_names() -> None:
    for stage in pathway.STAGES:
        assert Pathway(stage=stage).stage == stage  # type: ignore[arg-type]
    assert set(pathway.STAGES) == set(pathway.INSIDE)


@pytest.mark.parametrize("country", ["", "GR", "CY"])
@pytest.mark.parametrize("stage", pathway.STAGES)
def test_every_stage_has_no_empty_section(dataset: Dataset, stage: str, country: str) -> None:
    shown = pathway.screen(Pathway(stage=stage, country=country), dataset)  # type: ignore[arg-type]
    page = Page(shown.markup())
    assert len(page.ids) == len(set(page.ids)), "an id twice"
    assert page.labels <= set(page.ids)
    assert set(SECTIONS) <= set(page.sections)
    for name, said in page.sections.items():
        heading, _line, rest = said.strip().partition("\n")
        assert heading, name
        assert rest.strip(), f"{name} is empty"
    assert page.sections["open"].count("Ask: ") >= 4
    assert not re.search(r"\bnan\b|\bNone\b|\bNaN\b", shown.markup())
    assert set(shown.state()["regions"]) == {"notice", "answer", "walk", "stage"}


def test_the_answer_counts_stages_from_the_data(dataset: Dataset) -> None:
    said = pathway.screen(Pathway(), dataset).context["answer"]
    assert said.startswith("Of 6 stages of cancer care, 4 have a figure for all 27 countries")
    assert "only for treatment is one about care itself" in said
    assert said.endswith("survivorship and quality of life; palliative care.")


def test_a_stage_without_its_figures_says_so(dataset: Dataset) -> None:
    names = words.country_names(dataset.areas)
    empty = stages_text.step("x", "X", "x", [])
    assert "no figure" in empty.words
    assert "no figure here compares" in stages_text.furthest(empty, names)
    assert stages_text.standing(empty, "SI", names) == ""
    assert "Nothing here compares countries on: x." in stages_text.answer([empty], 27)


def test_figures_of_one_picture_by_hand(dataset: Dataset) -> None:
    shown = pathway.screen(Pathway(stage="prevention", country="SI"), dataset)
    hpv = shown.context["measures"][0]
    assert hpv["title"].endswith("10 % in Poland, 91 % in Portugal and Sweden")
    said = dict(hpv["lines"])
    assert said["Highest and lowest"].startswith("81 percentage points apart")
    assert "9.1 times" in said["Highest and lowest"]
    assert said["Slovenia"].startswith("43 %")
    assert hpv["missing"] == "Greece"
    goal = shown.context["goals"][0]
    assert "Reached in 3 of 26 countries known: Portugal, Spain and Sweden." in goal["state"]
    assert "goal 90" in hpv["svg"]


def test_what_may_not_be_ranked_gets_no_gap(dataset: Dataset) -> None:
    names = words.country_names(dataset.areas)
    measure = measures.measure(dataset, "cancer_deaths")
    shown = pathway.block(measure, "outcome", "", dataset, names)
    assert shown["lines"] == []
    assert shown["title"] == measure.label
    assert "not ranked" in shown["cautions"][0]
    assert stages_text.step("x", "X", "x", [("care", measure)]).measures == ()


def test_old_small_and_rounded_figures_say_so(dataset: Dataset) -> None:
    shown = pathway.screen(Pathway(stage="treatment"), dataset)
    said = {m["id"]: " ".join(m["cautions"]) for m in shown.context["measures"]}
    assert "no figure is newer than 2009" in said["survival_5y_lung"]
    assert "Luxembourg: under a million people" in said["cancer_mortality_asr_world"]
    assert "so rounded" in said["unmet_medical_need_pct"]
    assert "so rounded" not in said["cancer_mortality_asr_world"]


def test_sexes_are_shown_or_the_reason_is(dataset: Dataset) -> None:
    for stage in pathway.STAGES:
        shown = pathway.screen(Pathway(stage=stage), dataset)  # type: ignore[arg-type]
        pictured = {s["id"].removeprefix("sex-") for s in shown.context["sexes"]}
        told = "; ".join(labels for _note, labels in shown.context["unsexed"])
        for measure in shown.context["measures"]:
            label = dataset.indicator_types.at[measure["id"], "label"]
            assert measure["id"] in pictured or label in told, measure["id"]


def test_a_rate_by_sex_is_as_published(dataset: Dataset) -> None:
    table = dataset.indicators
    rows = table[(table["indicator"] == "cancer_incidence_asr_world") & (table["area_id"] == "LV")]
    women, men = (float(rows.loc[rows["sex"] == sex, "number"].iloc[0]) for sex in "FM")
    both = disparity.by_sex(table, "cancer_incidence_asr_world", ["LV"])
    assert both.loc["LV", ["women", "men", "ratio"]].tolist() == [women, men, women / men]
    pair = disparity_text.sexes_pair(both, "LV", "Latvia")
    assert pair.ends == (women, men)
    assert not disparity_text.sexes_pair(both, "XX", "Xland").known


def test_chosen_country_is_marked_in_every_picture(dataset: Dataset) -> None:
    shown = pathway.screen(Pathway(stage="diagnosis", country="BG"), dataset)
    for picture in [*shown.context["measures"], *shown.context["sexes"]]:
        assert 'class="ring"' in picture["svg"]
    shown = pathway.screen(Pathway(stage="diagnosis"), dataset)
    assert 'class="ring"' not in shown.markup()


def test_goals_without_figures_never_read_as_missed(dataset: Dataset) -> None:
    states = {
        goal["name"]: goal["state"]
        for stage in pathway.STAGES
        for goal in pathway.screen(Pathway(stage=stage), dataset).context["goals"]  # type: ignore[arg-type]
    }
    reached = [name for name, state in states.items() if state.startswith("Reached")]
    assert reached == ["HPV vaccination of girls"]
    assert all(
        "not known" in s or "cannot be said" in s for n, s in states.items() if n not in reached
    )
    assert "2025, has passed" in states["People offered breast, cervical, colorectal screening"]


@pytest.mark.parametrize(
    ("operator", "value", "upper", "unit", "said"),
    [
        (">=", "90", "", "percent", "at least 90 %"),
        ("<", "5", "", "percent of population", "under 5 % of population"),
        ("range", "45", "74", "years", "45 to 74 years"),
        ("=", "yes", "", "yes/no", "to be done"),
        ("", "", "", "", "no figure set"),
    ],
)
def test_goals_in_words(operator: str, value: str, upper: str, unit: str, said: str) -> None:
    row = {"operator": operator, "value": value, "upper": upper, "unit": unit}
    assert disparity_text.goal_text(row) == said
