"""Bodies of what a person reads: essays, and texts between questions."""

from dataclasses import dataclass
from enum import StrEnum

from lms.quizzes.bodies.parts import Hint


class EssayEditor(StrEnum):
    """What the learner writes with."""

    EDITOR = "editor"
    EDITOR_FILES = "editorfilepicker"
    PLAIN = "plain"
    MONOSPACED = "monospaced"
    NO_TEXT = "noinline"


class AttachmentKind(StrEnum):
    """Which files a learner may add."""

    ANY = "any"  # of those that are kept at all
    PICTURES = "pictures"
    DOCUMENTS = "documents"  # PDF, office files, plain text


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
    attachment_kind: AttachmentKind = AttachmentKind.ANY
    attachment_megabytes: int = 5  # of one file, at most


@dataclass(frozen=True)
class DescriptionBody:
    """A text between questions; there is nothing to set."""
