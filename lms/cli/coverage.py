"""lms coverage: the share of trained staff, and the proof of it."""

import json
import sys
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Engine

from lms.core import clock, db
from lms.core.db import session
from lms.core.i18n import localised
from lms.reports import coverage as ledger
from lms.reports import queries
from lms.reports.ledger import Figure
from lms.reports.proof import Difference
from lms.reports.queries import Place

DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@click.group()
def coverage() -> None:
    """Show who is trained, and prove the figures."""


@coverage.command()
@click.option("--unit", "code", required=True, help="Code of the unit.")
@click.option("--programme", "slug", help="Short name of the programme; without it the first one for staff.")
@click.option("--as-of", type=DAY, help="Day of the figure, 2026-10-05 or 05/10/2026; without it today.")
@click.option("--known-on", type=DAY, help="As it was known on this day; without it as known now.")
@click.option("--json", "as_json", is_flag=True, help="Print data.")
def show(code: str, slug: str | None, as_of: datetime | None, known_on: datetime | None, as_json: bool) -> None:
    """Print the figure of a unit and of each unit right below it."""
    db.may_write(False)
    day = as_of.date() if as_of else clock.today()
    frame = queries.frame(code, day)
    aim = queries.aim(slug, day)
    places = (frame.unit, *frame.children)
    known = known_on.date() if known_on else None
    figures = ledger.figures([place.id for place in places], aim.duty, [day], known_on=known).figures
    rows = [(place, figures[place.id, day]) for place in places]
    if as_json:
        answer = {
            "programme": aim.slug,
            "as_of": day.isoformat(),
            "known_on": known.isoformat() if known else None,
            "target": {"share": goal.share, "day": goal.day.isoformat()} if (goal := aim.goal_on(day)) else None,
            **_data(*rows[0]),
            "units": [_data(*row) for row in rows[1:]],
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    click.echo(f"{localised(aim.title)} ({aim.slug}), {day.isoformat()}")
    for place, figure in rows:
        share = "no list" if figure.share is None else f"{figure.share:.1%}"
        click.echo(f"{place.code:14} {share:>8} {figure.trained:>9} of {figure.obliged:<9} exempt {figure.exempt:<6} {place.name}")


@coverage.command()
@click.option("--json", "as_json", is_flag=True, help="Print data.")
def verify(as_json: bool) -> None:
    """Derive everything again from the evidence and name what differs.

    Exit code 0: nothing differs; 1: something does, and `lms coverage rebuild` mends it.
    Nothing is changed; notes that are not folded yet count as they are in the ledger.
    """
    db.may_write(False)
    if isinstance(session.get_bind(), Engine) and session.get_bind().dialect.name == "postgresql":
        # One state of everything, while others go on writing.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    proof = ledger.verify()
    if as_json:
        answer = {
            "persons": proof.persons,
            "changes": proof.changes,
            "unread_notes": proof.unread,
            "differences": [_difference(each) for each in proof.differences],
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(
            f"{proof.persons} persons, {proof.changes} changes, {proof.unread} notes not folded yet: {len(proof.differences)} differences"
        )
        for each in proof.differences:
            click.echo(f"  {json.dumps(_difference(each))}")
    session.rollback()
    sys.exit(1 if proof.differences else 0)


@coverage.command()
def fold() -> None:
    """Take all that is noted into the ledger now; the job does it every ten seconds anyway."""
    left = 1
    while left:
        with db.transaction():
            left = ledger.fold().left


@coverage.command()
def rebuild() -> None:
    """Derive the whole ledger again from the evidence; nobody can save anything meanwhile."""
    with db.transaction():
        click.echo(f"{ledger.rebuild()} persons")


def _data(place: Place, figure: Figure) -> dict[str, Any]:
    return {
        "unit": place.code,
        "name": place.name,
        "obliged": figure.obliged,
        "trained": figure.trained,
        "exempt": figure.exempt,
        "missing": figure.missing,
        "share": None if figure.share is None else round(figure.share, 6),
    }


def _difference(each: Difference) -> dict[str, Any]:
    return {
        "table": each.table,
        "programme": each.programme_id,
        "unit": each.unit_id,
        "position": each.position,
        "day": each.day.isoformat(),
        "person": each.person_id,
        "expected": list(each.expected),
        "found": list(each.found),
    }
