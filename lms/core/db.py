"""The database: engine, session, base class of tables, and how transactions begin."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Connection, CursorResult, DateTime, Dialect, Engine, Executable, MetaData, String, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, UOWTransaction, scoped_session, sessionmaker
from sqlalchemy.types import TypeDecorator

Json = JSON().with_variant(JSONB(), "postgresql")

# Whether transactions of this request or task may write. Reading ones must not: a GET never changes anything.
_may_write: ContextVar[bool] = ContextVar("may_write", default=True)

factory = sessionmaker(expire_on_commit=False)
session = scoped_session(factory)


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite, which has no zones, stores it without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, dict[str, Any]: Json, list[Any]: Json, str: String()}


class ReadOnly(RuntimeError):
    """A reading request tried to write; a mistake in our code."""


def connect(url: str) -> Engine:
    """Open the database and let the session use it."""
    engine = create_engine(url, **({} if url.startswith("sqlite") else {"pool_pre_ping": True}))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    session.remove()
    session.configure(bind=engine)
    return engine


def engine() -> Engine:
    """Return the engine that the session uses."""
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


def may_write(allowed: bool) -> None:
    """Say whether the transactions that begin from now on may write."""
    _may_write.set(allowed)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, or nothing of it; for the edges that have no request (cli, jobs)."""
    token = _may_write.set(True)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _may_write.reset(token)
        session.remove()


@contextmanager
def reading() -> Iterator[None]:
    """Read inside a job without holding up those who write, and hold nothing afterwards; nothing may be written before it."""
    session.remove()
    token = _may_write.set(False)
    try:
        yield
    finally:
        session.remove()
        _may_write.reset(token)


def run(statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None) -> CursorResult[Any]:
    """Run a statement about plain tables straight on the connection of this transaction, past the session and its objects.

    For what every request or every answer of a whole school asks.  Such a
    statement is made once, with ``bindparam`` for what differs: putting it
    together, and telling from its parts whether it was seen before, takes far
    longer than running it.  What the session has not written yet is not seen.
    """
    if statement.is_dml and not _may_write.get():
        raise ReadOnly(f"a reading request tried to write: {statement}")
    return session.connection().execute(statement, values)


def measure_tables(_payload: object = None) -> None:
    """Let SQLite look how large its tables have become: without that it reads a large question bank in the wrong order.

    A look at a thousand rows of each index is enough (sqlite.org/lang_analyze.html,
    "Approximate ANALYZE"); PostgreSQL does the like by itself.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA analysis_limit=1000")
        session.connection().exec_driver_sql("ANALYZE")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction control loses updates; we say BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=20000")
    cursor.execute("PRAGMA cache_size=-16000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that starts with a read cannot wait for the write lock: it fails at once.
    # Said to the driver itself, because SQLAlchemy's way to it would cost more than the page's own statements.
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN IMMEDIATE" if _may_write.get() else "BEGIN")


@event.listens_for(factory, "before_flush")
def _refuse_flush(target: Session, _context: UOWTransaction, _instances: Any) -> None:
    if not _may_write.get() and (target.new or target.dirty or target.deleted):
        changed = [row for row in (*target.new, *target.deleted, *target.dirty) if row not in target.dirty or target.is_modified(row)]
        if changed:
            raise ReadOnly(f"a reading request tried to write {changed[0]!r}")


@event.listens_for(factory, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if not _may_write.get() and (state.is_insert or state.is_update or state.is_delete):
        raise ReadOnly(f"a reading request tried to write: {state.statement}")


def month_later(day: date, months: int) -> date:
    """Return the day that many months later; the 31st becomes the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)
