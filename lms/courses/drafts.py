"""A course on its way in: what was written, before it becomes rows."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from lms.core.errors import Invalid
from lms.core.i18n import lazy_

PICTURES = "pictures/"  # where in the folder of a course they lie
MATERIALS = "files/"  # where documents and videos lie


@dataclass(frozen=True, order=True)
class Problem:
    """Something in a file that has to be mended; ``cure`` says how."""

    file: str
    line: int
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} {self.cure}".strip()


class DraftProblems(Invalid):
    """The text of a course cannot be taken as it is; ``problems`` holds them all."""

    code = "draft_problems"
    message = lazy_("The course cannot be read yet:\n{problems}")

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__(problems="\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class TextFile:
    """A text of an activity in one language, and the file it came from."""

    path: str
    text: str


@dataclass(frozen=True)
class ActivityDraft:
    """``texts`` by language, ``more`` further ones of another format, ``whole`` those in all languages; ``settings`` belong to the kind."""

    key: str
    kind: str
    minutes: int
    title: Mapping[str, str]
    texts: Mapping[str, TextFile] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    required: bool = True
    more: Mapping[str, tuple[TextFile, ...]] = field(default_factory=dict)
    completion: list[Any] | None = None
    available: dict[str, Any] | None = None
    hidden: bool = False
    whole: tuple[TextFile, ...] = ()


@dataclass(frozen=True)
class SectionDraft:
    """A part of a course with its activities, in order."""

    key: str
    title: Mapping[str, str]
    activities: tuple[ActivityDraft, ...]


@dataclass(frozen=True)
class CourseDraft:
    """A whole course; ``periods`` are tiết of 45 minutes, ``as_of`` the day up to which its law was looked at.

    ``files`` are what it was read from, by their path in its folder: texts and pictures.
    """

    slug: str
    code: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    audience: str
    as_of: date
    sections: tuple[SectionDraft, ...]
    outcomes: Mapping[str, list[str]] = field(default_factory=dict)
    grades: tuple[int, ...] = ()
    periods: int = 1
    valid_months: int | None = None
    languages: tuple[str, ...] = ("vi",)
    read_aloud: bool = False
    needed: int | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def pictures(self) -> dict[str, bytes]:
        """Return the pictures among the files."""
        return {path: data for path, data in self.files.items() if path.startswith(PICTURES)}

    @property
    def materials(self) -> dict[str, bytes]:
        """Return what is given to learners as it is: documents, videos and their captions."""
        return {path: data for path, data in self.files.items() if path.startswith(MATERIALS)}

    @property
    def activities(self) -> Iterator[ActivityDraft]:
        for section in self.sections:
            yield from section.activities

    def content_hash(self) -> str:
        """Return the same for the same content, wherever its files lie."""
        content = asdict(replace(self, files={})) | {"as_of": self.as_of.isoformat()}
        del content["files"]
        # What a course has none of leaves it the same as before there could be any.
        for name in ("read_aloud", "needed"):
            if not content[name]:
                del content[name]
        if pictures := {path: hashlib.sha256(data).hexdigest() for path, data in self.pictures.items()}:
            content["pictures"] = pictures
        if materials := {path: hashlib.sha256(data).hexdigest() for path, data in self.materials.items()}:
            content["materials"] = materials
        for section in content["sections"]:
            for activity in section["activities"]:
                activity["texts"] = {language: text["text"] for language, text in activity["texts"].items()}
                more = {language: "\n".join(text["text"] for text in texts) for language, texts in activity.pop("more").items()}
                activity |= {"more": more} if more else {}
                whole = [text["text"] for text in activity.pop("whole")]
                activity |= {"whole": whole} if whole else {}
                for name in ("completion", "available", "hidden"):
                    if not activity[name]:
                        del activity[name]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
