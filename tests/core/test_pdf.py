"""Reading files that strangers send: what is no small PDF is refused soon, and drawing goes on."""

import os
import signal
import time
import zlib

import pytest

from lms.core import pdf

HEAVY = b"BT /F 12 Tf " + b"1 0 0 1 5 5 Tm (abc) Tj " * 700_000 + b"ET"


def make_pdf(stream: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter %s>>stream\n" % (len(stream), filters) + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)


SMALL = make_pdf(zlib.compress(b"BT /F 12 Tf 1 0 0 1 5 5 Tm (abc) Tj ET"))


def test_a_small_pdf_is_read():
    assert pdf.lines(SMALL) == ["abc"]


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", SMALL[: len(SMALL) // 2], make_pdf(zlib.compress(HEAVY, 9)), make_pdf(zlib.compress(bytes(200_000_000), 1))],
    ids=["empty", "text", "cut off", "a page of 17 MB", "200 MB of nothing"],
)
def test_what_is_no_small_pdf_is_refused_soon(content):
    pdf.lines(SMALL)  # loads the library
    began = time.monotonic()
    with pytest.raises(pdf.NotRead):
        pdf.lines(content)
    assert time.monotonic() - began < 20
    assert pdf.lines(SMALL) == ["abc"]


def test_a_reader_that_hangs_is_ended_and_drawing_goes_on(monkeypatch):
    pdf.lines(SMALL)  # starts the reader
    assert pdf._reader._running is not None
    os.kill(pdf._reader._running.pid, signal.SIGSTOP)
    os.waitpid(pdf._reader._running.pid, os.WUNTRACED)  # a signal takes a moment; till then it would still answer
    monkeypatch.setattr(pdf._reader, "_patience", 0.2)
    with pytest.raises(pdf.NotRead):
        pdf.lines(SMALL)
    assert pdf.render("<html lang='vi'><body>a</body></html>", title="a").startswith(b"%PDF")
    monkeypatch.undo()
    assert pdf.lines(SMALL) == ["abc"]


@pytest.mark.parametrize("name", ["Lê Thị 阿", "Nguyễn An 😀", "Nguyễn \u202eAn"])
def test_a_letter_that_no_font_has_spoils_nothing_else(name):
    style = "<style>body { font-family: 'Be Vietnam Pro' }</style>"
    drawn = pdf.render(f"<html lang='vi'><head>{style}</head><body><p>{name}</p><p>Trần Bình</p></body></html>", title="a")
    assert "Trần Bình" in " ".join(pdf.lines(drawn))


def test_what_the_page_refers_to_must_be_there():
    with pytest.raises(pdf.NotDrawn):
        pdf.render("<html lang='vi'><body><img src='file:///etc/passwd'></body></html>", title="a")
