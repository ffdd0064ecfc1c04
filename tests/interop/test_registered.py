"""Every format that the app lists can be read and written: they are named there, and loaded when a file comes."""

import pytest
from flask import Flask

from lms.app import QUESTION_FORMATS
from lms.quizzes.formats import FileRead, QuestionFormat

every_format = pytest.mark.parametrize("form", QUESTION_FORMATS, ids=lambda form: form.key)


@every_format
def test_what_reads_it_is_there(form: QuestionFormat, app: Flask) -> None:
    read: FileRead = form.read(b"", "vi")

    assert not read.drafts
    assert form.fits(b"\x00\x01") is False


@pytest.mark.parametrize("form", [form for form in QUESTION_FORMATS if form.write], ids=lambda form: form.key)
def test_what_writes_it_is_there(form: QuestionFormat, app: Flask) -> None:
    assert form.write is not None

    assert form.write([], language="vi").problems == ()
