"""The variants of a paper: which question stands where, with its choices in which order; and how what was written is typed in. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.quizzes import shape
from lms.quizzes.types.on_paper import LETTERS

BLANK = "-"
MOST_VARIANTS = 8


@dataclass(frozen=True)
class Place:
    """A question of a variant; ``order`` are the keys of its choices as printed."""

    version_id: int
    max_mark: float
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variant:
    """``code`` is the letter that is printed on the sheet."""

    code: str
    places: tuple[Place, ...]


def to_json(variants: Sequence[Variant]) -> list[Any]:
    return [shape.write(variant) for variant in variants]


def from_json(data: Sequence[Any]) -> dict[str, Variant]:
    """Return the variants by their code.  Raises WrongShape."""
    variants = [shape.read(Variant, each, where="variant") for each in data]
    return {variant.code: variant for variant in variants}


@dataclass(frozen=True)
class Asked:
    """What can be typed for a question: letters of ``votes``, one or ``many``; or points up to ``max_mark``; nothing where it is a text."""

    votes: tuple[str, ...]
    many: bool
    max_mark: float
    asks: bool = True


@dataclass(frozen=True)
class Written:
    """What somebody wrote for a question: keys of choices, or points that whoever read it gave."""

    keys: tuple[str, ...] = ()
    points: float | None = None

    @property
    def is_blank(self) -> bool:
        return not self.keys and self.points is None


class NotUnderstood(Invalid):
    """A line that was typed for a sheet; the message says what and where."""

    code = "sheet_not_understood"


def read(line: str, asked: Sequence[Asked]) -> list[Written]:
    """Return what was written, question by question, from a line such as "A C BD - 1,5".

    A letter is a choice as printed, several letters are several choices, a number is
    points, - is nothing.  Raises NotUnderstood.
    """
    tokens = line.split()
    counting = [each for each in asked if each.asks]
    if len(tokens) != len(counting):
        raise NotUnderstood(
            lazy_("{given} answers are given, and there are {wanted} questions. Write - where nothing was answered."),
            given=len(tokens),
            wanted=len(counting),
        )
    numbered = iter(enumerate(tokens, start=1))
    return [_read_one(*next(numbered), each) if each.asks else Written() for each in asked]


def no_variant(code: str, known: Collection[str]) -> NotUnderstood:
    """Return what to say about a variant that was not printed."""
    return NotUnderstood(lazy_("There is no variant “{code}”; the sheets have {known}."), code=code.strip()[:5], known=", ".join(known))


def _read_one(number: int, token: str, asked: Asked) -> Written:
    if token in (BLANK, "–", "—"):
        return Written()
    if not asked.votes:
        return Written(points=_points(number, token, asked.max_mark))
    letters = token.upper()
    places = [LETTERS.find(letter) for letter in letters]
    if any(not 0 <= place < len(asked.votes) for place in places) or len(set(places)) < len(places):
        raise NotUnderstood(
            lazy_("Question {number}: “{token}” is no answer. There are the letters {first} to {last}."),
            number=number,
            token=token[:20],
            first=LETTERS[0],
            last=LETTERS[len(asked.votes) - 1],
        )
    if len(places) > 1 and not asked.many:
        raise NotUnderstood(
            lazy_("Question {number}: only one letter can be right; “{token}” has several."), number=number, token=token[:20]
        )
    return Written(keys=tuple(asked.votes[place] for place in places))


def _points(number: int, token: str, most: float) -> float:
    try:
        points = Decimal(token.replace(",", "."))
    except InvalidOperation:
        points = None
    if points is None or not points.is_finite() or not 0 <= points <= Decimal(str(most)):
        raise NotUnderstood(
            lazy_("Question {number}: “{token}” is no number of points from 0 to {most}."),
            number=number,
            token=token[:20],
            most=f"{most:g}",
        )
    return float(points)
