"""The time: moments in UTC, days in Viet Nam, and other moments for tests and history."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.core import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_vietnamese_day_begins_seven_hours_before_the_same_day_in_utc():
    with clock.at(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 11, 23)
    with clock.at(datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 11, 22)


def test_the_first_moment_of_a_day_is_on_that_day_and_the_one_before_is_not():
    first = clock.start_of(date(2026, 3, 1))

    assert first == datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
    assert [clock.local(moment).date() for moment in (first, first - timedelta(microseconds=1))] == [date(2026, 3, 1), date(2026, 2, 28)]


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 7, 31), "2025-2026"),
        (date(2026, 8, 1), "2026-2027"),
        (date(2026, 12, 31), "2026-2027"),
        (date(2027, 1, 1), "2026-2027"),
    ],
)
def test_school_years_change_on_the_first_of_august(day: date, year: str):
    assert clock.school_year(day) == year


def test_a_day_means_its_noon_and_blocks_can_lie_in_each_other():
    with clock.at(date(2026, 9, 5)):
        assert clock.local(clock.now()).strftime("%d/%m/%Y %H:%M") == "05/09/2026 12:00"
        with clock.at(date(2020, 1, 1)):
            assert clock.today() == date(2020, 1, 1)
        assert clock.today() == date(2026, 9, 5)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_time_goes_on_after_a_block_that_failed():
    with pytest.raises(KeyError), clock.at(date(2020, 1, 1)):
        raise KeyError
    assert clock.today() > date(2020, 1, 1)
