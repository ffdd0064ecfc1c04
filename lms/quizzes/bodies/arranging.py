"""Bodies of questions in which things are brought together or in order."""

from dataclasses import dataclass
from enum import StrEnum

from lms.quizzes.bodies.parts import Hint, Numbering


@dataclass(frozen=True)
class Pair:
    """Something that belongs to one of the answers."""

    key: str
    answer: str  # key of the right answer


class MatchScoring(StrEnum):
    """What right pairs are worth."""

    EACH = "each"  # each the same part of the mark
    ALL_OR_NOTHING = "all_or_nothing"


@dataclass(frozen=True)
class MatchingBody:
    """``answers`` are the keys to choose from; one that no pair names only distracts."""

    pairs: tuple[Pair, ...]
    answers: tuple[str, ...]
    shuffle: bool = True
    show_count: bool = False
    hints: tuple[Hint, ...] = ()
    scoring: MatchScoring = MatchScoring.EACH


class OrderRule(StrEnum):
    """What is counted in an order; the rules of Moodle's ordering question."""

    ALL_OR_NOTHING = "all_or_nothing"
    ABSOLUTE_POSITION = "absolute_position"  # items at their place
    RELATIVE_TO_CORRECT = "relative_to_correct"  # less for each place that an item is away from its own
    NEXT_EXCLUDE_LAST = "next_exclude_last"  # items followed by the right one
    NEXT_INCLUDE_LAST = "next_include_last"  # the same, and the last item is at the end
    ONE_PREVIOUS_AND_NEXT = "one_previous_and_next"  # right neighbours
    ALL_PREVIOUS_AND_NEXT = "all_previous_and_next"  # items that stand on the right side of each other
    LONGEST_ORDERED = "longest_ordered"  # the most items that are in order, others between them
    LONGEST_CONTIGUOUS = "longest_contiguous"  # the same, without leaving an item out


@dataclass(frozen=True)
class Item:
    """One of the things to put in order; they stand in the right order."""

    key: str


@dataclass(frozen=True)
class OrderingBody:
    """``items`` stand in the right order; of them ``subset`` are shown, 0: all."""

    items: tuple[Item, ...]
    rule: OrderRule = OrderRule.ABSOLUTE_POSITION
    subset: int = 0
    contiguous: bool = False  # those that are shown follow each other
    horizontal: bool = False
    numbering: Numbering = Numbering.NONE
    show_rule: bool = True  # tell how each item went
    show_count: bool = False
    hints: tuple[Hint, ...] = ()
