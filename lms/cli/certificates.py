"""lms certificates: check certificates from the command line, say who issues them, take one back."""

import json
import sys
from pathlib import Path

import click
from sqlalchemy import select

from lms.accounts.models import Account
from lms.certificates import issuing, queries, serials, verifying
from lms.core import config, db
from lms.core.db import session
from lms.core.errors import LmsError
from lms.programmes import queries_passes as passes
from lms.programmes import revoking
from lms.programmes.queries_passes import Pass
from lms.schools import tree

# The exit code tells a script what a person reads.
EXIT = {"valid": 0, "expired": 1, "superseded": 1, "revoked": 1, "altered": 2, "unknown": 3}


@click.group()
def certificates() -> None:
    """Check certificates; say who issues them; take one back."""


@certificates.command()
@click.option("--unit", "code", required=True, help="The code of the unit that issues, for itself and all below it.")
@click.option("--short", required=True, help="What stands in serial numbers, such as SGDĐT.")
@click.option("--name", required=True, help="The body's name as printed.")
@click.option("--parent", default="", help="The body above it, printed over the name.")
@click.option("--place", default="", help="The place before the date.")
@click.option("--signer-title", default="", help="Chức vụ of the person who signs.")
@click.option("--signer-name", default="", help="The person who signs.")
def issuer(code: str, short: str, name: str, parent: str, place: str, signer_title: str, signer_name: str) -> None:
    """Let a unit issue certificates, or change what is printed on its next ones."""
    with db.transaction():
        unit = tree.by_code(code)
        if unit is None:
            raise click.ClickException(f"There is no unit with the code {code}.")
        made = issuing.make_issuer(
            unit.id, code=short, name=name, parent_name=parent, place=place, signer_title=signer_title, signer_name=signer_name
        )
        click.echo(f"{made.code}: {made.name}")


@certificates.command()
@click.argument("code_or_number")
@click.option("--reason", required=True, help="Why; the person concerned reads it.")
@click.option("--by", "username", required=True, help="The username of the person who decides it.")
def revoke(code_or_number: str, reason: str, username: str) -> None:
    """Take back what a certificate states: it counts no longer, and the person is told."""
    with db.transaction():
        revoking.revoke(_pass(code_or_number).qualification, reason=reason, by=_account(username))
    click.echo("Revoked. The person is told.")


@certificates.command()
@click.argument("code_or_number")
@click.option("--reason", required=True, help="Why; the person concerned reads it.")
@click.option("--by", "username", required=True, help="The username of the person who decides it.")
def restore(code_or_number: str, reason: str, username: str) -> None:
    """Let a revoked certificate, and the result that it states, count again; the person is told."""
    with db.transaction():
        revoking.restore(_pass(code_or_number).qualification, reason=reason, by=_account(username))
    click.echo("In force again. The person is told.")


@certificates.command()
@click.argument("code_or_file")
@click.option("--json", "as_json", is_flag=True, help="Print data instead of a sentence.")
def verify(code_or_file: str, as_json: bool) -> None:
    """Say whether a certificate is genuine: by its code, its number, or its PDF.

    Exit code 0: genuine and valid; 1: genuine, but expired, replaced or revoked;
    2: altered; 3: never issued here; 4: the file cannot be read.
    """
    try:
        path = Path(code_or_file)
        if path.is_file():
            verdict = verifying.by_pdf(path.read_bytes(), base_url=config.load().base_url)
        else:
            verdict = verifying.by_text(code_or_file)
    except LmsError as error:
        click.echo(str(error), err=True)
        sys.exit(4)
    statement = verdict.statement if verdict.is_genuine else None
    if as_json:
        data = {"state": verdict.state, "facts": statement.to_json() if statement else None, "different": list(verdict.different)}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo(verdict.state)
        if statement:
            click.echo(f"{statement.serial}  {statement.holder.full_name}  {statement.holder.unit_name}")
        for line in verdict.different:
            click.echo(f"  differs: {line}")
    sys.exit(EXIT[verdict.state])


def _pass(code_or_number: str) -> Pass:
    code = serials.read_code(code_or_number)
    certificate = queries.by_code(code) if code else queries.by_number(code_or_number.strip())
    one = passes.of_certificate(certificate) if certificate else None
    if one is None:
        raise click.ClickException(f"There is no certificate of a programme with the code or number {code_or_number}.")
    return one


def _account(username: str) -> int:
    account_id = session.scalar(select(Account.id).where(Account.username == username, Account.disabled.is_(False)))
    if account_id is None:
        raise click.ClickException(f"There is no account with the username {username}.")
    return account_id
