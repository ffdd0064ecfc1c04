"""Reading a course from a folder of text: course.yaml, lessons and questions; every error with file, line and cure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from lms.core.i18n import DEFAULT, LANGUAGES, gettext
from lms.courses import kinds, yaml_places
from lms.courses.drafts import ActivityDraft, CourseDraft, DraftProblems, Problem, SectionDraft, TextFile
from lms.courses.kinds import ActivityKind
from lms.courses.yaml_places import Places, Way, YamlError

BUILT_IN = Path(__file__).parent.parent / "catalogue"
COURSE_FILE = "course.yaml"

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
}
_SECTION_NAMES = {"key", "title", "activities"}
_ACTIVITY_NAMES = {"key", "kind", "minutes", "file", "title", "required"}


@dataclass
class _Reading:
    """One course.yaml on its way to a draft."""

    folder: Path
    places: Places
    languages: tuple[str, ...] = ()
    keys: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, way: Way, what: str, cure: str) -> None:
        self.problems.append(Problem(COURSE_FILE, self.places.line(*way), what, cure))


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
        places = yaml_places.read(path.read_text(encoding="utf-8"))
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
    reading = _Reading(folder, places)
    draft = _course(reading)
    if draft is None or reading.problems:
        raise DraftProblems(reading.problems)
    problems = [problem for activity in draft.activities for problem in kinds.get(activity.kind).check(activity, draft.languages)]
    if problems:
        raise DraftProblems(problems)
    return draft


def _course(reading: _Reading) -> CourseDraft | None:
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
    sections = data.get("sections")
    if not isinstance(sections, list) or not sections:
        reading.wrong(
            ("sections",), gettext("The course has no sections."), gettext("Write sections: with at least one key, title and activities.")
        )
        sections = []
    made = tuple(_section(reading, ("sections", index), each) for index, each in enumerate(sections))
    if not _is_count(data.get("periods", 1)):
        reading.wrong(
            ("periods",), gettext('periods is "{value}".', value=data.get("periods")), gettext("Write the number of periods of 45 minutes.")
        )
    return CourseDraft(
        slug=_key(reading, ("slug",), data.get("slug")),
        code=str(data.get("code") or data.get("slug") or ""),
        title=_texts(reading, ("title",), data.get("title")),
        summary=_texts(reading, ("summary",), data.get("summary")),
        audience=str(audience),
        as_of=as_of,
        sections=made,
        outcomes=_lists(reading, ("outcomes",), data.get("outcomes") or {}),
        grades=tuple(grades),
        periods=data.get("periods", 1),
        valid_months=valid_months,
        languages=reading.languages,
    )


def _section(reading: _Reading, way: Way, data: Any) -> SectionDraft:
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
        _texts(reading, (*way, "title"), data.get("title")),
        tuple(each for each in made if each is not None),
    )


def _activity(reading: _Reading, way: Way, data: Any) -> ActivityDraft | None:
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
    texts, more = _files(reading, (*way, "file"), data.get("file"), kinds.get(str(kind)))
    return ActivityDraft(
        key=_unique(reading, (*way, "key"), data.get("key"), "activity"),
        kind=str(kind),
        minutes=int(data["minutes"]) if _is_count(data.get("minutes")) else 1,
        title=_texts(reading, (*way, "title"), data.get("title")),
        texts=texts,
        settings=settings,
        required=bool(data.get("required", True)),
        more=more,
    )


def _files(reading: _Reading, way: Way, name: Any, kind: ActivityKind) -> tuple[dict[str, TextFile], dict[str, TextFile]]:
    """Return the texts by language, and the further ones; in each language there must be one or the other."""
    texts: dict[str, TextFile] = {}
    more: dict[str, TextFile] = {}
    if not isinstance(name, str) or not name or ".." in name or name.startswith("/"):
        reading.wrong(
            way, gettext('The file is "{name}".', name=name), gettext("Write the name without language and ending, such as lessons/1-1.")
        )
        return texts, more
    for language in reading.languages:
        path = f"{name}.{language}{kind.suffix}"
        further = f"{name}.{language}{kind.more_suffix}"
        if kind.more_suffix and (reading.folder / further).is_file():
            _read(reading, further, language, more)
        elif not (reading.folder / path).is_file():
            reading.wrong(
                way, gettext("The file {file} is missing.", file=path), gettext("Write it, or take the language out of languages.")
            )
        if (reading.folder / path).is_file():
            _read(reading, path, language, texts)
    return texts, more


def _read(reading: _Reading, path: str, language: str, into: dict[str, TextFile]) -> None:
    file = reading.folder / path
    try:
        into[language] = TextFile(path, file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        reading.problems.append(Problem(path, line, gettext("The file is not UTF-8."), gettext("Save it as UTF-8.")))


def _texts(reading: _Reading, way: Way, data: Any) -> dict[str, str]:
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


def _lists(reading: _Reading, way: Way, data: Any) -> dict[str, list[str]]:
    if not isinstance(data, Mapping) or any(not isinstance(each, list) for each in data.values()):
        reading.wrong(way, gettext("{name} has no lists by language.", name=way[-1]), gettext("Write vi: and en:, each with a list."))
        return {}
    return {str(language): [str(each) for each in items] for language, items in data.items()}


def _key(reading: _Reading, way: Way, key: Any) -> str:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        reading.wrong(
            way,
            gettext('"{key}" cannot be a key.', key=key),
            gettext("Use small letters, digits and hyphens; a key stays the same for ever."),
        )
        return ""
    return key


def _unique(reading: _Reading, way: Way, key: Any, what: str) -> str:
    made = _key(reading, way, key)
    if (name := f"{what}:{made}") in reading.keys:
        reading.wrong(way, gettext('The key "{key}" is there twice.', key=made), gettext("Give each its own; results point at it."))
    reading.keys.add(name)
    return made


def _only(reading: _Reading, way: Way, data: Mapping[str, Any], names: set[str]) -> None:
    for name in data:
        if name not in names:
            reading.wrong(
                (*way, name),
                gettext('There is no setting "{name}" here.', name=name),
                gettext("Names are {names}.", names=", ".join(sorted(names))),
            )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
