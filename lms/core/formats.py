"""How days, shares and numbers are written, in Vietnamese and in English."""

from datetime import date, datetime, timedelta

from babel.dates import format_date
from babel.numbers import format_decimal

from lms.core import clock
from lms.core.i18n import language

# Between thousands, and before decimals.
_MARKS = {"vi": (".", ","), "en": (",", ".")}


def day(value: date | datetime | None) -> str:
    """Return 05/10/2026."""
    if value is None:
        return ""
    return _day_of(value).strftime("%d/%m/%Y")


def long_day(value: date | datetime) -> str:
    """Return "Thứ Hai, ngày 05 tháng 10 năm 2026" or "Monday, 5 October 2026"."""
    one = _day_of(value)
    if language() == "vi":
        weekday = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")[one.weekday()]
        return f"{weekday}, ngày {one.day:02d} tháng {one.month:02d} năm {one.year}"
    return format_date(one, "EEEE, d MMMM y", locale="en")


def last_day(until_day: date | None) -> str:
    """Return the last day of something that no longer holds on ``until_day``: 04/10/2026."""
    return "" if until_day is None else day(until_day - timedelta(days=1))


def file_size(size: int) -> str:
    """Return "2,5 MB" or "300 KB" for so many bytes, rounded down, but 1 KB at least."""
    if size >= 1_048_576:
        return f"{number(int(size * 10 / 1_048_576) / 10)} MB"
    return f"{number(max(1, size // 1024))} KB"


def moment(value: datetime | None) -> str:
    """Return 05/10/2026 07:15, as a Vietnamese wall clock shows it."""
    return "" if value is None else clock.local(value).strftime("%d/%m/%Y %H:%M")


def clock_time(value: datetime | None) -> str:
    """Return 07:15."""
    return "" if value is None else clock.local(value).strftime("%H:%M")


def share(value: float | None) -> str:
    """Return 85,2 % for 0.852; never 100 % or a target reached by rounding up."""
    if value is None:
        return "–"
    percent = int(value * 1000 + 1e-9) / 10
    return f"{percent:.1f} %".replace(".", _MARKS[language()][1])


def number(value: float | int | None) -> str:
    """Return 1.245 or 1,245."""
    if value is None:
        return "–"
    if isinstance(value, int):
        # Tables hold hundreds of these, and the general way costs forty times as much.
        return f"{value:,}".replace(",", _MARKS[language()][0])
    return format_decimal(value, locale=language())


def _day_of(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value
