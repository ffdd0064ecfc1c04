"""make_...: files that learners hand in with an essay."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from lms.accounts.models import Person
from lms.quizzes import attaching
from lms.quizzes.attaching import Kept
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.quiz import Quiz
from tests.factories_marking import essay_of, make_essay
from tests.factories_quizzes import make_attempt, make_quiz, seat_of

PDF = b"%PDF-1.7 bai lam"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"
NOTE = "Ghi chép của em".encode()


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


def make_file_quiz(settings: Mapping[str, Any] | None = None, **body: object) -> Quiz:
    """Four questions and an essay, at the end, that takes three files; ``settings`` are those of the quiz, as in course.yaml."""
    return make_quiz(edit=lambda quiz: make_essay(quiz, **{"attachments": 3, **body}), **(settings or {}))


def make_file_attempt(person: Person, quiz: Quiz | None = None, **body: object) -> Attempt:
    return make_attempt(person, quiz or make_file_quiz(**body))


def slot_of_essay(attempt: Attempt) -> int:
    return essay_of(attempt).slot


def add(attempt: Attempt, name: str = "bài làm.pdf", data: bytes = PDF) -> Kept:
    """Add a file to the essay of an attempt as its page would."""
    return attaching.add(seat_of(attempt, slot_of_essay(attempt)), name, data)
