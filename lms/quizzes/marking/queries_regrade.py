"""What a regrade is about, and what it would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, or_, select

from lms.accounts.models import Person
from lms.core import clock
from lms.core.db import session
from lms.learning.models import Enrolment, Result
from lms.quizzes import timing
from lms.quizzes.marking import rules, working_out
from lms.quizzes.marking.results import QuizPlace
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.marking import Regrade, RegradeAttempt, RegradeLine
from lms.quizzes.models.quiz import Slot
from lms.quizzes.timing import State
from lms.schools import facts
from lms.schools.models import Place, Post, SchoolClass, UnitName
from lms.web.signin import Actor

MOST_SHOWN = 200


@dataclass(frozen=True)
class QuestionChoice:
    """A question of the quiz, by its newest version."""

    question_id: int
    name: str
    number: int  # of the version


@dataclass(frozen=True)
class Sum:
    """What a regrade changes in all."""

    attempts: int = 0
    better: int = 0
    worse: int = 0
    now_passed: int = 0
    no_longer_passed: int = 0


@dataclass(frozen=True)
class Change:
    """What becomes of an attempt; ``name`` is "" for people whose results one may not see."""

    row: RegradeAttempt
    number: int
    max_mark: float
    name: str
    unit: str
    keeps: bool  # the course knows a pass, and it stays


def attempts_to_mark(actor: Actor, place: QuizPlace, *, passed: bool | None = None, attempt_id: int | None = None) -> list[int]:
    """Return the attempts that were handed in by those for whom somebody may have them marked again.  One statement."""
    query = (
        select(Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(
            Attempt.quiz_id == place.quiz.id,
            Attempt.state == State.FINISHED,
            Enrolment.person_id.in_(rules.learners_to_regrade(actor, place.course.audience)),
        )
    )
    if passed is not None:
        query = query.where(Attempt.passed.is_(passed))
    if attempt_id is not None:
        query = query.where(Attempt.id == attempt_id)
    return list(session.scalars(query.order_by(Attempt.id)))


def questions(place: QuizPlace) -> list[QuestionChoice]:
    """Return the questions that were asked in a quiz, each by its newest version."""
    slots = session.scalars(select(Slot).where(Slot.quiz_id == place.quiz.id).order_by(Slot.number)).all()
    ids = [slot.question_id for slot in slots if slot.question_id is not None]
    if len(ids) < len(slots):
        asked = (
            select(QuestionVersion.question_id)
            .join(Response, Response.question_version_id == QuestionVersion.id)
            .join(Attempt, Attempt.id == Response.attempt_id)
            .where(Attempt.quiz_id == place.quiz.id)
            .distinct()
        )
        ids += sorted(set(session.scalars(asked)) - set(ids))
    targets = working_out.target_versions(place.quiz.id, ids, newest=True)
    return [QuestionChoice(each, targets[each].name, targets[each].number) for each in ids if each in targets]


def latest(quiz_id: int) -> Sequence[Regrade]:
    """Return the regrades of a quiz, the newest first.  One statement."""
    return session.scalars(select(Regrade).where(Regrade.quiz_id == quiz_id).order_by(Regrade.id.desc()).limit(20)).all()


def way_back(regrade_id: int) -> Regrade | None:
    """Return the regrade that takes this one back, worked out or in effect; None when there is none."""
    return session.scalar(select(Regrade).where(Regrade.undoes_id == regrade_id, Regrade.state != "cancelled"))


def total(regrade_id: int) -> Sum:
    """Return what a regrade changes in all.  One statement."""
    better = or_(RegradeAttempt.new_mark > RegradeAttempt.old_mark, RegradeAttempt.old_mark.is_(None))
    row = session.execute(
        select(
            func.count(RegradeAttempt.id),
            func.sum(case((better, 1), else_=0)),
            func.sum(case((RegradeAttempt.new_mark < RegradeAttempt.old_mark, 1), else_=0)),
            func.sum(case((RegradeAttempt.new_passed.is_(True) & RegradeAttempt.old_passed.is_not(True), 1), else_=0)),
            func.sum(case((RegradeAttempt.new_passed.is_not(True) & RegradeAttempt.old_passed.is_(True), 1), else_=0)),
        ).where(RegradeAttempt.regrade_id == regrade_id)
    ).one()
    return Sum(*(value or 0 for value in row))


def troubles(regrade_id: int) -> list[tuple[str, str, int]]:
    """Return what cannot be marked again: name of the question, why, how many answers.  One statement."""
    rows = session.execute(
        select(func.max(QuestionVersion.name), RegradeLine.trouble, func.count(RegradeLine.id))
        .join(QuestionVersion, QuestionVersion.id == RegradeLine.old_version_id)
        .where(RegradeLine.regrade_id == regrade_id, RegradeLine.trouble != "")
        .group_by(QuestionVersion.question_id, RegradeLine.trouble)
        .order_by(QuestionVersion.question_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def changes(actor: Actor, row: Regrade, place: QuizPlace, *, first: int = 0, most: int = 50) -> list[Change]:
    """Return what becomes of the attempts, those first whose pass changes."""
    audience = place.course.audience
    changes_pass = case((RegradeAttempt.new_passed != RegradeAttempt.old_passed, 0), else_=1)
    known = select(Result.state).where(Result.enrolment_id == Enrolment.id, Result.activity_key == place.activity.key).scalar_subquery()
    rows = session.execute(
        select(RegradeAttempt, Attempt.number, Attempt.max_mark, Person, known.label("known"))
        .join(Attempt, Attempt.id == RegradeAttempt.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(RegradeAttempt.regrade_id == row.id)
        .order_by(changes_pass, RegradeAttempt.id)
        .offset(first)
        .limit(most)
    ).all()
    people = [each[3].id for each in rows]
    seen = set(session.scalars(rules.learners(actor, audience).where(_person(audience).in_(people)))) if rows else set()
    units = _units(people, audience)
    return [
        Change(
            each[0],
            each[1],
            each[2],
            each[3].full_name if each[3].id in seen else "",
            units.get(each[3].id, ""),
            keeps=each.known == "passed" and each[0].new_passed is not True and each[0].old_passed is True,
        )
        for each in rows
    ]


def is_running(row: Regrade) -> bool:
    """Return whether a job still works on it."""
    return row.state in ("computing", "committing")


def open_attempts(quiz_id: int) -> int:
    """Return how many attempts are not handed in yet, which no regrade touches.  One statement."""
    return session.scalar(select(func.count(Attempt.id)).where(Attempt.quiz_id == quiz_id, Attempt.state.in_(timing.OPEN))) or 0


def _person(audience: str) -> Any:
    return Place.person_id if audience == "pupils" else Post.person_id


def _units(person_ids: Sequence[int], audience: str) -> Mapping[int, str]:
    day = clock.today()
    if audience == "pupils":
        query = (
            select(Place.person_id, UnitName.short_name)
            .join(SchoolClass, SchoolClass.id == Place.class_id)
            .join(UnitName, UnitName.unit_id == SchoolClass.unit_id)
            .where(Place.person_id.in_(person_ids), facts.true_on(Place, day), facts.true_on(UnitName, day))
        )
    else:
        query = (
            select(Post.person_id, UnitName.short_name)
            .join(UnitName, UnitName.unit_id == Post.unit_id)
            .where(Post.person_id.in_(person_ids), facts.true_on(Post, day), facts.true_on(UnitName, day))
        )
    return {row[0]: row[1] for row in session.execute(query)}
