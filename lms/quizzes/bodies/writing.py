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


@dataclass(frozen=True)
class EssayBody:
    """A text that a person grades."""

    editor: EssayEditor = EssayEditor.EDITOR
    required: bool = True
    lines: int = 15
    attachments: int = 0  # -1: any number
    attachments_required: int = 0
    least_words: int | None = None
    most_words: int | None = None
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class DescriptionBody:
    """A text between questions; there is nothing to set."""
