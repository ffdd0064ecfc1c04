"""Answering a survey: once, and without a trace of who answered what."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update

from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.courses.models import Course
from lms.courses.steps import Step
from lms.learning import outcomes
from lms.learning.models import Enrolment
from lms.surveys.models import Participation, Sheet

SOURCE = "survey"
# Results grow by so many sheets at once: with one more it would be plain what that one says.
GROUP = 10


class AnsweredAlready(Conflict):
    code = "survey_answered"
    message = lazy_("You have answered this survey already. Nobody can change an answer, because nobody knows which one is yours.")


class NothingAnswered(Invalid):
    code = "survey_empty"
    message = lazy_("Nothing is answered yet. Answer at least one question.")


def answer(enrolment_id: int, step: Step, answers: Mapping[str, Any]) -> None:
    """Keep an answer and, apart from it, that this learner took part.  Raises AnsweredAlready, NothingAnswered."""
    if not answers:
        raise NothingAnswered()
    enrolment = session.get_one(Enrolment, enrolment_id)
    if not insert_new(Participation, [{"enrolment_id": enrolment_id, "activity_key": step.key}]):
        raise AnsweredAlready()
    # One after the other: two that fill a group at the same moment must both see that it is full.
    session.execute(select(Course.id).where(Course.id == enrolment.course_id).with_for_update())
    row = {
        "id": 1 + secrets.randbelow(2**31 - 2),
        "course_id": enrolment.course_id,
        "activity_key": step.key,
        "answers": dict(answers),
        "shown": False,
    }
    while not insert_new(Sheet, [row]):
        row["id"] = 1 + secrets.randbelow(2**31 - 2)
    _show_whole_group(enrolment.course_id, step.key)
    outcomes.record(enrolment_id, step.key, source=SOURCE)


def took_part(enrolment_id: int | None, key: str) -> bool:
    """Return whether somebody answered a survey in this enrolment."""
    if enrolment_id is None:
        return False
    known = select(Participation.id).where(Participation.enrolment_id == enrolment_id, Participation.activity_key == key)
    return session.scalar(known) is not None


def _show_whole_group(course_id: int, key: str) -> None:
    waiting = (Sheet.course_id == course_id, Sheet.activity_key == key, Sheet.shown.is_(False))
    if (session.scalar(select(func.count()).where(*waiting)) or 0) >= GROUP:
        session.execute(update(Sheet).where(*waiting).values(shown=True).execution_options(synchronize_session=False))
