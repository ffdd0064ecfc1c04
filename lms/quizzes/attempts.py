"""Attempts: starting, handing in, and what time makes of those that nobody hands in."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update

from lms.core import clock, jobs
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.courses.models import Activity
from lms.learning import outcomes
from lms.learning.models import Enrolment
from lms.quizzes import final_grades, grading, new_attempts, queries, queries_rules, question_types, saving, timing
from lms.quizzes.behaviours import work as working
from lms.quizzes.grading import Marked
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.queries import Sitting
from lms.quizzes.saving import AttemptClosed
from lms.quizzes.timing import Change, Reason, Refusal, State

log = logging.getLogger(__name__)

JOB = "quizzes.expire"
_MOST_AT_ONCE = 50  # attempts in one transaction: others want to write too
_LOOK_AGAIN = timedelta(minutes=5)  # at one that could not be closed


class MayNotStart(Conflict):
    """No new attempt may begin now; ``refusal`` says why."""

    code = "may_not_start"
    _MESSAGES: Mapping[Reason, Any] = {
        Reason.NOT_OPEN: lazy_("This quiz is not open yet. It opens on {until}."),
        Reason.CLOSED: lazy_("This quiz is closed."),
        Reason.USED_UP: lazy_("You have used all your attempts at this quiz."),
        Reason.WAIT: lazy_("Take a break first. You can try again from {until} on."),
        Reason.CANNOT_WAIT: lazy_("There is no time for another attempt before this quiz closes."),
    }

    def __init__(self, refusal: Refusal) -> None:
        until = clock.local(refusal.until).strftime("%d/%m/%Y %H:%M") if refusal.until else ""
        super().__init__(self._MESSAGES[refusal.reason], until=until)
        self.refusal = refusal


class WrongPassword(Conflict):
    code = "wrong_password"
    message = lazy_("This is not the password of this quiz. Ask whoever runs it, and type it again; nothing was started.")


# --- starting


def start(enrolment: Enrolment, quiz: Quiz, *, password: str = "", random: Random | None = None) -> Attempt:
    """Return the learner's unfinished attempt, begun now when there is none.

    Two clicks, also at the same moment, give the same attempt.  The questions,
    their versions and their order are fixed here and stay.

    Raises MayNotStart, WrongPassword, and NotEnoughQuestions when the quiz cannot be
    put together.
    """
    earlier = queries.attempts_of(enrolment.id, quiz.id)
    if unfinished := [attempt for attempt in earlier if attempt.state in timing.OPEN]:
        return unfinished[0]
    moment, rules = clock.now(), queries_rules.of(quiz, enrolment.person_id)
    if refusal := timing.refusal(rules, moment, queries.tries(earlier)):
        raise MayNotStart(refusal)
    if not timing.opens_with(rules, password):
        raise WrongPassword()
    rows = new_attempts.responses(quiz, enrolment.person_id, earlier, moment, random or Random())
    ends = timing.ends_at(rules, moment)
    made = insert_new(
        Attempt,
        [
            {
                "quiz_id": quiz.id,
                "enrolment_id": enrolment.id,
                "number": len(earlier) + 1,
                "state": State.IN_PROGRESS,
                "started_at": moment,
                "due_at": ends,
                "check_at": timing.check_at(rules, State.IN_PROGRESS, ends),
                "max_mark": sum(row.max_mark for row in rows),
                "reached_page": 1 if quiz.navigation == "sequential" else saving.ANY_PAGE,
            }
        ],
    )
    if made:
        new_attempts.fill(made[0], rows, moment)
        activity = session.get_one(Activity, quiz.activity_id)
        outcomes.open_activity(enrolment, activity.key)
    return session.scalars(
        select(Attempt).where(Attempt.enrolment_id == enrolment.id, Attempt.quiz_id == quiz.id).order_by(Attempt.number.desc()).limit(1)
    ).one()


# --- handing in


def finish(sitting: Sitting) -> None:
    """Hand the attempt in: close it, grade it, and let follow what follows for the course.

    Raises AttemptClosed when it was closed before, also by a second click or
    another window at this moment.
    """
    if sitting.state not in timing.OPEN:
        raise AttemptClosed()
    change = timing.by_hand(sitting.rules, sitting.state, clock.now(), sitting.attempt.due_at)
    if not _become(sitting, change):
        raise AttemptClosed()


def hand_in_at(sitting: Sitting, moment: datetime) -> None:
    """Hand an open attempt in as it stands, as of a moment that is over.  Raises AttemptClosed when somebody was faster."""
    if not _become(sitting, Change(State.FINISHED, moment)):
        raise AttemptClosed()


def expire(payload: Mapping[str, Any]) -> None:
    """Let time do to attempts what it does; a job, so that it happens although nobody looks.

    One that cannot be closed does not hold up the others.
    """
    due = queries.due_attempts(clock.now(), _MOST_AT_ONCE)
    for attempt_id in due:
        try:
            with session.begin_nested():
                expire_one(attempt_id)
        except Exception:
            log.exception("attempt %s could not be closed", attempt_id)
            session.execute(
                update(Attempt)
                .where(Attempt.id == attempt_id, Attempt.check_at.is_not(None))
                .values(check_at=clock.now() + _LOOK_AGAIN)
                .execution_options(synchronize_session=False)
            )
    session.expire_all()
    if len(due) == _MOST_AT_ONCE:
        jobs.add(JOB)


def expire_one(attempt_id: int) -> None:
    """Let time do to an attempt what it does; nothing when somebody was faster."""
    sitting = queries.sitting(attempt_id)
    if sitting is None:
        return
    if sitting.state not in timing.OPEN:
        # The quiz has closed for who could have tried again until now.
        sitting.attempt.check_at = None
        session.flush()
        final_grades.settle(sitting.quiz, sitting.activity, sitting.enrolment)
        return
    change = timing.by_time(sitting.rules, sitting.state, clock.now(), sitting.attempt.due_at)
    if change is not None:
        _become(sitting, change)
    else:
        sitting.attempt.check_at = timing.check_at(sitting.rules, sitting.state, sitting.attempt.due_at)


def _become(sitting: Sitting, change: Change) -> bool:
    """Change the attempt's state and let follow what follows; False when somebody was faster: the database decides."""
    attempt = sitting.attempt
    moved = session.scalar(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.state == sitting.state)
        .values(state=change.state, finished_at=change.at, check_at=timing.check_at(sitting.rules, change.state, attempt.due_at))
        .returning(Attempt.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        return False
    session.refresh(attempt)
    if change.state is State.FINISHED:
        _grade(sitting)
    if change.state not in timing.OPEN:
        final_grades.settle(sitting.quiz, sitting.activity, sitting.enrolment)
    return True


def _grade(sitting: Sitting) -> None:
    attempt = sitting.attempt
    rows = session.execute(
        select(
            Response.id,
            Response.answer,
            Response.certainty,
            Response.progress,
            Response.max_mark,
            QuestionVersion.type,
            QuestionVersion.body,
            QuestionVersion.penalty,
        )
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .where(Response.attempt_id == attempt.id)
    ).all()
    graded, marked = [], []
    for row in rows:
        grade = working.work(
            question_types.get(row.type), row.body, penalty=row.penalty, progress=row.progress, answer=row.answer, certainty=row.certainty
        ).finish()
        graded.append({"id": row.id, "fraction": grade.fraction, "state": grade.state})
        marked.append(Marked(grade.fraction, row.max_mark))
    if graded:
        session.execute(update(Response), graded)
    attempt.mark = grading.total(marked)
    attempt.share = grading.share(attempt.mark, possible=attempt.max_mark)
    if attempt.share is None:
        # Somebody has to mark it first; until then nothing came of it.
        session.flush()
        return
    attempt.passed = grading.reaches(attempt.share, pass_share=sitting.quiz.pass_share)
    session.flush()
