"""What waits to be marked by hand, question by question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from lms.core.db import session
from lms.learning.models import Enrolment
from lms.quizzes import question_types
from lms.quizzes.marking import rules
from lms.quizzes.marking.results import QuizPlace
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.timing import State
from lms.web.signin import Actor


@dataclass(frozen=True)
class QuestionLine:
    """A question that somebody has to mark, with how much of it waits."""

    question_id: int
    name: str
    stem: Mapping[str, Any]  # texts by language
    waiting: int
    marked: int


@dataclass(frozen=True)
class Paper:
    """One answer in front of a marker."""

    response: Response
    version: QuestionVersion
    last_mark: Mapping[str, Any] | None  # the data of the last step that gave a mark

    @property
    def by_hand(self) -> bool:
        """Return whether nobody but a person can mark it."""
        return not question_types.get(self.version.type).gradable


def questions(actor: Actor, place: QuizPlace) -> list[QuestionLine]:
    """Return the questions that were answered and need a person to mark them.  Two statements."""
    waits = case((_WAITS, 1), else_=0)
    by_hand = case((and_(Response.marked_at.is_not(None), Response.fraction.is_not(None)), 1), else_=0)
    counted = session.execute(
        _answers(actor, place)
        .where(QuestionVersion.type.in_(_types()))
        .with_only_columns(QuestionVersion.question_id, func.max(QuestionVersion.id), func.sum(waits), func.sum(by_hand))
        .group_by(QuestionVersion.question_id)
        .having(func.sum(waits) + func.sum(by_hand) > 0)
        .order_by(QuestionVersion.question_id)
    ).all()
    newest = {
        row.id: row
        for row in session.execute(
            select(QuestionVersion.id, QuestionVersion.name, QuestionVersion.texts).where(
                QuestionVersion.id.in_([row[1] for row in counted])
            )
        )
    }
    return [QuestionLine(row[0], newest[row[1]].name, newest[row[1]].texts, row[2], row[3]) for row in counted]


def has_any(quiz_id: int) -> bool:
    """Return whether answers to questions that a person marks were ever asked for in a quiz.  One statement."""
    query = (
        select(Response.id)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .where(Attempt.quiz_id == quiz_id, QuestionVersion.type.in_(_types()))
    )
    return session.scalar(query.limit(1)) is not None


def next_waiting(actor: Actor, place: QuizPlace, question_id: int, *, after: int = 0) -> int | None:
    """Return the next answer to this question that waits, the one handed in first; from the front again at the end."""
    query = (
        _answers(actor, place)
        .where(QuestionVersion.question_id == question_id, _WAITS)
        .with_only_columns(Response.id)
        .order_by(Response.id)
        .limit(1)
    )
    found = session.scalar(query.where(Response.id > after))
    return found if found is not None or not after else session.scalar(query)


def paper(response_id: int) -> Paper | None:
    """Return an answer with its question and its last mark.  Two statements."""
    row = session.execute(
        select(Response, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .where(Response.id == response_id)
    ).first()
    if row is None:
        return None
    return Paper(row[0], row[1], last_marks([response_id]).get(response_id))


def last_marks(response_ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Return for each answer the data of the last step in which a person gave a mark.  One statement."""
    rows = session.execute(
        select(Step.response_id, Step.data)
        .where(Step.response_id.in_(response_ids), Step.kind == "grade")
        .order_by(Step.response_id, Step.sequence)
    )
    return {row.response_id: row.data for row in rows}


_WAITS = and_(Attempt.state == State.FINISHED, Response.state == "needs_marking", Response.fraction.is_(None))


def _answers(actor: Actor, place: QuizPlace) -> Select[Any]:
    return (
        select(Response)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .where(Attempt.quiz_id == place.quiz.id, Enrolment.person_id.in_(rules.learners(actor, place.course.audience)))
    )


def _types() -> list[str]:
    return [each.key for each in question_types.known() if each.asks and not each.gradable]
