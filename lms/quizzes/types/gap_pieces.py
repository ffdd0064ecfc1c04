"""Places to answer inside a text: found in clean HTML, never inside of a tag, and drawn as pieces of text with controls between."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup, escape

from lms.quizzes.types.drawing import Sketch

# A tag of clean HTML; its attributes stand in quotes, and > may stand in them.
_TAG = re.compile(r"(<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)")


def split(html: str, place: re.Pattern[str]) -> tuple[list[str], list[str]]:
    """Return the text around the places, and what stands in each place; the first list is longer by one."""
    texts, marks = [""], []
    for index, token in enumerate(_TAG.split(html)):
        if index % 2:
            texts[-1] += token
            continue
        begin, *rest = place.split(token)
        texts[-1] += begin
        marks += rest[::2]
        texts += rest[1::2]
    return texts, marks


@dataclass(frozen=True)
class Offer:
    """Something to choose in a gap; ``plain`` is for a list, where no HTML can stand."""

    key: str
    html: Markup
    plain: str
    chosen: bool = False


@dataclass(frozen=True)
class GapShown:
    """One gap as its reader sees it; ``control`` is list, radio, checkbox or text.

    ``answer`` says what was given, ``state`` how that went and ``right`` what
    would have been right, the last two only where they may be told.
    """

    key: str
    number: int
    control: str
    field: str  # its name in a form
    offers: tuple[Offer, ...] = ()
    across: bool = False
    text: str = ""
    size: int = 0  # letters that a text field has room for
    is_number: bool = False
    group: int = 0
    answer: str = ""
    state: str = ""
    right: str = ""
    feedbacks: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class Piece:
    """Text, and the gap behind it."""

    html: Markup
    gap: GapShown | None = None


@dataclass(frozen=True)
class GapsSketch(Sketch):
    """A text with gaps, and the gaps once more in the order of the text."""

    pieces: tuple[Piece, ...]
    count: int  # of gaps
    shows_right_answer: ClassVar[bool] = True

    @property
    def says_more(self) -> bool:
        """Say whether there is more to tell of a gap than what was given."""
        return any(gap.state or gap.right or gap.feedbacks for gap in self.gaps)

    @property
    def gaps(self) -> tuple[GapShown, ...]:
        return tuple(piece.gap for piece in self.pieces if piece.gap)


_BLOCK = re.compile(r"<(p|div|ul|ol|dl|table|h[1-6]|blockquote|pre|figure|hr)\b")


def offer(html: Markup, *, key: str, plain: str, chosen: bool) -> Offer:
    """Return something to choose; in the middle of a paragraph no other can stand, so that one loses its tags."""
    return Offer(key, escape(plain) if _BLOCK.search(html) else html, plain, chosen)


def pieces(texts: Iterable[str], gaps: Iterable[GapShown | None]) -> Iterator[Piece]:
    """Put texts and gaps together; a place without a gap stays empty."""
    rest = iter(gaps)
    # Texts were cleaned when they came into the bank.
    return (Piece(Markup(text), next(rest, None)) for text in texts)
