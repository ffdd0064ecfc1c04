"""lms doctor: is this installation well?"""

import json
import shutil
import smtplib
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import click
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from lms.cli.database import INI
from lms.core import audit, clock, config, db, pdf
from lms.core.db import session
from lms.core.models import Job
from lms.web.built import BUILT


@dataclass(frozen=True)
class Finding:
    """One thing looked at: "ok", "warning" or "error", and how to mend it."""

    what: str
    state: str
    says: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print data.")
def doctor(as_json: bool) -> None:
    """Look at the parts of this installation; exit code 1 when something is broken."""
    findings = list(examine())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(f"{finding.state:8} {finding.what:12} {finding.says}")
    sys.exit(1 if any(finding.state == "error" for finding in findings) else 0)


def examine() -> Iterator[Finding]:
    """Look at each part in turn; one that breaks does not hide the others."""
    settings = config.load()
    db.may_write(False)
    checks: list[tuple[str, Callable[[config.Settings], Finding]]] = [
        ("database", _database),
        ("tables", _tables),
        ("front end", _front_end),
        ("fonts", _fonts),
        ("mail", _mail),
        ("jobs", _jobs),
        ("audit", _audit),
        ("disk", _disk),
    ]
    for what, check in checks:
        try:
            yield check(settings)
        except (SQLAlchemyError, OSError) as error:
            session.rollback()
            yield Finding(what, "error", str(error).splitlines()[0])


def _database(settings: config.Settings) -> Finding:
    session.execute(select(1))
    return Finding("database", "ok", db.engine().dialect.name)


def _tables(settings: config.Settings) -> Finding:
    wanted = ScriptDirectory.from_config(Config(str(INI))).get_current_head()
    present = MigrationContext.configure(session.connection()).get_current_revision()
    if present == wanted:
        return Finding("tables", "ok", f"revision {present}")
    return Finding("tables", "error", f"revision {present}, this version needs {wanted}: run `lms db upgrade`")


def _front_end(settings: config.Settings) -> Finding:
    if (BUILT / "manifest.json").exists():
        return Finding("front end", "ok", "built")
    return Finding("front end", "error", "not built: run `make build`")


def _fonts(settings: config.Settings) -> Finding:
    if (pdf.FONTS / "Tinos-Regular.ttf").exists():
        return Finding("fonts", "ok", str(pdf.FONTS))
    return Finding("fonts", "error", "the fonts of certificates are missing: run `make build`")


def _mail(settings: config.Settings) -> Finding:
    if settings.mail.startswith("folder:"):
        return Finding("mail", "warning", f"mails are not sent but kept in {settings.mail.removeprefix('folder:')}: set LMS_MAIL")
    where = urlsplit(settings.mail)
    kind = smtplib.SMTP_SSL if where.scheme == "smtps" else smtplib.SMTP
    with kind(where.hostname or "", where.port or 25, timeout=5) as server:
        server.noop()
    return Finding("mail", "ok", f"{where.hostname} answers")


def _jobs(settings: config.Settings) -> Finding:
    failed = session.scalar(select(func.count()).where(Job.state == "failed")) or 0
    late = session.scalar(select(func.count()).where(Job.state == "waiting", Job.due_at < clock.now() - timedelta(minutes=10))) or 0
    if failed:
        return Finding("jobs", "warning", f"{failed} failed: see `lms jobs list`")
    if late:
        return Finding("jobs", "error", f"{late} wait for more than ten minutes: is `lms jobs run` running?")
    return Finding("jobs", "ok", "none failed, none late")


def _audit(settings: config.Settings) -> Finding:
    broken = audit.broken_at()
    if broken is None:
        return Finding("audit", "ok", f"{audit.count()} entries, every seal fits")
    return Finding("audit", "error", f"entry {broken} was changed after it was written")


def _disk(settings: config.Settings) -> Finding:
    free = shutil.disk_usage(settings.instance).free // 1_000_000
    return Finding("disk", "ok" if free > 1000 else "warning", f"{free} MB free in {settings.instance}")
