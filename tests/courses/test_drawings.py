"""Drawings of courses: shapes and words pass, whatever runs, moves or comes from elsewhere does not."""

import pytest

from lms.courses import drawings

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 400 300.4" role="img">
  <title>Ổ khóa</title>
  <defs><linearGradient id="g"><stop offset="0" stop-color="#0b4b50"/></linearGradient><circle id="dot" r="3"/></defs>
  <rect width="10" height="10" fill="url(#g)" style="fill: url('#g')"/>
  <use xlink:href="#dot" x="4"/><text x="1" y="2">12</text>
</svg>
"""
OPENING = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 4 3">\n'


def lines(inside: str) -> list[int]:
    return [fault.line for fault in drawings.problems(f"{OPENING}{inside}\n</svg>".encode())]


def test_shapes_and_words_pass() -> None:
    assert drawings.problems(GOOD.encode()) == []
    assert drawings.size(GOOD.encode()) == (400, 300)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<g onclick="alert(1)"/>',
        '<g onLoad="alert(1)"/>',
        '<foreignObject width="9" height="9"/>',
        '<image href="https://evil.example/x.png"/>',
        '<use href="https://evil.example/x.svg#a"/>',
        '<use xlink:href="other.svg#a"/>',
        '<use href="data:image/svg+xml,x"/>',
        '<a href="https://evil.example"/>',
        '<rect fill="url(https://evil.example/x)"/>',
        '<rect fill="url(//evil.example/x)"/>',
        "<rect style=\"fill: URL( 'https://evil.example' )\"/>",
        '<rect style="fill: u\\72l(//evil.example)"/>',
        "<style>@import 'https://evil.example'</style>",
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onclick" to="x"/>',
        '<g xml:base="https://evil.example/"/>',
        '<h:p xmlns:h="http://www.w3.org/1999/xhtml"/>',
        '<?xml-stylesheet href="https://evil.example/x.css"?>',
    ],
)
def test_what_runs_or_comes_from_elsewhere_is_refused_with_its_line(inside: str) -> None:
    assert set(lines(inside)) == {2}


def test_a_few_lines_cannot_ask_for_billions_of_shapes() -> None:
    inside = '<g id="a"><path d="M0 0"/></g>\n<g id="b"><use href="#a"/><use href="#a"/></g>\n<use href="#b"/>'

    assert lines(inside) == [4]


def test_a_document_type_is_refused_before_anything_grows() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n' + OPENING + "<text>&b;</text></svg>"

    assert [fault.line for fault in drawings.problems(bomb.encode())] == [1]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg",
        b"<html><body/></html>",
        b'<svg viewBox="0 0 4 3"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 3"/>',
        GOOD.encode("utf-16"),
        OPENING.encode() + b" " * drawings.LARGEST + b"</svg>",
    ],
)
def test_what_is_no_drawing_of_a_size_is_refused(data: bytes) -> None:
    assert len(drawings.problems(data)) == 1


def test_a_drawing_of_very_many_parts_is_refused() -> None:
    assert len(lines("<g/>" * (drawings.MOST_ELEMENTS + 5))) == 1
