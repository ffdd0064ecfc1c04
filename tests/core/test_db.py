"""The database: moments with a zone, readers that cannot write, transactions that are whole."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from lms.accounts.models import Account
from lms.core import clock, db
from lms.core.db import session, transaction
from lms.core.models import Job, Mark
from tests import factories
from tests.together import at_once


def add_mark(name: str, value: int = 0) -> None:
    session.add(Mark(name=name, value={"n": value}))


def values() -> dict[str, int]:
    with transaction():
        return {mark.name: mark.value["n"] for mark in session.scalars(select(Mark))}


def test_what_a_block_did_is_kept(database: None):
    with transaction():
        add_mark("one", 1)
    assert values() == {"one": 1}


def test_of_a_block_that_fails_nothing_is_kept(database: None):
    with pytest.raises(KeyError), transaction():
        add_mark("one")
        session.flush()
        raise KeyError
    assert values() == {}


def test_a_moment_keeps_its_instant_whatever_zone_it_is_given_in(database: None):
    moment = datetime(2026, 9, 5, 7, 15, tzinfo=timezone(timedelta(hours=7)))
    with transaction():
        session.add(Job(kind="x", payload={}, due_at=moment, created_at=moment))
    with transaction():
        assert session.scalars(select(Job.due_at)).one() == datetime(2026, 9, 5, 0, 15, tzinfo=UTC)
        assert session.scalars(select(Job.id).where(Job.due_at <= moment)).all() != []
        assert session.scalars(select(Job.id).where(Job.due_at < moment)).all() == []


@pytest.mark.usefixtures("database")
def test_a_moment_without_a_zone_is_refused():
    naive = datetime(2026, 9, 5, 7, 15)  # noqa: DTZ001
    session.add(Job(kind="x", payload={}, due_at=naive, created_at=clock.now()))
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        session.flush()


@pytest.mark.usefixtures("database")
def test_foreign_keys_are_kept():
    session.add(Account(person_id=987_654, username="nobody", created_at=clock.now()))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.usefixtures("database")
def test_a_reader_cannot_write_by_a_row_or_by_a_statement():
    factories.make_unit_kinds()
    add_mark("one")
    session.flush()
    db.may_write(False)
    try:
        for statement in (
            insert(Mark).values(name="two", value={}),
            update(Mark).values(name="two"),
            delete(Mark),
        ):
            with pytest.raises(db.ReadOnly):
                session.execute(statement)
            with pytest.raises(db.ReadOnly):
                db.run(statement)
        add_mark("two")
        with pytest.raises(db.ReadOnly):
            session.flush()
    finally:
        session.rollback()
        db.may_write(True)


def test_a_reader_can_read_while_somebody_writes(real_database: str):
    with transaction():
        add_mark("one", 1)
    seen = []

    def write() -> None:
        with transaction():
            add_mark("two", 2)
            session.flush()
            assert at_once(read) == [None]

    def read() -> None:
        db.may_write(False)
        seen.append(session.scalars(select(Mark.name)).all())
        session.remove()

    assert at_once(write) == [None]
    assert seen == [["one"]]


def test_counting_up_at_the_same_time_loses_nothing(real_database: str):
    """The write lock (SQLite) and the row lock (PostgreSQL) let writers wait for each other."""
    with transaction():
        add_mark("count", 0)

    def count_up() -> None:
        for _ in range(10):
            with transaction():
                mark = session.scalars(select(Mark).where(Mark.name == "count").with_for_update()).one()
                mark.value = {"n": mark.value["n"] + 1}

    assert at_once(count_up, count_up, count_up) == [None, None, None]
    assert values() == {"count": 30}


def test_sqlite_runs_in_its_safe_and_quick_mode(real_database: str):
    if not real_database.startswith("sqlite"):
        return
    with transaction():
        asked = {name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")}
    assert asked == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 20_000}


def test_the_database_knows_how_large_its_tables_are(real_database: str):
    with transaction():
        session.add_all(Mark(name=f"m{number}", value={}) for number in range(50))
    with transaction():
        db.measure_tables()

    if real_database.startswith("sqlite"):
        with transaction():
            said = session.scalar(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'core_mark'"))
        assert said is not None and said.startswith("50")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 11, 23), 24, date(2028, 11, 23)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int, later: date):
    assert db.month_later(day, months) == later
