"""Matching: pairs, distractors, answers that read the same."""

from random import Random

import pytest

from lms.quizzes.bodies.arranging import MatchingBody, Pair
from lms.quizzes.content import InvalidResponse, Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.types.matching import Matching

kind = Matching()
ANIMALS = MatchingBody((Pair("a", "x1"), Pair("b", "x2"), Pair("c", "x1")), ("x1", "x2", "x3"))
TEXTS = Texts({"vi": {"stem": "Xếp", "a": "ếch", "b": "mèo", "c": "sa giông", "x1": "lưỡng cư", "x2": "thú", "x3": "côn trùng"}})


def test_each_pair_is_worth_the_same():
    grade = kind.grade(ANIMALS, {"pairs": {"a": "x1", "b": "x3", "c": "x1"}})

    assert round(grade.fraction or 0, 6) == 0.666667
    assert (grade.state, dict(grade.parts)) == (
        GradeState.PARTIAL,
        {"a": GradeState.RIGHT, "b": GradeState.WRONG, "c": GradeState.RIGHT},
    )


def test_open_pairs_make_it_incomplete_but_what_is_there_is_graded():
    response = {"pairs": {"a": "x1"}}

    assert not kind.complete(ANIMALS, response)
    assert str(kind.trouble(ANIMALS, response)) != ""
    assert round(kind.grade(ANIMALS, response).fraction or 0, 6) == 0.333333


def test_nothing_matched_is_given_up():
    assert kind.grade(ANIMALS, {}).state is GradeState.GAVE_UP


def test_the_right_answer_is_right_and_complete():
    response = kind.right_answer(ANIMALS)

    assert kind.complete(ANIMALS, response)
    assert kind.grade(ANIMALS, response).state is GradeState.RIGHT
    assert kind.describe(ANIMALS, TEXTS, response) == "ếch → lưỡng cư; mèo → thú; sa giông → lưỡng cư"


def test_answers_that_read_the_same_become_one():
    body = MatchingBody((Pair("a", "x1"), Pair("b", "x2")), ("x1", "x2", "x3"))
    texts = Texts({"vi": {"stem": "?", "a": "A", "b": "B", "x1": "thú", "x2": " <b>thú</b>", "x3": "chim"}})

    tidied, left = kind.tidy(body, texts)

    assert tidied == MatchingBody((Pair("a", "x1"), Pair("b", "x1")), ("x1", "x3"))
    assert sorted(left.by_language["vi"]) == ["a", "b", "stem", "x1", "x3"]
    assert kind.grade(tidied, {"pairs": {"a": "x1", "b": "x1"}}).fraction == 1.0


def test_answers_that_read_the_same_in_one_language_only_are_a_problem():
    texts = Texts({"vi": dict(TEXTS.by_language["vi"]), "en": {**TEXTS.by_language["vi"], "x1": "animal", "x2": "animal"}})

    assert kind.tidy(ANIMALS, texts) == (ANIMALS, texts)
    assert [problem.severity for problem in kind.check(ANIMALS, texts)] == ["error"]
    assert kind.check(ANIMALS, TEXTS) == []


def test_answers_are_shuffled_and_pairs_too_if_wanted():
    orders = {tuple(kind.shuffle_order(ANIMALS, Random(seed))) for seed in range(40)}
    fixed = MatchingBody(ANIMALS.pairs, ANIMALS.answers, shuffle=False)

    assert {frozenset(order[:3]) for order in orders} == {frozenset("abc")}
    assert len({order[:3] for order in orders}) > 1
    assert {tuple(kind.shuffle_order(fixed, Random(seed))[:3]) for seed in range(20)} == {("a", "b", "c")}


def test_form_fields_and_json_clean_to_the_same_response():
    form = {"pairs.a": ["x1"], "pairs.b": [""], "pairs.c": "x3"}

    assert kind.clean(ANIMALS, form) == kind.clean(ANIMALS, {"pairs": {"c": "x3", "a": "x1"}}) == {"pairs": {"a": "x1", "c": "x3"}}
    assert kind.clean(ANIMALS, {}) == {}


@pytest.mark.parametrize("raw", [{"pairs": {"a": "x9"}}, {"pairs": {"z": "x1"}}, {"pairs": ["a"]}, {"pairs.a": "b"}, {"pairs": {"a": {}}}])
def test_pairs_that_are_not_there_are_refused(raw):
    with pytest.raises(InvalidResponse):
        kind.clean(ANIMALS, raw)


def test_a_response_to_an_older_version_does_not_raise():
    response = {"pairs": {"a": "x9", "gone": "x1"}}

    assert kind.grade(ANIMALS, response).fraction == 0.0
    assert not kind.complete(ANIMALS, response)
    assert kind.describe(ANIMALS, TEXTS, response).startswith("ếch → ")
