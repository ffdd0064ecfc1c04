"""lms accounts: the first account of an installation, and those of people in offices."""

import click

from lms.accounts import accounts as service
from lms.accounts import links
from lms.accounts.models import Person
from lms.core import clock, config, db, names
from lms.core.db import session
from lms.schools import roles, tree

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
        unit = tree.by_code(code)
        if unit is None:
            raise click.ClickException(f"There is no unit with the code {code}. Bring in the units first: lms units import FILE --apply")
        person = Person(birth_date=None, created_at=clock.now())
        person.rename(names.split(name))
        session.add(person)
        session.flush()
        account = service.create(person, email=email, username=username)
        roles.grant(account, role, unit, by=None, from_day=clock.today())
        secret = links.make(account, "activate", valid=links.ACTIVATE)
        chosen = account.username
    click.echo(f"{chosen}: {config.load().base_url}/welcome/{secret}")
