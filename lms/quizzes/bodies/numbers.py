"""The body of questions that are answered with a number."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lms.quizzes.bodies.parts import Hint


@dataclass(frozen=True)
class NumericalAnswer:
    """A value with a tolerance, or a range from low to high (both included), or, with neither, any number."""

    key: str
    fraction: float = 1.0
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    relative: bool = False  # the tolerance is a share of the value
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Unit:
    """``multiplier`` is how many of this unit make one of the unit that the answers are in."""

    key: str
    symbol: str
    multiplier: Decimal = Decimal(1)


class UnitInput(StrEnum):
    """How the learner gives the unit of a number."""

    NONE = "none"
    TEXT = "text"  # typed with the number
    RADIO = "radio"
    SELECT = "select"


class UnitGrading(StrEnum):
    """What a missing or unknown unit costs: ``unit_penalty`` of the response's or of the question's mark."""

    IGNORED = "ignored"
    OF_RESPONSE = "of_response"
    OF_QUESTION = "of_question"


class Separators(StrEnum):
    """What settles a number such as 1.234, which is read in two ways."""

    EITHER = "either"  # nothing: the learner is asked
    COMMA = "comma"  # 1.234,5 as in Vietnamese
    POINT = "point"  # 1,234.5 as in English


@dataclass(frozen=True)
class NumericalBody:
    """The first answer that the number fits decides."""

    answers: tuple[NumericalAnswer, ...]
    separators: Separators = Separators.EITHER
    units: tuple[Unit, ...] = ()
    unit_input: UnitInput = UnitInput.NONE
    unit_grading: UnitGrading = UnitGrading.IGNORED
    unit_penalty: float = 0.1
    units_left: bool = False
    hints: tuple[Hint, ...] = ()
