"""What somebody decides about one activity of one learner: ticking it, granting it in a single case, taking that back.

Each decision is a row that nobody changes.  What was decided counts like any other
condition that was met: it completes the activity, and the course when it is the last.
"""

from dataclasses import dataclass

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.i18n import lazy_
from lms.courses import completion
from lms.courses import outline as outlines
from lms.courses.steps import Step
from lms.learning import outcomes
from lms.learning.models import Decision, Enrolment

LONGEST_REASON = 500


class CompletedAlready(Conflict):
    code = "course_completed_already"
    message = lazy_("This course is completed, so nothing in it is taken back one by one. Take back the result itself.")


class NothingToTakeBack(Conflict):
    code = "nothing_to_take_back"
    message = lazy_("Nothing was decided here that could be taken back.")


class NotTicked(Invalid):
    code = "not_ticked_by_hand"
    message = lazy_("This step is not one that is ticked by a teacher. If it should count all the same, say why.")


class ReasonNeeded(Invalid):
    code = "reason_needed"
    message = lazy_("Say why, in at least three letters: it stays in the books with your name.")


@dataclass(frozen=True)
class Decided:
    """A decision with who took it."""

    decision: Decision
    by: str


def mark(enrolment_id: int, activity_key: str, *, by: int) -> None:
    """Tick an activity that asks for it; ticking it twice changes nothing.

    Raises NotTicked where nobody has to tick, NotFound and UnknownActivity as ``outcomes.record``.
    """
    enrolment, step = _locked(enrolment_id, activity_key)
    if completion.MARKED not in step.rule.asked:
        raise NotTicked()
    if _last_kind(enrolment_id, activity_key) == "marked":
        return
    _add(enrolment, activity_key, "marked", "", by)
    outcomes.record(enrolment.id, activity_key, source="marked", evidence=f"account:{by}")


def grant(enrolment_id: int, activity_key: str, *, reason: str, by: int) -> None:
    """Let an activity count as done for a reason, whatever it asks for; twice changes nothing.

    Raises ReasonNeeded, NotFound and UnknownActivity.
    """
    enrolment, _step = _locked(enrolment_id, activity_key)
    reason = _reason(reason)
    if _last_kind(enrolment_id, activity_key) == "granted":
        return
    _add(enrolment, activity_key, "granted", reason, by)
    outcomes.record(enrolment.id, activity_key, source="override", evidence=f"account:{by}")


def take_back(enrolment_id: int, activity_key: str, *, reason: str, by: int) -> None:
    """Take back what was ticked or granted, as long as the course is not completed; what the learner did stays.

    Raises NothingToTakeBack, CompletedAlready, ReasonNeeded, NotFound and UnknownActivity.
    """
    enrolment, _step = _locked(enrolment_id, activity_key)
    reason = _reason(reason)
    if enrolment.state == "completed":
        raise CompletedAlready()
    if _last_kind(enrolment_id, activity_key) not in ("marked", "granted"):
        raise NothingToTakeBack()
    _add(enrolment, activity_key, "taken_back", reason, by)
    outcomes.withdraw(enrolment.id, activity_key, (completion.MARKED, completion.GRANTED))


def of_enrolment(enrolment_id: int) -> dict[str, list[Decided]]:
    """Return the decisions by activity key, the newest first.  One statement."""
    rows = session.execute(
        select(Decision, Account.username)
        .join(Account, Account.id == Decision.by_account_id)
        .where(Decision.enrolment_id == enrolment_id)
        .order_by(Decision.id.desc())
    ).all()
    found: dict[str, list[Decided]] = {}
    for decision, username in rows:
        found.setdefault(decision.activity_key, []).append(Decided(decision, username))
    return found


def _locked(enrolment_id: int, activity_key: str) -> tuple[Enrolment, Step]:
    # The same lock as recording takes: of two clicks the second sees what the first did.
    enrolment = session.scalar(
        select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update().execution_options(populate_existing=True)
    )
    if enrolment is None:
        raise NotFound()
    step = outlines.outline(enrolment.version_id).step(activity_key)
    if step is None:
        raise outcomes.UnknownActivity()
    return enrolment, step


def _last_kind(enrolment_id: int, activity_key: str) -> str | None:
    return session.scalar(
        select(Decision.kind)
        .where(Decision.enrolment_id == enrolment_id, Decision.activity_key == activity_key)
        .order_by(Decision.id.desc())
        .limit(1)
    )


def _reason(text: str) -> str:
    text = " ".join(text.split())[:LONGEST_REASON]
    if len(text) < 3:
        raise ReasonNeeded()
    return text


def _add(enrolment: Enrolment, activity_key: str, kind: str, reason: str, by: int) -> None:
    session.add(Decision(enrolment_id=enrolment.id, activity_key=activity_key, kind=kind, reason=reason, by_account_id=by, at=clock.now()))
    session.flush()
    audit.record(f"learning.{kind}", f"enrolment:{enrolment.id}", account_id=by, activity=activity_key, reason=reason)
