"""What a question looks like on paper."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class OnPaper:
    """``choices`` get letters to mark; ``rows`` a box each, for the letter of one of ``answers`` or for a number; ``lines`` are for writing."""

    choices: tuple[Markup, ...] = ()
    rows: tuple[Markup, ...] = ()
    answers: tuple[Markup, ...] = ()
    lines: int = 0
    note: Any = ""  # what cannot be done on paper, in the language in which it is printed
    boxes: tuple[str, ...] = ()  # what belongs into the box of each row; for whoever marks
