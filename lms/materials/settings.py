"""What the settings of a document or a video say (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.core.i18n import LANGUAGES, gettext
from lms.courses import materials
from lms.courses.materials import CAPTIONS, DOCUMENTS, VIDEOS

LONGEST_EDITION = 80
LONGEST_VIDEO = 6 * 3600  # seconds
USUAL_NEED = 0.9  # of a video; the last seconds are often a closing title


class WrongSettingsError(ValueError):
    """The settings of an activity cannot be used; says why."""


@dataclass(frozen=True)
class Files:
    """A file for each language, by its path; a language without one gets that of the first."""

    paths: Mapping[str, str] = field(default_factory=dict)

    def of(self, language: str) -> str | None:
        """Return the path for a language; None when there is no file at all."""
        return self.paths.get(language) or next(iter(self.paths.values()), None)


@dataclass(frozen=True)
class Document:
    """``edition`` is what the reader of a document confirms to have read: "2, of 01/09/2026"; "" where nothing is confirmed."""

    files: Files
    edition: str = ""


@dataclass(frozen=True)
class Video:
    """``captions`` by language; ``seconds`` is how long it runs, ``need`` the share that has to be watched, 0.0 to 1.0."""

    files: Files
    captions: Mapping[str, str]
    seconds: int
    need: float


def document(data: Mapping[str, Any], *, confirmed: bool = False) -> Document:
    """Read the settings of a document.  Raises WrongSettingsError."""
    _only(data, {"files", "edition"} if confirmed else {"files"})
    edition = data.get("edition", "")
    if not isinstance(edition, str) or len(edition) > LONGEST_EDITION:
        raise WrongSettingsError(gettext("edition says which one is confirmed, such as “2, of 01/09/2026”, in at most 80 letters."))
    return Document(Files(_paths(data, "files", DOCUMENTS)), edition.strip())


def video(data: Mapping[str, Any]) -> Video:
    """Read the settings of a video.  Raises WrongSettingsError."""
    _only(data, {"files", "captions", "seconds", "need"})
    seconds, need = data.get("seconds", 0), data.get("need", USUAL_NEED)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= LONGEST_VIDEO:
        raise WrongSettingsError(gettext("seconds says how long the video runs, at most six hours."))
    if isinstance(need, bool) or not isinstance(need, int | float) or not 0 < need <= 1:
        raise WrongSettingsError(gettext("need is the share that has to be watched, more than 0 and at most 1."))
    return Video(Files(_paths(data, "files", VIDEOS)), _paths(data, "captions", {"vtt": CAPTIONS}), seconds, float(need))


def all_paths(data: Mapping[str, Any]) -> list[str]:
    """Return every path that settings name, also when something else in them is wrong."""
    found = [data.get(name) for name in ("files", "captions")]
    return [path for each in found if isinstance(each, Mapping) for path in each.values() if isinstance(path, str)]


def written(files: Files, **more: Any) -> dict[str, Any]:
    """Return settings as they are kept; what is empty is left out."""
    return {"files": dict(files.paths)} | {name: value for name, value in more.items() if value}


def _paths(data: Mapping[str, Any], name: str, endings: Iterable[str]) -> dict[str, str]:
    said = data.get(name, {})
    if not isinstance(said, Mapping) or any(language not in LANGUAGES for language in said):
        raise WrongSettingsError(gettext("{name} says the file of each language: {{vi: files/name.pdf}}.", name=name))
    for path in said.values():
        if not isinstance(path, str) or not materials.PATH.fullmatch(path) or materials.ending(path) not in endings:
            possible = ", ".join(f".{each}" for each in endings)
            raise WrongSettingsError(
                gettext("“{path}” cannot be used: files/ and a name of small letters, ending in {endings}.", path=path, endings=possible)
            )
    return dict(said)


def _only(data: Mapping[str, Any], names: set[str]) -> None:
    for name in data:
        if name not in names:
            raise WrongSettingsError(
                gettext("There is no setting “{name}” here. Names are {names}.", name=name, names=", ".join(sorted(names)))
            )
