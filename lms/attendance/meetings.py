"""Meetings: planning, opening, signing in, closing; whoever was there is credited."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from lms.attendance import codes
from lms.attendance.models import Meeting, Presence
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.courses import outline as outlines
from lms.learning import enrolment as enrolments
from lms.learning import outcomes

SOURCE = "attendance"


class NotOpen(Conflict):
    code = "meeting_not_open"
    message = lazy_("Nobody can sign in to this meeting now. Ask whoever holds it.")


class WrongCode(Invalid):
    code = "wrong_meeting_code"
    message = lazy_("This is not the code on the screen. It changes every half minute: look again, then type it once more.")


class Over(Conflict):
    code = "meeting_over"
    message = lazy_("This meeting is over or was cancelled; that cannot be changed any more.")


@dataclass(frozen=True)
class Plan:
    """What is said of a meeting before it is held; moments in UTC, ``periods`` of 45 minutes."""

    starts_at: datetime
    ends_at: datetime
    place: str
    periods: int


@dataclass(frozen=True)
class Credited:
    """How many people were credited, and how many hold a version of the course without this activity."""

    people: int
    without: int


def plan(course_id: int, activity_key: str, unit_id: int, planned: Plan, *, by: int) -> Meeting:
    """Return a new meeting, not open yet."""
    meeting = Meeting(
        course_id=course_id,
        activity_key=activity_key,
        unit_id=unit_id,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        place=planned.place,
        periods=planned.periods,
        secret=codes.new_secret(),
        made_by_id=by,
        made_at=clock.now(),
    )
    session.add(meeting)
    session.flush()
    audit.record("attendance.planned", f"meeting:{meeting.id}", account_id=by)
    return meeting


def begin(meeting: Meeting, *, by: int) -> None:
    """Let people sign in; doing it twice changes nothing.  Raises Over."""
    if not _move(meeting, ("planned",), "open") and meeting.state != "open":
        raise Over()
    audit.record("attendance.opened", f"meeting:{meeting.id}", account_id=by)


def cancel(meeting: Meeting, *, by: int) -> None:
    """Give a meeting up that is not closed; nobody is credited.  Raises Over."""
    if not _move(meeting, ("planned", "open"), "cancelled"):
        raise Over()
    audit.record("attendance.cancelled", f"meeting:{meeting.id}", account_id=by)


def close(meeting: Meeting, *, by: int) -> Credited:
    """End a meeting and credit everybody who was there; of two clicks one does it.  Raises Over."""
    if not _move(meeting, ("planned", "open"), "closed", closed_at=clock.now()):
        raise Over()
    there = session.scalars(select(Presence.person_id).where(Presence.meeting_id == meeting.id)).all()
    audit.record("attendance.closed", f"meeting:{meeting.id}", account_id=by, people=len(there))
    return _credit(meeting, there)


def sign_in(meeting: Meeting, person_id: int, typed: str, *, by: int) -> None:
    """Note that somebody who sees the screen is there; twice is as once.  Raises NotOpen and WrongCode."""
    locked = session.scalars(
        select(Meeting).where(Meeting.id == meeting.id).with_for_update(read=True).execution_options(populate_existing=True)
    ).one()
    if locked.state != "open":
        raise NotOpen()
    if not codes.fits(locked.secret, typed, clock.now()):
        raise WrongCode()
    _note(locked, [person_id], "code", by)


def tick(meeting: Meeting, present: Collection[int], shown: Collection[int], *, by: int) -> Credited:
    """Keep who of those on the list was there.

    Until the meeting is closed a tick can be taken out again; afterwards people are
    added and credited at once, and nobody is taken out: a credit is taken back where
    it counts.  Raises Over for a cancelled meeting.
    """
    locked = session.scalars(
        select(Meeting).where(Meeting.id == meeting.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if locked.state == "cancelled":
        raise Over()
    new = _note(locked, [each for each in shown if each in present], "list", by)
    if locked.state == "closed":
        return _credit(locked, new)
    absent = [each for each in shown if each not in present]
    session.execute(
        delete(Presence)
        .where(Presence.meeting_id == locked.id, Presence.person_id.in_(absent))
        .execution_options(synchronize_session=False)
    )
    return Credited(0, 0)


def _note(meeting: Meeting, person_ids: Collection[int], how: str, by: int) -> list[int]:
    """Keep that these people are there, and return who was not noted before."""
    moment = clock.now()
    known = set(session.scalars(select(Presence.person_id).where(Presence.meeting_id == meeting.id, Presence.person_id.in_(person_ids))))
    new = [person_id for person_id in person_ids if person_id not in known]
    insert_new(Presence, [{"meeting_id": meeting.id, "person_id": each, "how": how, "at": moment, "by_account_id": by} for each in new])
    return new


def _credit(meeting: Meeting, person_ids: Iterable[int]) -> Credited:
    version = enrolments.latest_version(meeting.course_id)
    if version is None:
        return Credited(0, len(list(person_ids)))
    people = without = 0
    for person_id in sorted(person_ids):
        row = enrolments.enrol(person_id, version, source="teacher")
        if outlines.outline(row.version_id).step(meeting.activity_key) is None:
            without += 1
            continue
        outcomes.record(row.id, meeting.activity_key, source=SOURCE, evidence=f"meeting:{meeting.id}", at=meeting.starts_at)
        people += 1
    return Credited(people, without)


def _move(meeting: Meeting, states: tuple[str, ...], to: str, **more: object) -> bool:
    """Set the state if it is one of these; return whether it was."""
    moved = session.scalar(
        update(Meeting)
        .where(Meeting.id == meeting.id, Meeting.state.in_(states))
        .values(state=to, **more)
        .returning(Meeting.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(meeting)
    return moved is not None
