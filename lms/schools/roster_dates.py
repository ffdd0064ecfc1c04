"""Days of birth as lists write them: real dates, text in many forms, serial numbers."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from lms.core import names
from lms.core.sheets import Cell

Order = Literal["dmy", "mdy"]
_EPOCH = date(1899, 12, 30)  # serial numbers of Excel count from here
_PARTS = re.compile(r"^(\d{1,2})[/.\-\s]+(\d{1,2})[/.\-\s]+(\d{4}|\d{2})(?:\s+\d{1,2}:\d{2}(:\d{2})?)?$")
_ISO = re.compile(r"^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T\s]\d{1,2}:\d{2}(:\d{2})?)?$")
_WORDS = re.compile(r"^(?:ngay\s*)?(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})$")


class NotADayError(ValueError):
    """The cell does not hold a real day; the message is what it holds."""


def order_of(cells: Iterable[Cell]) -> Order:
    """Return how a column writes its days: month first only when that is the one reading that works."""
    parts = [match for cell in cells if isinstance(cell, str) and (match := _PARTS.match(cell.strip()))]
    day_first = any(int(match[1]) > 12 for match in parts)
    month_first = any(int(match[2]) > 12 for match in parts)
    return "mdy" if month_first and not day_first else "dmy"


def read(cell: Cell, *, today: date, order: Order = "dmy") -> date | None:
    """Return the day in a cell, None when it is empty; raises NotADayError."""
    if cell is None or isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(cell)
    text = names.fold(str(cell)).strip(" '")
    if not text:
        return None
    if text.isdigit():
        return _serial(int(text))
    if match := _ISO.match(text):
        return _day(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _WORDS.match(text):
        return _day(int(match[3]), int(match[2]), int(match[1]), text)
    if match := _PARTS.match(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if year < 100:
            year += 2000 if year <= today.year % 100 else 1900
        return _day(year, second, first, text) if order == "dmy" else _day(year, first, second, text)
    raise NotADayError(str(cell))


def _serial(number: float) -> date:
    # Below 10,000 it is a year (1985) or a slip, above 60,000 it lies in the far future.
    if not 10_000 <= number <= 60_000:
        raise NotADayError(f"{number:g}")
    return _EPOCH + timedelta(days=int(number))


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NotADayError(text) from error
