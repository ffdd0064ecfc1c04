"""Ordering: the rules, numbers given twice, and questions that show only some of the things."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.quizzes.bodies.arranging import Item, OrderingBody, OrderRule
from lms.quizzes.content import InvalidResponse, Response, Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.types import order_rules
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.ordering import Ordering

kind = Ordering()
WORDS = "abcdef"
BODY = OrderingBody(tuple(Item(key) for key in WORDS))
TEXTS = Texts({"vi": {"stem": "Xếp", **{key: f"bước {key}" for key in WORDS}}})


def placed(order: str) -> Response:
    return {"places": {key: place for place, key in enumerate(order, start=1)}}


def worth(rule: OrderRule, order: str) -> float:
    return round(order_rules.fraction(rule, WORDS, list(order)), 4)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # What Moodle gives for the same orders: all right, backwards, the first one last, two swapped.
        (OrderRule.ALL_OR_NOTHING, [1.0, 0.0, 0.0, 0.0]),
        (OrderRule.ABSOLUTE_POSITION, [1.0, 0.0, 0.0, 0.6667]),
        (OrderRule.RELATIVE_TO_CORRECT, [1.0, 0.4, 0.6667, 0.9333]),
        (OrderRule.NEXT_EXCLUDE_LAST, [1.0, 0.0, 0.8, 0.6]),
        (OrderRule.NEXT_INCLUDE_LAST, [1.0, 0.0, 0.6667, 0.6667]),
        (OrderRule.ONE_PREVIOUS_AND_NEXT, [1.0, 0.0, 0.6667, 0.5833]),
        (OrderRule.ALL_PREVIOUS_AND_NEXT, [1.0, 0.0, 0.6667, 0.9333]),
        (OrderRule.LONGEST_ORDERED, [1.0, 0.0, 0.8333, 0.8333]),
        (OrderRule.LONGEST_CONTIGUOUS, [1.0, 0.0, 0.8333, 0.8333]),
    ],
)
def test_each_rule_counts_what_moodle_counts(rule, expected):
    assert [worth(rule, order) for order in ("abcdef", "fedcba", "bcdefa", "bacdef")] == expected


@pytest.mark.parametrize("rule", OrderRule)
def test_a_rule_gives_full_marks_for_the_right_order_only(rule):
    @given(some.permutations(WORDS))
    def only(order):
        fraction = order_rules.fraction(rule, WORDS, order)
        assert 0.0 <= fraction <= 1.0
        assert (fraction == 1.0) == ("".join(order) == WORDS)

    only()


@pytest.mark.parametrize("rule", OrderRule)
def test_the_same_number_for_all_earns_nothing(rule):
    body = OrderingBody(BODY.items, rule)
    response = {"places": dict.fromkeys(WORDS, 1)}

    assert kind.grade(body, response).fraction == 0.0
    assert str(kind.trouble(body, response)) != ""


def test_what_has_a_number_is_graded_and_the_rest_is_asked_for():
    response = {"places": {"a": 1, "b": 2, "c": 5}}

    assert not kind.complete(BODY, response)
    assert round(kind.grade(BODY, response).fraction or 0, 4) == 0.3333
    assert kind.grade(BODY, response).parts["c"] is GradeState.WRONG


def test_the_right_answer_is_told_in_order():
    assert kind.describe(BODY, TEXTS, kind.right_answer(BODY)).startswith("1. bước a; 2. bước b; 3. bước c")
    assert kind.describe(BODY, TEXTS, {"places": {"gone": 2, "a": 1}}).startswith("1. bước a; 2. [")


def test_form_fields_and_json_clean_to_the_same_response():
    form = {"places.a": ["2"], "places.b": ["1"], "places.c": [""]}

    assert kind.clean(BODY, form) == kind.clean(BODY, {"places": {"b": 1, "a": "2"}}) == {"places": {"a": 2, "b": 1}}
    assert kind.clean(BODY, {"places.a": []}) == {}


@pytest.mark.parametrize("raw", [{"places": {"a": 7}}, {"places": {"z": 1}}, {"places": [1]}, {"places.a": "-1"}, {"places.a": "x"}])
def test_places_that_are_not_there_are_refused(raw):
    with pytest.raises(InvalidResponse):
        kind.clean(BODY, raw)


SOME = OrderingBody(BODY.items, OrderRule.ABSOLUTE_POSITION, subset=3)


def test_only_some_things_are_shown_and_only_they_count():
    orders = [kind.shuffle_order(SOME, Random(seed)) for seed in range(30)]
    runs = [kind.shuffle_order(OrderingBody(BODY.items, subset=3, contiguous=True), Random(seed)) for seed in range(30)]

    assert {len(order) for order in orders} == {3}
    assert {"".join(sorted(run)) for run in runs} == {"abc", "bcd", "cde", "def"}
    assert kind.grade(SOME, {"places": {"b": 1, "d": 2, "f": 3}}).fraction == 1.0
    assert kind.clean(SOME, {"places.b": "1", "places.d": "", "places.f": "3"}) == {"places": {"b": 1, "d": 0, "f": 3}}
    assert not kind.complete(SOME, {"places": {"b": 1, "d": 0, "f": 3}})
    with pytest.raises(InvalidResponse):
        kind.clean(SOME, {"places": {"a": 1}})


def test_the_sketch_shows_the_order_of_the_attempt_and_tells_only_what_it_may():
    asked = kind.draw(SOME, Drawing(TEXTS, order=["f", "b", "d"], response={"places": {"b": 1, "d": 0, "f": 3}}))

    assert [(row.key, str(row.html), row.place, row.state) for row in asked.rows] == [
        ("f", "bước f", 3, ""),
        ("b", "bước b", 1, ""),
        ("d", "bước d", 0, ""),
    ]
    assert asked.places == (1, 2, 3)

    grade = kind.grade(BODY, placed("bacdef"))
    told = kind.draw(BODY, Drawing(TEXTS, response=placed("bacdef"), parts=grade.parts))
    assert [row.state for row in told.rows][:3] == ["wrong", "wrong", "right"]


def test_what_an_author_must_mend_is_told():
    twice = Texts({"vi": {"stem": "?", "a": "A", "b": "A"}})

    assert kind.check(BODY, TEXTS) == []
    assert [problem.severity for problem in kind.check(OrderingBody((Item("a"), Item("b"))), twice)] == ["error"]
    assert [problem.severity for problem in kind.check(OrderingBody(BODY.items, subset=6), TEXTS)] == ["error"]
