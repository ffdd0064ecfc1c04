"""Numbers as people type them, tolerances, ranges and units."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody, Separators, Unit, UnitGrading, UnitInput
from lms.quizzes.content import InvalidResponse, Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.types import number_text
from lms.quizzes.types.numerical import Numerical

kind = Numerical()
TEXTS = Texts({"vi": {"stem": "Bao nhiêu?"}})


def numbers(text: str, separators: Separators = Separators.EITHER) -> list[str] | None:
    reading = number_text.read(text, separators)
    return None if reading is None else [f"{value.normalize():f}" for value in reading.values]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", "1234"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567.89", "1234567.89"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234 567", "1234567"),
        ("1'234.5", "1234.5"),
        ("3,14", "3.14"),
        ("3.14", "3.14"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("3.1415", "3.1415"),
        (",5", "0.5"),
        ("5.", "5"),
        ("−7", "-7"),
        ("+ 7", "7"),
        ("1,5e3", "1500"),
        ("1,234e3", "1234"),
        ("2 × 10^3", "2000"),
        ("２５", "25"),
    ],
)
def test_numbers_are_understood_in_vietnamese_and_in_english(text, value):
    assert numbers(text) == [value]


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "1,23,4", "1.23,456.7", "12 34", "1/2", "--5", "5 6", "1.234,567,8", "x" * 200])
def test_what_is_no_number_is_not_guessed(text):
    reading = number_text.read(text)

    assert reading is None


def test_a_separator_before_three_digits_is_read_in_two_ways_unless_it_is_settled():
    assert numbers("1.234") == numbers("1,234") == ["1234", "1.234"]
    assert numbers("1.234", Separators.COMMA) == ["1234"]
    assert numbers("1.234", Separators.POINT) == ["1.234"]
    assert numbers("1,234", Separators.COMMA) == ["1.234"]
    assert numbers("1,234", Separators.POINT) == ["1234"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_a_written_number_is_read_in_one_way(value):
    reading = number_text.read(number_text.write(value))

    assert reading is not None
    assert reading.values == (value,)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.text(max_size=30))
def test_no_text_breaks_the_reader(text):
    number_text.read(text)


EXACT = NumericalBody((NumericalAnswer("a", value=Decimal("6.25"), tolerance=Decimal("0.05")), NumericalAnswer("b", fraction=0.0)))


@pytest.mark.parametrize(("text", "key"), [("6,25", "a"), ("6.3", "a"), ("6,2", "a"), ("6,31", "b"), ("625", "b")])
def test_a_tolerance_reaches_to_both_sides_and_the_rest_gets_its_own_feedback(text, key):
    assert list(kind.grade(EXACT, {"text": text}).parts) == [key]


def test_a_relative_tolerance_is_a_share_of_the_value():
    body = NumericalBody((NumericalAnswer("a", value=Decimal(-200), tolerance=Decimal("0.01"), relative=True),))

    assert [kind.grade(body, {"text": text}).state for text in ("-198", "-202", "-203")] == ["right", "right", "wrong"]


def test_a_range_includes_its_ends():
    body = NumericalBody((NumericalAnswer("a", low=Decimal(1), high=Decimal(5)),))

    assert [kind.grade(body, {"text": text}).fraction for text in ("1", "5", "5,1", "0")] == [1.0, 1.0, 0.0, 0.0]


def test_the_first_answer_that_fits_decides():
    body = NumericalBody((NumericalAnswer("a", value=Decimal(1822)), NumericalAnswer("b", 0.5, value=Decimal(1822), tolerance=Decimal(2))))

    assert [kind.grade(body, {"text": text}).fraction for text in ("1822", "1824", "1825")] == [1.0, 0.5, 0.0]


def test_a_number_of_two_meanings_is_not_complete_and_says_how_to_write_it():
    response = kind.clean(EXACT, {"text": "1.234"})

    assert not kind.complete(EXACT, response)
    message = str(kind.trouble(EXACT, response))
    assert "1234" in message
    assert "1,2340" in message


def test_handed_in_like_that_the_better_meaning_counts():
    body = NumericalBody((NumericalAnswer("a", value=Decimal("1.234")),))

    assert [kind.grade(body, {"text": text}).state for text in ("1.234", "1,234")] == ["right", "right"]


def test_what_is_no_number_is_told_and_wrong():
    assert not kind.complete(EXACT, {"text": "khoảng sáu"})
    assert kind.grade(EXACT, {"text": "khoảng sáu"}).state is GradeState.WRONG
    assert kind.grade(EXACT, {}).state is GradeState.GAVE_UP
    assert kind.complete(EXACT, {"text": "6"})


UNITS = (Unit("u1", "m"), Unit("u2", "cm", Decimal(100)), Unit("u3", "km", Decimal("0.001")))
LENGTH = NumericalBody((NumericalAnswer("a", value=Decimal(1500)),), units=UNITS, unit_input=UnitInput.TEXT)


@pytest.mark.parametrize(
    ("text", "state"), [("1500 m", "right"), ("1,5 km", "right"), ("1.5KM", "right"), ("150000 cm", "right"), ("1500 km", "wrong")]
)
def test_a_unit_changes_what_the_number_means(text, state):
    assert kind.grade(LENGTH, {"text": text}).state == state


def test_an_unknown_or_missing_unit_is_told():
    assert [kind.complete(LENGTH, {"text": text}) for text in ("1500 m", "1500 kg", "1500")] == [True, False, False]
    assert kind.grade(LENGTH, {"text": "1500 kg"}).state is GradeState.WRONG


@pytest.mark.parametrize(("grading", "fraction"), [(UnitGrading.OF_RESPONSE, 0.9), (UnitGrading.OF_QUESTION, 0.9)])
def test_a_wrong_unit_costs_its_penalty(grading, fraction):
    body = NumericalBody(LENGTH.answers, units=UNITS, unit_input=UnitInput.TEXT, unit_grading=grading)

    assert kind.grade(body, {"text": "1500 kg"}).fraction == fraction
    assert kind.grade(body, {"text": "1500 m"}).fraction == 1.0


def test_a_chosen_unit_is_a_key():
    body = NumericalBody(LENGTH.answers, units=UNITS, unit_input=UnitInput.SELECT)

    assert kind.clean(body, {"text": ["1,5"], "unit": ["u3"]}) == {"text": "1,5", "unit": "u3"}
    assert kind.grade(body, {"text": "1,5", "unit": "u3"}).fraction == 1.0
    assert kind.describe(body, TEXTS, {"text": "1,5", "unit": "u3"}) == "1,5 km"
    assert kind.clean(body, {"text": "", "unit": "u3"}) == {}
    with pytest.raises(InvalidResponse):
        kind.clean(body, {"text": "1", "unit": "u9"})


def test_a_symbol_before_the_number_is_a_unit_too():
    body = NumericalBody((NumericalAnswer("a", value=Decimal(5)),), units=(Unit("u1", "$"),), unit_input=UnitInput.TEXT)

    assert kind.grade(body, {"text": "$5"}).fraction == 1.0


def test_problems_of_authors():
    upside_down = NumericalBody((NumericalAnswer("a", low=Decimal(5), high=Decimal(1)),))
    negative = NumericalBody((NumericalAnswer("a", value=Decimal(5), tolerance=Decimal(-1)),))
    no_unit = NumericalBody((NumericalAnswer("a", value=Decimal(5)),), unit_input=UnitInput.SELECT)
    zero = NumericalBody((NumericalAnswer("a", value=Decimal(5)),), units=(Unit("u1", "m", Decimal(0)),))

    assert [len(kind.check(body, TEXTS)) for body in (EXACT, upside_down, negative, no_unit, zero)] == [0, 1, 1, 1, 1]
