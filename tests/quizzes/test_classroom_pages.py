"""Pages of classroom mode: from the class to the quiz, question by question, to who was there."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.courses import authoring
from lms.courses.drafts import TextFile
from lms.learning.models import Enrolment, Result
from lms.quizzes import builtin_messages
from lms.quizzes.classroom import queries
from lms.quizzes.models.classroom import ClassSession
from lms.quizzes.models.quiz import Quiz
from tests.cast import Cast
from tests.factories_classroom import make_pupils_quiz
from tests.factories_courses import draft
from tests.factories_marking import make_essay
from tests.factories_quizzes import quiz_activity, quiz_of


@pytest.fixture
def quiz(cast: Cast) -> Quiz:
    return make_pupils_quiz()


def words(client: FlaskClient, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)).split())


def begin(client: FlaskClient, cast: Cast, quiz: Quiz) -> str:
    sent = client.post(f"/classroom/classes/{cast.school_class.id}/begin", data={"activity_id": quiz.activity_id})
    assert sent.status_code == 302
    return sent.location


def test_in_front_of_a_class_no_file_is_taken_and_the_page_says_so(sign_in: Callable[[str], FlaskClient], cast: Cast):
    quiz = make_pupils_quiz(edit=lambda quiz: make_essay(quiz, attachments=2))
    session.commit()
    teacher = sign_in("teacher")
    run = begin(teacher, cast, quiz)
    for position in (1, 2, 3, 4):
        teacher.post(run, data={"position": position, "act": "next"})

    assert "Chỉ nộp được tệp khi tự làm bài" in words(teacher, run)
    assert b'type="file"' not in teacher.get(run).data


def test_a_teacher_goes_from_the_class_to_the_end_of_the_quiz(sign_in: Callable[[str], FlaskClient], cast: Cast, quiz: Quiz):
    teacher = sign_in("teacher")

    assert "6A1" in words(teacher, "/classroom")
    assert "Bài kiểm tra" in words(teacher, f"/classroom/classes/{cast.school_class.id}")
    run = begin(teacher, cast, quiz)
    assert "Thủ đô của Việt Nam là gì?" in words(teacher, run)
    assert "Hà Nội là thủ đô" not in words(teacher, run)

    teacher.post(run, data={"position": 1, "act": "show", "hands.a": "31", "hands.b": "4", "hands.c": "nhiều"})
    shown = words(teacher, run)
    assert ("Hà Nội là thủ đô" in shown, "31 tay giơ" in shown, "4 tay giơ" in shown) == (True, True, True)

    for position in (1, 2, 3):
        teacher.post(run, data={"position": position, "act": "next", "hands.a": "31"})
    assert teacher.post(run, data={"position": 4, "act": "end"}).location.endswith("/end")
    assert "Trần Minh An" in words(teacher, f"{run}/end")

    pupil = cast.persons["pupil"].id
    teacher.post(f"{run}/finish", data={"present": [str(pupil), "999999", "x"], "lessons": ["bai-1", "khong-co"]})

    assert "1 học sinh có mặt" in words(teacher, f"{run}/result")
    rows = session.scalars(select(Result).join(Enrolment).where(Enrolment.person_id == pupil).order_by(Result.activity_key)).all()
    assert [(row.activity_key, row.state, row.source) for row in rows] == [
        ("bai-1", "completed", "classroom"),
        ("quiz", "passed", "classroom"),
    ]


def test_what_is_typed_into_the_fields_is_kept_whatever_is_pressed(sign_in: Callable[[str], FlaskClient], cast: Cast, quiz: Quiz):
    teacher = sign_in("teacher")
    run = begin(teacher, cast, quiz)

    teacher.post(run, data={"position": 1, "act": "end", "hands.a": "12", "hands.z": "5", "hands.b": "-3"})

    assert queries.hands_of(session.scalars(select(ClassSession.id)).one()) == {1: {"a": 12}}


def test_a_lesson_can_be_shown_to_the_class(sign_in: Callable[[str], FlaskClient], cast: Cast, quiz: Quiz):
    teacher = sign_in("teacher")
    run = begin(teacher, cast, quiz)

    assert "Some words" in words(teacher, f"{run}/lessons/bai-1")
    assert teacher.get(f"{run}/lessons/quiz").status_code == 404
    assert teacher.get(f"{run}/lessons/khong-co").status_code == 404


def test_only_quizzes_for_the_grade_of_the_class_are_offered(sign_in: Callable[[str], FlaskClient], cast: Cast):
    other = make_pupils_quiz(grades=(10, 11))
    teacher = sign_in("teacher")

    assert "Chưa có bài kiểm tra nào cho khối này" in words(teacher, f"/classroom/classes/{cast.school_class.id}")
    sent = teacher.post(f"/classroom/classes/{cast.school_class.id}/begin", data={"activity_id": other.activity_id})
    assert sent.status_code == 404


def test_a_second_click_on_record_tells_that_it_is_done(sign_in: Callable[[str], FlaskClient], cast: Cast, quiz: Quiz):
    teacher = sign_in("teacher")
    run = begin(teacher, cast, quiz)
    pupil = str(cast.persons["pupil"].id)

    assert teacher.post(f"{run}/finish", data={"present": pupil}).status_code == 302
    assert teacher.post(f"{run}/finish", data={"present": pupil}).status_code == 409
    assert teacher.get(run).location.endswith("/result")


def test_stopping_records_nothing(sign_in: Callable[[str], FlaskClient], cast: Cast, quiz: Quiz):
    teacher = sign_in("teacher")
    run = begin(teacher, cast, quiz)

    assert teacher.post(f"{run}/stop").status_code == 302

    assert "Không có gì được tính" in words(teacher, f"{run}/result")
    assert session.scalars(select(Result)).all() == []


def test_a_message_is_inspected_together_and_explained_where_it_stands(sign_in: Callable[[str], FlaskClient], cast: Cast):
    message = {
        code: (TextFile(f"q.{code}.message", (builtin_messages.FOLDER / f"game-prize.{code}.message").read_text()),)
        for code in ("vi", "en")
    }
    activity = replace(quiz_activity(), texts={}, more=message)
    version = authoring.publish(authoring.import_draft(draft(activity, audience="pupils", grades=(6, 7))))
    teacher = sign_in("teacher")
    run = begin(teacher, cast, quiz_of(version))

    asked = words(teacher, run)
    assert ("bạn trúng 10.000 kim cương" in asked, "Đừng nói với bố mẹ" in asked, "mồi câu" in asked) == (True, True, False)

    teacher.post(run, data={"position": 1, "act": "show"})

    told = words(teacher, run)
    assert ("mồi câu" in told, "Kể ra thì em an toàn" in told, "Đáp án đúng:" in told) == (True, True, False)
