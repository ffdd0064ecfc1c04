"""Reading the files of a course: texts in its languages, each within its folder, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lms.core import unwritable
from lms.core.i18n import gettext
from lms.courses.drafts import Problem, TextFile
from lms.courses.kinds import ActivityKind
from lms.courses.yaml_places import Places, Way

BUILT_IN = Path(__file__).parent.parent / "catalogue"
COURSE_FILE = "course.yaml"


@dataclass
class CourseReading:
    """One course.yaml on its way to a draft."""

    folder: Path
    places: Places
    languages: tuple[str, ...] = ()
    keys: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)  # what was read, by its path in the folder

    def wrong(self, way: Way, what: str, cure: str) -> None:
        self.problems.append(Problem(COURSE_FILE, self.places.line(*way), what, cure))


@dataclass(frozen=True)
class ReadTexts:
    """The texts of an activity: by language, further ones by language, and those that hold all languages."""

    texts: Mapping[str, TextFile] = field(default_factory=dict)
    more: Mapping[str, tuple[TextFile, ...]] = field(default_factory=dict)
    whole: tuple[TextFile, ...] = ()


def texts_of(reading: CourseReading, way: Way, data: Mapping[str, Any], kind: ActivityKind, settings: Mapping[str, Any]) -> ReadTexts:
    """Return the texts of an activity; those that its settings name may stand instead of a file."""
    if not kind.has_texts:
        if "file" in data:
            reading.wrong((*way, "file"), gettext("This kind of activity has no file."), gettext("Take file out."))
        return ReadTexts()
    names, paths = kind.further_texts(settings), kind.whole_texts(settings)
    texts: dict[str, TextFile] = {}
    more: dict[str, tuple[TextFile, ...]] = {}
    if "file" in data or not (names or paths):
        texts, more = _files(reading, (*way, "file"), data.get("file"), kind)
    for language in reading.languages:
        named = [_named(reading, (*way, kind.key), f"{name}.{language}{kind.more_suffix}") for name in names]
        if found := [each for each in named if each is not None]:
            more[language] = (*more.get(language, ()), *found)
    whole = [_whole(reading, (*way, kind.key), path) for path in paths]
    return ReadTexts(texts, more, tuple(each for each in whole if each is not None))


def _whole(reading: CourseReading, way: Way, path: str) -> TextFile | None:
    """Return a text that holds all languages; it lies in the folder of the course."""
    if ".." in path or path.startswith("/"):
        reading.wrong(way, gettext('"{path}" cannot be the name of a file.', path=path), gettext("Use small letters, digits and hyphens."))
        return None
    if not (reading.folder / path).is_file():
        reading.wrong(way, gettext("The file {file} is missing.", file=path), gettext("Put it into the folder of the course."))
        return None
    return _read(reading, path)


def _named(reading: CourseReading, way: Way, path: str) -> TextFile | None:
    """Return a text of the course, else the one of this name that comes with the program."""
    if ".." in path or path.startswith("/"):
        reading.wrong(way, gettext('"{path}" cannot be the name of a file.', path=path), gettext("Use small letters, digits and hyphens."))
        return None
    for folder in (reading.folder, BUILT_IN):
        if (folder / path).is_file():
            return _read(reading, path, folder)
    reading.wrong(
        way,
        gettext("There is no {path}, neither here nor among the messages that come with the program.", path=path),
        gettext("Write it, or take one of lms/catalogue/messages."),
    )
    return None


def _files(reading: CourseReading, way: Way, name: Any, kind: ActivityKind) -> tuple[dict[str, TextFile], dict[str, tuple[TextFile, ...]]]:
    """Return the texts by language, and the further ones; in each language there must be one or the other."""
    texts: dict[str, TextFile] = {}
    more: dict[str, tuple[TextFile, ...]] = {}
    if not isinstance(name, str) or not name or ".." in name or name.startswith("/"):
        reading.wrong(
            way, gettext('The file is "{name}".', name=name), gettext("Write the name without language and ending, such as lessons/1-1.")
        )
        return texts, more
    for language in reading.languages:
        path = f"{name}.{language}{kind.suffix}"
        further = f"{name}.{language}{kind.more_suffix}"
        if kind.more_suffix and (reading.folder / further).is_file():
            if (read := _read(reading, further)) is not None:
                more[language] = (read,)
        elif not (reading.folder / path).is_file():
            reading.wrong(
                way, gettext("The file {file} is missing.", file=path), gettext("Write it, or take the language out of languages.")
            )
        if (reading.folder / path).is_file() and (read := _read(reading, path)) is not None:
            texts[language] = read
    return texts, more


def _read(reading: CourseReading, path: str, folder: Path | None = None) -> TextFile | None:
    home = folder or reading.folder
    if not (home / path).resolve().is_relative_to(home.resolve()):
        reading.problems.append(outside(path))
        return None
    data = (home / path).read_bytes()
    reading.files[path] = data
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        reading.problems.append(not_utf8(path, error))
        return None
    if unwritable.is_in(text):
        line = text[: text.index("\0")].count("\n") + 1
        reading.problems.append(Problem(path, line, gettext("There is a sign in it that cannot be kept: NUL."), gettext("Delete it.")))
        return None
    # As text is read from files everywhere: a line ends in one way.
    return TextFile(path, text.replace("\r\n", "\n").replace("\r", "\n"))


def outside(path: str) -> Problem:
    """Return what is wrong with a file that only points at another one elsewhere."""
    return Problem(path, 1, gettext("The file leads out of the folder of the course."), gettext("Put the file itself there."))


def not_utf8(path: str, error: UnicodeDecodeError) -> Problem:
    """Return what is wrong with a file in another encoding."""
    line = error.object[: error.start].count(b"\n") + 1
    return Problem(path, line, gettext("The file is not UTF-8."), gettext("Save it as UTF-8."))
