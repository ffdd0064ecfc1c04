"""lms accounts: the first account of an installation, and those of people in offices."""

import click
from sqlalchemy import select

from lms.accounts import accounts as service
from lms.accounts import links
from lms.accounts.models import Account, Person
from lms.core import clock, config, db, names
from lms.core.db import session
from lms.schools import roles, tree
from lms.schools.models import Unit

# Teachers and pupils come in by lists; these do not.
ROLES = ("administrator", "officer", "head_teacher", "roster_keeper", "author", "auditor")


@click.group()
def accounts() -> None:
    """Accounts of administrators, officers, authors and auditors."""


@accounts.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What the account may do at the unit and below it.")
@click.option("--unit", "code", required=True, help="The code of the unit, as in the list of units.")
@click.option("--email", help="Where the person gets mail; may be left out.")
@click.option("--username", help="Made from the name when left out.")
def create(name: str, role: str, code: str, email: str | None, username: str | None) -> None:
    """Make an account for the person NAME and print the link by which its holder chooses a password."""
    with db.transaction():
        unit = _unit(code)
        person = Person(birth_date=None, created_at=clock.now())
        person.rename(names.split(name))
        session.add(person)
        session.flush()
        account = service.create(person, email=email, username=username)
        roles.grant(account, role, unit, by=None, from_day=clock.today())
        secret = links.make(account, "activate", valid=links.ACTIVATE)
        chosen = account.username
    click.echo(f"{chosen}: {config.load().base_url}/welcome/{secret}")


@accounts.command()
@click.argument("username")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What the account may do at the unit and below it.")
@click.option("--unit", "code", required=True, help="The code of the unit, as in the list of units.")
def grant(username: str, role: str, code: str) -> None:
    """Give the account USERNAME a further role, such as head_teacher of its school."""
    with db.transaction():
        account = session.scalar(select(Account).where(Account.username == username.strip().lower()))
        if account is None:
            raise click.ClickException(f"There is no account with the username {username}.")
        roles.grant(account, role, _unit(code), by=None, from_day=clock.today())
    click.echo(f"{username}: {role} at {code}")


def _unit(code: str) -> Unit:
    unit = tree.by_code(code)
    if unit is None:
        raise click.ClickException(f"There is no unit with the code {code}. Bring in the units first: lms units import FILE --apply")
    return unit
