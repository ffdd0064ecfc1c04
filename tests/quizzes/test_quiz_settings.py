"""What a course folder may say about a quiz."""

from typing import Any

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.quizzes import putting_together, quiz_settings
from lms.quizzes.kind import QuizKind
from lms.quizzes.models.bank import Question
from lms.quizzes.models.quiz import Quiz, QuizSection, Slot
from lms.quizzes.quiz_settings import QuizSettings
from lms.quizzes.shape import WrongShape
from tests.cast import Cast
from tests.factories_quizzes import EN, VI, make_quiz, quiz_activity

SECTIONS = [
    {
        "title": {"vi": "Phần một", "en": "Part one"},
        "shuffle": True,
        "slots": [{"question": "q2", "mark": 2.5}, {"question": "q1", "latest": True, "new_page": True, "after_previous": True}],
    },
    {"title": {"vi": "Phần hai", "en": "Part two"}, "slots": [{"draw": {}, "count": 2, "mark": 0.5}]},
]


def slots(quiz: Quiz) -> list[Slot]:
    return list(putting_together.slots_of(quiz.id))


def ids(quiz: Quiz) -> dict[int, str | None]:
    return {question.id: question.id_number for question in session.scalars(select(Question))}


def said(**settings: Any) -> list[str]:
    """What `lms courses check` complains about."""
    return [problem.what for problem in QuizKind().check(quiz_activity(**settings), ("vi", "en"))]


def test_what_courses_said_before_means_the_same(cast: Cast) -> None:
    assert quiz_settings.read({}) == QuizSettings()

    quiz = make_quiz(pass_share=0.7, attempts=2, time_limit_minutes=30, shuffle_questions=True, shuffle_answers=False)

    assert (quiz.pass_share, quiz.attempts_allowed, quiz.time_limit_seconds, quiz.shuffle_questions, quiz.shuffle_answers) == (
        0.7,
        2,
        1800,
        True,
        False,
    )
    assert [(slot.number, slot.page, slot.version_number, slot.max_mark) for slot in slots(quiz)] == [(n, n, 1, 1.0) for n in (1, 2, 3, 4)]


def test_every_setting_reaches_the_quiz(cast: Cast) -> None:
    quiz = make_quiz(
        opens_at="2026-12-01T07:00",
        closes_at="2026-12-05T17:30",
        time_limit_minutes=20,
        when_expired="grace",
        grace_minutes=5,
        delay_minutes=60,
        later_delay_minutes=0,
        grading_method="average",
        behaviour="interactive",
        navigation="sequential",
        maximum=100.0,
        password="hoa sen",
        builds_on_last=True,
        classroom=True,
        review={"just_after": ["answers", "marks"], "closed": []},
        feedback=[{"share": 0.8, "text": {"vi": "Giỏi", "en": "Good"}}, {"share": 0.0, "text": {"vi": "Cố lên", "en": "Go on"}}],
        per_page=3,
    )

    assert (clock.local(quiz.opens_at).isoformat(), clock.local(quiz.closes_at).isoformat()) == (  # type: ignore[arg-type]
        "2026-12-01T07:00:00+07:00",
        "2026-12-05T17:30:00+07:00",
    )
    assert (quiz.when_expired, quiz.grace_seconds, quiz.delay_seconds, quiz.later_delay_seconds) == ("grace", 300, 3600, 0)
    assert (quiz.grading_method, quiz.behaviour, quiz.navigation, quiz.maximum) == ("average", "interactive", "sequential", 100.0)
    assert (quiz.password, quiz.builds_on_last, quiz.classroom) == ("hoa sen", True, True)
    assert quiz.review == {"just_after": ["answers", "marks"], "closed": []}
    assert quiz.feedback == [
        {"from": 0.0, "texts": {"vi": "Cố lên", "en": "Go on"}},
        {"from": 0.8, "texts": {"vi": "Giỏi", "en": "Good"}},
    ]
    assert [slot.page for slot in slots(quiz)] == [1, 1, 1, 2]


def test_sections_name_questions_and_draws(cast: Cast) -> None:
    quiz = make_quiz(sections=SECTIONS, per_page=2)
    sections = session.scalars(select(QuizSection).where(QuizSection.quiz_id == quiz.id).order_by(QuizSection.number)).all()
    called = ids(quiz)

    assert [(each.headings, each.shuffle) for each in sections] == [
        ({"vi": "Phần một", "en": "Part one"}, True),
        ({"vi": "Phần hai", "en": "Part two"}, False),
    ]
    assert [
        (
            slot.number,
            slot.page,
            called.get(slot.question_id or 0),
            slot.version_number,
            slot.max_mark,
            slot.after_previous,
            slot.section_id,
        )
        for slot in slots(quiz)
    ] == [
        (1, 1, "q2", 1, 2.5, False, sections[0].id),
        (2, 2, "q1", None, 1.0, True, sections[0].id),
        (3, 3, None, None, 0.5, False, sections[1].id),
        (4, 3, None, None, 0.5, False, sections[1].id),
    ]
    assert putting_together.unserved(slots(quiz)) == []


def test_draws_take_a_category_of_the_file_and_tags(cast: Cast) -> None:
    into = "$CATEGORY: nhóm a\n"
    quiz = make_quiz(
        vi=into + VI,
        en=into + EN,
        slots=[{"draw": {"category": ["nhóm a"], "inner": False, "tags": ["law 116/2025/QH15 Đ7"]}}],
    )

    fits = putting_together.fits_of(slots(quiz))

    assert [len(each) for each in fits.values()] == [1]


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"pass_share": 2}, "quiz.pass_share"),
        ({"attempts": -1}, "quiz.attempts"),
        ({"attempt": 1}, "quiz"),
        ({"time_limit_minutes": 0}, "quiz.time_limit_minutes"),
        ({"opens_at": "soon"}, "quiz.opens_at"),
        ({"opens_at": "2026-12-01T07:00+07:00"}, "quiz.opens_at"),
        ({"opens_at": "2026-12-01T07:00", "closes_at": "2026-12-01T06:00"}, "quiz.closes_at"),
        ({"when_expired": "grace"}, "quiz.grace_minutes"),
        ({"behaviour": "magic"}, "quiz.behaviour"),
        ({"grading_method": "best"}, "quiz.grading_method"),
        ({"maximum": 0}, "quiz.maximum"),
        ({"review": {"during": ["everything"]}}, "quiz.review.during[0]"),
        ({"feedback": [{"share": 0.5, "text": {"vi": "a"}}, {"share": 0.5, "text": {"vi": "b"}}]}, "quiz.feedback"),
        ({"slots": [{}]}, "quiz.slots"),
        ({"slots": [{"question": "q1", "draw": {}}]}, "quiz.slots"),
        ({"slots": [{"question": "q1", "count": 2}]}, "quiz.slots.count"),
        ({"slots": [{"draw": {}, "count": 0}]}, "quiz.slots.count"),
        ({"slots": [{"question": "q1", "mark": -1}]}, "quiz.slots.mark"),
        ({"slots": [{"draw": {}, "count": 150}, {"draw": {}, "count": 51}]}, "quiz.slots"),
        ({"per_page": -1}, "quiz.per_page"),
    ],
)
def test_a_slip_of_the_pen_is_named(settings: dict[str, Any], where: str) -> None:
    with pytest.raises(WrongShape) as caught:
        quiz_settings.read(settings)

    assert caught.value.values["where"] == where


def test_a_folder_that_asks_for_more_than_it_holds_is_complained_about(cast: Cast) -> None:
    assert said(sections=SECTIONS) == []
    assert said(slots=[{"question": "q9"}, {"question": "q1"}, {"question": "q1"}]) == [
        "quiz: there is no question with the id 'q9'",
        "quiz: the question 'q1' is asked twice",
    ]
    assert said(slots=[{"question": "q1"}, {"draw": {}, "count": 4}]) == [
        "quiz: 1 of 4 draws find no question: too few fit beside those that are asked anyway"
    ]
    assert said(sections=[{"title": {"vi": "Phần"}, "slots": [{"question": "q1"}]}]) == ["quiz: 'Phần' is not there in en"]
