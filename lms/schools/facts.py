"""Changing dated facts without losing them: a correction is a new row that names the old one."""

from datetime import date
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, and_, or_, update
from sqlalchemy.orm import class_mapper

from lms.core import clock
from lms.core.db import session
from lms.core.errors import Conflict
from lms.schools.models import Place, Post, UnitName, UnitParent

Fact = TypeVar("Fact", bound=Post | Place | UnitName | UnitParent)


class HasDays(Protocol):
    """A table of dated facts."""

    from_day: Any
    until_day: Any
    replaced_at: Any


def true_on(table: type[HasDays], day: date) -> ColumnElement[bool]:
    """Return the condition for facts that are true on the day, as we know it now."""
    return and_(table.replaced_at.is_(None), table.from_day <= day, or_(table.until_day.is_(None), table.until_day > day))


def not_over(table: type[HasDays], day: date) -> ColumnElement[bool]:
    """Return the condition for facts that are true on the day or will be later."""
    return and_(table.replaced_at.is_(None), or_(table.until_day.is_(None), table.until_day > day))


def end(fact: Fact, until_day: date, *, by: int | None, import_id: int | None = None) -> Fact | None:
    """Let the fact be true only until that day (not on it); return the row that replaces it.

    None when the fact begins on that day or later: then it never was true.
    Raises Conflict when somebody replaced the fact meanwhile.
    """
    retire(fact)
    if until_day <= fact.from_day:
        return None
    return _copy(fact, by=by, import_id=import_id, until_day=until_day)


def change(fact: Fact, day: date, *, by: int | None, import_id: int | None = None, **values: Any) -> Fact:
    """Let other values be true from that day on; what was true before stays true."""
    retire(fact)
    begin = max(day, fact.from_day)
    if begin > fact.from_day:
        _copy(fact, by=by, import_id=import_id, until_day=begin)
        session.flush()
    return _copy(fact, by=by, import_id=import_id, from_day=begin, **values)


def correct(fact: Fact, *, by: int | None, import_id: int | None = None, **values: Any) -> Fact:
    """Say what was true all along; the row that was wrong stays as what we believed then."""
    retire(fact)
    return _copy(fact, by=by, import_id=import_id, **values)


def restore(fact: Fact, *, by: int | None, replaces_id: int) -> Fact:
    """Make a replaced fact true again, as a new row that names the one which had replaced it."""
    again = _copy(fact, by=by, import_id=getattr(fact, "import_id", None))
    again.replaces_id = replaces_id
    return again


def retire(fact: Fact) -> None:
    """Stop believing a fact; the database lets one caller do it."""
    session.flush()
    table = type(fact)
    moment = clock.now()
    retired = session.scalar(
        update(table).where(table.id == fact.id, table.replaced_at.is_(None)).values(replaced_at=moment).returning(table.id)
    )
    if retired is None:
        raise Conflict()
    session.expire(fact, ["replaced_at"])


def _copy(fact: Fact, *, by: int | None, import_id: int | None, **values: Any) -> Fact:
    columns = {column.key for column in class_mapper(type(fact)).column_attrs} - {"id"}
    kept = {key: getattr(fact, key) for key in columns}
    kept |= {"recorded_at": clock.now(), "recorded_by_id": by, "replaced_at": None, "replaces_id": fact.id}
    if "import_id" in columns:
        kept["import_id"] = import_id
    row = type(fact)(**(kept | values))
    session.add(row)
    return row
