"""lms db: the tables."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config

from lms.core import db

INI = Path(__file__).parent.parent.parent / "alembic.ini"


@click.group("db")
def database() -> None:
    """The tables of the database."""


@database.command()
def upgrade() -> None:
    """Bring the database up to the tables of this version; nothing is lost."""
    migrate("head")
    click.echo("The database is up to date.")


@database.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Go back to the tables of an older version; data of newer tables is lost."""
    click.confirm("Data in newer tables and columns will be lost. Go on?", abort=True)
    migrate(revision, down=True)


def migrate(revision: str, *, down: bool = False) -> None:
    """Move the database of the settings to a revision."""
    alembic = Config(str(INI))
    with db.engine().connect() as connection:
        alembic.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(alembic, revision)
        connection.commit()
