"""Codes of a meeting: what is on the screen is taken, for a few minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.attendance import codes

NOW = datetime(2026, 10, 5, 1, 30, 10, tzinfo=UTC)
SECRET = codes.new_secret()


def test_what_is_shown_fits_however_it_is_typed() -> None:
    shown = codes.code(SECRET, NOW)

    assert len(shown) == codes.LENGTH
    assert all(codes.fits(SECRET, typed, NOW) for typed in (shown, shown.lower(), f"{shown[:3]} {shown[3:]} ", f" {shown}"))


@pytest.mark.parametrize(("seconds", "fits"), [(0, True), (29, True), (120, True), (149, True), (181, False), (3_600, False), (-31, False)])
def test_a_code_is_taken_for_a_few_minutes(seconds: int, fits: bool) -> None:
    assert codes.fits(SECRET, codes.code(SECRET, NOW), NOW + timedelta(seconds=seconds)) is fits


def test_codes_change_and_differ_from_meeting_to_meeting() -> None:
    of_an_hour = {codes.code(SECRET, NOW + timedelta(seconds=codes.STEP * step)) for step in range(120)}

    assert len(of_an_hour) == 120
    assert codes.code(SECRET, NOW) != codes.code(codes.new_secret(), NOW)


@pytest.mark.parametrize("typed", ["", " ", "AAAAAA", "é", "0" * 100])
def test_other_things_do_not_fit(typed: str) -> None:
    assert not codes.fits(SECRET, typed, NOW)
