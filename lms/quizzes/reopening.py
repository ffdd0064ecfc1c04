"""Giving an abandoned attempt back to its learner."""

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock, names
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.quizzes import attempts, timing
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.queries import Sitting
from lms.quizzes.timing import State

_SHORTEST_REASON = 3


class NotAbandoned(Conflict):
    code = "not_abandoned"
    message = lazy_("Only an attempt that was never handed in can be reopened; this one is no longer such a one.")


class OtherAttemptOpen(Conflict):
    code = "other_attempt_open"
    message = lazy_("The learner is at another attempt at this quiz. It has to be handed in first.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = lazy_("Say in a few words why; it stays in the record.")


def reopen(sitting: Sitting, *, reason: str, by: int) -> None:
    """Let an attempt that was never handed in go on (Moodle: process_reopen_abandoned).

    When its time is over, also by the rules of today, it is handed in as it stands,
    at the end of that time, and graded: so answers that were saved are not lost.
    Otherwise the learner goes on answering.  Either way the log says who did it and why.

    Raises NotAbandoned, OtherAttemptOpen, ReasonMissing.
    """
    reason = names.clean(reason)
    if len(reason) < _SHORTEST_REASON:
        raise ReasonMissing()
    attempt, moment = sitting.attempt, clock.now()
    ends = timing.ends_at(sitting.rules, attempt.started_at)
    statement = (
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.state == State.ABANDONED)
        .values(
            state=State.IN_PROGRESS,
            finished_at=None,
            reopened_at=moment,
            due_at=ends,
            check_at=timing.check_at(sitting.rules, State.IN_PROGRESS, ends),
        )
        .returning(Attempt.id)
        .execution_options(synchronize_session=False)
    )
    try:
        # The database lets nobody have two open attempts at a quiz.
        with session.begin_nested():
            moved = session.scalar(statement)
    except IntegrityError as error:
        raise OtherAttemptOpen() from error
    if moved is None:
        raise NotAbandoned()
    session.refresh(attempt)
    audit.record(
        "quizzes.attempt.reopened", f"attempt:{attempt.id}", account_id=by, reason=reason, due_at=ends.isoformat() if ends else None
    )
    if ends is not None and moment >= ends:
        attempts.hand_in_at(sitting, ends)
