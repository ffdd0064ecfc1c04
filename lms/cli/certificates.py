"""lms certificates: check certificates from the command line."""

import json
import sys
from pathlib import Path

import click

from lms.certificates import verifying
from lms.core import config
from lms.core.errors import LmsError

# The exit code tells a script what a person reads.
EXIT = {"valid": 0, "expired": 1, "superseded": 1, "revoked": 1, "altered": 2, "unknown": 3}


@click.group()
def certificates() -> None:
    """Check certificates."""


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
