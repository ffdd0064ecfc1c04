"""What a question type may use to draw itself: texts in one language, the answer so far, and as much of the truth as may be told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from markupsafe import Markup

from lms.core.i18n import DEFAULT
from lms.quizzes.content import Response, Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.types import wording

_ONE_PARAGRAPH = re.compile(r"\s*<p>((?:(?!</?p\b).)*)</p>\s*", re.S)
_SAID = {GradeState.RIGHT: "right", GradeState.PARTIAL: "partial", GradeState.WRONG: "wrong"}


@dataclass(frozen=True)
class HandedIn:
    """A file of an answer; ``key`` is its id."""

    key: str
    name: str
    size: str  # as it is said


@dataclass(frozen=True)
class FileDesk:
    """The files of the answer in a slot of an attempt; without an attempt nothing can be handed in here."""

    attempt_id: int = 0
    slot: int = 0
    files: Mapping[str, HandedIn] = field(default_factory=dict)


NO_FILES = FileDesk()


@dataclass(frozen=True)
class Drawing:
    """One question in front of one reader; ``parts`` and ``feedback_of`` are empty as long as it is being answered.

    ``reveals`` says that the right answer may be told: also what was not found, and why.
    """

    texts: Texts
    language: str = DEFAULT
    order: Sequence[str] = ()
    response: Response = field(default_factory=dict)
    parts: Mapping[str, GradeState] = field(default_factory=dict)
    feedback_of: frozenset[str] = frozenset()
    reveals: bool = False
    desk: FileDesk = NO_FILES

    def html(self, key: str) -> Markup:
        # Texts were cleaned when they came into the bank.
        return Markup(self.texts.of(key, self.language))

    def inline(self, key: str) -> Markup:
        """Return a text that stands in a label, where no paragraph can: a single one loses its tags."""
        text = self.html(key)
        found = _ONE_PARAGRAPH.fullmatch(text)
        return Markup(found[1]) if found else text

    def plain(self, key: str) -> str:
        return wording.plain(self.texts.of(key, self.language))

    def state(self, key: str) -> str:
        """Return right, partial or wrong; "" when it is not told."""
        part = self.parts.get(key)
        return _SAID.get(part, "") if part else ""

    def feedback(self, key: str) -> Markup:
        return self.html(f"{key}.feedback") if key in self.feedback_of else Markup("")

    def in_order(self, keys: Sequence[str]) -> list[str]:
        """Return the keys in the order of the attempt; one that came later stands at the end."""
        return [key for key in self.order if key in keys] + [key for key in keys if key not in self.order]


@dataclass(frozen=True)
class Sketch:
    """What the template of one question type needs; each type adds its own fields.

    ``stem`` stands above the question: its text, or what to do when the text
    itself holds the places to answer.  ``below`` is feedback that has no place of
    its own beside a part of the answer.
    """

    stem: Markup
    below: tuple[Markup, ...] = field(default=(), kw_only=True)
    # Whether it marks the right answer where it is, so that it need not be written below.
    shows_right_answer: ClassVar[bool] = False


@dataclass(frozen=True)
class TextSketch(Sketch):
    """A question that is answered by typing."""

    text: str


def draw_text(drawing: Drawing) -> TextSketch:
    """Return the sketch of a question with one text to type."""
    return TextSketch(drawing.html("stem"), drawing.response.get("text", ""), below=feedback_below(drawing))


def feedback_below(drawing: Drawing) -> tuple[Markup, ...]:
    """Return the feedback of what was typed, which has nothing to stand beside."""
    return tuple(text for key in drawing.feedback_of if (text := drawing.feedback(key)))
