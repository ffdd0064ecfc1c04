"""Reading a course from a folder of text: course.yaml, lessons and questions; every error with file, line and cure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from lms.core.i18n import DEFAULT, LANGUAGES, gettext
from lms.courses import availability, completion, course_files, kinds, materials, pictures, reaching, yaml_places
from lms.courses.availability import WrongConditionError
from lms.courses.course_files import BUILT_IN, COURSE_FILE, CourseReading
from lms.courses.drafts import ActivityDraft, CourseDraft, DraftProblems, Problem, SectionDraft
from lms.courses.kinds import ActivityKind
from lms.courses.lesson_markdown import PICTURE_PATH
from lms.courses.reaching import Reachable
from lms.courses.yaml_places import Way, YamlError

__all__ = ["BUILT_IN", "COURSE_FILE", "built_in", "load"]

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COURSE_NAMES = {
    "slug",
    "code",
    "title",
    "summary",
    "audience",
    "grades",
    "periods",
    "valid_months",
    "as_of",
    "languages",
    "outcomes",
    "sections",
    "read_aloud",
    "needed",
}
_SECTION_NAMES = {"key", "title", "activities"}
_ACTIVITY_NAMES = {"key", "kind", "minutes", "file", "title", "required", "completion", "available", "hidden"}


def built_in() -> list[Path]:
    """Return the folders of the courses that come with the program."""
    return sorted(path.parent for path in BUILT_IN.glob(f"*/{COURSE_FILE}"))


def load(folder: Path) -> CourseDraft:
    """Read the course in a folder; reads files and nothing else.

    Raises DraftProblems with everything that has to be mended.
    """
    path = folder / COURSE_FILE
    if not path.is_file():
        raise DraftProblems(
            [
                Problem(
                    COURSE_FILE,
                    1,
                    gettext("The folder {folder} has no {file}.", folder=folder, file=COURSE_FILE),
                    gettext("Give the folder of a course."),
                )
            ]
        )
    try:
        data = path.read_bytes()
        places = yaml_places.read(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise DraftProblems([course_files.not_utf8(COURSE_FILE, error)]) from error
    except YamlError as error:
        raise DraftProblems(
            [
                Problem(
                    COURSE_FILE,
                    error.line,
                    gettext("This is not YAML: {reason}.", reason=error),
                    gettext("Put texts with a colon in quotation marks."),
                )
            ]
        ) from error
    reading = CourseReading(folder, places, files={COURSE_FILE: data})
    draft = _course(reading)
    if draft is not None and not reading.problems:
        _unreachable(reading, draft)
    if draft is None or reading.problems:
        raise DraftProblems(reading.problems)
    problems = [problem for activity in draft.activities for problem in kinds.get(activity.kind).check(activity, draft.languages)]
    problems += _pictures(reading, draft)
    problems += _materials(reading, draft)
    if problems:
        raise DraftProblems(problems)
    return replace(draft, files=dict(sorted(reading.files.items())))


def _pictures(reading: CourseReading, draft: CourseDraft) -> Iterator[Problem]:
    """Read the pictures that the texts show."""
    for activity in draft.activities:
        for text in activity.texts.values():
            for line, path in kinds.get(activity.kind).pictures(text.text):
                if path in reading.files or not PICTURE_PATH.fullmatch(path):
                    continue
                file = reading.folder / path
                if not file.is_file():
                    yield Problem(
                        text.path,
                        line,
                        gettext("The picture {path} is missing.", path=path),
                        gettext("Put it into the folder of the course, or take it out of the text."),
                    )
                    continue
                if not file.resolve().is_relative_to(reading.folder.resolve()):
                    yield course_files.outside(path)
                    continue
                reading.files[path] = file.read_bytes()
                yield from pictures.problems(path, reading.files[path])


def _materials(reading: CourseReading, draft: CourseDraft) -> Iterator[Problem]:
    """Read the files that activities give to learners; their kinds have checked how they are named."""
    paths = dict.fromkeys(path for activity in draft.activities for path in kinds.get(activity.kind).materials(activity.settings))
    for path in paths:
        file = reading.folder / path
        if not materials.PATH.fullmatch(path):
            continue
        if not file.is_file():
            yield Problem(
                COURSE_FILE, 1, gettext("The file {file} is missing.", file=path), gettext("Put it into the folder of the course.")
            )
        elif not file.resolve().is_relative_to(reading.folder.resolve()):
            yield course_files.outside(path)
        else:
            reading.files[path] = file.read_bytes()
            yield from materials.problems(path, reading.files[path])


def _course(reading: CourseReading) -> CourseDraft | None:
    data = reading.places.data
    if not isinstance(data, dict):
        reading.wrong((), gettext("The file holds no names and values."), gettext("Begin with slug: and the name of the course."))
        return None
    _only(reading, (), data, _COURSE_NAMES)
    reading.languages = tuple(data.get("languages") or (DEFAULT,))
    for language in reading.languages:
        if language not in LANGUAGES:
            reading.wrong(
                ("languages",),
                gettext('There is no language "{language}".', language=language),
                gettext("Use {names}.", names=", ".join(LANGUAGES)),
            )
    audience = data.get("audience")
    if audience not in ("staff", "pupils"):
        reading.wrong(("audience",), gettext('The audience is "{value}".', value=audience), gettext("Write staff or pupils."))
    as_of = data.get("as_of")
    if not isinstance(as_of, date):
        reading.wrong(("as_of",), gettext("as_of says no day."), gettext("Write the day up to which the law was looked at: 2026-11-23."))
        as_of = date.min
    valid_months = data.get("valid_months")
    if valid_months is not None and not _is_count(valid_months):
        reading.wrong(
            ("valid_months",), gettext('valid_months is "{value}".', value=valid_months), gettext("Write a number of months, or null.")
        )
    grades = data.get("grades") or []
    if not isinstance(grades, list) or any(not isinstance(grade, int) or not 0 <= grade <= 12 for grade in grades):
        reading.wrong(("grades",), gettext('The grades are "{value}".', value=grades), gettext("Write a list such as [6, 7, 8, 9]."))
        grades = []
    read_aloud = data.get("read_aloud", False)
    if not isinstance(read_aloud, bool):
        reading.wrong(("read_aloud",), gettext('read_aloud is "{value}".', value=read_aloud), gettext("Write true or false."))
        read_aloud = False
    sections = data.get("sections")
    if not isinstance(sections, list) or not sections:
        reading.wrong(
            ("sections",), gettext("The course has no sections."), gettext("Write sections: with at least one key, title and activities.")
        )
        sections = []
    made = tuple(_section(reading, ("sections", index), each) for index, each in enumerate(sections))
    needed = data.get("needed")
    if needed is not None and not _is_count(needed):
        reading.wrong(
            ("needed",), gettext('needed is "{value}".', value=needed), gettext("Write how many of the activities that count complete it.")
        )
        needed = None
    if not _is_count(data.get("periods", 1)):
        reading.wrong(
            ("periods",), gettext('periods is "{value}".', value=data.get("periods")), gettext("Write the number of periods of 45 minutes.")
        )
    return CourseDraft(
        slug=_key(reading, ("slug",), data.get("slug")),
        code=str(data.get("code") or data.get("slug") or ""),
        title=_texts(reading, ("title",), data.get("title")),
        summary=_texts(reading, ("summary",), data["summary"]) if "summary" in data else {},
        audience=str(audience),
        as_of=as_of,
        sections=made,
        outcomes=_lists(reading, ("outcomes",), data.get("outcomes") or {}),
        grades=tuple(grades),
        periods=data.get("periods", 1),
        valid_months=valid_months,
        languages=reading.languages,
        read_aloud=read_aloud,
        needed=needed,
    )


def _section(reading: CourseReading, way: Way, data: Any) -> SectionDraft:
    if not isinstance(data, dict):
        reading.wrong(way, gettext("A section needs names and values."), gettext("Write key:, title: and activities:."))
        data = {}
    _only(reading, way, data, _SECTION_NAMES)
    activities = data.get("activities")
    if not isinstance(activities, list) or not activities:
        reading.wrong((*way, "activities"), gettext("The section has no activities."), gettext("Add one, or remove the section."))
        activities = []
    made = [_activity(reading, (*way, "activities", index), each) for index, each in enumerate(activities)]
    return SectionDraft(
        _unique(reading, (*way, "key"), data.get("key"), "section"),
        _texts(reading, (*way, "title"), data["title"]) if "title" in data else {},
        tuple(each for each in made if each is not None),
    )


def _activity(reading: CourseReading, way: Way, data: Any) -> ActivityDraft | None:
    if not isinstance(data, dict):
        reading.wrong(
            way,
            gettext("An activity needs names and values."),
            gettext("Write {key: ..., kind: ..., minutes: ..., file: ..., title: ...}."),
        )
        return None
    kind = data.get("kind")
    if kind not in kinds.known():
        reading.wrong(
            (*way, "kind"),
            gettext('There is no kind of activity "{kind}".', kind=kind),
            gettext("Kinds are {names}.", names=", ".join(kinds.known())),
        )
        return None
    _only(reading, way, data, _ACTIVITY_NAMES | {str(kind)})
    if not _is_count(data.get("minutes")):
        reading.wrong(
            (*way, "minutes"), gettext('minutes is "{value}".', value=data.get("minutes")), gettext("Write how many minutes it takes.")
        )
    settings = data.get(str(kind)) or {}
    if not isinstance(settings, dict):
        reading.wrong(
            (*way, str(kind)),
            gettext("The settings of the {kind} are no names and values.", kind=kind),
            gettext("Write {name: value, ...}."),
        )
        settings = {}
    read = course_files.texts_of(reading, way, data, kinds.get(str(kind)), settings)
    asked, available = _rules(reading, way, data, kinds.get(str(kind)))
    return ActivityDraft(
        key=_unique(reading, (*way, "key"), data.get("key"), "activity"),
        kind=str(kind),
        minutes=int(data["minutes"]) if _is_count(data.get("minutes")) else 1,
        title=_texts(reading, (*way, "title"), data.get("title")),
        texts=read.texts,
        settings=settings,
        required=bool(data.get("required", True)),
        more=read.more,
        whole=read.whole,
        completion=asked,
        available=available,
        hidden=data.get("hidden") is True,
    )


def _rules(reading: CourseReading, way: Way, data: Mapping[str, Any], kind: ActivityKind) -> tuple[list[Any] | None, dict[str, Any] | None]:
    """Return when an activity is done and when it may be done, as they are kept."""
    asked = available = None
    if "completion" in data:
        try:
            asked = completion.written(completion.read(data["completion"], kind.meets, kind.usual))
        except WrongConditionError as error:
            reading.wrong((*way, "completion"), str(error), "")
    if "available" in data:
        try:
            available = availability.written(availability.read(data["available"]))
        except WrongConditionError as error:
            reading.wrong((*way, "available"), str(error), "")
    if "hidden" in data and not isinstance(data["hidden"], bool):
        reading.wrong((*way, "hidden"), gettext('hidden is "{value}".', value=data["hidden"]), gettext("Write true or false."))
    return asked, available


def _unreachable(reading: CourseReading, draft: CourseDraft) -> None:
    """Note what would hinder every learner from completing the course."""
    activities = [
        Reachable(
            key=each.key,
            section=section.key,
            title=each.title.get(reading.languages[0], each.key),
            required=each.required,
            has_marks=completion.PASSED in kinds.get(each.kind).meets,
            available=availability.read(each.available) if each.available else None,
        )
        for section in draft.sections
        for each in section.activities
    ]
    ways = {
        each.key: ("sections", place, "activities", number)
        for place, section in enumerate(draft.sections)
        for number, each in enumerate(section.activities)
    }
    for found in reaching.hindrances(activities, draft.needed, date.min):
        reading.wrong(ways.get(found.key, ("needed",)), found.reason, gettext("Correct available, or needed."))


def _texts(reading: CourseReading, way: Way, data: Any) -> dict[str, str]:
    if not isinstance(data, dict):
        reading.wrong(
            way, gettext("{name} has no text by language.", name=way[-1]), gettext("Write {name}: {{vi: ..., en: ...}}.", name=way[-1])
        )
        return {}
    for language in reading.languages:
        if not str(data.get(language) or "").strip():
            reading.wrong(
                way,
                gettext('{name} has no text in "{language}".', name=way[-1], language=language),
                gettext("Add {language}: ...", language=language),
            )
    return {str(language): str(text) for language, text in data.items()}


def _lists(reading: CourseReading, way: Way, data: Any) -> dict[str, list[str]]:
    if not isinstance(data, Mapping) or any(not isinstance(each, list) for each in data.values()):
        reading.wrong(way, gettext("{name} has no lists by language.", name=way[-1]), gettext("Write vi: and en:, each with a list."))
        return {}
    return {str(language): [str(each) for each in items] for language, items in data.items()}


def _key(reading: CourseReading, way: Way, key: Any) -> str:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        reading.wrong(
            way,
            gettext('"{key}" cannot be a key.', key=key),
            gettext("Use small letters, digits and hyphens; a key stays the same for ever."),
        )
        return ""
    return key


def _unique(reading: CourseReading, way: Way, key: Any, what: str) -> str:
    made = _key(reading, way, key)
    if (name := f"{what}:{made}") in reading.keys:
        reading.wrong(way, gettext('The key "{key}" is there twice.', key=made), gettext("Give each its own; results point at it."))
    reading.keys.add(name)
    return made


def _only(reading: CourseReading, way: Way, data: Mapping[str, Any], names: set[str]) -> None:
    for name in data:
        if name not in names:
            reading.wrong(
                (*way, name),
                gettext('There is no setting "{name}" here.', name=name),
                gettext("Names are {names}.", names=", ".join(sorted(names))),
            )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
