"""Runs migrations on the database of the settings, or on the connection that the caller gives."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection

from lms.core import config, db
from lms.tables import metadata


def run(connection: Connection) -> None:
    with _tables_may_be_replaced(connection):
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == "sqlite":
                torn = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if torn:
                    raise RuntimeError(f"rows would point at nothing, so nothing was changed: {torn[:5]}")


@contextmanager
def _tables_may_be_replaced(connection: Connection) -> Iterator[None]:
    """Let SQLite change a table in its own way: copy it, drop it, give the copy its name.

    Dropping it would otherwise take the rows that point at it for torn ones. The
    switch works only outside a transaction; that nothing was torn is looked at
    before the changes are kept.  Triggers of other tables that look at it (those of
    0011) would forbid giving the copy its name, because for a moment they look at nothing;
    the older way of renaming does not ask them.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    assert raw is not None
    assert not connection.in_transaction()
    raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]
    raw.execute("PRAGMA legacy_alter_table=ON")  # type: ignore[attr-defined]
    try:
        yield
    finally:
        # Whoever gave the connection ends what is still open; a connection without the check must not be used again.
        if connection.in_transaction():
            connection.commit()
        raw.execute("PRAGMA legacy_alter_table=OFF")  # type: ignore[attr-defined]
        raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[attr-defined]


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = db.connect(config.load().database_url)
    with engine.connect() as own:
        run(own)
        own.commit()
