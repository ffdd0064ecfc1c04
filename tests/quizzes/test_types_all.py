"""What holds for every question type, and for what is stored of a question."""

import json
import re
from decimal import Decimal
from random import Random

import pytest
from flask import Flask, get_template_attribute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from lms.quizzes import content, showing
from lms.quizzes.bodies import every
from lms.quizzes.bodies.arranging import Item, MatchingBody, OrderingBody, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, Scoring, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.every import BODIES
from lms.quizzes.bodies.gaps import ClozeBody, DragWord, DragWordsBody, Gap, GapKind, GapSelectBody, Word, WordGap
from lms.quizzes.bodies.messages import Decision, MessageBody, MessageKind, MessagePart
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody, Unit
from lms.quizzes.bodies.parts import Hint
from lms.quizzes.bodies.spots import HotSpotBody, Outline, Spot
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.bodies.writing import DescriptionBody, EssayBody
from lms.quizzes.content import Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.shape import WrongShape
from lms.quizzes.types.cloze import Cloze
from lms.quizzes.types.description import Description
from lms.quizzes.types.drag_words import DragWords
from lms.quizzes.types.essay import Essay
from lms.quizzes.types.gap_select import GapSelect
from lms.quizzes.types.hot_spot import HotSpot
from lms.quizzes.types.kind import QuestionType
from lms.quizzes.types.matching import Matching
from lms.quizzes.types.message_inspection import MessageInspection
from lms.quizzes.types.multiple_choice import MultipleChoice
from lms.quizzes.types.numerical import Numerical
from lms.quizzes.types.ordering import Ordering
from lms.quizzes.types.short_answer import ShortAnswer
from lms.quizzes.types.single_choice import SingleChoice
from lms.quizzes.types.true_false import TrueFalse

MESSAGE = {"message.sender": "NH", "message.body": "[[a]] [[b]]", "picture": '<img src="/p.png" alt="P">'} | {
    f"{key}.feedback": "!" for key in ("a", "b", "x1", "x2")
}
TEXTS = Texts({"vi": {"stem": "?", "a": "A", "b": "B", "x1": "X", "x2": "Y", **MESSAGE}})
CLOZE_TEXTS = Texts({"vi": {"stem": "<p>{#1} {#2} {#3} {#4}</p>", "1a": "A", "1b": "B", "2a": "C", "2b": "D"}})
WORD_TEXTS = Texts({"vi": {"stem": "<p>[[1]] [[2]] [[1]]</p>", "w1": "A", "w2": "B", "w3": "C"}})
GAPS = (WordGap("g1", "w1"), WordGap("g2", "w2"), WordGap("g1x2", "w1"))
SAMPLES = [
    (SingleChoice(), SingleChoiceBody((Choice("a", 1.0), Choice("b")), hints=(Hint(clear_wrong=True),))),
    (MultipleChoice(), MultipleChoiceBody((Choice("a", 1.0), Choice("b", -1.0)), scoring=Scoring.PROPORTIONAL)),
    (TrueFalse(), TrueFalseBody(True)),
    (ShortAnswer(), ShortAnswerBody((TextAnswer("a", "một*"),))),
    (Numerical(), NumericalBody((NumericalAnswer("a", value=Decimal("3.140")),), units=(Unit("u1", "m"),))),
    (Matching(), MatchingBody((Pair("a", "x1"), Pair("b", "x2")), ("x1", "x2"))),
    (Ordering(), OrderingBody((Item("a"), Item("b")))),
    (
        HotSpot(),
        HotSpotBody(9, 9, (Spot("a", Outline.CIRCLE, (4.0, 4.0, 2.0)), Spot("b", Outline.RECTANGLE, (0.0, 0.0, 1.0, 1.0), right=False))),
    ),
    (
        MessageInspection(),
        MessageBody(MessageKind.SMS, (MessagePart("a", sign=True), MessagePart("b")), (Decision("x1", 1.0), Decision("x2"))),
    ),
    (
        Cloze(),
        ClozeBody(
            (
                Gap("1", GapKind.LIST, 2, choices=(Choice("1a", 1.0), Choice("1b", -0.5))),
                Gap("2", GapKind.SEVERAL_ACROSS_SHUFFLED, choices=(Choice("2a", 1.0), Choice("2b", -1.0))),
                Gap("3", GapKind.WORD_CASE, words=(TextAnswer("3a", "Huế"), TextAnswer("3b", "H*", 0.5))),
                Gap("4", GapKind.NUMBER, 0, numbers=(NumericalAnswer("4a", value=Decimal("3.140")),)),
            )
        ),
    ),
    (GapSelect(), GapSelectBody((Word("w1"), Word("w2"), Word("w3")), GAPS)),
    (DragWords(), DragWordsBody((DragWord("w1", reusable=True), DragWord("w2"), DragWord("w3")), GAPS)),
    (Essay(), EssayBody(most_words=300)),
    (Description(), DescriptionBody()),
]


def texts_of(kind: QuestionType) -> Texts:
    """Return texts that fit the sample of this type."""
    return {"cloze": CLOZE_TEXTS, "gap_select": WORD_TEXTS, "drag_words": WORD_TEXTS}.get(kind.key, TEXTS)


@pytest.mark.parametrize(("kind", "body"), SAMPLES, ids=lambda value: getattr(value, "key", ""))
def test_a_body_is_the_same_after_storing_it(kind: QuestionType, body):
    stored = every.body_to_json(body)

    assert kind.read_body(stored) == body
    assert BODIES[kind.key] is type(body)


@pytest.mark.parametrize(("kind", "body"), SAMPLES, ids=lambda value: getattr(value, "key", ""))
def test_the_right_answer_earns_everything_and_survives_cleaning(kind: QuestionType, body):
    response = kind.right_answer(body)

    assert kind.clean(body, response) == response
    assert kind.check(body, texts_of(kind)) == []
    if kind.gradable:
        assert kind.complete(body, response)
        assert kind.grade(body, response).state is GradeState.RIGHT
        assert kind.grade(body, {}).state is GradeState.GAVE_UP
        assert kind.describe(body, texts_of(kind), response) != ""


@pytest.mark.parametrize(("kind", "body"), SAMPLES, ids=lambda value: getattr(value, "key", ""))
def test_cleaning_anything_gives_a_response_or_refuses(kind: QuestionType, body):
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(some.dictionaries(some.sampled_from(FIELDS), _json()))
    def whatever_is_sent(raw):
        try:
            response = kind.clean(body, raw)
        except content.InvalidResponse:
            return
        assert kind.clean(body, response) == response
        assert kind.empty(response) == (response == {})
        kind.grade(body, response)
        kind.describe(body, texts_of(kind), response)
        kind.complete(body, response)

    whatever_is_sent()


FIELDS = [
    *("choice", "choices", "text", "unit", "pairs", "pairs.a", "places", "places.b", "marks", "decision", "spots", "points"),
    *("gaps", "gaps.g1", "gaps.g1x2", "gaps.2", "1.choice", "1.choices", "2.choices", "3.text", "4.text", "4.unit"),
]


def _json():
    words = some.sampled_from(
        ["a", "b", "x1", "true", "1.234", "", "u1", "1", "1a", "2b", "3", "g1", "w1", "w3", "choice", "text", "4,4", "9,0"]
    ) | some.text(max_size=5)
    leaves = some.none() | some.booleans() | some.integers() | some.floats() | words
    return some.recursive(leaves, lambda inner: some.lists(inner, max_size=3) | some.dictionaries(words, inner, max_size=3), max_leaves=4)


@pytest.mark.parametrize(("kind", "body"), SAMPLES, ids=lambda value: getattr(value, "key", ""))
def test_an_order_depends_on_nothing_but_the_dice(kind: QuestionType, body):
    assert kind.shuffle_order(body, Random(7)) == kind.shuffle_order(body, Random(7))


def test_an_essay_waits_for_a_person_and_a_description_is_not_graded():
    assert Essay().grade(EssayBody(), {"text": "Bài làm"}).state is GradeState.NEEDS_MARKING
    assert Essay().grade(EssayBody(), {"text": "Bài làm"}).fraction is None
    assert Essay().grade(EssayBody(), {}).state is GradeState.GAVE_UP
    assert Description().grade(DescriptionBody(), {}).state is GradeState.NOT_GRADED
    assert [kind.gradable for kind, _ in SAMPLES] == [True] * (len(SAMPLES) - 2) + [False] * 2


@pytest.mark.parametrize(("kind", "body"), SAMPLES, ids=lambda value: getattr(value, "key", ""))
def test_every_field_of_a_type_carries_the_prefix_of_its_slot(app: Flask, kind: QuestionType, body):
    shown = showing.ask(kind, body, texts_of(kind), slot=7, order=kind.shuffle_order(body, Random(7)), response=kind.right_answer(body))

    with app.test_request_context():
        page = get_template_attribute(shown.template, "ask")(shown)

    assert re.findall(r'\b(?:name|id|for|aria-describedby|aria-labelledby)="(?!q7-)[^"]*"', page) == []
    assert ("q7-" in page) == (kind.key != "description")


GOOD = {"schema": 1, "choices": [{"key": "a", "fraction": 1}, {"key": "b"}]}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"schema": 2}, "body.schema"),
        ({"choices": {}}, "body.choices"),
        ({"choices": [{"key": "a", "fraction": "much"}]}, "body.choices[0].fraction"),
        ({"choices": [{"key": "a", "fraction": True}]}, "body.choices[0].fraction"),
        ({"choices": [{"key": "a", "fraction": float("nan")}]}, "body.choices[0].fraction"),
        ({"choices": [{}]}, "body.choices[0]"),
        ({"choices": [{"key": "a"}, {"key": "a"}]}, "body"),
        ({"choices": [{"key": "stem"}]}, "body"),
        ({"choices": [{"key": "A!"}]}, "body"),
        ({"shuffle": 1}, "body.shuffle"),
        ({"numbering": "xyz"}, "body.numbering"),
        ({"colour": "red"}, "body"),
    ],
)
def test_a_body_of_another_form_is_refused_with_the_place(change, where):
    assert every.body_from_json("single_choice", GOOD) == SingleChoiceBody((Choice("a", 1.0), Choice("b")))

    with pytest.raises(WrongShape) as refused:
        every.body_from_json("single_choice", {**GOOD, **change})

    assert refused.value.values["where"] == where


def test_a_body_reads_the_same_as_text_and_is_read_once():
    text = json.dumps(GOOD)

    body = SingleChoice().read_body(text)

    assert body == every.body_from_json("single_choice", GOOD)
    assert SingleChoice().read_body(json.dumps(GOOD)) is body
    with pytest.raises(WrongShape):
        SingleChoice().read_body(text.replace("choices", "choice"))


@pytest.mark.parametrize("number", ["abc", 3.14, "NaN", "1e999999999"])
def test_a_number_of_an_author_is_text_with_a_number_in_it(number):
    with pytest.raises(WrongShape):
        every.body_from_json("numerical", {"schema": 1, "answers": [{"key": "a", "value": number}]})


def test_a_pair_names_an_answer_that_is_there():
    with pytest.raises(WrongShape):
        every.body_from_json("matching", {"schema": 1, "pairs": [{"key": "a", "answer": "x9"}], "answers": ["x1"]})


@pytest.mark.parametrize("data", [[], {"vi": "text"}, {"vi": {"stem": 1}}, {"Vietnamese!": {}}, {"vi": {"no key": "x"}}])
def test_texts_of_another_form_are_refused(data):
    with pytest.raises(WrongShape):
        Texts.from_json(data)


def test_a_text_that_is_not_translated_is_shown_in_vietnamese_else_in_any_language():
    texts = Texts({"en": {"stem": "Why?", "a": "A"}, "vi": {"stem": "Vì sao?"}})

    assert [texts.of("stem", "en"), texts.of("stem", "fr"), texts.of("a", "vi"), texts.of("b", "vi")] == ["Why?", "Vì sao?", "A", ""]
    assert Texts.from_json(texts.to_json()) == texts


def test_keys_are_short_and_never_repeat():
    assert [every.key_at(index) for index in (0, 25, 26, 27, 701, 702)] == ["a", "z", "aa", "ab", "zz", "aaa"]
