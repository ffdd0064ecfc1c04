"""Insert rows that may be there already: the unique constraint decides, not a look before."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, FromClause
from sqlalchemy.dialects import postgresql, sqlite

from lms.core import db
from lms.core.db import Model, session


def insert_new(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert the rows whose unique keys are free and leave the others alone; return the ids of the inserted ones.

    All rows must name the same columns.  Safe when somebody else inserts the
    same at this moment: the later one waits and then leaves it alone.
    """
    if not rows:
        return []
    # The rows may name others that the session has not yet written.
    session.flush()
    statement = _statement(model.__table__, session.get_bind().dialect.name)
    # A single row goes without the machinery that cuts many into portions.
    return list(db.run(statement, rows[0] if len(rows) == 1 else rows).scalars())


@cache
def _statement(table: FromClause, dialect: str) -> Executable:
    # Made once without values, so that its text is kept too: SQLAlchemy cuts many rows into portions that the database takes.
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing().returning(table.c.id)  # type: ignore[arg-type]
