"""Single choice, multiple choice, true or false."""

from random import Random

import pytest

from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, Scoring, SingleChoiceBody, TrueFalseBody
from lms.quizzes.content import InvalidResponse, Problem, Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.types.multiple_choice import MultipleChoice
from lms.quizzes.types.single_choice import SingleChoice
from lms.quizzes.types.true_false import TrueFalse

single, multiple, true_false = SingleChoice(), MultipleChoice(), TrueFalse()

PASSWORDS = SingleChoiceBody((Choice("a", 1.0), Choice("b", 0.5), Choice("c", 0.0), Choice("d", -0.25, fixed=True)))
TEXTS = Texts(
    {
        "vi": {"stem": "Chọn <b>một</b>", "a": "Mật khẩu dài", "b": "Ngắn", "c": "123456", "d": "Không câu nào"},
        "en": {"stem": "Choose", "a": "A <i>long</i> password", "b": "Short", "c": "123456 ", "d": "None of these"},
    }
)
CAPITALS = MultipleChoiceBody((Choice("a", 0.5), Choice("b", 0.5), Choice("c", -0.5), Choice("d", -1.0)))


def words(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.severity, str(problem.message)) for problem in problems]


@pytest.mark.parametrize(
    ("chosen", "fraction", "state"),
    [
        ("a", 1.0, GradeState.RIGHT),
        ("b", 0.5, GradeState.PARTIAL),
        ("c", 0.0, GradeState.WRONG),
        ("d", -0.25, GradeState.WRONG),
    ],
)
def test_a_single_choice_is_worth_the_fraction_of_the_chosen_one_even_below_zero(chosen, fraction, state):
    grade = single.grade(PASSWORDS, {"choice": chosen})

    assert (grade.fraction, grade.state, grade.parts) == (fraction, state, {chosen: state})


def test_nothing_chosen_is_given_up():
    assert [kind.grade(body, {}).state for kind, body in ((single, PASSWORDS), (multiple, CAPITALS))] == [GradeState.GAVE_UP] * 2
    assert not single.complete(PASSWORDS, {})


def test_a_choice_that_was_deleted_later_is_wrong_and_named_so():
    assert single.grade(PASSWORDS, {"choice": "z"}).state is GradeState.WRONG
    assert single.describe(PASSWORDS, TEXTS, {"choice": "z"}, "en") != ""
    assert multiple.grade(CAPITALS, {"choices": ["a", "b", "z"]}).fraction == 1.0


def test_the_same_response_reads_in_both_languages():
    assert single.describe(PASSWORDS, TEXTS, {"choice": "a"}, "vi") == "Mật khẩu dài"
    assert single.describe(PASSWORDS, TEXTS, {"choice": "a"}, "en") == "A long password"


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [("ab", 1.0), ("a", 0.5), ("abc", 0.5), ("c", 0.0), ("cd", 0.0), ("abcd", 0.0), ("ad", 0.0)],
)
def test_ticked_fractions_are_added_and_kept_between_zero_and_one(chosen, fraction):
    assert multiple.grade(CAPITALS, {"choices": list(chosen)}).fraction == fraction


def test_thirds_add_up_to_right():
    body = MultipleChoiceBody(tuple(Choice(key, 0.3333333) for key in "abc") + (Choice("d", -1.0),))

    grade = multiple.grade(body, {"choices": ["a", "b", "c"]})

    assert (grade.fraction, grade.state) == (1.0, GradeState.RIGHT)


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [("ab", 1.0), ("a", 0.5), ("ac", 0.5), ("abc", 0.5), ("abcd", 0.0), ("c", 0.0), ("acd", 0.0)],
)
def test_proportional_scoring_takes_back_a_right_tick_for_each_wrong_one(chosen, fraction):
    body = MultipleChoiceBody(CAPITALS.choices, scoring=Scoring.PROPORTIONAL)

    assert multiple.grade(body, {"choices": list(chosen)}).fraction == fraction


def test_what_a_wrong_tick_has_taken_back_is_not_called_partly_right():
    """The Open University's multiple response calls it so as soon as one right choice was ticked, also at no mark."""
    body = MultipleChoiceBody(CAPITALS.choices, scoring=Scoring.PROPORTIONAL)

    assert multiple.grade(body, {"choices": ["a", "c", "d"]}).state is GradeState.WRONG
    assert multiple.grade(body, {"choices": ["a", "c"]}).state is GradeState.PARTIAL


@pytest.mark.parametrize(("chosen", "fraction"), [("ab", 1.0), ("a", 0.0), ("abc", 0.0)])
def test_all_or_nothing_wants_exactly_the_right_ones(chosen, fraction):
    body = MultipleChoiceBody(CAPITALS.choices, scoring=Scoring.ALL_OR_NOTHING)

    assert multiple.grade(body, {"choices": list(chosen)}).fraction == fraction


def test_each_tick_is_right_or_wrong():
    assert multiple.grade(CAPITALS, {"choices": ["a", "d"]}).parts == {"a": GradeState.RIGHT, "d": GradeState.WRONG}


def test_shuffling_leaves_fixed_choices_in_place():
    orders = [single.shuffle_order(PASSWORDS, Random(seed)) for seed in range(30)]

    assert {order[3] for order in orders} == {"d"}
    assert {tuple(sorted(order)) for order in orders} == {("a", "b", "c", "d")}
    assert len({tuple(order) for order in orders}) == 6


def test_without_shuffling_the_order_is_the_author_s():
    body = SingleChoiceBody(PASSWORDS.choices, shuffle=False)

    assert single.shuffle_order(body, Random(1)) == ["a", "b", "c", "d"]


def test_form_values_and_json_clean_to_the_same_response():
    assert single.clean(PASSWORDS, {"choice": ["b"], "csrf": "x"}) == single.clean(PASSWORDS, {"choice": "b"}) == {"choice": "b"}
    assert multiple.clean(CAPITALS, {"choices": ["b", "a", "b"]}) == {"choices": ["a", "b"]}
    assert multiple.clean(CAPITALS, {"choices": "b"}) == {"choices": ["b"]}
    assert true_false.clean(TrueFalseBody(True), {"choice": False}) == {"choice": "false"}
    assert [single.clean(PASSWORDS, {}), multiple.clean(CAPITALS, {"choices": []}), single.clean(PASSWORDS, {"choice": ""})] == [{}, {}, {}]


@pytest.mark.parametrize("raw", [{"choice": "z"}, {"choice": {"a": 1}}, {"choice": [["a"]]}])
def test_a_choice_that_is_not_there_is_refused(raw):
    with pytest.raises(InvalidResponse):
        single.clean(PASSWORDS, raw)


@pytest.mark.parametrize("raw", [{"choices": ["a", "z"]}, {"choices": {"a": True}}, {"choices": [1]}])
def test_ticks_that_are_not_there_are_refused(raw):
    with pytest.raises(InvalidResponse):
        multiple.clean(CAPITALS, raw)


def test_true_or_false():
    body = TrueFalseBody(right=False)

    assert true_false.grade(body, {"choice": "false"}).state is GradeState.RIGHT
    assert true_false.grade(body, {"choice": "true"}).state is GradeState.WRONG
    assert true_false.grade(body, {}).state is GradeState.GAVE_UP
    assert true_false.right_answer(body) == {"choice": "false"}
    assert true_false.describe(body, TEXTS, {"choice": "true"}, "en") == "True"
    assert true_false.shuffle_order(body, Random(1)) == ["true", "false"]


def test_a_good_question_has_no_problem():
    assert words(single.check(PASSWORDS, TEXTS)) == []


def test_a_text_that_is_missing_in_one_language_is_a_warning_and_in_all_an_error():
    texts = Texts({"vi": {"stem": "?", "a": "A", "b": "B"}, "en": {"stem": "?", "a": "A"}})
    body = SingleChoiceBody((Choice("a", 1.0), Choice("b"), Choice("c")))

    assert [severity for severity, _ in words(single.check(body, texts))] == ["warning", "error"]


def test_a_single_choice_needs_a_right_one_and_two_in_all():
    texts = Texts({"vi": {"stem": "?", "a": "A"}})

    problems = single.check(SingleChoiceBody((Choice("a", 0.9),)), texts)

    assert [severity for severity, _ in words(problems)] == ["error", "error"]


@pytest.mark.parametrize(("fraction", "problems"), [(-1.0, []), (-1.01, ["error"])])
def test_a_choice_costs_no_more_than_the_whole_mark(fraction, problems):
    texts = Texts({"vi": {"stem": "?", "a": "A", "b": "B"}})

    assert [severity for severity, _ in words(single.check(SingleChoiceBody((Choice("a", 1.0), Choice("b", fraction))), texts))] == problems


def test_ticked_fractions_must_add_up_to_one_when_they_are_added():
    texts = Texts({"vi": {"stem": "?", "a": "A", "b": "B", "c": "C"}})
    body = MultipleChoiceBody((Choice("a", 0.5), Choice("b", 0.3), Choice("c", -1.0)))

    assert [severity for severity, _ in words(multiple.check(body, texts))] == ["error"]
    proportional = MultipleChoiceBody(body.choices, scoring=Scoring.PROPORTIONAL)
    assert words(multiple.check(proportional, texts)) == []


def test_an_author_is_warned_when_ticking_everything_pays():
    texts = Texts({"vi": {"stem": "?", "a": "A", "b": "B"}})
    body = MultipleChoiceBody((Choice("a", 1.0), Choice("b", 0.0)))

    assert [severity for severity, _ in words(multiple.check(body, texts))] == ["warning"]


def test_a_choice_that_is_there_twice_is_a_warning():
    texts = Texts({"vi": {"stem": "?", "a": "A", "b": "A"}})

    assert [severity for severity, _ in words(single.check(SingleChoiceBody((Choice("a", 1.0), Choice("b"))), texts))] == ["warning"]
