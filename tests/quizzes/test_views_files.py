"""Files of answers through the browser: without script, with it, and who may have them afterwards."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from lms.core import db
from lms.core.db import session
from lms.quizzes import attaching
from lms.quizzes.attaching import Kept
from lms.quizzes.bodies.writing import EssayEditor
from lms.quizzes.models.attempt import Attachment, Attempt
from tests import factories_files
from tests.cast import Cast
from tests.factories_files import NOTE, PDF, PROGRAM, make_file_attempt, make_file_quiz, slot_of_essay
from tests.factories_marking import essay_of
from tests.factories_quizzes import PICTURE, hand_in, seat_of

SignIn = Callable[[str], FlaskClient]
JSON = {"Accept": "application/json"}


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def get(client: FlaskClient, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def add(attempt: Attempt, name: str = "bài làm.pdf", data: bytes = PDF) -> Kept:
    """Add a file for good: a request that is refused takes back what nobody committed."""
    kept = factories_files.add(attempt, name, data)
    session.commit()
    return kept


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    return make_file_attempt(cast.persons["teacher"])


def page_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.id}/{slot_of_essay(attempt)}"


def send(client: FlaskClient, attempt: Attempt, name: str = "bài làm.pdf", data: bytes = PDF) -> tuple[int, dict[str, object]]:
    """Send a file as files.js does."""
    answer = client.post(f"{page_of(attempt)}/files", data={"file": (BytesIO(data), name)}, headers=JSON)
    return answer.status_code, answer.get_json()


def form(attempt: Attempt, *uploads: tuple[str, bytes], text: str = "", **more: str) -> dict[str, object]:
    """What the page sends without script."""
    prefix = f"q{slot_of_essay(attempt)}-"
    files = [(BytesIO(data), name) for name, data in uploads]
    return {f"{prefix}text": text, f"{prefix}sequence": str(essay_of(attempt).sequence), f"{prefix}upload": files, **more}


def names() -> list[str]:
    return list(session.scalars(select(Attachment.name).where(Attachment.removed_at.is_(None)).order_by(Attachment.id)))


def test_the_whole_way_without_javascript(attempt: Attempt, sign_in: SignIn) -> None:
    client, prefix = sign_in("teacher"), f"q{slot_of_essay(attempt)}-"
    page = get(client, page_of(attempt))
    assert ('enctype="multipart/form-data"' in page, f'name="{prefix}upload" multiple' in page) == (True, True)

    sent = client.post(page_of(attempt), data=form(attempt, ("một.pdf", PDF), ("hai.png", PICTURE), text="Bài", stay=f"{prefix}files"))
    assert sent.location == f"{page_of(attempt)}#{prefix}files"
    assert (names(), (essay_of(attempt).answer or {})["text"]) == (["một.pdf", "hai.png"], "Bài")
    page = get(client, page_of(attempt))
    assert ("một.pdf" in page, "Gỡ tệp hai.png" in text_of(page)) == (True, True)

    first = session.scalars(select(Attachment.id).order_by(Attachment.id)).first()
    removed = client.post(page_of(attempt), data=form(attempt, text="Bài làm", remove=f"{prefix}{first}"))
    assert (removed.location, names()) == (page_of(attempt), ["hai.png"])
    went = client.post(page_of(attempt), data=form(attempt, ("ba.txt", NOTE), text="Bài làm", last="1"))
    assert went.location == f"/attempts/{attempt.id}/summary"
    assert (names(), (essay_of(attempt).answer or {})["text"]) == (["hai.png", "ba.txt"], "Bài làm")


def test_a_refused_file_is_named_and_the_text_beside_it_is_saved(attempt: Attempt, sign_in: SignIn) -> None:
    sent = sign_in("teacher").post(page_of(attempt), data=form(attempt, ("bài.pdf", PROGRAM), ("hai.png", PICTURE), text="Bài làm"))

    assert sent.status_code == 422
    assert "Không nhận “bài.pdf”" in sent.get_data(as_text=True)
    assert (names(), (essay_of(attempt).answer or {})["text"]) == (["hai.png"], "Bài làm")


def test_a_script_is_told_what_is_saved_and_when(attempt: Attempt, sign_in: SignIn) -> None:
    client = sign_in("teacher")
    status, said = send(client, attempt)
    again = send(client, attempt, "khác.pdf")[1]

    file = session.scalars(select(Attachment)).one()
    assert (status, said["sequence"], re.fullmatch(r"\d\d:\d\d", str(said["saved"])) is not None) == (200, 1, True)
    assert (
        said["file"]
        == again["file"]
        == {
            "id": file.id,
            "name": "bài làm.pdf",
            "size": "1 KB",
            "url": f"/attempts/{attempt.id}/files/{file.id}",
            "remove": f"{page_of(attempt)}/files/{file.id}/remove",
        }
    )
    removed = client.post(f"{page_of(attempt)}/files/{file.id}/remove", headers=JSON)
    assert (removed.status_code, removed.get_json()["sequence"], names()) == (200, 2, [])


@pytest.mark.parametrize(("data", "code", "status"), [(PROGRAM, "file_refused", 422), (b"", "file_refused", 422)])
def test_a_script_is_told_why_not(attempt: Attempt, sign_in: SignIn, data: bytes, code: str, status: int) -> None:
    came, said = send(sign_in("teacher"), attempt, "bài.exe", data)

    assert (came, said["error"]["code"], names()) == (status, code, [])  # type: ignore[index]


def test_after_handing_in_nothing_is_added_or_taken_out(attempt: Attempt, sign_in: SignIn) -> None:
    kept, client = add(attempt), sign_in("teacher")
    hand_in(attempt)
    session.commit()

    status, said = send(client, attempt, "hai.png", PICTURE)
    removed = client.post(f"{page_of(attempt)}/files/{kept.file.id}/remove", headers=JSON)

    assert (status, said["error"]["code"], removed.status_code, names()) == (409, "attempt_closed", 409, ["bài làm.pdf"])  # type: ignore[index]


def test_a_file_is_only_ever_saved_by_a_browser(attempt: Attempt, sign_in: SignIn) -> None:
    kept = add(attempt, "Bài của Đỗ Hường.pdf")

    got = sign_in("teacher").get(f"/attempts/{attempt.id}/files/{kept.file.id}")

    assert (got.data, got.mimetype) == (PDF, "application/pdf")
    assert got.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''B%C3%A0i%20c%E1%BB%A7a%20%C4%90%E1%BB%97%20H%C6%B0%E1%BB%9Dng.pdf" in got.headers["Content-Disposition"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert got.headers["Cache-Control"] == "no-store"


def test_what_was_taken_out_or_belongs_to_another_attempt_is_not_there(cast: Cast, attempt: Attempt, sign_in: SignIn) -> None:
    kept = add(attempt)
    other = make_file_attempt(cast.persons["head"])
    client = sign_in("teacher")

    assert client.get(f"/attempts/{other.id}/files/{kept.file.id}").status_code in (403, 404)
    attaching.remove(seat_of(attempt, slot_of_essay(attempt)), kept.file.id)
    session.commit()
    assert client.get(f"/attempts/{attempt.id}/files/{kept.file.id}").status_code == 404


def test_the_learner_gets_it_back_when_answers_are_shown_and_the_marker_always(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_file_quiz({"review": {"just_after": [], "later": [], "closed": []}})
    attempt = make_file_attempt(cast.persons["teacher"], quiz)
    address = f"/attempts/{attempt.id}/files/{add(attempt).file.id}"
    assert sign_in("teacher").get(address).status_code == 200
    hand_in(attempt)
    session.commit()

    assert [sign_in(who).get(address).status_code in (403, 404) for who in ("teacher", "other_teacher", "head")] == [True, True, False]


def test_review_and_marker_see_the_files(attempt: Attempt, sign_in: SignIn) -> None:
    address = f"/attempts/{attempt.id}/files/{add(attempt).file.id}"
    hand_in(attempt)
    session.commit()

    own = get(sign_in("teacher"), f"/attempts/{attempt.id}/review")
    head = sign_in("head")
    pages = (own, get(head, f"/results/attempts/{attempt.id}"), get(head, f"/results/answers/{essay_of(attempt).id}"))

    assert [f'href="{address}"' in page and "bài làm.pdf" in page for page in pages] == [True] * 3


def test_the_summary_says_which_files_are_missing(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_file_attempt(cast.persons["teacher"], editor=EssayEditor.NO_TEXT, attachments_required=2)
    client = sign_in("teacher")

    said = [text_of(get(client, f"/attempts/{attempt.id}/summary"))]
    add(attempt)
    said.append(text_of(get(client, f"/attempts/{attempt.id}/summary")))
    add(attempt, "hai.png", PICTURE)
    said.append(text_of(get(client, f"/attempts/{attempt.id}/summary")))

    assert "Cần nộp 2 tệp." in said[0]
    assert "Xin nộp ít nhất 2 tệp; hiện có 1." in said[1]
    assert "tệp" not in said[2]


def test_pages_without_files_ask_the_database_no_more_than_before(cast: Cast, attempt: Attempt, sign_in: SignIn) -> None:
    client = sign_in("teacher")

    def statements(url: str) -> int:
        count = 0

        def one_more(*_args: object) -> None:
            nonlocal count
            count += 1

        event.listen(db.engine(), "before_cursor_execute", one_more)
        try:
            get(client, url)
        finally:
            event.remove(db.engine(), "before_cursor_execute", one_more)
        return count

    statements(page_of(attempt))
    without = statements(page_of(attempt))
    add(attempt)
    one = statements(page_of(attempt))
    add(attempt, "hai.png", PICTURE)

    assert (one, statements(page_of(attempt))) == (without + 1, without + 1)


def test_the_preview_of_a_quiz_says_that_no_file_is_taken(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_file_quiz()

    page = get(sign_in("administrator"), f"/quizzes/{quiz.id}/preview")

    assert ("Chỉ nộp được tệp khi tự làm bài" in page, 'type="file"' in page) == (True, False)
