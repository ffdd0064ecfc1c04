"""Runs migrations on the database of the settings, or on the connection that the caller gives."""

from alembic import context
from sqlalchemy import Connection

from lms.core import config, db
from lms.tables import metadata


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = db.connect(config.load().database_url)
    with engine.begin() as own:
        run(own)
