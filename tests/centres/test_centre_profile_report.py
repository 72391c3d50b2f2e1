"""The centre profile without a kernel: with many facts, with none, with any name."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

from canheal_nb.centres import report
from canheal_nb.centres.question import CentreProfile
from canheal_nb.centres.report import Profile
from canheal_nb.data import Dataset
from canheal_nb.reporting import catalogue
from canheal_nb.text.errors import UserError

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "reports" / "centre_profile.ipynb"
TAGS = re.compile(r"<(\w+)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|</\w+>")
HOSTILE = ['<script>alert("x")</script>', '" onerror="alert(1)', "`id` ${x} {{ 7*7 }} {0} %s %(x)s"]
HOSTILE += ["\u202eright to left\u202c", "e\u0301 Z̤͔a̴l̷g̸o̶", "A &amp; B &#39;"]


def text(markup: str) -> str:
    return " ".join(TAGS.sub(" ", markup).split())


def block_names() -> list[str]:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return [name for name in re.findall(r"\bprofile\.(\w+)\(\)", code) if name != "check"]


def blocks(dataset: Dataset, name: str) -> dict[str, str]:
    made = Profile(CentreProfile(centre=name), dataset)
    made.check()
    return {block: getattr(made, block)().markup for block in block_names()}


def changed(dataset: Dataset, name: str, /, **columns: Any) -> Dataset:
    frame = dataset.tables[name].assign(**columns)
    return dataclasses.replace(dataset, tables={**dataset.tables, name: frame})


def test_every_fact_has_year_age_list_and_source(dataset: Dataset) -> None:
    found = blocks(dataset, "int-milan")
    facts = text(found["facts"])
    own = dataset.capabilities["centre_id"] == "int-milan"
    assert found["facts"].count('<th scope="row">') == int(own.sum()) == 9
    assert re.search(r"Sequencing in house \[\d+\] yes 2016, 10 years old single finding", facts)
    assert re.search(
        r"Beds, whole hospital \[\d+\].*343 beds 2020, 6 years old partial list", facts
    )
    assert "It is an OECI Comprehensive Cancer Centre." in text(found["findings"])
    assert "http://www.istitutotumori.mi.it" in found["ask"]
    assert len(re.findall("<li>", found["context"])) == 3


def test_not_known_is_asked_and_titles_of_elsewhere_are_not(dataset: Dataset) -> None:
    found = text(blocks(dataset, "onko-ljubljana")["unknown"])
    assert "Tumour boards?" in found
    assert "Czech national oncology centre?" not in found
    assert "which do not apply here" in found


def test_nothing_known_is_still_a_profile(dataset: Dataset) -> None:
    none = dataset.tables["capabilities"].iloc[:0]
    bare = dataclasses.replace(dataset, tables={**dataset.tables, "capabilities": none})
    found = {name: text(markup) for name, markup in blocks(bare, "onko-ljubljana").items()}
    assert "that does not mean that it has none" in found["findings"]
    assert "not known, not none" in found["titles"]
    assert "No fact about this centre is known" in found["facts"]
    assert "Figure 1." in found["where"]


def test_outside_the_union_there_is_no_context(dataset: Dataset) -> None:
    centres = dataset.centres
    (name, *_rest) = centres.index[centres["country"] == "NO"]
    found = blocks(dataset, str(name))
    assert "Norway is not a member state" in text(found["context"])
    assert "Figure 1." in text(found["where"])


def test_a_place_that_is_not_known_is_not_drawn(dataset: Dataset) -> None:
    lost = changed(dataset, "centres", latitude=float("nan"))
    found = blocks(lost, "onko-ljubljana")["where"]
    assert "<img" not in found
    assert "not known well enough" in text(found)


def test_an_address_that_is_no_web_page_is_no_link(dataset: Dataset) -> None:
    bad = changed(dataset, "centres", website="javascript:alert(1)")
    assert "href" not in blocks(bad, "onko-ljubljana")["ask"]


def test_all_of_them_can_be_asked_for(dataset: Dataset) -> None:
    subjects = catalogue.subjects("centre_profile", dataset)
    assert len(subjects) == len(dataset.centres)
    for given in subjects:
        question, cover = catalogue.ask("centre_profile", given, dataset)
        assert cover.subject == given["centre"] == question.model_dump()["centre"]
    with pytest.raises(UserError, match="Did you mean int-milan"):
        catalogue.ask("centre_profile", {"centre": "INT-Milan"}, dataset)


def test_every_ninth_profile_is_built(dataset: Dataset) -> None:
    names = list(dataset.centres.index)[::9]
    assert len({dataset.centres["country"][name] for name in names}) > 10
    for name in names:
        for block, markup in blocks(dataset, str(name)).items():
            assert not re.search(r"\bnan\b|<NA>", text(markup)), (name, block)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(dataset: Dataset, name: str) -> None:
    def named(said: str) -> dict[str, str]:
        data = changed(dataset, "centres", name=said, city=said, website=said)
        data = changed(data, "capabilities", note=said)
        return blocks(changed(data, "sources", title=said, publisher=said), "int-milan")

    found, benign = named(name), named("harmless")
    for block, markup in found.items():
        assert re.findall(r"<[a-z0-9]+", markup) == re.findall(r"<[a-z0-9]+", benign[block]), block
        assert "<script" not in markup
        outside = re.sub(r'"[^"]*"', '""', markup)
        assert not re.search(r"<[^>]*\sonerror=", outside), block
    cover = report.cover(CentreProfile(centre="int-milan"), changed(dataset, "centres", name=name))
    assert cover.title == name
