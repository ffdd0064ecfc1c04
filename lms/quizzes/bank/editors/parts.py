"""What the form of a question is made of: fields, rows of fields, and what was written into them; pure.

A form is a flat mapping of texts.  A field in a row is named
``choices.0.fraction``, one with a text in each language ``stem.vi`` or
``choices.0.text.vi``; ``choices.count`` says how many rows there are, and
``choices.0.key`` keeps the key under which the body knows the row.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from lms.core import names
from lms.core.i18n import lazy_
from lms.quizzes.bank.editors import source
from lms.quizzes.bodies.every import Body, key_at
from lms.quizzes.content import LazyText, Severity, Texts

Values: TypeAlias = dict[str, str]

MOST_ROWS = 100
_KEY = re.compile(r"[a-z0-9]{1,12}")
_ON = "1"


@dataclass(frozen=True)
class Text:
    """A text in each language, with Markdown or simple HTML."""

    name: str
    label: LazyText
    lines: int = 2
    hint: LazyText = ""
    folded: bool = False  # put away as long as nothing is written in it
    kind: str = "text"


@dataclass(frozen=True)
class Line:
    """One line that is the same in every language; ``mode`` tells a phone which keys to show."""

    name: str
    label: LazyText
    hint: LazyText = ""
    mode: str = "text"
    kind: str = "line"


@dataclass(frozen=True)
class Pick:
    """One of a few words."""

    name: str
    label: LazyText
    options: tuple[tuple[str, LazyText], ...]
    hint: LazyText = ""
    kind: str = "pick"


@dataclass(frozen=True)
class Switch:
    """Yes or no."""

    name: str
    label: LazyText
    hint: LazyText = ""
    kind: str = "switch"


Field: TypeAlias = Text | Line | Pick | Switch


@dataclass(frozen=True)
class Rows:
    """As many rows as the author likes, each with the same fields, or rows of its own; ``start`` are there at the beginning."""

    name: str
    label: LazyText
    each: LazyText  # what one of them is called: "Choice"
    add: LazyText  # "One more choice"
    fields: tuple["Part", ...]
    start: int = 0
    sortable: bool = False
    hint: LazyText = ""
    keyed: LazyText = ""  # how the key is called where authors see and choose it
    kind: str = "rows"


Part: TypeAlias = Text | Line | Pick | Switch | Rows


@dataclass(frozen=True)
class Complaint:
    """What is wrong at a field; without a name, in the whole question."""

    name: str
    message: LazyText
    severity: Severity = Severity.ERROR


class Opening:
    """Writes a question into the fields of its form."""

    def __init__(self, values: Values, texts: Texts, languages: Iterable[str], prefix: str = "") -> None:
        self.values = values
        self._texts, self.languages, self._prefix = texts, tuple(languages), prefix

    def line(self, name: str, value: object) -> None:
        self.values[self._prefix + name] = "" if value is None else str(value)

    def on(self, name: str, value: bool) -> None:
        if value:
            self.values[self._prefix + name] = _ON

    def share(self, name: str, fraction: float) -> None:
        """Write 0.5 as 50."""
        self.line(name, percent(fraction))

    def text(self, name: str, key: str) -> None:
        for language in self.languages:
            self.values[f"{self._prefix}{name}.{language}"] = source.to_source(self._texts.by_language.get(language, {}).get(key, ""))

    def texts_in(self, language: str) -> Mapping[str, str]:
        return self._texts.by_language.get(language, {})

    def rows(self, name: str, items: Sequence[Any], fill: Callable[["Opening", Any], None]) -> None:
        self.values[f"{self._prefix}{name}.count"] = str(len(items))
        for index, item in enumerate(items):
            prefix = f"{self._prefix}{name}.{index}."
            self.values[f"{prefix}key"] = getattr(item, "key", "")
            fill(Opening(self.values, self._texts, self.languages, prefix), item)


class Sheet:
    """Reads a question out of the fields of its form, and collects its texts and what is wrong where."""

    def __init__(self, values: Mapping[str, str], languages: Iterable[str], before: Body | None = None) -> None:
        self.values = values
        self.before = before  # the body that is being changed, for what the form does not show
        self.languages = tuple(languages)
        self.texts: dict[str, dict[str, str]] = {language: {} for language in self.languages}
        self.complaints: list[Complaint] = []
        self.place_of: dict[str, str] = {}  # key of a text -> name of its field
        self._taken = {value for name, value in values.items() if name.endswith(".key") and _KEY.fullmatch(value)}
        self._given: set[str] = set()

    def line(self, name: str) -> str:
        return names.clean(self.values.get(name, ""))

    def on(self, name: str) -> bool:
        return self.values.get(name, "") == _ON

    def pick(self, name: str, default: str) -> str:
        return self.values.get(name, "") or default

    def number(self, name: str, default: Decimal | None = None) -> Decimal | None:
        """Return a number, with a decimal comma or point; ``default`` when nothing is written."""
        written = self.line(name).replace(" ", "").replace(",", ".")
        if not written:
            return default
        try:
            value = Decimal(written)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value.adjusted()) > 30:
            self.complain(name, lazy_("Write a number, such as 2 or 0,5."))
            return default
        return value

    def whole(self, name: str, default: int | None = None) -> int | None:
        """Return a whole number; ``default`` when nothing is written."""
        value = self.number(name)
        if value is None:
            return default
        if value != value.to_integral_value() or abs(value) > 1_000_000:
            self.complain(name, lazy_("Write a whole number."))
            return default
        return int(value)

    def share(self, name: str, default: float = 0.0) -> float:
        """Return 0.5 for 50 (per cent)."""
        value = self.number(name)
        if value is None:
            return default
        if not -100 <= value <= 100:
            self.complain(name, lazy_("A choice is worth between -100 % and 100 % of the mark."))
            return default
        return float(value / 100)

    def text(self, name: str, key: str, *, needed: LazyText = "") -> None:
        """Keep the text of a field in every language under this key; ``needed`` is what to say when there is none."""
        self.place_of[key] = f"{name}.{self.languages[0]}"
        for language in self.languages:
            if made := source.to_html(self.values.get(f"{name}.{language}", "")):
                self.texts[language][key] = made
        if needed and not any(key in self.texts[language] for language in self.languages):
            self.complain(self.place_of[key], needed)

    def rows(self, name: str) -> Iterator["Row"]:
        """Yield the rows in which anything was written, each with its key."""
        for index in range(row_count(self.values, name)):
            prefix = f"{name}.{index}."
            if any(
                value.strip() and not field.endswith(("key", ".picked", ".count"))
                for field, value in self.values.items()
                if field.startswith(prefix)
            ):
                yield Row(self, prefix, self._key(self.values.get(f"{prefix}key", "")))

    def complain(self, name: str, message: LazyText, severity: Severity = Severity.ERROR) -> None:
        self.complaints.append(Complaint(name, message, severity))

    def _key(self, asked: str) -> str:
        """Return the key of a row: its own, or a free one when it is new."""
        if _KEY.fullmatch(asked) and asked not in self._given:
            key = asked
        else:
            key = next(free for index in range(10_000) if (free := key_at(index)) not in self._taken | self._given)
        self._given.add(key)
        return key


@dataclass(frozen=True)
class Row:
    """One row of a sheet: the same questions as to the sheet, with short names."""

    sheet: Sheet
    prefix: str
    key: str

    @property
    def index(self) -> int:
        """Return which row of the form it is, from 0; rows without anything written are counted too."""
        return int(self.prefix.split(".")[-2])

    def line(self, name: str) -> str:
        return self.sheet.line(self.prefix + name)

    def on(self, name: str) -> bool:
        return self.sheet.on(self.prefix + name)

    def pick(self, name: str, default: str) -> str:
        return self.sheet.pick(self.prefix + name, default)

    def number(self, name: str, default: Decimal | None = None) -> Decimal | None:
        return self.sheet.number(self.prefix + name, default)

    def share(self, name: str, default: float = 0.0) -> float:
        return self.sheet.share(self.prefix + name, default)

    def rows(self, name: str) -> Iterator["Row"]:
        return self.sheet.rows(self.prefix + name)

    def text(self, name: str, key: str, *, needed: LazyText = "") -> None:
        self.sheet.text(self.prefix + name, key, needed=needed)

    def complain(self, name: str, message: LazyText) -> None:
        self.sheet.complain(self.prefix + name, message)


def percent(fraction: float) -> str:
    """Return 33.33333 for 0.3333333, so that reading it again gives the same."""
    return f"{(Decimal(repr(fraction)) * 100).normalize():f}"


def row_count(values: Mapping[str, str], name: str) -> int:
    """Return how many rows the form has."""
    count = values.get(f"{name}.count", "0")
    return min(int(count), MOST_ROWS) if count.isascii() and count.isdigit() and len(count) < 5 else 0


def with_row(values: Values, name: str) -> Values:
    """Return the form with one more empty row at the end."""
    return values | {f"{name}.count": str(min(row_count(values, name) + 1, MOST_ROWS))}


def without_row(values: Values, name: str, index: int) -> Values:
    """Return the form without a row; those behind it move up."""
    order = [each for each in range(row_count(values, name)) if each != index]
    return _in_order(values, name, order)


def moved_row(values: Values, name: str, index: int, by: int) -> Values:
    """Return the form with a row moved up (-1) or down (+1); at the end it stays."""
    order = list(range(row_count(values, name)))
    if 0 <= index < len(order) and 0 <= index + by < len(order):
        order[index], order[index + by] = order[index + by], order[index]
    return _in_order(values, name, order)


def _in_order(values: Values, name: str, order: Sequence[int]) -> Values:
    inside = re.compile(rf"{re.escape(name)}\.(\d+)\.(.+)")
    kept = {field: value for field, value in values.items() if not inside.fullmatch(field)}
    moved = {old: new for new, old in enumerate(order)}
    for field, value in values.items():
        found = inside.fullmatch(field)
        if found and int(found[1]) in moved:
            kept[f"{name}.{moved[int(found[1])]}.{found[2]}"] = value
    return kept | {f"{name}.count": str(len(order))}
