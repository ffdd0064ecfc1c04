"""Bringing open attempts into line when what their learners are allowed has changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update

from lms.core import clock, journal
from lms.core.db import session
from lms.core.jobs import JobKind
from lms.learning.models import Enrolment
from lms.quizzes import queries_rules, timing
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.models.rules import Override
from lms.quizzes.timing import OPEN, Rules, State

CURSOR = "quizzes.retime"
_AT_ONCE = 500  # people in one statement

_attempt = cast(Table, Attempt.__table__)
# Only while the attempt is as it was read: one that was handed in meanwhile is left alone.
_RETIME = (
    update(_attempt)
    .where(_attempt.c.id == bindparam("attempt_id"), _attempt.c.state == bindparam("state_before"))
    .values(state=bindparam("new_state"), due_at=bindparam("new_due_at"), check_at=bindparam("new_check_at"))
)


def quiz(quiz_id: int, *, person_ids: Collection[int] | None = None) -> int:
    """Work out again when the open attempts at a quiz end, of everybody or of these people; return how many changed.

    To be called after settings, overrides, extra time or classes have changed
    (Moodle: quiz_update_open_attempts).  An attempt whose time was over, and is not
    any more, can be answered again.  Nothing ends here: what has to end now is found
    by the job that looks at every attempt in its time.
    """
    if person_ids is None:
        return _retime(_watched(Attempt.quiz_id == quiz_id))
    return sum(_retime(_watched(Attempt.quiz_id == quiz_id, Enrolment.person_id.in_(portion))) for portion in _portions(person_ids))


def people(person_ids: Collection[int]) -> int:
    """Work out again when the open attempts of these people end, at whatever quiz; return how many changed."""
    return sum(_retime(_watched(Enrolment.person_id.in_(portion))) for portion in _portions(person_ids))


def follow() -> int:
    """Work out again the attempts of people whose class or post has changed, where that makes a difference; doing it twice changes nothing."""
    up_to = journal.last()
    noted = sorted(journal.unread("person", journal.position(CURSOR), up_to))
    by_group = select(Override.id).where(Override.quiz_id == Attempt.quiz_id, Override.replaced_at.is_(None), Override.person_id.is_(None))
    changed = sum(_retime(_watched(Enrolment.person_id.in_(portion), by_group.exists())) for portion in _portions(noted))
    journal.move(CURSOR, up_to)
    return changed


def _run(_payload: Mapping[str, Any]) -> None:
    follow()


JOB = JobKind(CURSOR, _run, every=timedelta(seconds=30))


def _portions(person_ids: Collection[int]) -> list[list[int]]:
    ids = list(person_ids)
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


def _watched(*conditions: Any) -> list[tuple[Attempt, int]]:
    """Return the attempts that time may still change, each with its learner."""
    rows = session.execute(
        select(Attempt, Enrolment.person_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.state != State.FINISHED, *conditions)
        .order_by(Attempt.quiz_id, Attempt.id)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in rows]


def _retime(watched: Sequence[tuple[Attempt, int]]) -> int:
    by_quiz: dict[int, list[tuple[Attempt, int]]] = {}
    for attempt, person_id in watched:
        by_quiz.setdefault(attempt.quiz_id, []).append((attempt, person_id))
    changes = []
    for quiz_id, attempts in by_quiz.items():
        allowed = queries_rules.of_many(session.get_one(Quiz, quiz_id), {person_id for _attempt, person_id in attempts})
        changes += [change for attempt, person_id in attempts if (change := _change(attempt, allowed[person_id]))]
    if changes:
        session.connection().execute(_RETIME, changes)
        for attempt, _person_id in watched:
            session.expire(attempt)
    return len(changes)


def _change(attempt: Attempt, rules: Rules) -> dict[str, Any] | None:
    """Return what has to be written; None when everything is as it should be."""
    state = State(attempt.state)
    ends: datetime | None
    check_at: datetime | None
    if state not in OPEN:
        # It was never handed in: whether its learner can still try again is looked at anew, by the job (``final_grades.settle``).
        ends, check_at = attempt.due_at, clock.now()
    else:
        ends = timing.ends_at(rules, attempt.started_at)
        if state is State.OVERDUE and (ends is None or clock.now() <= ends):
            state = State.IN_PROGRESS
        check_at = timing.check_at(rules, state, ends)
    if (state, ends, check_at) == (attempt.state, attempt.due_at, attempt.check_at):
        return None
    return {
        "attempt_id": attempt.id,
        "state_before": attempt.state,
        "new_state": state,
        "new_due_at": ends,
        "new_check_at": check_at,
    }
