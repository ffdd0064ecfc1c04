"""Captions: what is said, and what is wrong in a file."""

import pytest

from lms.courses import captions
from lms.courses.captions import Cue, WrongCaptionsError
from tests.factories_materials import CAPTIONS


def test_what_is_said_is_read_without_marks() -> None:
    assert captions.read(CAPTIONS) == [Cue(0.0, 4.0, "Xin chào các thầy cô."), Cue(4.0, 65.5, "Dừng lại & nghĩ.")]
    assert [cue.clock for cue in captions.read(CAPTIONS)] == ["0:00", "0:04"]


@pytest.mark.parametrize(
    "text", ["WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nCó", "\ufeffWEBVTT - tên\n\n100:00:01.000 --> 100:00:02.000\nCó\n"]
)
def test_other_ways_of_writing_the_same_are_read(text: str) -> None:
    assert [cue.text for cue in captions.read(text.encode())] == ["Có"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1\n00:01,000 --> 00:02,000\nSRT", 1),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nComma", 3),
        ("WEBVTT\n\nx\n00:01.000 -> 00:02.000\nArrow", 4),
        ("WEBVTT\n\n00:03.000 --> 00:02.000\nBackwards", 3),
        ("WEBVTT\n\nNOTE nothing else\n", 1),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(WrongCaptionsError) as found:
        captions.read(text.encode())

    assert found.value.line == line


def test_another_encoding_is_told() -> None:
    with pytest.raises(WrongCaptionsError, match="UTF-8"):
        captions.read("WEBVTT\n\nđ".encode("cp1258"))
