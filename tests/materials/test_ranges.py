"""Parts of a video: joined in any order, measured once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.materials import duration, ranges
from lms.materials.ranges import WrongRangesError
from tests.factories_materials import box, mp4

PARTS = st.lists(st.tuples(st.floats(0, 120), st.floats(0, 120)), max_size=12)


def test_parts_are_read_and_joined() -> None:
    assert ranges.read("0-12.5,30-60") == [(0.0, 12.5), (30.0, 60.0)]
    assert ranges.joined([(10, 20), (0, 9.8), (15, 30), (50, 90)], 60) == [(0, 30), (50, 60)]
    assert ranges.share([(0, 30), (15, 45)], 60) == 0.75


@pytest.mark.parametrize("said", ["x", "1", "1-", "-1-2", "1e5-2", "1-2,", "nan-1", "1-2;3-4", "9999999-1", ",".join(["0-1"] * 501)])
def test_what_is_no_report_is_refused(said: str) -> None:
    with pytest.raises(WrongRangesError):
        ranges.read(said)


@given(PARTS, PARTS)
def test_watching_more_never_counts_less(first: list[tuple[float, float]], more: list[tuple[float, float]]) -> None:
    before, after = ranges.share(first, 60), ranges.share([*first, *more], 60)

    assert 0 <= before <= after + 1e-9 <= 1 + 1e-9


@given(PARTS)
def test_joining_again_changes_nothing(parts: list[tuple[float, float]]) -> None:
    once = ranges.joined(parts, 60)

    assert ranges.joined(once, 60) == once
    assert ranges.joined(reversed(parts), 60) == once
    assert all(former[1] + ranges.GAP < later[0] for former, later in zip(once, once[1:], strict=False))


@pytest.mark.parametrize("seconds", [1, 59.6, 184.2, 7_200])
def test_an_mp4_says_how_long_it_runs(seconds: float) -> None:
    assert duration.seconds(mp4(seconds, 100)) == round(seconds)


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", box(b"moov", b""), box(b"moov", box(b"mvhd", bytes(100))), b"\x00\x00\x00\x04moov", mp4(5)[:-90]]
)
def test_what_says_nothing_is_none(data: bytes) -> None:
    assert duration.seconds(data) is None
