"""Writing, taking back, reporting and moderating; each is written down, nothing is deleted."""

from sqlalchemy import select, update

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.courses.steps import Step
from lms.discussions import settings
from lms.discussions.models import Contribution, Report
from lms.learning import outcomes
from lms.learning.models import Enrolment

SOURCE = "posted"
LONGEST = 5_000


class Empty(Invalid):
    code = "contribution_empty"
    message = lazy_("Nothing is written yet.")


class TooLong(Invalid):
    code = "contribution_too_long"
    message = lazy_("A contribution has at most {most} letters.")


class NoReason(Invalid):
    code = "no_reason_to_hide"
    message = lazy_("Say why it is hidden; its author reads that.")


class NotOne(Conflict):
    code = "contribution_not_there"
    message = lazy_("What you answer is not shown any more. Open the discussion again.")


def write(enrolment_id: int, step: Step, text: str, *, thread_id: int | None = None) -> Contribution:
    """Keep a contribution; where a moderator looks first it waits.  Raises Empty, TooLong, NotOne."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Empty()
    if len(text) > LONGEST:
        raise TooLong(most=LONGEST)
    enrolment = session.get_one(Enrolment, enrolment_id)
    if thread_id is not None:
        thread = session.get(Contribution, thread_id)
        begins = thread is not None and thread.thread_id is None and thread.state == "shown"
        if thread is None or not begins or (thread.course_id, thread.activity_key) != (enrolment.course_id, step.key):
            raise NotOne()
    made = Contribution(
        course_id=enrolment.course_id,
        activity_key=step.key,
        thread_id=thread_id,
        person_id=enrolment.person_id,
        text=text,
        state="waiting" if settings.read(step.settings).approve else "shown",
        written_at=clock.now(),
    )
    session.add(made)
    session.flush()
    outcomes.record(enrolment_id, step.key, source=SOURCE, evidence=f"contribution:{made.id}")
    return made


def withdraw(contribution: Contribution, *, by: int) -> None:
    """Take back what one wrote; twice is once."""
    _decide(contribution, "withdrawn", "", by=by)


def hide(contribution: Contribution, reason: str, *, by: int) -> None:
    """Let nobody but its author see a contribution.  Raises NoReason."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise NoReason()
    _decide(contribution, "hidden", reason, by=by)


def show(contribution: Contribution, *, by: int) -> None:
    """Show a contribution that waited or was hidden, and settle what was reported of it.  One that its author took back stays so."""
    _decide(contribution, "shown", "", by=by)


def report(contribution: Contribution, person_id: int) -> None:
    """Ask a moderator to look at a contribution; twice is once."""
    if contribution.state != "shown":
        raise NotFound()
    insert_new(Report, [{"contribution_id": contribution.id, "person_id": person_id, "reported_at": clock.now()}])


def _decide(contribution: Contribution, state: str, reason: str, *, by: int) -> None:
    now = clock.now()
    locked = session.scalars(
        select(Contribution).where(Contribution.id == contribution.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    session.execute(update(Report).where(Report.contribution_id == locked.id, Report.settled_at.is_(None)).values(settled_at=now))
    if locked.state in (state, "withdrawn"):
        return
    audit.record(f"discussions.{state}", f"contribution:{locked.id}", account_id=by, before=locked.state, reason=reason)
    locked.state, locked.reason, locked.decided_by_id, locked.decided_at = state, reason, by, now
    session.flush()
