"""What the attempts of a learner at a quiz amount to, and telling the course."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.courses.models import Activity
from lms.learning import outcomes
from lms.learning.models import Enrolment
from lms.learning.outcomes import Outcome
from lms.quizzes import grading, queries, queries_rules, timing
from lms.quizzes.grading import GradingMethod, Tried
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.timing import OPEN, Rules, State

SOURCE = "quiz"
_AT_ONCE = 500  # enrolments in one statement


@dataclass(frozen=True)
class FinalGrade:
    """The grade of a learner over all attempts, by the grading method of the quiz.

    ``share`` of the full mark is 0.0 to 1.0; ``attempt_id`` is the one that
    counts, of an average the last in it; ``at`` is when that one was handed in.
    """

    share: float
    passed: bool
    attempt_id: int
    at: datetime


def of(quiz: Quiz, attempts: Sequence[Attempt]) -> FinalGrade | None:
    """Return the grade from the attempts of one learner, in order; None: there is none (yet).

    Shares are compared, not marks: two attempts may be out of different sums.
    """
    over = [each for each in attempts if each.state not in OPEN]
    method = GradingMethod(quiz.grading_method)
    share = grading.final(method, [Tried(each.share, each.state == State.ABANDONED) for each in over])
    if share is None:
        return None
    counted = _counted(method, [each for each in over if each.state == State.FINISHED], share)
    return FinalGrade(share, grading.reaches(share, pass_share=quiz.pass_share), counted.id, counted.finished_at or counted.started_at)


def of_all(quiz: Quiz, enrolment_ids: Collection[int] | None = None) -> dict[int, FinalGrade]:
    """Return enrolment id -> grade of all learners at once, or of these; who has no grade is left out.

    The same rule as for one, so that both ways agree.  One statement for 500 enrolments, or for all.
    """
    grades = {}
    for enrolment_id, attempts in _attempts(quiz.id, enrolment_ids).items():
        grade = of(quiz, attempts)
        if grade is not None:
            grades[enrolment_id] = grade
    return grades


def settle(quiz: Quiz, activity: Activity, enrolment: Enrolment) -> None:
    """Let the course know how a learner stands at a quiz: after every end of an attempt, and after every mark.

    A quiz is done when it is passed, and never before: our courses prove what somebody
    can do.  Attempts that are used up, or a quiz that closed, make it failed, also
    when no attempt was ever handed in; peers count that as complete.  A pass that
    the course knows stays, whatever comes later (see ``learning.outcomes``).

    An attempt that was abandoned is looked at again when the quiz closes, because
    it may be only then that the learner cannot try again.
    """
    attempts = queries.attempts_of(enrolment.id, quiz.id)
    grade = of(quiz, attempts)
    if grade is not None:
        _record(enrolment.id, activity.key, grade)
        return
    over = [each for each in attempts if each.state not in OPEN]
    handed_in = next((each for each in over if each.state == State.FINISHED), None)
    if handed_in is not None:
        # Somebody has to mark first; that it was handed in counts already.
        outcomes.record(enrolment.id, activity.key, source=SOURCE, evidence=_evidence(handed_in.id), at=handed_in.finished_at)
        return
    if not over or len(over) < len(attempts):
        return  # nothing ended, or one is still open
    last, rules = over[-1], queries_rules.of(quiz, enrolment.person_id)
    if is_over(rules, clock.now(), attempts):
        outcomes.record(enrolment.id, activity.key, passed=False, source=SOURCE, evidence=_evidence(last.id), at=last.finished_at)
        last.check_at = None
    else:
        last.check_at = rules.closes_at
    session.flush()


def settle_all(quiz: Quiz, activity: Activity, enrolment_ids: Collection[int] | None = None) -> dict[int, FinalGrade]:
    """Let the course know how all learners of a quiz stand, or these; after marks were given again.  Returns their grades."""
    grades = of_all(quiz, enrolment_ids)
    for enrolment_id, grade in sorted(grades.items()):
        _record(enrolment_id, activity.key, grade)
    return grades


def is_over(rules: Rules, now: datetime, attempts: Iterable[Attempt]) -> bool:
    """Say whether a learner with these attempts, none of them open, can never begin another one."""
    refusal = timing.refusal(rules, now, queries.tries(list(attempts)))
    return refusal is not None and refusal.is_final


def _counted(method: GradingMethod, handed_in: Sequence[Attempt], share: float) -> Attempt:
    if method is GradingMethod.FIRST:
        return handed_in[0]
    if method is GradingMethod.HIGHEST:
        return next(each for each in handed_in if each.share == share)
    if method is GradingMethod.LAST:
        return handed_in[-1]
    return [each for each in handed_in if each.share is not None][-1]


def _record(enrolment_id: int, activity_key: str, grade: FinalGrade) -> None:
    outcome = Outcome(activity_key, SOURCE, grade.share, grade.passed, _evidence(grade.attempt_id), grade.at)
    outcomes.record_many(enrolment_id, [outcome])


def _evidence(attempt_id: int) -> str:
    return f"attempt:{attempt_id}"


def _attempts(quiz_id: int, enrolment_ids: Collection[int] | None) -> dict[int, list[Attempt]]:
    query = select(Attempt).where(Attempt.quiz_id == quiz_id).order_by(Attempt.enrolment_id, Attempt.number)
    if enrolment_ids is None:
        rows = list(session.scalars(query))
    else:
        ids = list(enrolment_ids)
        portions = [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
        rows = [row for portion in portions for row in session.scalars(query.where(Attempt.enrolment_id.in_(portion)))]
    found: dict[int, list[Attempt]] = {}
    for row in rows:
        found.setdefault(row.enrolment_id, []).append(row)
    return found
