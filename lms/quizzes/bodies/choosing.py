"""Bodies of questions in which choices are ticked."""

from dataclasses import dataclass
from enum import StrEnum

from lms.quizzes.bodies.parts import Hint, Numbering


class Scoring(StrEnum):
    """How ticked choices become a fraction."""

    CLAMPED = "clamped"  # sum of the fractions, at least 0 and at most 1
    PROPORTIONAL = "proportional"  # right ticks, less the wrong ones, over all right ones
    ALL_OR_NOTHING = "all_or_nothing"


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from; ``fraction`` of the mark is -1.0 to 1.0."""

    key: str
    fraction: float = 0.0
    fixed: bool = False  # keeps its place when the others are shuffled ("none of these")


@dataclass(frozen=True)
class SingleChoiceBody:
    """One of several choices."""

    choices: tuple[Choice, ...]
    shuffle: bool = True
    numbering: Numbering = Numbering.LETTERS
    instruction: bool = False  # show "Choose one" above the choices
    show_count: bool = False  # tell how many were right, with the combined feedback
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class MultipleChoiceBody:
    """Any of several choices; ``scoring`` says how they add up."""

    choices: tuple[Choice, ...]
    scoring: Scoring = Scoring.CLAMPED
    shuffle: bool = True
    numbering: Numbering = Numbering.LETTERS
    instruction: bool = False
    show_count: bool = False
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class TrueFalseBody:
    """A statement that is right or wrong."""

    right: bool
    hints: tuple[Hint, ...] = ()
