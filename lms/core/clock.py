"""The only place that reads the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

_frozen: list[datetime] = []


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


def today() -> date:
    """Return the day that it is in Viet Nam: law and school days are counted there."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return the moment as a Vietnamese wall clock shows it."""
    return moment.astimezone(LOCAL)


def start_of(day: date) -> datetime:
    """Return the first moment of a Vietnamese day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL).astimezone(UTC)


def school_year(day: date) -> str:
    """Return the school year of a day, such as "2026-2027"; years change on 1 August."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{first + 1}"


@contextmanager
def at(moment: datetime | date) -> Iterator[None]:
    """Let it be that moment (of a day: noon in Viet Nam) inside the block; for history and tests."""
    if not isinstance(moment, datetime):
        moment = start_of(moment) + timedelta(hours=12)
    _frozen.append(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.pop()
