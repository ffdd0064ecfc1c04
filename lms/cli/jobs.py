"""lms jobs: work that is done later."""

import json
import signal
import time

import click
from sqlalchemy import func, select

from lms.app import JOBS
from lms.core.db import session
from lms.core.jobs import run_due
from lms.core.models import Job


@click.group()
def jobs() -> None:
    """Mails, time-outs, figures: work that is done later."""


@jobs.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def run(once: bool) -> None:
    """Do jobs as they become due, until stopped."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    while not stopping:
        run_due(JOBS)
        if once:
            return
        time.sleep(1)


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print data.")
def list_(as_json: bool) -> None:
    """Count the jobs by kind and state."""
    rows = session.execute(select(Job.kind, Job.state, func.count()).group_by(Job.kind, Job.state).order_by(Job.kind, Job.state)).all()
    if as_json:
        click.echo(json.dumps([{"kind": kind, "state": state, "count": count} for kind, state, count in rows]))
        return
    for kind, state, count in rows:
        click.echo(f"{kind:30} {state:10} {count}")
