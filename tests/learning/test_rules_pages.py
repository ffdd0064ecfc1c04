"""Pages of a course with conditions: what is closed, hidden or missing, and deciding about a step."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.courses.models import Activity, Version
from lms.learning.models import Decision, Enrolment, Result
from lms.quizzes.models.attempt import Attempt
from tests.cast import Cast
from tests.factories_courses import activity, make_enrolment, make_version
from tests.factories_quizzes import make_quiz

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def version(cast: Cast) -> Version:
    return make_version(
        "a",
        activity("b", available={"done": "a"}),
        activity("c", available={"done": "b"}, hidden=True),
        activity("d", completion=["read", "checks"]),
        activity("e", available={"positions": ["manager"]}),
        slug="khoa",
    )


def text(client: FlaskClient, path: str) -> str:
    return client.get(path, query_string={"lang": "vi"}).get_data(as_text=True)


def states() -> dict[str, str]:
    return {row.activity_key: row.state for row in session.scalars(select(Result))}


def test_a_closed_step_says_what_it_waits_for_and_is_done_by_nobody(version: Version, sign_in: SignIn) -> None:
    client = sign_in("teacher")

    assert "Hãy làm xong “Bài a” trước." in text(client, "/courses/khoa")
    assert "Bước này chưa mở" in text(client, "/courses/khoa/b")
    refused = client.post("/courses/khoa/b/done")

    assert refused.status_code == 409
    assert "Hãy làm xong “Bài a” trước." in refused.get_data(as_text=True)
    assert states() == {}
    client.post("/courses/khoa/a/done")
    assert "Bước này chưa mở" not in text(client, "/courses/khoa/b")
    assert client.post("/courses/khoa/b/done").status_code == 302
    assert states() == {"a": "completed", "b": "completed"}


def test_a_hidden_step_is_not_there_before_it_is_open(version: Version, sign_in: SignIn) -> None:
    client = sign_in("teacher")

    assert "Bài c" not in text(client, "/courses/khoa")
    assert client.get("/courses/khoa/c").status_code == 404
    for key in ("a", "b"):
        client.post(f"/courses/khoa/{key}/done")
    assert "Bài c" in text(client, "/courses/khoa")
    assert client.get("/courses/khoa/c").status_code == 200


def test_a_step_for_others_is_not_there(version: Version, sign_in: SignIn) -> None:
    assert [sign_in(who).get("/courses/khoa/e").status_code for who in ("teacher", "head")] == [404, 200]
    assert "Bài e" not in text(sign_in("teacher"), "/courses/khoa")


def test_a_course_is_completed_by_what_counts_for_its_learner(version: Version, sign_in: SignIn) -> None:
    client = sign_in("teacher")

    for key in ("a", "b", "c", "d"):
        client.post(f"/courses/khoa/{key}/done")
    client.post("/courses/khoa/d/note", data={"what": "checks"})

    row = session.scalars(select(Enrolment)).one()
    assert (row.state, row.done, row.required) == ("completed", 4, 4)


def test_a_lesson_that_asks_for_its_checks_says_so(version: Version, sign_in: SignIn) -> None:
    client = sign_in("teacher")

    page = text(client, "/courses/khoa/d")
    first = client.post("/courses/khoa/d/done")

    assert 'data-note-what="checks"' in page
    assert first.location == "/courses/khoa/d"
    assert "đã trả lời mọi câu hỏi nhanh trong bài" in text(client, "/courses/khoa/d")
    assert states() == {"d": "started"}
    assert client.post("/courses/khoa/d/note", data={"what": "checks"}).status_code == 204
    assert states() == {"d": "completed"}


@pytest.mark.parametrize("what", ["", "passed", "read", "granted"])
def test_a_page_cannot_note_what_it_does_not_see(version: Version, sign_in: SignIn, what: str) -> None:
    assert sign_in("teacher").post("/courses/khoa/a/note", data={"what": what}).status_code == 409
    assert states() == {}


def test_looking_in_enrols_nobody(version: Version, sign_in: SignIn) -> None:
    assert sign_in("teacher").post("/courses/khoa/a/note", data={"what": "viewed"}).status_code == 204
    assert session.scalars(select(Enrolment)).all() == []


def test_a_quiz_is_not_begun_before_its_time(cast: Cast, sign_in: SignIn) -> None:
    def wait(quiz: Any) -> None:
        session.get_one(Activity, quiz.activity_id).available = {"from": "2099-01-01"}

    quiz = make_quiz(edit=wait)
    client = sign_in("teacher")

    refused = client.post(f"/quiz/{quiz.activity_id}/start")

    assert refused.status_code == 409
    assert "01/01/2099" in refused.get_data(as_text=True)
    assert session.scalars(select(Attempt)).all() == []


def test_a_learner_reads_what_is_missing_and_decides_nothing(cast: Cast, version: Version, sign_in: SignIn) -> None:
    teacher = cast.persons["teacher"]
    make_enrolment(teacher.id, version)
    client = sign_in("teacher")
    client.post("/courses/khoa/d/done")
    path = f"/people/{teacher.id}/courses/khoa"

    page = text(client, path)

    assert "Còn thiếu: đã trả lời mọi câu hỏi nhanh trong bài" in page
    assert "Hãy làm xong “Bài a” trước." in page
    assert "Cho tính là xong" not in page
    assert client.post(path, data={"act": "grant", "key": "a", "reason": "Tôi muốn thế."}).status_code == 403
    assert session.scalars(select(Decision)).all() == []


def test_a_head_grants_and_takes_back_and_both_stay_in_the_books(cast: Cast, version: Version, sign_in: SignIn) -> None:
    teacher = cast.persons["teacher"]
    make_enrolment(teacher.id, version)
    client = sign_in("head")
    path = f"/people/{teacher.id}/courses/khoa"

    client.post(path, data={"act": "grant", "key": "a", "reason": "Đã dạy bài này."})
    assert "Đã dạy bài này." in text(client, path)
    assert states() == {"a": "completed"}
    client.post(path, data={"act": "take_back", "key": "a", "reason": "Nhầm người."})

    page = text(client, path)
    assert "Nhầm người." in page
    assert "Đã dạy bài này." in page
    assert states() == {"a": "started"}


@pytest.mark.parametrize("data", [{"act": "grant", "key": "a", "reason": ""}, {"act": "mark", "key": "a"}, {"act": "take_back", "key": "a", "reason": "Không."}, {"act": "grant", "key": "zzz", "reason": "Có lý do."}])  # fmt: skip
def test_a_decision_that_cannot_be_changes_nothing(cast: Cast, version: Version, sign_in: SignIn, data: dict[str, str]) -> None:
    teacher = cast.persons["teacher"]
    make_enrolment(teacher.id, version)
    client = sign_in("head")

    assert client.post(f"/people/{teacher.id}/courses/khoa", data=data).status_code == 302
    assert (session.scalars(select(Decision)).all(), states()) == ([], {})
