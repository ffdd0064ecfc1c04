"""Building the quiz of an activity from its settings and questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.core.db import session
from lms.courses.models import Activity, Course, Version
from lms.quizzes import shape
from lms.quizzes.bank import storing
from lms.quizzes.content import QuestionDraft
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.shape import WrongShape


@dataclass(frozen=True)
class QuizSettings:
    """What a course says about a quiz; ``attempts`` 0 is as often as one likes."""

    pass_share: float = 0.8
    attempts: int = 0
    time_limit_minutes: int | None = None
    shuffle_questions: bool = False
    shuffle_answers: bool = True


def read_settings(data: Mapping[str, Any]) -> QuizSettings:
    """Return the settings.  Raises WrongShape with the name of what is wrong."""
    settings = shape.read(QuizSettings, data, where="quiz")
    if not 0 <= settings.pass_share <= 1:
        raise WrongShape("quiz.pass_share", "0.0 to 1.0 is needed")
    if settings.attempts < 0:
        raise WrongShape("quiz.attempts", "0 or more is needed")
    if settings.time_limit_minutes is not None and settings.time_limit_minutes <= 0:
        raise WrongShape("quiz.time_limit_minutes", "1 or more is needed, or nothing")
    return settings


def build(activity: Activity, drafts: Sequence[QuestionDraft], settings: QuizSettings) -> Quiz:
    """Return the quiz of the activity, built now when it has none.

    The questions go to the category of their course.  Each slot keeps the version
    of its question: what people learnt from does not change under them.
    """
    known = session.scalar(select(Quiz).where(Quiz.activity_id == activity.id))
    if known is not None:
        return known
    course = session.scalars(select(Course).join(Version, Version.course_id == Course.id).where(Version.id == activity.version_id)).one()
    stored = storing.store(drafts, unit_id=course.owner_unit_id, into=(course.slug,))
    quiz = Quiz(
        activity_id=activity.id,
        pass_share=settings.pass_share,
        attempts_allowed=settings.attempts,
        time_limit_seconds=settings.time_limit_minutes * 60 if settings.time_limit_minutes else None,
        shuffle_questions=settings.shuffle_questions,
        shuffle_answers=settings.shuffle_answers,
        review={},
        feedback=[],
    )
    session.add(quiz)
    session.flush()
    for number, (draft, each) in enumerate(zip(drafts, stored, strict=True), start=1):
        session.add(
            Slot(
                quiz_id=quiz.id,
                number=number,
                page=number,
                question_id=each.question_id,
                version_number=each.number,
                max_mark=draft.default_mark,
            )
        )
    session.flush()
    return quiz
