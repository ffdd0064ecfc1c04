"""lms learning: the proof of how far everybody is, and mending what differs."""

import json
import sys
from dataclasses import asdict

import click

from lms.core import db
from lms.core.db import session
from lms.learning import outcomes, proof


@click.group()
def learning() -> None:
    """Prove how far everybody is, and mend what differs."""


@learning.command()
@click.option("--json", "as_json", is_flag=True, help="Print data.")
def verify(as_json: bool) -> None:
    """Derive from the evidence again how far everybody is, and name what differs.

    The evidence: what was met in each activity, what somebody decided, and the
    attempts at quizzes.  Exit code 0: nothing differs; 1: something does, and
    `lms learning repair` mends it.  Nothing is changed.
    """
    db.may_write(False)
    found = proof.verify()
    if as_json:
        answer = {"enrolments": found.enrolments, "results": found.results, "differences": [asdict(each) for each in found.differences]}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{found.enrolments} enrolments, {found.results} results: {len(found.differences)} differences")
        for each in found.differences:
            click.echo(f"  {json.dumps(asdict(each), ensure_ascii=False)}")
    session.rollback()
    sys.exit(1 if found.differences else 0)


@learning.command()
def repair() -> None:
    """Count again the enrolments that differ from their evidence, and let follow what was missed."""
    db.may_write(False)
    differing = sorted({each.enrolment_id for each in proof.verify().differences})
    session.rollback()
    mended = 0
    for enrolment_id in differing:
        with db.transaction():
            mended += outcomes.repair(enrolment_id)
    click.echo(f"{len(differing)} enrolments differ, {mended} were mended")
