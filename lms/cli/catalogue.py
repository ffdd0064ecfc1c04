"""lms catalogue: what is in the courses that come with the program, and what they rest on."""

import json
from collections.abc import Iterator
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import click

from lms.courses import catalogue as courses
from lms.courses import kinds
from lms.courses.contents import Content
from lms.courses.drafts import ActivityDraft, CourseDraft
from lms.courses.sharing import packing

_COUNTED = ("lessons", "words", "checks", "questions", "inspections", "references")


@click.group()
def catalogue() -> None:
    """Look through the courses that come with the program."""


@catalogue.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print data instead of lines.")
def references(path: Path | None, as_json: bool) -> None:
    """List every place of the law that the courses cite, with lesson and sentence; PATH is another course, a folder or a .zip file."""
    rows = [row for draft in _drafts(path) for row in _references(draft)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        unknown = "" if row["registered"] else "  NOT IN THE REGISTER"
        click.echo(f"{row['course']}/{row['file']}:{row['line']}: {row['reference']} ({row['as_of']}){unknown} {row['sentence']}".rstrip())


@catalogue.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print data instead of a table.")
def table(path: Path | None, as_json: bool) -> None:
    """Count what is in each course, in each of its languages; PATH is another course, a folder or a .zip file."""
    rows = [_counted(draft, language) for draft in _drafts(path) for language in draft.languages]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    click.echo(f"{'course':10} {'':3}" + "".join(f"{name:>12}" for name in _COUNTED))
    for row in rows:
        click.echo(f"{row['course']:10} {row['language']:3}" + "".join(f"{row[name]:>12}" for name in _COUNTED))


def _drafts(path: Path | None) -> Iterator[CourseDraft]:
    if path is None:
        yield from map(courses.load, courses.built_in())
        return
    yield packing.course_at(path)[0]


def _content(activity: ActivityDraft, language: str) -> Content:
    return kinds.get(activity.kind).content(activity, language)


def _references(draft: CourseDraft) -> Iterator[dict[str, Any]]:
    for activity in draft.activities:
        for language in draft.languages:
            for each in _content(activity, language).citations:
                yield {
                    "course": draft.slug,
                    "lesson": activity.key,
                    "title": activity.title.get(language, ""),
                    "language": language,
                    "file": each.file,
                    "line": each.line,
                    "where": each.where,
                    "sentence": each.sentence,
                    "reference": each.reference.code,
                    "key": each.reference.instrument.key,
                    "article": each.reference.article,
                    "clause": each.reference.clause,
                    "point": each.reference.point,
                    "as_of": (each.as_of or draft.as_of).isoformat(),
                    "registered": each.reference.is_registered,
                }


def _counted(draft: CourseDraft, language: str) -> dict[str, Any]:
    whole = reduce(add, (_content(activity, language) for activity in draft.activities), Content())
    counts = {name: getattr(whole, name) for name in _COUNTED if name != "references"}
    return {"course": draft.slug, "language": language, **counts, "references": len(whole.citations)}
