"""A version as the files of its course: those it was brought in as, or files written from what it holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from sqlalchemy import select

from lms.core.db import session
from lms.core.i18n import in_each
from lms.core.models import File
from lms.courses import catalogue, kinds
from lms.courses.catalogue import COURSE_FILE
from lms.courses.drafts import MATERIALS, PICTURES, CourseDraft
from lms.courses.models import Activity, CourseFile, Section, Version


def files_of(version: Version) -> dict[str, bytes]:
    """Return the files of a version by their path; read again they make the same.

    Raises DraftProblems when the version lacks something, as a draft may.
    """
    kept = _kept(version)
    if COURSE_FILE in kept and load(kept).content_hash() == version.content_hash:
        return kept
    return {path: bytes(data) for path, data in written(version).files.items()}


def written(version: Version) -> CourseDraft:
    """Return a version as a draft that was written to files and read again.  Raises DraftProblems."""
    texts: dict[str, bytes] = {}
    sections = [_section(section, version.languages, texts) for section in version.sections]
    shown = {path: data for path, data in _kept(version).items() if path.startswith((PICTURES, MATERIALS))}
    return load({COURSE_FILE: _yaml(_head(version) | {"sections": sections}), **texts, **shown})


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files of a course into a folder."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def load(files: Mapping[str, bytes]) -> CourseDraft:
    """Read the course in these files.  Raises DraftProblems."""
    with TemporaryDirectory(prefix="lms-course-") as folder:
        write(files, Path(folder))
        return catalogue.load(Path(folder))


def _kept(version: Version) -> dict[str, bytes]:
    rows = session.execute(
        select(CourseFile.path, File.content)
        .join(File, File.id == CourseFile.file_id)
        .where(CourseFile.version_id == version.id)
        .order_by(CourseFile.path)
    )
    return {row.path: row.content for row in rows}


def _head(version: Version) -> dict[str, Any]:
    said: dict[str, Any] = {"slug": version.course.slug, "code": version.course.code}
    said |= _text("title", version.title, version.languages) | _text("summary", version.summary, version.languages)
    said |= {
        "audience": version.course.audience,
        "grades": list(version.grades),
        "periods": version.periods,
        "valid_months": version.valid_months,
        "as_of": version.as_of,
        "languages": list(version.languages),
    }
    if any(version.outcomes.values()):
        said["outcomes"] = {language: list(each) for language, each in version.outcomes.items()}
    said |= {"read_aloud": True} if version.read_aloud else {}
    return said | ({"needed": version.needed} if version.needed else {})


def _section(section: Section, languages: Sequence[str], texts: dict[str, bytes]) -> dict[str, Any]:
    activities = [_activity(each, languages, texts) for each in section.activities]
    return {"key": section.key, **_text("title", section.title, languages), "activities": activities}


def _activity(activity: Activity, languages: Sequence[str], texts: dict[str, bytes]) -> dict[str, Any]:
    source = kinds.get(activity.kind).source(activity)
    texts |= {path: text.encode() for path, text in source.texts.items()}
    said: dict[str, Any] = {"key": activity.key, "kind": activity.kind, "minutes": activity.minutes}
    said |= {"file": source.file} if source.file else {}
    said |= _text("title", activity.title, languages)
    said |= {} if activity.required else {"required": False}
    said |= {"completion": activity.completion} if activity.completion is not None else {}
    said |= {"available": activity.available} if activity.available is not None else {}
    said |= {"hidden": True} if activity.hidden else {}
    return said | ({activity.kind: source.settings} if source.settings else {})


def _text(name: str, texts: Mapping[str, str], languages: Sequence[str]) -> dict[str, dict[str, str]]:
    said = in_each(texts, languages)
    return {name: said} if said else {}


class _Plain(yaml.SafeDumper):
    """Writes what was said twice twice, and lists below their name moved in."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _yaml(data: Mapping[str, Any]) -> bytes:
    return yaml.dump(dict(data), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=130).encode()
