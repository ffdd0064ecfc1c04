"""Bodies of what a person reads: essays, and texts between questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lms.quizzes.bodies.parts import Hint


class EssayEditor(StrEnum):
    """What the learner writes with."""

    EDITOR = "editor"
    EDITOR_FILES = "editorfilepicker"
    PLAIN = "plain"
    MONOSPACED = "monospaced"
    NO_TEXT = "noinline"


@dataclass(frozen=True)
class Level:
    """How well a criterion was met; ``points`` are 0.0 or more."""

    key: str
    points: float = 0.0


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked at when an essay is marked."""

    key: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class EssayBody:
    """A text that a person grades: by a rubric when there is one, else by a mark."""

    editor: EssayEditor = EssayEditor.EDITOR
    required: bool = True
    lines: int = 15
    attachments: int = 0  # -1: any number
    attachments_required: int = 0
    least_words: int | None = None
    most_words: int | None = None
    hints: tuple[Hint, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    show_rubric: bool = True  # to the learner, while writing
    # Moodle's words for what may be added: "image,.pdf"; "" for everything that is kept at all.
    attachment_types: str = ""
    attachment_bytes: int = 0  # of one file, at most; 0: as much as is kept at all


@dataclass(frozen=True)
class DescriptionBody:
    """A text between questions; there is nothing to set."""


_EARLIER_KINDS = {"pictures": "image", "documents": "document"}
_MEGABYTE = 1_048_576
_EARLIER_MEGABYTES = 5  # which nobody had chosen


def essay_from_earlier(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the body of an essay as it is written today; until files could be added, two fields had other names."""
    if "attachment_kind" not in data and "attachment_megabytes" not in data:
        return data
    kind, megabytes = data.get("attachment_kind"), data.get("attachment_megabytes")
    kept = {name: value for name, value in data.items() if name not in ("attachment_kind", "attachment_megabytes")}
    chosen = isinstance(megabytes, int) and megabytes != _EARLIER_MEGABYTES
    return {
        **kept,
        "attachment_types": _EARLIER_KINDS.get(str(kind), ""),
        "attachment_bytes": megabytes * _MEGABYTE if chosen and isinstance(megabytes, int) else 0,
    }
