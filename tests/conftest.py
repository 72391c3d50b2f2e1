"""What the unit tests share: the embedded dataset, and a small fictional one to bend."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings

from canheal_nb import api
from canheal_nb.data import Dataset, Edition, load
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import scenario_run
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.text import locale
from canheal_nb.uncertainty.sampling import LIVE

Build = Callable[..., Dataset]
INDICATOR = ("area_id", "indicator", "edition", "year", "sex", "value", "low", "high")
INDICATOR = (*INDICATOR, "source_id", "flag", "note")
CAPABILITY = ("centre_id", "capability", "value", "year", "source_id", "note")
MACHINES, PEOPLE = "radiotherapy_machines_dirac_number", "population_total"

AREAS = [
    ("EU", "European Union", "union", "EU"),
    ("FR", "France", "member_state", "FR"),
    ("GP", "Guadeloupe", "outermost_region", "FR"),
    ("GR", "Greece", "member_state", "GR"),
    ("MT", "Malta", "member_state", "MT"),
    ("NO", "Norway", "other", "NO"),
    ("SI", "Slovenia", "member_state", "SI"),
]
CENTRES = [
    ("dreamt", "Dreamt Hospital", "Fableville", "FR", 47.2, -1.55, "S1"),
    ("fabled", "Fabled Hospital", "Fabelvik", "NO", 60.39, 5.32, "S1"),
    ("hill", "Imaginary Hill", "Bajkovec", "SI", 46.05, 14.52, "S1"),
    ("mill", "Made-up Mill", "Fableville", "FR", 47.2, -1.55, "S2"),
    ("unplaced", "Unplaced Hospital", "", "SI", float("nan"), float("nan"), "S1"),
]
CAPABILITIES = [
    ("dreamt", "oeci_accredited", "yes", 2026, "S2", ""),
    ("dreamt", "oeci_designation", "CCC", 2026, "S2", ""),
    ("fabled", "oeci_accredited", "yes", 2026, "S2", ""),
    ("hill", "oeci_accredited", "no", 2026, "S2", ""),
    ("mill", "oeci_accredited", "yes", 2026, "S2", ""),
    ("mill", "oeci_designation", "CC", 2026, "S2", ""),
]
TYPES = [
    ("oeci_accredited", "OECI accredited", "Quality", "yes_no", "", "Accredited by OECI.", ""),
    ("oeci_designation", "OECI designation", "Quality", "category", "", "CCC or CC.", ""),
]
LISTS = [
    ("oeci_accredited", "EU", "complete", "2026-09-10", "", "S2", "yes", "yes"),
]
INDICATORS = [
    ("FR", MACHINES, "", 2026, "T", "500", None, None, "S1", "metropolitan,record_2023", ""),
    ("GR", MACHINES, "", 2026, "T", "50", None, None, "S1", "area_not_stated", ""),
    ("SI", MACHINES, "", 2026, "T", "9", None, None, "S1", "", ""),
    ("FR", PEOPLE, "", 2025, "T", "68000000", None, None, "S2", "", ""),
    ("GP", PEOPLE, "", 2025, "T", "380000", None, None, "S2", "", ""),
    ("GR", PEOPLE, "", 2025, "T", "10000000", None, None, "S2", "", ""),
    ("MT", PEOPLE, "", 2025, "T", "570000", None, None, "S2", "", ""),
    ("SI", PEOPLE, "", 2025, "T", "2130000", None, None, "S2", "", ""),
    ("FR", "waiting", "", 2024, "T", "8.25", 7.5, 9.0, "S1", "estimated", ""),
    ("MT", "waiting", "", 2024, "T", "0", None, None, "S1", "", ""),
    ("SI", "waiting", "", 2024, "T", "12.5", None, None, "S1", "", ""),
]
RATIO = "radiotherapy_machines_dirac_per_million"
INDICATOR_TYPES = [
    (MACHINES, "Machines", "Care", "number", "machines", "neutral", "no", "In the register.", ""),
    (PEOPLE, "People", "People", "number", "people", "neutral", "no", "On 1 January.", ""),
    (RATIO, "Machines per million", "Care", "number", "machines per million people")
    + ("more_is_better", "with care", "Machines by people.", "Not their age."),
    ("waiting", "People who wait", "Care", "number", "%", "more_is_worse", "yes", "A share.", ""),
]
SOURCES = [
    ("S1", "Imaginary Yearbook", "Office of Fiction", "https://example.org/y", 2025)
    + ("not stated", "unknown", "2026-11-01", ""),
    ("S2", "Made-up Survey", "", "", None, "", "no", "2026-11-01", "a friend's copy"),
]
MAP = {
    "width": 1000,
    "height": 890,
    "transform": {"x0": 2100000, "y0": 5355000, "scale": 4500},
    "countries": [
        {"id": "FR", "path": "M0,0H9V9Z"},
        {"id": "GR", "path": "M10,0H19V9Z"},
        {"id": "MT", "path": "M20,0H21V1Z", "mark": [20, 0, 14]}
        | {"leader": [[20, 0], [30, 0]], "swatch": [30, 0, 20, 14]},
        {"id": "SI", "path": "M40,0H49V9Z", "mark": [44, 4, 14]},
    ],
    "others": [{"id": "NO", "name": "Norway", "path": "M60,0H69V9Z"}],
    "borders": "M9,0V9",
    "insets": [
        {"id": "GP", "country": "FR", "name": "Guadeloupe", "width": 100, "height": 80}
        | {"path": "M1,1H9V9Z"}
    ],
    "notes": {"neutrality": "Borders here say nothing about anybody's claims."},
}

MAP_FILE = "built/map.json"
# Tables that are read by name.
FILES = {
    "frameworks/targets.csv": "target,operator,value,upper,unit,year,kind,policy,source_id,note\n"
    "Nobody waits,<=,10,,%,2030,target,Dream,S2,\n",
    "judgements/target_measures.csv": "target,policy,indicator,chosen_by,chosen_on,why\n"
    "Nobody waits,Dream,waiting,us,2026-11-24,because\n",
    "judgements/brief_measures.csv": "indicator,stage,place,chosen_by,chosen_on,why\n"
    "radiotherapy_machines_dirac_per_million,treatment,1,us,2026-11-24,because\n"
    "waiting,access,2,us,2026-11-24,because\n",
    "judgements/ccc_layers.csv": "layer,capability,value,label,chosen_by,chosen_on,why\n"
    "oeci,oeci_designation,CCC,OECI big,us,2026-11-24,because\n",
    "judgements/centre_notes.csv": "centre_id,note,chosen_by,chosen_on,why\n",
    "judgements/pathway_open.csv": "stage,place,question,ask,chosen_by,chosen_on,why\n"
    "treatment,1,Who waits longest?,nobody,us,2026-11-24,because\n",
    "facts/national_designations.csv": "country,designation,who_grants,n_designated,list,"
    "list_complete,year,source_id,note\nFR,Palace of Care,the King,3,,no,2020,S2,\n",
}
PARAMETERS = [
    ("rtu_ccore_2012", 0.483, 0.406, 0.523, "S1"),
    ("linac_patients_quarts", 450.0, None, None, "S1"),
    ("eortc_pts_unit", 485.0, 467.0, None, "S2"),
    ("linac_patients_eortc", 700.0, None, None, "S2"),
]

# A busy machine is slow, not wrong: no example fails by its time, and every run tries the same.
settings.register_profile("here", deadline=None, derandomize=True)
settings.load_profile("here")


def table(rows: Iterable[tuple[Any, ...]], columns: str | tuple[str, ...]) -> pd.DataFrame:
    """Return rows as the data floor types them: text, whole years, floats."""
    names = columns.split() if isinstance(columns, str) else list(columns)
    frame = pd.DataFrame(list(rows), columns=names)
    for name in names:
        kind = {"year": "Int64", "latitude": "float64", "longitude": "float64"}.get(name, "str")
        frame[name] = frame[name].astype("float64" if name in ("low", "high") else kind)
    if "value" in names:
        frame["number"] = pd.to_numeric(frame["value"], errors="coerce").astype("float64")
    return frame


def indicator_rows(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return table(rows, INDICATOR)


def capability_rows(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return table(rows, CAPABILITY)


def tables(given: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    described = "label group kind unit"
    centre = "centre_id name city country latitude longitude source_id"
    source = "source_id title publisher url year rights redistribute retrieved via"
    return {
        "areas": table(given.get("areas", AREAS), "area_id name kind country").set_index("area_id"),
        "centres": table(given.get("centres", CENTRES), centre).set_index("centre_id"),
        "capabilities": capability_rows(*given.get("capabilities", CAPABILITIES)),
        "capability_types": table(
            given.get("capability_types", TYPES), f"capability {described} definition caveat"
        ).set_index("capability"),
        "capability_lists": table(
            given.get("capability_lists", LISTS),
            "capability country completeness as_of missing source_id may_compute may_say_no",
        ),
        "indicators": indicator_rows(*given.get("indicators", INDICATORS)),
        "indicator_types": table(
            given.get("indicator_types", INDICATOR_TYPES),
            f"indicator {described} direction rank definition caveat",
        ).set_index("indicator"),
        "sources": table(given.get("sources", SOURCES), source).set_index("source_id"),
        "parameters": pd.DataFrame(
            given.get("parameters", PARAMETERS),
            columns=["parameter", "value", "low", "high", "source_id"],
        ).set_index("parameter"),
    }


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """The embedded data, as they are published."""
    return load()


@pytest.fixture(scope="session")
def kept_runs() -> dict[object, Run]:
    """The runs of `shared_runs`, by everything they were asked with."""
    return {}


@pytest.fixture
def shared_runs(kept_runs: dict[object, Run], monkeypatch: pytest.MonkeyPatch) -> dict[object, Run]:
    """Make a run of the embedded data once in the session, whoever asks for the same again."""
    plain = scenario_run.run

    def run(tables: Dataset, scenario: Scenario, **given: Any) -> Run:
        asked = {name: value for name, value in given.items() if value is not None}
        assert not asked.keys() & {"progress", "stop"}
        weights = tuple(sorted(asked.pop("weights", {}).items()))
        asked.setdefault("draws", LIVE)
        key = (tables.edition.name, scenario, weights, tuple(sorted(asked.items())))
        if key not in kept_runs:
            kept_runs[key] = plain(tables, scenario, **given)
        return kept_runs[key]

    monkeypatch.setattr(scenario_run, "run", run)
    return kept_runs


@pytest.fixture
def six(dataset: Dataset, shared_runs: dict[object, Run]) -> dict[str, Run]:
    """The shipped scenarios with what they do, by id."""
    return {name: api.run_scenario(dataset, name) for name in scenario_file.shipped()}


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Return a maker of small fictional datasets: four countries; any table can be replaced."""

    def made(**given: Any) -> Dataset:
        folder = tmp_path / "data"
        registered = {}
        for file, text in {MAP_FILE: json.dumps(given.pop("map", MAP)), **FILES}.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
            registered[file] = hashlib.sha256(text.encode()).hexdigest()
        edition = Edition("fiction.1", dt.date(2026, 11, 24))
        return Dataset(folder, edition, tables(given), registered)

    return made


@pytest.fixture
def indicators() -> Callable[..., pd.DataFrame]:
    """Return a maker of frames like `Dataset.indicators`, from rows."""
    return indicator_rows


@pytest.fixture
def capabilities() -> Callable[..., pd.DataFrame]:
    """Return a maker of frames like `Dataset.capabilities`, from rows."""
    return capability_rows


class Brackets(locale.gettext.NullTranslations):
    """A language in which every text is itself between brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Return a language whose catalogue wraps every text in brackets."""
    folder = tmp_path / "locale" / "eo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "canheal.mo").touch()
    monkeypatch.setattr(locale, "_FOLDER", tmp_path / "locale")
    plain = locale._catalogue
    monkeypatch.setattr(
        locale, "_catalogue", lambda code: Brackets() if code == "eo" else plain(code)
    )
    return "eo"
