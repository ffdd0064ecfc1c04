"""Message inspection: what marks and decisions earn, what an author is told, and what is shown when."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.core.i18n import in_language
from lms.quizzes import drafting, showing
from lms.quizzes.bodies.messages import Decision, Look, MessageBody, MessageKind, MessagePart
from lms.quizzes.content import QuestionDraft, Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.review import Item
from lms.quizzes.types.message_inspection import MessageInspection

KIND = MessageInspection()
BODY = MessageBody(
    MessageKind.SMS,
    (MessagePart("a", sign=True), MessagePart("b", sign=True, weight=3.0), MessagePart("c"), MessagePart("d", sign=True, look=Look.LINK)),
    (Decision("call", 1.0), Decision("ask", 0.5), Decision("open")),
    signs_share=0.6,
    alarm_cost=0.5,
)
GENUINE = MessageBody(MessageKind.EMAIL, (MessagePart("a"), MessagePart("b")), (Decision("call", 1.0), Decision("open")), alarm_cost=1.0)
TEXTS = Texts(
    {
        "vi": {
            "stem": "<p>Thật hay giả?</p>",
            "message.sender": "[[a]]",
            "message.body": "<p>Chào bạn. [[b]] tại [[d]], [[c]].</p>",
            "a": "NH BÌNH AN",
            "b": "Gửi mã OTP",
            "c": "Trân trọng",
            "d": "binhan.example",
            "d.target": "http://binhan-xacminh.example",
            "call": "Gọi",
            "ask": "Hỏi",
            "open": "Mở",
            **{f"{key}.feedback": f"Vì {key}" for key in ("a", "b", "c", "d", "call", "ask", "open")},
        }
    }
)


@pytest.mark.parametrize(
    ("body", "marks", "decision", "fraction"),
    [
        (BODY, ["a", "b", "d"], "call", 1.0),
        (BODY, ["a", "b", "d"], "open", 0.6),
        (BODY, ["a", "b", "d"], "ask", 0.8),
        (BODY, ["a", "b", "d"], "", 0.6),
        (BODY, [], "call", 0.4),
        (BODY, [], "open", 0.0),
        (BODY, ["b"], "open", 0.36),
        (BODY, ["b", "c"], "open", 0.26),  # 3 of 5, less half of a third
        (BODY, ["c"], "call", 0.4),
        (BODY, ["a", "b", "c", "d"], "call", 0.9),
        (replace(BODY, signs_share=1.0), ["b"], "open", 0.6),
        (replace(BODY, alarm_cost=0.0), ["a", "b", "c", "d"], "call", 1.0),
        (GENUINE, [], "call", 1.0),
        (GENUINE, ["a"], "call", 0.5),
        (GENUINE, ["a", "b"], "call", 0.0),
        (GENUINE, [], "open", 0.0),
        (GENUINE, ["a"], "open", 0.0),
    ],
)
def test_signs_false_alarms_and_the_decision_add_up(body, marks, decision, fraction):
    response = KIND.clean(body, {"marks": marks, "decision": decision})

    assert KIND.grade(body, response).fraction == pytest.approx(fraction)


def test_nothing_at_all_is_no_answer_and_without_a_decision_it_is_not_whole():
    assert KIND.grade(BODY, {}).state is GradeState.GAVE_UP
    assert not KIND.complete(BODY, {"marks": ["a"]})
    assert KIND.complete(BODY, {"decision": "open"})
    assert KIND.right_answer(GENUINE) == {"decision": "call"}


def test_a_part_that_a_later_version_has_no_more_is_a_false_alarm():
    assert KIND.grade(BODY, {"marks": ["gone"], "decision": "gone"}).fraction == 0.0


@some.composite
def bodies(draw):
    weights = draw(some.lists(some.tuples(some.booleans(), some.floats(0.1, 10.0)), min_size=1, max_size=6))
    parts = tuple(MessagePart(f"p{index}", sign=sign, weight=weight) for index, (sign, weight) in enumerate(weights))
    fractions = draw(some.lists(some.floats(0.0, 1.0), max_size=3))
    decisions = (Decision("right", 1.0), Decision("wrong", 0.0), *(Decision(f"d{index}", each) for index, each in enumerate(fractions)))
    return MessageBody(MessageKind.CHAT, parts, decisions, signs_share=draw(some.floats(0, 1)), alarm_cost=draw(some.floats(0, 1)))


@given(bodies(), some.data())
def test_no_answer_leaves_the_bounds_or_beats_the_right_one(body, data):
    keys = [part.key for part in body.parts]
    marks = data.draw(some.lists(some.sampled_from(keys), unique=True))
    decision = data.draw(some.sampled_from([decision.key for decision in body.decisions]))

    fraction = KIND.grade(body, KIND.clean(body, {"marks": marks, "decision": decision})).fraction

    assert 0.0 <= fraction <= KIND.grade(body, KIND.right_answer(body)).fraction == 1.0


@given(bodies())
def test_marking_everything_never_beats_marking_right_and_nothing_with_a_wrong_decision_is_nothing(body):
    everything = KIND.grade(body, {"marks": sorted(part.key for part in body.parts), "decision": "right"})
    nothing = KIND.grade(body, {"decision": "wrong"})

    assert everything.fraction <= 1.0
    if body.alarm_cost > 0.01 and body.signs_share > 0.01 and not all(part.sign for part in body.parts):
        assert everything.fraction < 1.0
    assert nothing.fraction == 0.0


def test_a_sound_message_has_nothing_to_mend():
    assert KIND.check(BODY, TEXTS) == []


@pytest.mark.parametrize(
    ("body", "change", "said"),
    [
        (replace(BODY, parts=()), {}, "There is nothing to mark in this message."),
        (replace(BODY, decisions=(Decision("call", 1.0),)), {}, "There must be at least two things to do to choose from."),
        (replace(BODY, decisions=(Decision("call", 0.9), Decision("open"))), {}, "One decision must be worth 100 %."),
        (replace(BODY, signs_share=1.2), {}, "The share of the signs and the cost of a false alarm are between 0 % and 100 %."),
        (BODY, {"message.body": "<p>[[b]] [[d]]</p>"}, "The part “c” stands nowhere in the message (vi)."),
        (BODY, {"message.body": "<p>[[b]] [[d]] [[c]] [[c]]</p>"}, "The part “c” stands in the message twice (vi)."),
        (BODY, {"message.body": "<p>[[b]] [[d]] [[c]] [[z]]</p>"}, "The message marks “z”, but there is no such part (vi)."),
        (BODY, {"d.target": ""}, "The text “d.target” is empty."),
        (BODY, {"a.feedback": ""}, "Nothing is said about “a” afterwards: write why it is a sign, or why it is fine."),
        (
            replace(BODY, alarm_cost=0.0),
            {},
            "Somebody who marks everything loses nothing. Add harmless parts, and let a false alarm cost something.",
        ),
    ],
)
def test_an_author_is_told_what_to_mend(body, change, said):
    problems = KIND.check(body, Texts({"vi": {**TEXTS.by_language["vi"], **change}}))

    with in_language("en"):
        assert said in [str(problem.message) for problem in problems]


def test_while_it_is_answered_nothing_tells_a_sign_from_a_harmless_part():
    asked = showing.ask(KIND, BODY, TEXTS, slot=1, order=[], response={"marks": ["c"], "decision": "open"})

    pieces = [piece for place in asked.sketch.places.values() for piece in place if piece.key]
    assert [(piece.key, piece.marked, piece.state, piece.number, str(piece.feedback)) for piece in pieces] == [
        ("a", False, "", 0, ""),
        ("b", False, "", 0, ""),
        ("d", False, "", 0, ""),
        ("c", True, "", 0, ""),
    ]
    assert [(each.key, each.checked, each.state) for each in asked.sketch.decisions] == [
        ("call", False, ""),
        ("ask", False, ""),
        ("open", True, ""),
    ]


def test_afterwards_each_sign_and_each_false_alarm_is_explained():
    response = {"marks": ["a", "c"], "decision": "open"}

    shown, verdict = showing.tell(KIND, BODY, TEXTS, slot=1, order=[], response=response, items=frozenset(Item))

    assert [(piece.key, piece.state, piece.number, str(piece.feedback)) for piece in shown.sketch.noted] == [
        ("a", "found", 1, "Vì a"),
        ("b", "missed", 2, "Vì b"),
        ("d", "missed", 3, "Vì d"),
        ("c", "alarm", 4, "Vì c"),
    ]
    assert [(each.key, each.state) for each in shown.sketch.decisions] == [("call", "best"), ("ask", ""), ("open", "wrong")]
    assert verdict.right_answer == ""


def test_what_was_missed_stays_hidden_as_long_as_the_right_answer_does():
    response = {"marks": ["a"], "decision": "open"}
    items = frozenset({Item.ANSWERS, Item.CORRECTNESS, Item.FEEDBACK})

    shown, _verdict = showing.tell(KIND, BODY, TEXTS, slot=1, order=[], response=response, items=items)

    assert [(piece.key, piece.state) for piece in shown.sketch.noted] == [("a", "found")]
    assert "best" not in [each.state for each in shown.sketch.decisions]


def test_nothing_in_a_message_can_be_followed_or_fetched():
    evil = {
        "message.body": '<p>[[b]] [[d]] [[c]] <a href="https://evil.example/x">đây</a><img src="/x.png"><b onclick="x()">!</b></p>',
        "message.sender": '<a href="https://evil.example">[[a]]</a> <i>x</i>',
        "d": '<a href="https://evil.example">bấm</a>',
        "d.target": "<script>alert(1)</script>https://evil.example/?a=1&b=<b>",
    }
    draft = QuestionDraft("x", KIND.key, BODY, Texts({"vi": {**TEXTS.by_language["vi"], **evil}}))

    ready = drafting.prepare(draft, KIND).draft
    sketch = showing.ask(KIND, BODY, ready.texts, slot=1, order=[], response={}).sketch

    html = "".join(str(piece.html) for place in sketch.places.values() for piece in place)
    assert html == 'NH BÌNH AN x<div class="para">Gửi mã OTP bấm, Trân trọng đây<b>!</b></div>'.replace(" bấm, ", " bấm ")
    assert [piece.target for piece in sketch.places["body"] if piece.target] == ["https://evil.example/?a=1&b="]


def test_a_message_of_a_broken_text_is_still_shown():
    texts = Texts({"vi": {**TEXTS.by_language["vi"], "message.body": "<p>[[b]] [[b]] [[nobody]]"}})

    sketch = showing.ask(KIND, BODY, texts, slot=1, order=[], response={}).sketch

    assert [piece.key or str(piece.html) for piece in sketch.places["body"]] == ['<div class="para">', "b", " [[b]] [[nobody]]</div>"]


def test_an_answer_is_told_in_words():
    assert KIND.describe(BODY, TEXTS, {"marks": ["a", "gone"], "decision": "call"}) == "“NH BÌNH AN”; [lựa chọn đã bị xoá] → Gọi"
    assert KIND.describe(BODY, TEXTS, {}) == ""


def test_a_hint_takes_false_alarms_and_a_poor_decision_away_and_counts_what_was_right():
    assert KIND.without_wrong(BODY, {"marks": ["a", "c"], "decision": "ask"}) == {"marks": ["a"]}
    assert KIND.without_wrong(BODY, {"marks": ["c"], "decision": "call"}) == {"decision": "call"}
    assert KIND.count_right(BODY, {"marks": ["a", "c"], "decision": "call"}) == (2, 4)
    assert KIND.count_right(BODY, {"marks": ["a", "b", "c", "d"], "decision": "call"}) is None
