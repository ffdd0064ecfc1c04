"""lms questions: bring questions into the bank from files of other programs, and take them out."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from lms.core import db, i18n
from lms.core.db import session
from lms.core.models import Import
from lms.quizzes import formats, question_types
from lms.quizzes.bank import exporting, importing
from lms.quizzes.bank.storing import Fate
from lms.quizzes.content import Severity
from lms.quizzes.formats import FileRead, UnknownFormat
from lms.schools.models import Unit

_OTHER_NAMES = {"qti2_scoring": "qti2"}  # items of QTI 2, collected for the sake of their scoring
REFUSED = 2  # the exit code of a file of which nothing can be imported


@click.group()
def questions() -> None:
    """Bring questions into the bank, and take them out."""


@questions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format", "format_key", default="auto", show_default=True, help="Key of a format, such as gift; auto: by what is in the file."
)
@click.option("--unit", "unit_code", help="Code of the unit whose bank it is; without one, the bank that everybody shares.")
@click.option("--category", help="Name of the category that the file's own categories come under.")
@click.option("--language", type=click.Choice(list(i18n.LANGUAGES)), default=i18n.DEFAULT, show_default=True, help="Of the questions.")
@click.option("--all-or-nothing", "whole", is_flag=True, help="Refuse the file when any of its questions cannot be taken.")
@click.option("--apply", "apply_it", is_flag=True, help="Bring them in; without this, only say what would happen.")
@click.option("--json", "as_json", is_flag=True, help="Print data instead of sentences.")
def import_(
    file: Path, format_key: str, unit_code: str | None, category: str | None, language: str, whole: bool, apply_it: bool, as_json: bool
) -> None:
    """Say what is in FILE and, with --apply, bring it into the bank.

    The same content again changes nothing.  Exit code 0: something can be
    imported; 2: the file is refused, and nothing was changed.
    """
    data = file.read_bytes()
    try:
        form = formats.recognise(data) if format_key == "auto" else formats.get(_OTHER_NAMES.get(format_key, format_key))
    except UnknownFormat as error:
        click.echo(json.dumps(_nothing(str(error)), ensure_ascii=False, indent=2) if as_json else str(error), err=not as_json)
        sys.exit(REFUSED)
    read = form.read(data, language)
    applied = None
    with db.transaction():
        unit_id = _unit_id(unit_code)
        plan = importing.preview(read, format_key=form.key, language=language, unit_id=unit_id, into=(category,) if category else ())
        usable = importing.is_whole(plan) if whole else importing.has_usable(plan)
        if apply_it and usable:
            row = importing.keep(plan, unit_id=unit_id, file_name=file.name, data=data, by=None)
            importing.apply(row, by=None)
            applied = row.id
    if as_json:
        click.echo(json.dumps(_data(read, plan, applied), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(read, plan, file.name, applied, usable=usable)))
    sys.exit(0 if usable else REFUSED)


@questions.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "format_key", required=True, help="Key of a format that can be written, such as moodle_xml.")
@click.option("--unit", "unit_code", help="Code of the unit whose bank it is; without one, the bank that everybody shares.")
@click.option("--category", help='Name or path ("A / B") of a category; with those below it. Without one, the whole bank.')
@click.option("--language", type=click.Choice(list(i18n.LANGUAGES)), default=i18n.DEFAULT, show_default=True, help="Of the texts.")
def export(file: Path, format_key: str, unit_code: str | None, category: str | None, language: str) -> None:
    """Write questions of the bank into FILE, and say what other programs will not find in it."""
    writers = {form.key: write for form, write in formats.written()}
    if format_key not in writers:
        raise click.ClickException(f"{format_key} cannot be written; these can: {', '.join(sorted(writers))}")
    with db.transaction():
        unit_id = _unit_id(unit_code)
        category_id = None if category is None else exporting.category_called(category, unit_id=unit_id)
        drafts = exporting.drafts(unit_id=unit_id, category_id=category_id)
    written = writers[format_key](drafts, language=language)
    file.write_bytes(written.data)
    click.echo(f"{file.name}: {len(drafts)} questions, {format_key}")
    for problem in written.problems:
        click.echo(f"  {problem.severity} {problem.question}: {problem.message}")


@questions.command()
@click.argument("number", type=int)
def undo(number: int) -> None:
    """Take out again what import NUMBER brought in."""
    with db.transaction():
        row = session.get(Import, number)
        if row is None or row.kind != importing.KIND:
            raise click.ClickException(f"there is no import of questions with the number {number}")
        importing.undo(row, by=None)
        click.echo(f"import {number} of {row.file_name} is undone")


def _unit_id(code: str | None) -> int | None:
    if code is None:
        return None
    unit_id = session.scalar(select(Unit.id).where(Unit.code == code))
    if unit_id is None:
        raise click.ClickException(f"there is no unit with the code {code}")
    return unit_id


def _data(read: FileRead, plan: dict[str, Any], applied: int | None) -> dict[str, Any]:
    """Return the file in numbers; types and categories are called as the file calls them."""
    return {
        "questions": read.questions,
        "by_type": dict(read.found),
        "titles": [draft.name for draft in read.drafts],
        "categories": [category.source for category in read.categories],
        "unsupported": sorted(read.unsupported),
        "errors": [f"{place}: {said}" if place else said for severity, place, said in _problems(plan) if severity == Severity.ERROR],
        "warnings": [f"{place}: {said}" if place else said for severity, place, said in _problems(plan) if severity == Severity.WARNING],
        "importable": sum(item["fate"] != Fate.REFUSED for item in plan["items"]),
        "fates": dict(importing.counts(plan)),
        "applied": applied is not None,
        "import": applied,
    }


def _nothing(error: str) -> dict[str, Any]:
    return {"questions": 0, "by_type": {}, "titles": [], "categories": [], "unsupported": [], "errors": [error]}


def _lines(read: FileRead, plan: dict[str, Any], name: str, applied: int | None, *, usable: bool) -> Iterator[str]:
    yield f"{name}: {read.questions} questions, {plan['format']}"
    for key, count in sorted(Counter(item["type"] for item in plan["items"]).items()):
        yield f"  {count:4} {question_types.label(key)}"
    for kind, count in sorted(read.unsupported.items()):
        yield f"  {count:4} {kind}: not known here, left out"
    for item in plan["items"]:
        yield f"  {item['fate']:12} line {item['position']:<6} {item['type']:16} {item['name']}"
    for severity, place, said in _problems(plan):
        yield f"  {severity}{f' {place}' if place else ''}: {said}"
    if applied is not None:
        yield f"import {applied}: " + ", ".join(f"{count} {fate}" for fate, count in sorted(importing.counts(plan).items()))
    else:
        yield "Nothing was changed." + (" Say --apply to bring them in." if usable else "")


def _problems(plan: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield severity, place and words of everything that is to be said."""
    told = [*plan["problems"], *(problem for item in plan["items"] for problem in item["problems"])]
    for problem in told:
        place = " ".join(filter(None, (f"line {problem['position']}" if problem["position"] else "", problem["question"])))
        yield problem["severity"], place, problem["message"][i18n.language()]
