"""lms courses: bring courses in from folders of text, and look at what there is."""

import json
import sys
from pathlib import Path

import click
from sqlalchemy import func, select

from lms.core import db, signing
from lms.core.db import session
from lms.core.i18n import localised
from lms.courses import authoring, catalogue, packages, sources
from lms.courses.drafts import DraftProblems
from lms.courses.models import Activity, Course, Version
from lms.courses.sharing import packing
from lms.programmes import builtin
from lms.quizzes import builtin_messages
from lms.quizzes.bank.storing import Fate
from lms.schools import tree


@click.group()
def courses() -> None:
    """Bring courses in and look at them."""


@courses.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--draft", is_flag=True, help="Do not publish: leave a new version as a draft.")
@click.option("--unit", "unit_code", help="Code of the unit that the course belongs to; without one it is for everybody.")
def import_(path: Path | None, draft: bool, unit_code: str | None) -> None:
    """Import and publish the course in PATH: a folder, a .zip file, or a signed package.

    Without one: all courses that come with the program, their programmes, and the messages to inspect.
    A course whose text did not change stays as it is.
    """
    if unit_code and not path:
        raise click.UsageError("--unit needs the PATH of a course.")
    unit_id = _unit(unit_code) if unit_code else None
    for folder in [path] if path else catalogue.built_in():
        course, origin = packing.course_at(folder)
        with db.transaction():
            brought = authoring.bring_in(course, owner_unit_id=unit_id, origin=origin.to_json() if origin else None)
            version, is_new = brought.version, brought.is_new
            if not draft:
                authoring.publish(version)
            click.echo(f"{version.course.slug}: version {version.number}, {version.state}{'' if is_new else ' (nothing new)'}")
            if origin is not None:
                click.echo(f"signed by {origin.name} ({origin.address}), key {signing.fingerprint(origin.key)}")
    if path is None and not draft:
        with db.transaction():
            for programme in builtin.ensure():
                click.echo(f"programme {programme.slug}")
            messages = builtin_messages.ensure()
            new = sum(each.fate is not Fate.UNCHANGED for each in messages)
            click.echo(f"messages to inspect: {len(messages)}, new or changed: {new}")


@courses.command()
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["folder", "zip"]), default="folder", show_default=True, help="What to write.")
@click.option("--output", type=click.Path(path_type=Path), help="Where: a new folder or file; usually named like the course.")
@click.option("--version", "number", type=int, help="Number of the version; usually the newest that is published.")
def export(slug: str, form: str, output: Path | None, number: int | None) -> None:
    """Write the files that a version of the course SLUG was made of: texts, questions, messages and pictures.

    Brought in again, here or elsewhere, they make the same version.
    """
    target = output or Path(slug if form == "folder" else f"{slug}.zip")
    if target.is_file() or (target.exists() and (form == "zip" or any(target.iterdir()))):
        raise click.ClickException(f"{target} is there already. Name another with --output.")
    files = packages.files_of(slug, number)
    if form == "zip":
        target.write_bytes(packages.zipped(files))
    else:
        sources.write(files, target)
    click.echo(f"{target}: {len(files)} files")


@courses.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print data instead of sentences.")
def check(path: Path | None, as_json: bool) -> None:
    """Read the course in PATH, a folder or a .zip file, without one all that come with the program, and say what has to be mended.

    Nothing is changed.  Exit code 1 when something has to be mended.
    """
    problems = []
    for each in [path] if path else catalogue.built_in():
        try:
            draft, _origin = packing.course_at(each)
        except DraftProblems as found:
            problems += [(each.name, problem) for problem in found.problems]
        else:
            if not as_json:
                click.echo(f"{draft.slug}: {sum(1 for _ in draft.activities)} activities, nothing to mend")
    if as_json:
        click.echo(
            json.dumps(
                [{"course": name, "file": one.file, "line": one.line, "what": one.what, "cure": one.cure} for name, one in problems],
                ensure_ascii=False,
            )
        )
    else:
        for name, problem in problems:
            click.echo(f"{name}/{problem}", err=True)
    sys.exit(1 if problems else 0)


@courses.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print data instead of a table.")
def list_(as_json: bool) -> None:
    """List the courses and the state of their versions."""
    rows = session.execute(
        select(Course.slug, Course.audience, Version.number, Version.state, Version.title, func.count(Activity.id))
        .join(Version, Version.course_id == Course.id)
        .outerjoin(Activity, Activity.version_id == Version.id)
        .group_by(Course.slug, Course.audience, Version.id)
        .order_by(Course.slug, Version.number)
    ).all()
    if as_json:
        names = ("slug", "audience", "version", "state", "title", "activities")
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False))
        return
    for slug, audience, number, state, title, activities in rows:
        click.echo(f"{slug:24} {number:>3} {state:10} {audience:7} {activities:>3} {localised(title)}")


def _unit(code: str) -> int:
    unit = tree.by_code(code)
    if unit is None:
        raise click.ClickException(f"There is no unit with the code {code}.")
    return unit.id
