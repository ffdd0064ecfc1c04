"""The total of an attempt after one of its marks was given or changed, and what follows from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.accounts.models import Account
from lms.core.db import session
from lms.courses.models import Activity
from lms.learning.models import Enrolment
from lms.notifications import outbox
from lms.quizzes import final_grades, grading
from lms.quizzes.grading import Marked
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.quiz import Quiz


def hold(attempt_id: int) -> Attempt:
    """Return an attempt that nobody else can mark until this transaction ends."""
    return session.scalars(
        select(Attempt).where(Attempt.id == attempt_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def count(attempt: Attempt, pass_share: float) -> tuple[float | None, float | None, bool | None]:
    """Return mark, share and pass from the marks of its questions; None as long as one is missing."""
    rows = session.execute(select(Response.fraction, Response.max_mark).where(Response.attempt_id == attempt.id)).all()
    mark = grading.total(Marked(row.fraction, row.max_mark) for row in rows)
    share = grading.share(mark, possible=attempt.max_mark)
    return mark, share, None if share is None else grading.reaches(share, pass_share=pass_share)


def settle(attempt: Attempt, moment: datetime) -> bool:
    """Add up an attempt that is held, let the course know, and return whether its last missing mark was given just now.

    A pass that the course knows stays, whatever the new total is: see ``learning.outcomes``.
    """
    quiz = session.get_one(Quiz, attempt.quiz_id)
    was_missing = attempt.share is None
    mark, share, passed = count(attempt, quiz.pass_share)
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(mark=mark, share=share, passed=passed, graded_at=attempt.graded_at or (moment if share is not None else None))
        .execution_options(synchronize_session=False)
    )
    session.refresh(attempt)
    if share is None:
        return False
    final_grades.settle(quiz, session.get_one(Activity, quiz.activity_id), session.get_one(Enrolment, attempt.enrolment_id))
    return was_missing


def tell_marked(attempt: Attempt, *, dedupe: str) -> None:
    """Let the learner know by mail that the last missing mark was given."""
    accounts, title = _learner(attempt)
    outbox.add_many(accounts, "quiz_marked", dedupe_prefix=dedupe, quiz_title=title, attempt_id=attempt.id, passed=bool(attempt.passed))


def tell_regraded(attempt: Attempt, *, dedupe: str, undone: bool) -> None:
    """Let the learner know on the page and by mail that marks were given again, or that this was ``undone``."""
    accounts, title = _learner(attempt)
    for channel, prefix in (("page", f"{dedupe}:page"), ("mail", dedupe)):
        outbox.add_many(
            accounts,
            "quiz_regraded",
            channel=channel,
            dedupe_prefix=prefix,
            quiz_title=title,
            attempt_id=attempt.id,
            passed=bool(attempt.passed),
            undone=undone,
        )


def _learner(attempt: Attempt) -> tuple[Sequence[int], dict[str, Any]]:
    """Return the accounts of whose attempt it is, and the title of the quiz."""
    person_id, title = session.execute(
        select(Enrolment.person_id, Activity.title)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Activity, Activity.id == Quiz.activity_id)
        .select_from(Attempt)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.id == attempt.id)
    ).one()
    accounts = session.scalars(select(Account.id).where(Account.person_id == person_id, Account.disabled.is_(False))).all()
    return accounts, title
