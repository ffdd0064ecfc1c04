"""The texts of a draft's lessons, and their pictures.  Nothing that was typed is refused: what is wrong is told, and hinders publishing."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from lms.core import files, names
from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.courses import lesson_drawing, lesson_text, outline, pictures
from lms.courses.drafts import PICTURES, DraftProblems, Problem
from lms.courses.editing import drafts
from lms.courses.editing.drafts import ChangedMeanwhile
from lms.courses.lesson_drawing import Drawn
from lms.courses.lesson_markdown import Around
from lms.courses.models import Activity, CourseFile, PageText, Version
from lms.courses.outline import Lesson

MOST_PICTURES = 100
LONGEST = 200_000  # characters of a lesson in a language


class PictureRefused(Invalid):
    code = "picture_refused"
    message = lazy_("The picture was not taken: {reasons}")


class TooLong(Invalid):
    code = "lesson_too_long"
    message = lazy_("A lesson has at most {most} letters. Divide it into two.")


@dataclass(frozen=True)
class Looked:
    """A text as its reader will see it, as far as it can be drawn, and what is wrong in it."""

    drawn: Drawn | None
    problems: tuple[Problem, ...]

    def lesson(self, language: str) -> Lesson:
        """Return what was drawn as pages show it."""
        assert self.drawn is not None
        return outline.shown(language, self.drawn.head, self.drawn.html)

    def below(self, head: int) -> "Looked":
        """Return the same with lines counted from the first one below a head of so many lines."""
        return replace(self, problems=tuple(replace(each, line=max(each.line - head, 0)) for each in self.problems))


def look(source: str, language: str, version: Version, key: str) -> Looked:
    """Return how a lesson will look; keeps nothing."""
    return _look(source, language, version, outline.around(version.course.slug, version.id, key))


def seal(activity: Activity) -> str:
    """Return what changes whenever a lesson does: a page that was opened before then is told from one that is fresh."""
    texts = session.execute(
        select(PageText.language, PageText.source).where(PageText.activity_id == activity.id).order_by(PageText.language)
    ).all()
    said = repr((activity.title, activity.minutes, activity.required, [tuple(row) for row in texts]))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def texts_of(activity: Activity) -> dict[str, str]:
    """Return what was written for a lesson, by language."""
    rows = session.scalars(select(PageText).where(PageText.activity_id == activity.id))
    return {row.language: row.source for row in rows}


@dataclass(frozen=True)
class Written:
    """What an author says about an activity; ``sources`` are the texts of a lesson by language."""

    title: Mapping[str, str]
    minutes: int
    required: bool
    sources: Mapping[str, str]


def save(version_id: int, key: str, written: Written, *, known: str | None, by: int) -> None:
    """Keep what was written; ``known`` is the seal of what the author saw, none to write over whatever is there.

    Raises ChangedMeanwhile, TooLong, Published.
    """
    version = drafts.locked(version_id)
    activity = session.scalars(select(Activity).where(Activity.version_id == version.id, Activity.key == key)).one_or_none()
    if activity is None or (known is not None and known != seal(activity)):
        raise ChangedMeanwhile()
    if any(len(source) > LONGEST for source in written.sources.values()):
        raise TooLong(most=LONGEST)
    activity.title, activity.minutes, activity.required = dict(written.title), written.minutes, written.required
    around = outline.around(version.course.slug, version.id, key)
    for language, source in written.sources.items():
        _write(activity, language, source, _look(source, language, version, around))
    drafts.note_change(version, "activity_written", by=by, key=key)


def add_picture(version_id: int, file_name: str, data: bytes, *, by: int) -> str:
    """Keep a picture with a draft; return the path that lessons name it by.  Raises PictureRefused, Published."""
    version = drafts.locked(version_id)
    stem, _dot, ending = file_name.rpartition(".")
    ending = {"jpeg": "jpg"}.get(ending.lower(), ending.lower())
    name = re.sub(r"[^a-z0-9]+", "-", names.fold(stem)).strip("-")[:60] or "picture"
    count = 0
    known = set(session.scalars(select(CourseFile.path).where(CourseFile.version_id == version.id)))
    while (path := f"{PICTURES}{name}{f'-{count}' if count else ''}.{ending}") in known:
        count += 1
    if len(known) >= MOST_PICTURES:
        raise PictureRefused(reasons=lazy_("A course has at most {most} pictures.", most=MOST_PICTURES))
    if ending not in ("svg", "png", "jpg", "webp"):
        raise PictureRefused(reasons=lazy_("Pictures are PNG, JPEG, WebP or SVG."))
    if found := pictures.problems(path, data):
        raise PictureRefused(reasons=" ".join(f"{each.what} {each.cure}" for each in found[:3]))
    pictures.keep(version, {path: data})
    drafts.note_change(version, "picture_added", by=by, path=path, sha256=files.digest(data))
    return path


def redraw(activity: Activity, texts: Mapping[str, str]) -> None:
    """Write these texts into an activity that has none yet, drawn for where it stands."""
    version = session.get_one(Version, activity.version_id)
    around = outline.around(version.course.slug, version.id, activity.key)
    for language, source in texts.items():
        _write(activity, language, source, _look(source, language, version, around))
    session.flush()


def _look(source: str, language: str, version: Version, around: Around) -> Looked:
    if not source.strip():
        return Looked(None, ())
    try:
        parsed = lesson_text.parse(source, language)
    except DraftProblems as found:
        return Looked(None, tuple(found.problems))
    missing = [
        Problem(
            language,
            line,
            str(lazy_("The picture {path} is missing.", path=path)),
            str(lazy_("Add it below the text.")),
        )
        for line, path in lesson_text.pictures(source)
        if path not in around.pictures
    ]
    return Looked(lesson_drawing.render(parsed, language, version.as_of, around), tuple(missing))


def _write(activity: Activity, language: str, source: str, looked: Looked) -> None:
    row = session.scalars(select(PageText).where(PageText.activity_id == activity.id, PageText.language == language)).one_or_none()
    if not source.strip():
        if row is not None:
            session.delete(row)
        return
    # A text that cannot be drawn yet is kept all the same; its version cannot be published.
    html = looked.drawn.html if looked.drawn else ""
    head = dict(looked.drawn.head) if looked.drawn else {"lead": "", "outcomes": [], "sections": [], "sources": "", "aids": []}
    if row is None:
        session.add(PageText(activity_id=activity.id, language=language, source=source, html=html, head=head))
    else:
        row.source, row.html, row.head = source, html, head
