"""Marks: from the fraction of one answer to the grade of a quiz."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

ALMOST_ZERO = 0.000005  # marks; less than this is nothing
_WRONG_BELOW = 0.000001
_RIGHT_ABOVE = 0.999999


class GradeState(StrEnum):
    """How an answer did."""

    RIGHT = "right"
    PARTIAL = "partial"
    WRONG = "wrong"
    GAVE_UP = "gaveup"  # nothing was answered
    NEEDS_MARKING = "needs_marking"  # a person has to read it
    NOT_GRADED = "not_graded"  # there was nothing to answer


@dataclass(frozen=True)
class Grade:
    """What one response is worth.

    ``fraction`` of the full mark, at most 1.0 (3.0 with certainty); a single choice
    may be worth less than 0.  None: a person has to mark it.  ``parts`` says for each choice, pair
    or answer key that the response touched how that part went; feedback of these
    keys, and of no others, is meant for the learner.
    """

    fraction: float | None
    state: GradeState
    parts: Mapping[str, GradeState] = field(default_factory=dict)


@dataclass(frozen=True)
class PartMark:
    """How one part of an answer did: its own fraction, and its weight in the whole; weights add up to 1."""

    fraction: float
    weight: float


GAVE_UP = Grade(0.0, GradeState.GAVE_UP)
NEEDS_MARKING = Grade(None, GradeState.NEEDS_MARKING)
NOT_GRADED = Grade(0.0, GradeState.NOT_GRADED)


def state_of(fraction: float) -> GradeState:
    """Return right, partial or wrong; thirds that add up to 0.9999999 are right."""
    if fraction > _RIGHT_ABOVE:
        return GradeState.RIGHT
    return GradeState.WRONG if fraction < _WRONG_BELOW else GradeState.PARTIAL


def settled(fraction: float) -> float:
    """Return the fraction; what rounds to 0 or 1 becomes exactly that."""
    if fraction > _RIGHT_ABOVE:
        return 1.0
    return 0.0 if abs(fraction) < _WRONG_BELOW else fraction


def grade(fraction: float, parts: Mapping[str, GradeState] | None = None) -> Grade:
    """Return the grade of an answered question; what rounds to 0 or 1 becomes exactly that."""
    fraction = settled(fraction)
    return Grade(fraction, state_of(fraction), parts or {})


@dataclass(frozen=True)
class Marked:
    """One question of an attempt: its fraction (None: to be marked) and its full mark."""

    fraction: float | None
    full_mark: float


def total(questions: Iterable[Marked]) -> float | None:
    """Return the sum of marks, or None as long as a question that counts waits to be marked."""
    marks = 0.0
    for question in questions:
        if question.full_mark <= ALMOST_ZERO:
            continue
        if question.fraction is None:
            return None
        marks += question.fraction * question.full_mark
    return marks


def possible(questions: Iterable[Marked]) -> float:
    """Return the sum of full marks."""
    return sum(question.full_mark for question in questions)


def share(earned: float | None, *, possible: float) -> float | None:
    """Return earned over possible marks, 0.0 to 1.0; None stays None.

    Negative totals count as 0.  A quiz without marks to earn gives 0.
    """
    if earned is None:
        return None
    if possible < ALMOST_ZERO:
        return 0.0
    part = min(max(earned / possible, 0.0), 1.0)
    return 1.0 if part > _RIGHT_ABOVE else part


def rescale(earned: float | None, *, possible: float, maximum: float) -> float | None:
    """Return the marks on the scale of the quiz: 8 of 10 possible is 80 of a maximum of 100."""
    if earned is None:
        return None
    return earned * maximum / possible if possible >= ALMOST_ZERO else 0.0


def can_be_graded(*, possible: float, maximum: float) -> bool:
    """Say whether a quiz may be started: one that has a grade must have marks to earn."""
    return possible >= ALMOST_ZERO or maximum < ALMOST_ZERO


def reaches(part: float | None, *, pass_share: float) -> bool:
    """Say whether a share is enough to pass; a rounding error does not fail anybody."""
    return part is not None and part >= pass_share - _WRONG_BELOW


class GradingMethod(StrEnum):
    """Which of several attempts counts."""

    HIGHEST = "highest"
    AVERAGE = "average"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True)
class Tried:
    """One attempt that is over: its total (None: not marked yet), and whether it was never handed in."""

    total: float | None
    abandoned: bool = False


def final(method: GradingMethod, attempts: Sequence[Tried]) -> float | None:
    """Return the total that counts, from the attempts of one learner in order; None: no grade (yet).

    The one rule, for one learner and for all at once: an abandoned attempt uses up
    a try but never counts.  First and last name one handed-in attempt, and wait
    until it is marked.  Highest and average look at those that have a total.
    """
    handed_in = [attempt.total for attempt in attempts if not attempt.abandoned]
    if not handed_in:
        return None
    if method is GradingMethod.FIRST:
        return handed_in[0]
    if method is GradingMethod.LAST:
        return handed_in[-1]
    totals = [each for each in handed_in if each is not None]
    if not totals:
        return None
    return max(totals) if method is GradingMethod.HIGHEST else sum(totals) / len(totals)
