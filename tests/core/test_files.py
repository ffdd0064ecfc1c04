"""Stored files: kept once, known by their content, forgotten when nothing points at them."""

import io
import zipfile
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select

from lms.core import clock, files
from lms.core.db import session
from lms.core.files import FileGone, FileNotTaken, FileTooLarge
from lms.core.models import File
from lms.quizzes.models.bank import QuestionFile, QuestionVersion
from tests.factories_quizzes import PICTURE
from tests.quizzes.test_bank import brought_in

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def zipped(name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PICTURE, "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"ID3\x04...", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"OggS...", "audio/ogg"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"%PDF-1.7", "application/pdf"),
        (zipped("word/document.xml"), WORD),
        (zipped("a.txt"), "application/zip"),
        ("Xin chào\u00a0cả lớp\n".encode(), "text/plain"),
        (b"", None),
        (b"MZ\x90\x00", None),
        (b"#!/bin/sh\nrm", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"\xef\xbb\xbf  <!doctype html><script>1</script>", None),
        (b"\x00\x01\x02", None),
    ],
)
def test_a_file_is_what_is_in_it(data: bytes, media_type: str | None) -> None:
    assert files.media_type_of(data) == media_type


@pytest.mark.parametrize("form", ["PNG", "GIF", "JPEG"])
def test_a_picture_has_a_size(form: str) -> None:
    target = io.BytesIO()
    Image.new("RGB", (30, 20)).save(target, form)

    assert files.size_of_picture(target.getvalue()) == (30, 20)
    assert files.size_of_picture(target.getvalue()[:8]) is None
    assert files.size_of_picture(b"%PDF-1.7") is None


@pytest.mark.usefixtures("database")
def test_the_same_bytes_are_kept_once() -> None:
    first, second = files.keep(PICTURE), files.keep(PICTURE)

    assert first == second
    assert session.scalar(select(func.count(File.id))) == 1
    assert files.content(files.digest(PICTURE)) == PICTURE
    assert files.stored(first) == files.Stored("image/png", PICTURE, opens=True)


@pytest.mark.usefixtures("database")
def test_what_is_too_large_or_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotTaken):
        files.keep(b"MZ\x90\x00")
    monkeypatch.setattr(files, "LARGEST", 20)
    with pytest.raises(FileTooLarge):
        files.keep(PICTURE)
    with pytest.raises(FileGone):
        files.content("0" * 64)


@pytest.mark.usefixtures("database")
def test_only_what_nothing_points_at_is_forgotten_and_only_after_a_month() -> None:
    brought_in("::Tên:: Đúng không? {TRUE}")
    used, unused = files.keep(PICTURE), files.keep(b"%PDF-1.7")
    session.add(QuestionFile(version_id=session.scalars(select(QuestionVersion.id)).one(), name="a.png", file_id=used))
    session.flush()

    files.sweep()
    assert set(session.scalars(select(File.id))) == {used, unused}

    with clock.at(clock.now() + timedelta(days=31)):
        files.keep(b"ID3")
        files.sweep()
    assert used in set(session.scalars(select(File.id)))
    assert unused not in set(session.scalars(select(File.id)))
    assert session.scalar(select(func.count(File.id))) == 2
