"""The outline of a version, kept in the worker: a published version never changes, so it is read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.core import i18n
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.shelf import Shelf
from lms.courses import availability, completion, kinds, lesson_drawing, lesson_text, pictures
from lms.courses.drafts import DraftProblems
from lms.courses.lesson_markdown import Around
from lms.courses.models import Activity, Course, PageText, Section, Version
from lms.courses.steps import Step


@dataclass(frozen=True)
class Part:
    """A section with its steps."""

    key: str
    number: int
    title: dict[str, str]
    steps: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Outline:
    """A version of a course as learners go through it; what is drawn of it is kept as long as the outline is."""

    version_id: int
    number: int
    course_id: int
    slug: str
    code: str
    audience: str
    owner_unit_id: int | None
    title: dict[str, str]
    summary: dict[str, str]
    outcomes: dict[str, list[str]]
    grades: tuple[int, ...]
    languages: tuple[str, ...]
    periods: int
    valid_months: int | None
    as_of: date
    read_aloud: bool
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    by_key: dict[str, Step]
    required_keys: frozenset[str]
    needed: int | None  # so many of them complete it; None: all
    has_conditions: bool  # at least one step is not always there for everybody
    has_audiences: bool  # at least one asks who somebody is

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    def step(self, key: str) -> Step | None:
        return self.by_key.get(key)

    def before(self, step: Step) -> Step | None:
        return self.steps[step.number - 2] if step.number > 1 else None

    def after(self, step: Step) -> Step | None:
        return self.steps[step.number] if step.number < len(self.steps) else None


@dataclass(frozen=True)
class Lesson:
    """A page's text ready to be shown; between two parts stands the help panel."""

    language: str
    lead: str
    outcomes: tuple[str, ...]
    parts: tuple[str, ...]
    sources: str
    sections: tuple[tuple[str, str], ...]  # id and text of each heading
    aids: tuple[tuple[str, str], ...]  # title and text of each page to print


_outlines: Shelf[Outline] = Shelf(300)
_lessons: Shelf[Lesson] = Shelf(1_000)


def outline(version_id: int) -> Outline:
    """Return the outline of a version; raises NotFound.  Three queries, none when it was read before."""
    key = (_database(), version_id)
    kept = _outlines.get(key)
    if kept is not None:
        return kept
    row = session.execute(select(Version, Course).join(Course).where(Version.id == version_id)).first()
    if row is None:
        raise NotFound()
    version, course = row
    sections = session.scalars(
        select(Section).where(Section.version_id == version_id).order_by(Section.position).options(selectinload(Section.activities))
    ).all()
    made = _outline(course, version, list(sections))
    if version.state != "draft":
        _outlines.put(key, made)
    return made


def lesson(step: Step, language: str) -> Lesson | None:
    """Return the text of a page in this language, else in Vietnamese, else in any; None when it has none.

    One query, none when it was read before.
    """
    key = (_database(), step.id, language)
    kept = _lessons.get(key)
    if kept is not None:
        return kept
    rows = session.execute(
        select(PageText, Version.id.label("version_id"), Version.state, Version.as_of, Activity.key, Course.slug)
        .join(Activity, Activity.id == PageText.activity_id)
        .join(Version, Version.id == Activity.version_id)
        .join(Course, Course.id == Version.course_id)
        .where(PageText.activity_id == step.id)
    ).all()
    if not rows:
        return None
    by_language = {row.PageText.language: row for row in rows}
    row = by_language.get(language) or by_language.get(i18n.DEFAULT) or rows[0]
    text: PageText = row.PageText
    head: Mapping[str, Any] = text.head
    html = text.html
    if head.get("renderer") != lesson_drawing.RENDERER:
        head, html = _drawn_again(text, row.as_of, around(row.slug, row.version_id, row.key))
    made = shown(text.language, head, html)
    if row.state != "draft":
        _lessons.put(key, made)
    return made


def shown(language: str, head: Mapping[str, Any], html: str) -> Lesson:
    """Return a lesson that was drawn as pages show it."""
    return Lesson(
        language=language,
        lead=head["lead"],
        outcomes=tuple(head["outcomes"]),
        parts=tuple(html.split(lesson_drawing.HELP)),
        sources=head["sources"],
        sections=tuple((each[0], each[1]) for each in head["sections"]),
        aids=tuple((each[0], each[1]) for each in head.get("aids", ())),
    )


def forget() -> None:
    """Drop everything that this worker keeps; for tests and after texts were rendered again."""
    _outlines.clear()
    _lessons.clear()


def _database() -> str:
    # Ids mean something only in their database; tests open several in one process.
    return str(session.get_bind().engine.url)


def _outline(course: Course, version: Version, sections: list[Section]) -> Outline:
    parts: list[Part] = []
    number = 0
    for place, section in enumerate(sections, start=1):
        steps = []
        for position, activity in enumerate(section.activities, start=1):
            number += 1
            label = f"{place}.{position}" if len(section.activities) > 1 else str(place)
            steps.append(_step(activity, number, label, section.key))
        parts.append(Part(section.key, place, section.title, tuple(steps)))
    steps_of_all = tuple(step for part in parts for step in part.steps)
    return Outline(
        version_id=version.id,
        number=version.number,
        course_id=course.id,
        slug=course.slug,
        code=course.code,
        audience=course.audience,
        owner_unit_id=course.owner_unit_id,
        title=version.title,
        summary=version.summary,
        outcomes=version.outcomes,
        grades=tuple(version.grades),
        languages=tuple(version.languages),
        periods=version.periods,
        valid_months=version.valid_months,
        as_of=version.as_of,
        read_aloud=version.read_aloud,
        parts=tuple(parts),
        steps=steps_of_all,
        by_key={step.key: step for step in steps_of_all},
        required_keys=frozenset(step.key for step in steps_of_all if step.required),
        needed=version.needed,
        has_conditions=any(step.available for step in steps_of_all),
        has_audiences=any(
            isinstance(leaf, availability.AUDIENCE)
            for step in steps_of_all
            if step.available
            for leaf in availability.leaves(step.available)
        ),
    )


def _step(activity: Activity, number: int, label: str, part_key: str) -> Step:
    kind = kinds.get(activity.kind)
    return Step(
        id=activity.id,
        key=activity.key,
        kind=activity.kind,
        number=number,
        label=label,
        minutes=activity.minutes,
        required=activity.required,
        title=activity.title,
        settings=activity.settings,
        rule=completion.read(activity.completion, kind.meets, kind.usual),
        available=availability.read(activity.available) if activity.available else None,
        hidden=activity.hidden,
        part_key=part_key,
    )


def around(slug: str, version_id: int, key: str) -> Around:
    """Return where the lesson of this key stands: its address is the same through all versions."""
    return Around(f"/courses/{slug}/{key}", pictures.of_version(slug, version_id))


def _drawn_again(text: PageText, as_of: date, around: Around) -> tuple[Mapping[str, Any], str]:
    """Return a lesson that an older program drew as this one does; what was written is the truth."""
    try:
        drawn = lesson_drawing.render(lesson_text.parse(text.source), text.language, as_of, around)
    except DraftProblems:
        # What is refused today was right when it was written, and people learn from it.
        return text.head, text.html
    return drawn.head, drawn.html
