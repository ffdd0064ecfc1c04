"""What was counted of a quiz, as it is kept."""

from dataclasses import dataclass
from typing import Any

from lms.quizzes import shape


@dataclass(frozen=True)
class Taken:
    """A part of a question (a choice, a pair, a gap) that so many attempts touched, and how these did in all.

    ``state`` says how the part went.  ``share`` is the mean share of the whole
    test; None where it is not told.  ``count`` is None where it is hidden.
    """

    key: str
    state: str
    count: int | None
    share: float | None


@dataclass(frozen=True)
class VersionFigures:
    """A version of a question; ``is_hidden`` when too few people stand behind it: then nothing else is filled in."""

    version_id: int
    question_id: int
    number: int
    name: str
    type: str
    is_hidden: bool = False
    count: int = 0
    facility: float | None = None
    deviation: float | None = None
    guess: float | None = None  # what guessing earns, share of the mark
    intended_weight: float | None = None
    effective_weight: float | None = None
    discrimination: float | None = None
    efficiency: float | None = None
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True)
class Bar:
    """So many attempts with a share from ``start`` (included) on, in steps of a tenth."""

    start: float
    count: int | None  # None: hidden


@dataclass(frozen=True)
class QuizFigures:
    """A quiz; shares of the full mark, but for the standard error in marks of the quiz."""

    mean: float
    median: float
    deviation: float | None
    skewness: float | None
    kurtosis: float | None
    alpha: float | None
    error_ratio: float | None
    standard_error: float | None
    full_mark: float
    passed: float | None  # share of the attempts
    has_draws: bool
    bars: tuple[Bar, ...]
    versions: tuple[VersionFigures, ...]

    def to_json(self) -> dict[str, Any]:
        """Return what the column holds."""
        written: dict[str, Any] = shape.write(self)
        return written

    @staticmethod
    def from_json(data: object) -> "QuizFigures":
        """Read the column.  Raises WrongShape."""
        return shape.read(QuizFigures, data, where="figures")
