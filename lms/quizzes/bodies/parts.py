"""What several kinds of questions have in common: hints, and how choices are numbered."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Hint:
    """What happens at a hint besides its text ``hint.<n>``."""

    clear_wrong: bool = False
    show_count: bool = False


class Numbering(StrEnum):
    """What stands before each choice: nothing, letters, numbers."""

    LETTERS = "abc"
    CAPITALS = "ABCD"
    DIGITS = "123"
    ROMAN = "iii"
    ROMAN_CAPITALS = "IIII"
    NONE = "none"
