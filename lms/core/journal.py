"""Notes that new facts exist, for those who follow at their own pace (coverage, xAPI, grades)."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, insert, select

from lms.core import clock
from lms.core.db import session
from lms.core.models import Cursor, JournalEntry

# Ids are given before commit: a lower id can become visible later than a higher one. Followers look back this far.
LOOK_BACK = timedelta(minutes=10)


def note(topic: str, ids: Iterable[int]) -> None:
    """Note that there are new facts about these persons (topic "person") or units ("unit")."""
    moment = clock.now()
    rows = [{"topic": topic, "ref_id": ref_id, "recorded_at": moment} for ref_id in ids]
    if rows:
        session.execute(insert(JournalEntry), rows)


def position(name: str) -> int:
    """Return how far the follower has read; 0 at first."""
    return session.scalar(select(Cursor.position).where(Cursor.name == name)) or 0


def last() -> int:
    """Return the id of the newest entry; 0 when there is none."""
    return session.scalar(select(func.max(JournalEntry.id))) or 0


def unread(topic: str, after: int, up_to: int) -> set[int]:
    """Return whom or what the entries after a position are about, with a look back for late commits."""
    recent = clock.now() - LOOK_BACK
    query = select(JournalEntry.ref_id).where(
        JournalEntry.topic == topic,
        JournalEntry.id <= up_to,
        (JournalEntry.id > after) | (JournalEntry.recorded_at > recent),
    )
    return set(session.scalars(query))


def move(name: str, to: int) -> None:
    """Remember that the follower has read this far."""
    cursor = session.get(Cursor, name)
    if cursor is None:
        session.add(Cursor(name=name, position=to, moved_at=clock.now()))
    else:
        cursor.position, cursor.moved_at = to, clock.now()
