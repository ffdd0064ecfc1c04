"""Several windows that add files and write in the same instant: every acknowledged file and text is there, and nothing twice."""

from functools import partial
from threading import Thread

import pytest
from sqlalchemy import select

from lms.core import db
from lms.core.db import session
from lms.quizzes import attaching, attempts, queries_files, saving
from lms.quizzes.models.attempt import Attachment, Attempt, Step
from lms.quizzes.saving import AttemptClosed
from tests.cast import make_cast
from tests.factories_files import NOTE, PDF, make_file_attempt, slot_of_essay
from tests.factories_marking import essay_of
from tests.factories_quizzes import PICTURE, seat_of, sitting_of
from tests.together import at_once

pytestmark = pytest.mark.real_database


@pytest.fixture
def attempt_id(real_database: str) -> int:
    with db.transaction():
        return make_file_attempt(make_cast().persons["teacher"]).id


def put(attempt_id: int, name: str, data: bytes) -> object:
    attempt = session.get_one(Attempt, attempt_id)
    return attaching.add(seat_of(attempt, slot_of_essay(attempt)), name, data)


def test_a_double_click_is_one_file(attempt_id: int) -> None:
    came = at_once(*[lambda: put(attempt_id, "bài.pdf", PDF)] * 4)

    assert [each for each in came if isinstance(each, Exception)] == []
    with db.transaction():
        (file,) = session.scalars(select(Attachment)).all()
        assert (essay_of(session.get_one(Attempt, attempt_id)).answer or {})["files"] == [str(file.id)]


def test_windows_that_add_other_files_and_write_all_get_in(attempt_id: int) -> None:
    def write() -> object:
        attempt = session.get_one(Attempt, attempt_id)
        return saving.save(seat_of(attempt, slot_of_essay(attempt)), {"text": "Bài làm"}, known=0)

    came = at_once(
        lambda: put(attempt_id, "một.pdf", PDF), write, lambda: put(attempt_id, "hai.png", PICTURE), lambda: put(attempt_id, "ba.txt", NOTE)
    )

    assert [each for each in came if isinstance(each, Exception)] == []
    with db.transaction():
        row = essay_of(session.get_one(Attempt, attempt_id))
        answer = row.answer or {}
        assert (answer["text"], len(answer["files"]), row.sequence) == ("Bài làm", 3, 4)
        assert sorted(session.scalars(select(Attachment.name))) == ["ba.txt", "hai.png", "một.pdf"]
        assert list(session.scalars(select(Step.sequence).where(Step.response_id == row.id).order_by(Step.sequence))) == [1, 2, 3, 4]


def test_never_more_files_than_may_be_added(attempt_id: int) -> None:
    came = at_once(*[lambda number=number: put(attempt_id, f"{number}.pdf", PDF + bytes([65 + number])) for number in range(6)])

    assert sum(isinstance(each, attaching.FileRefused) for each in came) == 3
    with db.transaction():
        assert len(session.scalars(select(Attachment.id)).all()) == 3


def test_a_file_that_comes_between_the_looks_of_another_window_is_kept(attempt_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = {name: getattr(queries_files, name) for name in ("standing", "of_response")}
    other = Thread(target=at_once, args=(lambda: put(attempt_id, "hai.png", PICTURE),))

    def look(name: str, response_id: int) -> object:
        seen = looks[name](response_id)
        if other.ident is None:
            other.start()
            other.join(timeout=0.5)  # where the first window has the whole database to itself, the other one has to wait for it
        return seen

    for name in looks:
        monkeypatch.setattr(queries_files, name, partial(look, name))
    with db.transaction():
        put(attempt_id, "một.pdf", PDF)
    other.join(timeout=30)

    with db.transaction():
        row = essay_of(session.get_one(Attempt, attempt_id))
        assert (row.answer or {})["files"] == [str(one) for one in session.scalars(select(Attachment.id).order_by(Attachment.id))]
        assert sorted(session.scalars(select(Attachment.name))) == ["hai.png", "một.pdf"]


def test_a_file_that_was_acknowledged_is_among_those_handed_in(attempt_id: int) -> None:
    def finish() -> str:
        attempts.finish(sitting_of(session.get_one(Attempt, attempt_id)))
        return "handed in"

    came = at_once(lambda: put(attempt_id, "bài.pdf", PDF), finish)

    with db.transaction():
        row = essay_of(session.get_one(Attempt, attempt_id))
        kept = not isinstance(came[0], Exception)
        assert kept or isinstance(came[0], AttemptClosed)
        assert (len((row.answer or {}).get("files", [])), row.state) == ((1, "needs_marking") if kept else (0, "gaveup"))
