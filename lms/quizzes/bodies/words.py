"""The body of questions that are answered with a word."""

from dataclasses import dataclass
from enum import StrEnum

from lms.quizzes.bodies.parts import Hint


class Marks(StrEnum):
    """Which differences in Vietnamese marks a short answer overlooks."""

    KEEP = "keep"
    IGNORE_TONES = "ignore_tones"  # a = á, but a is not ă
    IGNORE_ALL = "ignore_all"  # a = á = ă = ắ, d = đ: typed without a Vietnamese keyboard


@dataclass(frozen=True)
class TextAnswer:
    """A pattern that an answer may fit, with ``*`` for anything; ``fraction`` of the mark is 0.0 to 1.0."""

    key: str
    pattern: str  # plain text; * stands for anything, \* for an asterisk
    fraction: float = 1.0


@dataclass(frozen=True)
class ShortAnswerBody:
    """The first answer whose pattern fits decides."""

    answers: tuple[TextAnswer, ...]
    case: bool = False  # capitals matter
    marks: Marks = Marks.KEEP
    hints: tuple[Hint, ...] = ()
