"""One question, four spellings, one sentence when it is wrong."""

from __future__ import annotations

import re

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canheal_nb.atlas.question import Atlas, Compare
from canheal_nb.country.question import CountryBrief
from canheal_nb.funding.question import ScenarioBrief
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import Question, parts, read, read_query, shown

COUNTRIES = ["FR", "GR", "MT", "SI"]
VOCABULARY = {
    "country": COUNTRIES,
    "show": ["machines_per_million", "waiting"],
    "edition": ["", "First 2024"],
}
VOCABULARY |= {"edition": ["", "G 2022"], "group": ["", "Care"], "centre": ["hill"]}


class Settings(Question):
    """A question with a field of every kind."""

    name: str = "x"
    count: int = 3
    share: float = 0.5
    draft: bool = False


def refusal(model: type[Question], given: dict[str, object]) -> UserError:
    """Return the refusal; it must be one plain sentence."""
    with pytest.raises(UserError) as caught:
        read(model, given, VOCABULARY)
    sentence = str(caught.value)
    assert sentence.isprintable()
    assert "Traceback" not in sentence
    assert "pydantic" not in sentence
    assert sentence.endswith((".", "?"))
    assert 10 < len(sentence) < 300
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


# --- what is read -------------------------------------------------------------------------

atlases = st.builds(
    Atlas,
    show=st.sampled_from(VOCABULARY["show"]),
    country=st.sampled_from(["", *COUNTRIES]),
    centres=st.sampled_from(["oeci", "all", "none"]),
)


@given(atlases)
@settings(max_examples=40, deadline=None)
def test_a_question_survives_the_link(question: Atlas) -> None:
    assert read_query(Atlas, question.query(), VOCABULARY) == question
    assert read_query(Atlas, "?" + question.query(), VOCABULARY) == question
    assert read(Atlas, question.model_dump(), VOCABULARY) == question


@given(st.builds(Settings, name=st.text(st.characters(exclude_categories=["Cs"]))))
@settings(max_examples=80, deadline=None)
def test_any_text_survives_the_link(question: Settings) -> None:
    assert question.query().isascii()
    assert read_query(Settings, question.query(), {}) == question


def test_a_link_leaves_out_what_is_default() -> None:
    assert Atlas(show="waiting").query() == "show=waiting"
    assert Atlas().query() == ""
    assert CountryBrief(country="SI").query() == "country=SI"


def test_a_link_may_name_the_default_and_nothing() -> None:
    assert read_query(Atlas, "show=waiting&country=&lang=en", VOCABULARY).country == ""


def test_numbers_are_read_from_text() -> None:
    question = read_query(Settings, "count=5&share=0.25&draft=true", {})
    assert question == Settings(count=5, share=0.25, draft=True)


def test_a_question_cannot_be_changed_in_place() -> None:
    with pytest.raises(pydantic.ValidationError):
        Atlas().country = "SI"  # type: ignore[misc]
    assert Atlas().changed(country="SI").country == "SI"


def test_a_list_is_read_in_order_each_once() -> None:
    given = {"countries": " SI, FR,,SI ", "measures": ""}
    question = read(Compare, given, VOCABULARY)
    assert parts(question.countries) == ["SI", "FR"]
    assert parts(question.measures) == []
    assert read_query(Compare, question.query(), VOCABULARY) == question


# --- what is refused ----------------------------------------------------------------------


def test_greece_is_gr() -> None:
    error = refusal(CountryBrief, {"country": "EL"})
    assert error.code == "unknown-country"
    assert "'EL'" in str(error)
    assert "GR" in str(error)


@pytest.mark.parametrize("country", ["XX", "", "Slovenia", "EU", "NO"])
def test_an_unknown_country_is_refused_with_the_known_ones(country: str) -> None:
    error = refusal(CountryBrief, {"country": country})
    assert error.code == "unknown-country"
    assert "FR, GR, MT, SI" in str(error)


def test_a_country_in_small_letters_is_understood_but_not_taken() -> None:
    assert "Did you mean SI?" in str(refusal(CountryBrief, {"country": "si"}))


def test_an_unknown_parameter_is_refused_with_a_suggestion() -> None:
    error = refusal(CountryBrief, {"contry": "SI"})
    assert error.code == "unknown-parameter"
    assert "'contry'" in str(error)
    assert "Did you mean country?" in str(error)


def test_an_unknown_parameter_like_no_other_is_refused_with_all() -> None:
    error = refusal(CountryBrief, {"zzz": "SI"})
    assert "Use one of: country, lang." in str(error)


def test_a_name_that_is_no_text_is_refused() -> None:
    assert refusal(CountryBrief, {5: "SI"}).code == "unknown-parameter"  # type: ignore[dict-item]


def test_a_missing_parameter_is_named() -> None:
    error = refusal(CountryBrief, {})
    assert error.code == "missing-parameter"
    assert "for example --country SI." in str(error)


def test_the_example_of_a_missing_parameter_is_one_that_works() -> None:
    assert "for example --scenario equity_first." in str(refusal(ScenarioBrief, {}))


@pytest.mark.parametrize("value", [5, True, None, ["SI"], {"a": "SI"}, 1.5])
def test_a_text_of_another_type_is_refused(value: object) -> None:
    error = refusal(CountryBrief, {"country": value})
    assert error.code == "wrong-type"
    assert f"of type {type(value).__name__}" in str(error)


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [("count", "five", "a whole number"), ("count", 1.5, "a whole number")]
    + [("share", "half", "a number"), ("draft", "perhaps", "yes or no")],
)
def test_a_wrong_type_is_named_in_words(field: str, value: object, kind: str) -> None:
    error = refusal(Settings, {field: value})
    assert error.code == "wrong-type"
    assert kind in str(error)


@pytest.mark.parametrize(
    ("countries", "code", "said"),
    [("SI,XX", "unknown-countries", "'XX'"), ("FR,EL", "unknown-countries", "GR here")],
)
def test_each_of_a_list_is_checked(countries: str, code: str, said: str) -> None:
    error = refusal(Compare, {"countries": countries, "measures": ""})
    assert error.code == code
    assert said in str(error)


def test_a_list_has_an_end() -> None:
    vocabulary = {**VOCABULARY, "country": [f"A{i}" for i in range(9)]}
    with pytest.raises(UserError, match="at most 6 can be chosen, not 7") as caught:
        read(
            Compare, {"countries": ",".join(vocabulary["country"][:7]), "measures": ""}, vocabulary
        )
    assert caught.value.code == "too-many-countries"


def test_one_of_a_few_is_refused_with_all_of_them() -> None:
    error = refusal(Atlas, {"centres": "some", "show": "waiting"})
    assert error.code == "unknown-centres"
    assert "oeci, all, none" in str(error)


def test_a_measure_nearly_right_is_suggested() -> None:
    error = refusal(Atlas, {"show": "waitings"})
    assert error.code == "unknown-show"
    assert "Did you mean waiting?" in str(error)


def test_an_unknown_language_is_refused() -> None:
    assert refusal(CountryBrief, {"country": "SI", "lang": "tlh"}).code == "unknown-lang"


HOSTILE = ["<script>alert(1)</script>", "'; DROP TABLE x;--", "a\nb\r\x00\x1b[31m", "`id`", "$(id)"]
HOSTILE += ["{0} {country} %s %(x)s", "\u202eRTL\u200f", "e\u0301\u0302" * 30, "\ud800", "A" * 9999]
HOSTILE += ["../../etc/passwd", "{{7*7}}", "\\N{BULLET}", "None", "SI\n"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_values_are_refused_in_plain_signs(text: str) -> None:
    error = refusal(CountryBrief, {"country": text})
    assert error.code == "unknown-country"
    assert str(error).isascii()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_refused_in_plain_signs(text: str) -> None:
    error = refusal(CountryBrief, {text: "SI"})
    assert error.code == "unknown-parameter"
    assert str(error).isascii()


@pytest.mark.parametrize("query", ["country=%00", "a=b=c&&&", "%", "=&=", "country=SI&x", "?;;"])
def test_a_broken_link_is_refused(query: str) -> None:
    with pytest.raises(UserError) as caught:
        read_query(CountryBrief, query, VOCABULARY)
    assert str(caught.value).isprintable()


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_what_is_shown_of_a_value_is_short_and_harmless(text: str) -> None:
    assert re.fullmatch(r"[ -~]{2,140}", shown(text))
