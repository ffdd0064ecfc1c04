"""Insert rows that may be there already: the unique constraint decides, not a look before."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from lms.core.db import Model, session

# SQLite takes at most 32,766 values in a statement, PostgreSQL 65,535.
_MOST_VALUES = 30_000


def insert_new(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert the rows whose unique keys are free and leave the others alone; return the ids of the inserted ones.

    All rows must name the same columns.  Safe when somebody else inserts the
    same at this moment: the later one waits and then leaves it alone.
    """
    if not rows:
        return []
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    portion = max(1, _MOST_VALUES // (len(rows[0]) + len(model.__table__.columns)))
    inserted: list[int] = []
    for start in range(0, len(rows), portion):
        statement = insert(model).values([dict(row) for row in rows[start : start + portion]]).on_conflict_do_nothing()
        inserted += session.scalars(statement.returning(model.__table__.c.id)).all()
    return inserted
