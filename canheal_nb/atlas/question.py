"""The questions of the atlas: one measure, several beside each other, and the stages of care."""

from __future__ import annotations

from typing import Annotated, Literal

from canheal_nb.text.question import Known, Language, Listed, Question


class Atlas(Question):
    """What can cancer centres and countries do, and where is it scarce?

    `sex`, `edition`, `year` ("" and 0: the default) choose the series; `classes` how the legend
    is cut, `bounds` its numbers when fixed; `every` shows every fact about the country.
    """

    show: Annotated[str, Known("show")] = "radiotherapy_machines_dirac_per_million"
    country: Annotated[str, Known("country_or_none")] = ""
    centres: Literal["oeci", "all", "none"] = "oeci"
    sex: Literal["", "T", "F", "M"] = ""
    edition: Annotated[str, Known("edition")] = ""
    year: int = 0
    classes: Literal["steps", "quantiles", "equal", "natural", "fixed"] = "steps"
    bounds: str = ""
    every: bool = False
    lang: Language = "en"


class Compare(Question):
    """How do countries compare?

    In the view "two" the first two measures are set against each other.
    """

    countries: Annotated[Listed, Known("country", most=6)] = "PL,SI"
    measures: Annotated[Listed, Known("show", most=6)] = (
        "physicians_per_1000,unmet_medical_need_pct,radiotherapy_machines_dirac_per_million,"
        "hpv_vaccination_coverage_first_dose,treatable_mortality_asr"
    )
    view: Literal["dots", "two"] = "dots"
    lang: Language = "en"


class Pathway(Question):
    """How unequal is each stage of cancer care, and what is not known?"""

    stage: Literal[
        "prevention", "screening", "diagnosis", "treatment", "survivorship", "palliative"
    ] = "prevention"
    country: Annotated[str, Known("country_or_none")] = ""
    lang: Language = "en"
