"""Behind the journal: which notes the ledger has not taken in yet.

On SQLite there is one writer, so notes become visible in the order of their
ids and a cursor is enough.  On PostgreSQL a transaction can commit late, with
ids below others that were read.  Such a note is known by the number of its
transaction, which is not older than the oldest one that was unfinished at the
last reading (the horizon); those among them that were read are remembered.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, delete, func, insert, literal, literal_column, or_, select
from sqlalchemy.types import String

from lms.core import clock, journal
from lms.core.db import session
from lms.core.models import Cursor, JournalEntry
from lms.reports.models import CoverageSeen

NAME = "reports.coverage"
HORIZON = "reports.coverage.horizon"
_LOW_BITS = 2**31 - 1  # of a transaction's number; what fits a cursor
_TRANSACTION: ColumnElement[Any] = cast(cast(literal_column("core_journal.xmin"), String), BigInteger).op("&")(_LOW_BITS)


@dataclass(frozen=True)
class Notes:
    """What is new: persons and the days of the notes about each; units whose people are all concerned, and since when."""

    persons: dict[int, set[date]]
    units: dict[int, datetime]
    up_to: int  # the id of the last note taken in order
    horizon: int = 0
    above_horizon: frozenset[int] = field(default=frozenset())  # notes taken that could look late at the next reading


def read(limit: int) -> Notes:
    """Return the oldest unread notes, at most that many, and all that became visible late."""
    horizon = _oldest_unfinished()
    columns = (
        JournalEntry.id,
        JournalEntry.topic,
        JournalEntry.ref_id,
        JournalEntry.recorded_at,
        (_TRANSACTION if _is_postgresql() else literal(-1)).label("number"),
    )
    rows = list(session.execute(select(*columns).where(_newer()).order_by(JournalEntry.id).limit(limit)))
    up_to = max((row.id for row in rows), default=journal.position(NAME))
    if _is_postgresql():
        rows += session.execute(select(*columns).where(unread(), ~_newer())).all()
    persons: dict[int, set[date]] = defaultdict(set)
    for row in rows:
        if row.topic == "person":
            persons[row.ref_id].add(clock.local(row.recorded_at).date())
    return Notes(
        persons,
        {row.ref_id: row.recorded_at for row in rows if row.topic == "unit"},
        up_to,
        horizon,
        frozenset(row.id for row in rows if row.number >= horizon),
    )


def done(notes: Notes) -> None:
    """Remember that these notes are in the ledger."""
    journal.move(NAME, notes.up_to)
    if not _is_postgresql():
        return
    journal.move(HORIZON, notes.horizon)
    session.flush()
    above = select(JournalEntry.id).where(_recent(), notes.horizon <= _TRANSACTION)
    session.execute(delete(CoverageSeen).where(CoverageSeen.note_id.not_in(above)))
    if notes.above_horizon:
        session.execute(insert(CoverageSeen), [{"note_id": note_id} for note_id in sorted(notes.above_horizon)])


def done_all() -> None:
    """Remember that all notes there are now are in the ledger."""
    while (notes := read(limit=100_000)).up_to < journal.last():
        done(notes)
    done(notes)


def read_persons() -> set[int]:
    """Return the persons with unread notes."""
    return set(session.scalars(select(JournalEntry.ref_id).where(JournalEntry.topic == "person", unread()).distinct()))


def left() -> int:
    """Return how many notes are unread."""
    return session.scalar(select(func.count()).select_from(JournalEntry).where(unread())) or 0


def unread(dialect: str | None = None, recent: Any = None) -> ColumnElement[bool]:
    """Return the condition for notes that the ledger has not taken in; ``recent`` may be a parameter for the moment to look back to."""
    if (dialect or session.get_bind().dialect.name) != "postgresql":
        return _newer()
    above = and_(_recent(recent), func.coalesce(_position(HORIZON), 0) <= _TRANSACTION)
    return or_(_newer(), and_(above, JournalEntry.id.not_in(select(CoverageSeen.note_id))))


def _newer() -> ColumnElement[bool]:
    return JournalEntry.id > func.coalesce(_position(NAME), 0)


def _recent(since: Any = None) -> ColumnElement[bool]:
    return JournalEntry.recorded_at > (clock.now() - journal.LOOK_BACK if since is None else since)


def _position(name: str) -> ColumnElement[int]:
    return select(Cursor.position).where(Cursor.name == name).scalar_subquery()


def _oldest_unfinished() -> int:
    if not _is_postgresql():
        return 0
    oldest = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), String), BigInteger)
    return int(session.scalars(select(oldest.op("&")(_LOW_BITS))).one())


def _is_postgresql() -> bool:
    return session.get_bind().dialect.name == "postgresql"
