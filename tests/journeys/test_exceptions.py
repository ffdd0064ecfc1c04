"""A teacher gives a pupil another day, a head teacher gives somebody more time, and both reach the quiz that is open."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.core.models import AuditEntry
from lms.courses import authoring
from lms.quizzes import attempts
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.models.rules import ExtraTime, Override
from tests.cast import Cast
from tests.factories_courses import draft
from tests.factories_quizzes import answer_all, make_attempt, make_quiz, quiz_activity, quiz_of
from tests.factories_quizzes_rules import change

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=clock.LOCAL)
TUESDAY = MONDAY + timedelta(days=1)
At = Callable[[datetime], None]


@pytest.fixture
def at() -> Iterator[At]:
    """Let it be another moment until the test is over."""
    with ExitStack() as stack:
        yield lambda moment: stack.enter_context(clock.at(moment))


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def pupils_quiz(**settings: Any) -> Quiz:
    version = authoring.publish(authoring.import_draft(draft(quiz_activity(**settings), audience="pupils")))
    session.commit()
    return quiz_of(version)


def again(attempt_id: int) -> Attempt:
    """The attempt as it is in the database now."""
    session.expire_all()
    return session.get_one(Attempt, attempt_id)


def as_shown(client: FlaskClient, url: str) -> dict[str, str]:
    """The form of a page as a browser would send it back."""
    page = client.get(url).get_data(as_text=True)
    inputs = re.findall(r"<input[^>]*>", page)
    named = [(re.search(r'name="([^"]+)"', each), re.search(r'value="([^"]*)"', each)) for each in inputs]
    return {name.group(1): value.group(1) if value else "" for name, value in named if name}


def test_a_pupil_who_was_away_gets_another_day_from_the_teacher(cast: Cast, sign_in: Any, at: At) -> None:
    quiz = pupils_quiz(attempts=1)
    change(quiz, closes_at=MONDAY)
    session.commit()
    pupil = cast.persons["pupil"]
    at(TUESDAY)
    teacher = sign_in("teacher")

    found = teacher.get(f"/quizzes/{quiz.id}/exceptions?words=tran+minh")
    assert f"/quizzes/{quiz.id}/exceptions/person/{pupil.id}" in found.get_data(as_text=True)
    url = f"/quizzes/{quiz.id}/exceptions/person/{pupil.id}"
    sent = teacher.post(url, data=as_shown(teacher, url) | {"closes_at": "2026-11-25T17:00", "reason": "Vắng có phép"})
    assert sent.status_code == 302

    row = session.scalars(select(Override)).one()
    assert (row.person_id, row.changes, row.reason) == (pupil.id, {"closes_at": "2026-11-25T10:00:00+00:00"}, "Vắng có phép")
    assert "đóng lúc 25/11/2026 17:00" in text_of(teacher.get(f"/quizzes/{quiz.id}/exceptions"))
    assert sign_in("pupil").post(f"/quiz/{quiz.activity_id}/start").status_code == 302
    assert sign_in("other_pupil").post(f"/quiz/{quiz.activity_id}/start").status_code == 409
    assert session.scalars(select(Attempt.due_at)).all() == [datetime(2026, 11, 25, 17, 0, tzinfo=clock.LOCAL)]

    teacher = sign_in("teacher")
    # Ended, it stays as history, and the open attempt is as everybody's.
    teacher.post(f"{url}/end")
    session.expire_all()
    assert session.scalars(select(Override.replaced_at)).all() == [TUESDAY]
    assert session.scalars(select(Attempt.due_at)).all() == [MONDAY]
    assert [entry.action for entry in session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("quizzes.")))] == [
        "quizzes.override.given",
        "quizzes.override.taken_back",
    ]


def test_a_second_exception_replaces_the_first_and_only_what_differs_is_kept(cast: Cast, sign_in: Any) -> None:
    quiz = pupils_quiz(attempts=1, time_limit_minutes=30)
    head, url = sign_in("head"), f"/quizzes/{quiz.id}/exceptions/class/{cast.school_class.id}"

    head.post(url, data=as_shown(head, url) | {"limit_minutes": "45", "reason": "Lớp bán trú"})
    head.post(url, data=as_shown(head, url) | {"attempts": "", "reason": "Lớp bán trú"})
    nothing = head.post(url, data=as_shown(head, url) | {"limit_minutes": "30", "attempts": "1"})

    rows = session.scalars(select(Override).order_by(Override.id)).all()
    assert [(row.changes, row.replaced_at is None) for row in rows] == [
        ({"time_limit_seconds": 2700}, False),
        ({"time_limit_seconds": 2700, "attempts_allowed": None}, True),
    ]
    assert nothing.status_code == 422
    assert "Hãy đổi ít nhất một dòng" in text_of(nothing)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": ""}, "Hãy ghi ngắn gọn lý do"),
        ({"limit_minutes": "0", "reason": "Thử"}, "Hãy nhập số phút"),
        ({"opens_at": "2026-11-25T17:00", "closes_at": "2026-11-25T16:00", "reason": "Thử"}, "Giờ đóng lại trước giờ mở"),
        ({"opens_at": "hôm nay", "reason": "Thử"}, "Hãy nhập ngày và giờ"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(cast: Cast, sign_in: Any, changed: dict[str, str], said: str) -> None:
    quiz = pupils_quiz()
    teacher, url = sign_in("teacher"), f"/quizzes/{quiz.id}/exceptions/person/{cast.persons['pupil'].id}"

    came = teacher.post(url, data=as_shown(teacher, url) | {"attempts": "7"} | changed)

    assert came.status_code == 422
    assert said in text_of(came)
    assert 'value="7"' in came.get_data(as_text=True)
    assert session.scalars(select(Override)).all() == []


def test_nobody_gives_an_exception_outside_ones_reach_nor_to_oneself(cast: Cast, sign_in: Any) -> None:
    quiz = pupils_quiz()
    staff = make_quiz()
    session.commit()
    person = {name: cast.persons[name].id for name in ("pupil", "stranger_pupil", "teacher", "head", "stranger_teacher")}

    came = {
        (role, of.id == staff.id, name): sign_in(role).get(f"/quizzes/{of.id}/exceptions/person/{person[name]}").status_code
        for role, of, name in (
            ("teacher", quiz, "pupil"),
            ("teacher", quiz, "stranger_pupil"),
            ("teacher", staff, "teacher"),
            ("head", staff, "teacher"),
            ("head", staff, "head"),
            ("officer", staff, "head"),
            ("officer", staff, "stranger_teacher"),
            ("officer", quiz, "pupil"),
            ("stranger_teacher", quiz, "pupil"),
        )
    }

    assert list(came.values()) == [200, 403, 403, 200, 403, 200, 403, 403, 403]


def test_extra_time_reaches_the_quiz_that_is_open_and_is_seen_by_few(cast: Cast, sign_in: Any, at: At) -> None:
    quiz = pupils_quiz(time_limit_minutes=30)
    pupil = cast.persons["pupil"]
    at(MONDAY)
    attempt_id = make_attempt(pupil, quiz).id
    session.commit()
    url, keeper = f"/people/{pupil.id}/extra-time", sign_in("keeper")

    sent = keeper.post(
        url, data={"multiplier": "1.5", "from_day": "2026-11-23", "last_day": "2026-12-31", "reason": "Thống nhất với gia đình"}
    )

    assert sent.status_code == 302
    assert again(attempt_id).due_at == MONDAY + timedelta(minutes=45)
    row = session.scalars(select(ExtraTime)).one()
    assert (row.multiplier, str(row.until_day), row.reason) == (1.5, "2027-01-01", "Thống nhất với gia đình")
    assert "Thống nhất với gia đình" in text_of(keeper.get(url))
    assert [sign_in(role).get(url).status_code for role in ("head", "teacher", "pupil", "officer")] == [200, 403, 403, 403]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "quizzes.extra_time.given")).one()
    assert (entry.subject, "reason" in entry.details) == (f"person:{cast.persons['pupil'].id}", False)

    sign_in("keeper").post(f"{url}/end")
    assert (again(attempt_id).due_at, session.scalars(select(ExtraTime.replaced_at)).all()) == (MONDAY + timedelta(minutes=30), [MONDAY])


def test_an_attempt_that_ran_out_while_the_power_was_off_is_reopened_by_the_teacher(cast: Cast, sign_in: Any, at: At) -> None:
    quiz = pupils_quiz(time_limit_minutes=30, attempts=1, when_expired="abandon")
    at(MONDAY)
    attempt = make_attempt(cast.persons["pupil"], quiz)
    answer_all(attempt)
    quiz_id, attempt_id = quiz.id, attempt.id
    session.commit()
    at(TUESDAY)
    attempts.expire({})
    session.commit()
    teacher = sign_in("teacher")

    assert "Mở lại" in text_of(teacher.get(f"/quizzes/{quiz_id}/exceptions"))
    teacher.post(f"/quizzes/attempts/{attempt_id}/reopen", data={"reason": ""})
    assert again(attempt_id).state == "abandoned"
    teacher.post(f"/quizzes/attempts/{attempt_id}/reopen", data={"reason": "Mất điện"})

    attempt = again(attempt_id)
    assert (attempt.state, attempt.share, attempt.finished_at) == ("finished", 1.0, MONDAY + timedelta(minutes=30))


def test_the_password_of_a_quiz_is_asked_on_its_page(cast: Cast, sign_in: Any) -> None:
    quiz = make_quiz()
    change(quiz, password="hoa sen")
    session.commit()
    teacher = sign_in("teacher")

    wrong = teacher.post(f"/quiz/{quiz.activity_id}/start", data={"password": "hoa mai"}, follow_redirects=True)
    right = teacher.post(f"/quiz/{quiz.activity_id}/start", data={"password": "hoa sen"})

    assert "Mật khẩu không đúng" in text_of(wrong)
    assert 'name="password"' in wrong.get_data(as_text=True)
    assert right.location.startswith("/attempts/")
