"""Values of QTI: typed, single or in containers; no value at all is NULL (QTI 2.1, section 5)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

# A point and a pair are tuples; the letters of a pair without direction stand in order.
Item: TypeAlias = bool | int | Decimal | str | tuple[str, str] | tuple[Decimal, Decimal]

NUMERIC = ("integer", "float")
_MOST_DIGITS = 300
_MOST_ITEMS = 1000


class NotUnderstood(Exception):
    """Something of the rules that this program does not know, or that cannot be right; ``what`` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Value:
    """One value or a container of values of one base type; without items it is NULL."""

    base: str
    items: tuple[Item, ...]
    cardinality: str = "single"

    @property
    def is_null(self) -> bool:
        return not self.items

    @property
    def one(self) -> Item:
        """Return the value of a single; raises NotUnderstood for NULL and for containers with several."""
        if len(self.items) != 1:
            raise NotUnderstood(f"a single value is needed, not {len(self.items)}")
        return self.items[0]

    @property
    def number(self) -> Decimal:
        """Return the value of a number.  Raises NotUnderstood."""
        item = self.one
        if isinstance(item, bool) or not isinstance(item, int | Decimal):
            raise NotUnderstood(f"a number is needed, not {item!r}")
        return Decimal(item)

    @property
    def text(self) -> str:
        """Return the value as it would be written."""
        return written(self.one)

    def same(self, other: "Value") -> bool:
        """Say whether two values are equal; the order of an unordered container does not matter."""
        if len(self.items) != len(other.items):
            return False
        mine, theirs = [_comparable(each) for each in self.items], [_comparable(each) for each in other.items]
        if "ordered" in (self.cardinality, other.cardinality):
            return mine == theirs
        return sorted(mine, key=repr) == sorted(theirs, key=repr)


def null(base: str = "", cardinality: str = "single") -> Value:
    return Value(base, (), cardinality)


def boolean(value: bool) -> Value:
    return Value("boolean", (value,))


def number(value: Decimal | int, base: str = "float") -> Value:
    """Return a number; one that no file needs is NULL, as QTI has it for what cannot be calculated."""
    exact = Decimal(value)
    if not exact.is_finite() or (exact and abs(exact.adjusted()) > _MOST_DIGITS):
        return null(base)
    return Value(base, (int(exact) if base == "integer" else exact,))


def parse(base: str, text: str) -> Item:
    """Return what a text says as a value of this base type.  Raises NotUnderstood."""
    word = text.strip()
    if base == "boolean":
        if word.lower() not in ("true", "false", "1", "0"):
            raise NotUnderstood(f"{word!r} is not true or false")
        return word.lower() in ("true", "1")
    if base in NUMERIC:
        return _number(base, word)
    if base == "duration":
        return _seconds(word)
    if base == "point":
        x, y = _two(word)
        return _decimal(x), _decimal(y)
    if base == "directedPair":
        return _two(word)
    if base == "pair":
        first, second = sorted(_two(word))
        return first, second
    return text if base == "string" else word


def container(base: str, cardinality: str, texts: Sequence[str]) -> Value:
    """Return the value that the texts make.  Raises NotUnderstood."""
    if len(texts) > _MOST_ITEMS or cardinality == "record":
        raise NotUnderstood(f"{cardinality} of {len(texts)}")
    items = tuple(parse(base, text) for text in texts if text.strip())  # nothing typed is no value
    if cardinality == "single" and len(items) > 1:
        raise NotUnderstood("several values of a single variable")
    return Value(base, items, cardinality)


def written(item: Item) -> str:
    """Return a value as it stands in a file."""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, tuple):
        return " ".join(written(each) for each in item)
    return f"{item:f}" if isinstance(item, Decimal) else str(item)


def _comparable(item: Item) -> object:
    """Numbers are the same however they are written; true is not one."""
    if isinstance(item, bool):
        return ("boolean", item)
    if isinstance(item, int | Decimal):
        return ("number", Decimal(item).normalize())
    return item


def _number(base: str, word: str) -> Item:
    if base == "integer" and re.fullmatch(r"[+-]?[0-9]{1,18}", word):
        return int(word)
    value = _decimal(word)
    if base == "integer":
        if value != value.to_integral_value():
            raise NotUnderstood(f"{word!r} is not a whole number")
        return int(value)
    return value


def _decimal(word: str) -> Decimal:
    try:
        value = Decimal(word.replace(",", ".") if word.count(",") == 1 and "." not in word else word)
    except InvalidOperation as error:
        raise NotUnderstood(f"{word!r} is not a number") from error
    if not value.is_finite() or (value and abs(value.adjusted()) > _MOST_DIGITS):
        raise NotUnderstood(f"{word!r} is not a number")
    return value


def _seconds(word: str) -> Decimal:
    """Return a duration, which is written as seconds or as PT1M30S."""
    found = re.fullmatch(r"P(?:([0-9.]+)D)?(?:T(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?", word)
    if found is None:
        return _decimal(word)
    return sum((_decimal(part) * unit for part, unit in zip(found.groups(), (86_400, 3_600, 60, 1), strict=True) if part), Decimal(0))


def _two(word: str) -> tuple[str, str]:
    parts = word.split()
    if len(parts) != 2:
        raise NotUnderstood(f"{word!r} is not a pair")
    return parts[0], parts[1]
