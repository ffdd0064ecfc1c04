"""Behind the journal: which notes the ledger has not taken in yet."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, literal_column, or_, select
from sqlalchemy.types import String

from lms.core import clock, journal
from lms.core.db import session
from lms.core.models import Cursor, JournalEntry

NAME = "reports.coverage"
# On PostgreSQL: the oldest transaction that was not finished when the ledger read last.
HORIZON = "reports.coverage.horizon"
_LOW_BITS = 2**31 - 1  # of a transaction's number; what fits a cursor


@dataclass(frozen=True)
class Notes:
    """What is new: persons and the days of the notes about each; units whose people are all concerned, and since when."""

    persons: dict[int, set[date]]
    units: dict[int, datetime]
    up_to: int  # the id of the last note taken
    horizon: int


def read(limit: int) -> Notes:
    """Return the oldest unread notes, at most that many, and all that became visible late."""
    horizon = _horizon()
    query = select(JournalEntry.id, JournalEntry.topic, JournalEntry.ref_id, JournalEntry.recorded_at).order_by(JournalEntry.id)
    rows = list(session.execute(query.where(_newer()).limit(limit)))
    up_to = max((row.id for row in rows), default=journal.position(NAME))
    if _is_postgresql():
        rows += session.execute(query.where(_late(), ~_newer())).all()
    persons: dict[int, set[date]] = defaultdict(set)
    for row in rows:
        if row.topic == "person":
            persons[row.ref_id].add(clock.local(row.recorded_at).date())
    return Notes(persons, {row.ref_id: row.recorded_at for row in rows if row.topic == "unit"}, up_to, horizon)


def done(notes: Notes) -> None:
    """Remember that these notes are in the ledger."""
    journal.move(NAME, notes.up_to)
    if _is_postgresql():
        journal.move(HORIZON, notes.horizon)


def done_all() -> None:
    """Remember that all notes there are now are in the ledger."""
    horizon = _horizon()
    done(Notes({}, {}, journal.last(), horizon))


def read_persons() -> set[int]:
    """Return the persons with unread notes."""
    return set(session.scalars(select(JournalEntry.ref_id).where(JournalEntry.topic == "person", unread()).distinct()))


def left() -> int:
    """Return how many notes stand after the last one taken; late ones come with the next reading anyway."""
    return session.scalar(select(func.count()).select_from(JournalEntry).where(_newer())) or 0


def unread() -> ColumnElement[bool]:
    """Return the condition for notes that the ledger has not taken in, or perhaps not."""
    return or_(_newer(), _late()) if _is_postgresql() else _newer()


def _newer() -> ColumnElement[bool]:
    return JournalEntry.id > func.coalesce(_position(NAME), 0)


def _late() -> ColumnElement[bool]:
    """Notes that may have become visible after others with higher ids were read.

    SQLite has one writer, so ids become visible in their order.  On PostgreSQL
    a transaction can commit late; it is known by its number, which is not older
    than the oldest one that was unfinished at the last reading.
    """
    number = cast(cast(literal_column("core_journal.xmin"), String), BigInteger).op("&")(_LOW_BITS)
    recent = JournalEntry.recorded_at > clock.now() - journal.LOOK_BACK
    return and_(recent, number >= func.coalesce(_position(HORIZON), 0))


def _position(name: str) -> ColumnElement[int]:
    return select(Cursor.position).where(Cursor.name == name).scalar_subquery()


def _horizon() -> int:
    if not _is_postgresql():
        return 0
    oldest = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), String), BigInteger)
    return int(session.scalars(select(oldest.op("&")(_LOW_BITS))).one())


def _is_postgresql() -> bool:
    return session.get_bind().dialect.name == "postgresql"
