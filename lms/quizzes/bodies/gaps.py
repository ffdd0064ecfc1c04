"""Bodies of questions whose places to answer stand inside the text."""

from dataclasses import dataclass
from enum import StrEnum

from lms.quizzes.bodies.choosing import Choice
from lms.quizzes.bodies.numbers import NumericalAnswer, Separators
from lms.quizzes.bodies.parts import Hint
from lms.quizzes.bodies.words import Marks, TextAnswer


class GapKind(StrEnum):
    """How one place of a text is answered, as the text of Moodle's embedded answers calls it."""

    LIST = "MULTICHOICE"
    LIST_SHUFFLED = "MULTICHOICE_S"
    DOWN = "MULTICHOICE_V"
    DOWN_SHUFFLED = "MULTICHOICE_VS"
    ACROSS = "MULTICHOICE_H"
    ACROSS_SHUFFLED = "MULTICHOICE_HS"
    SEVERAL = "MULTIRESPONSE"
    SEVERAL_SHUFFLED = "MULTIRESPONSE_S"
    SEVERAL_ACROSS = "MULTIRESPONSE_H"
    SEVERAL_ACROSS_SHUFFLED = "MULTIRESPONSE_HS"
    WORD = "SHORTANSWER"
    WORD_CASE = "SHORTANSWER_C"
    NUMBER = "NUMERICAL"

    @property
    def is_one_of(self) -> bool:
        return self.startswith("MULTICHOICE")

    @property
    def is_several(self) -> bool:
        return self.startswith("MULTIRESPONSE")

    @property
    def is_word(self) -> bool:
        return self.startswith("SHORTANSWER")

    @property
    def is_list(self) -> bool:
        """Say whether there is a list that opens, not choices in sight."""
        return self in (GapKind.LIST, GapKind.LIST_SHUFFLED)

    @property
    def minds_case(self) -> bool:
        return self is GapKind.WORD_CASE

    @property
    def is_shuffled(self) -> bool:
        return self.endswith(("_S", "_VS", "_HS"))

    @property
    def is_across(self) -> bool:
        return self.endswith(("_H", "_HS"))


@dataclass(frozen=True)
class Gap:
    """One place to answer: choices, words or numbers, whichever its kind asks for.

    ``weight`` is its share of the mark, over the sum of all weights.  It stands
    in the text as ``{#<key>}``.
    """

    key: str
    kind: GapKind
    weight: int = 1
    choices: tuple[Choice, ...] = ()
    words: tuple[TextAnswer, ...] = ()
    numbers: tuple[NumericalAnswer, ...] = ()


@dataclass(frozen=True)
class ClozeBody:
    """Places to answer inside a text; ``marks`` and ``separators`` hold for all its words and numbers."""

    gaps: tuple[Gap, ...]
    marks: Marks = Marks.KEEP
    separators: Separators = Separators.EITHER
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class Word:
    """One of the words to choose from; a gap offers those of the group of its right word."""

    key: str
    group: int = 1
    same_as: str = ""  # key of the first word of its group that reads the same: either is right


@dataclass(frozen=True)
class DragWord(Word):
    """A word to drag; when it is not ``reusable`` it goes into one gap only."""

    reusable: bool = False


@dataclass(frozen=True)
class WordGap:
    """A gap of the text and the key of its right word."""

    key: str
    word: str


@dataclass(frozen=True)
class GapSelectBody:
    """Missing words, each chosen from a list: ``[[2]]`` in the text is a gap whose right word is the second."""

    words: tuple[Word, ...]
    gaps: tuple[WordGap, ...]
    shuffle: bool = True
    show_count: bool = False
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class DragWordsBody:
    """Missing words, dragged to their gaps: ``[[2]]`` in the text is a gap whose right word is the second."""

    words: tuple[DragWord, ...]
    gaps: tuple[WordGap, ...]
    shuffle: bool = True
    show_count: bool = False
    hints: tuple[Hint, ...] = ()
