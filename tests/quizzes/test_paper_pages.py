"""Pages of papers: make sheets, print them, type in what was written."""

from collections.abc import Callable
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.paper import Paper
from tests.cast import Cast
from tests.factories_classroom import make_pupils_quiz
from tests.quizzes.test_paper import right_line

SignIn = Callable[[str], FlaskClient]


def make_paper(teacher: FlaskClient, quiz_id: int) -> Paper:
    assert teacher.post(f"/results/{quiz_id}/paper", data={"variants": "2", "language": "vi"}).status_code == 302
    return session.scalars(select(Paper)).one()


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def test_a_teacher_prints_sheets_and_types_in_what_was_written(sign_in: SignIn, cast: Cast):
    quiz, teacher = make_pupils_quiz(), sign_in("teacher")
    paper = make_paper(teacher, quiz.id)

    for path in (f"/papers/{paper.id}/A.pdf", f"/papers/{paper.id}/B.pdf", f"/papers/{paper.id}/key.pdf"):
        printed = teacher.get(path)
        assert (printed.status_code, printed.mimetype, printed.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert teacher.get(f"/papers/{paper.id}/C.pdf").status_code == 404
    sheets = f"/papers/{paper.id}/sheets?group={cast.school_class.id}"
    assert ("Trần Minh An" in page(teacher, sheets), "Đỗ Khánh Chi" in page(teacher, sheets)) == (True, False)

    pupil = cast.persons["pupil"].id
    sent = teacher.post(sheets, data={"day": "2026-09-01", f"variant.{pupil}": "B", f"line.{pupil}": right_line(paper, "B")})

    assert sent.status_code == 302
    assert session.scalars(select(Attempt.share)).all() == [1.0]
    assert right_line(paper, "B") in page(teacher, sheets)


def test_one_line_that_is_wrong_keeps_all_lines_from_being_stored_and_on_the_page(sign_in: SignIn, cast: Cast):
    quiz, teacher = make_pupils_quiz(), sign_in("teacher")
    paper = make_paper(teacher, quiz.id)
    one, other = cast.persons["pupil"].id, cast.persons["other_pupil"].id

    sent = teacher.post(
        f"/papers/{paper.id}/sheets?group={cast.school_class.id}",
        data={
            "day": "2026-09-01",
            f"variant.{one}": "A",
            f"line.{one}": right_line(paper, "A"),
            f"line.{other}": "A B Đ",
            f"variant.{other}": "A",
        },
    )

    shown = unescape(sent.get_data(as_text=True))
    assert sent.status_code == 422
    assert (right_line(paper, "A") in shown, "A B Đ" in shown, "Có 3 câu trả lời" in shown) == (True, True, True)
    assert session.scalars(select(Attempt)).all() == []


def test_sending_the_same_lines_again_changes_nothing(sign_in: SignIn, cast: Cast):
    quiz, teacher = make_pupils_quiz(), sign_in("teacher")
    paper = make_paper(teacher, quiz.id)
    pupil = cast.persons["pupil"].id
    sheets = f"/papers/{paper.id}/sheets?group={cast.school_class.id}"
    typed = {"day": "2026-09-01", f"variant.{pupil}": "A", f"line.{pupil}": right_line(paper, "A")}

    for _ in range(2):
        assert teacher.post(sheets, data=typed).status_code == 302

    assert len(session.scalars(select(Attempt)).all()) == 1
    assert "Không có gì thay đổi" in page(teacher, sheets)


def test_a_day_to_come_and_too_many_variants_are_refused(sign_in: SignIn, cast: Cast):
    quiz, teacher = make_pupils_quiz(), sign_in("teacher")
    paper = make_paper(teacher, quiz.id)

    assert teacher.post(f"/results/{quiz.id}/paper", data={"variants": "9", "language": "vi"}).status_code == 422
    assert teacher.post(f"/papers/{paper.id}/sheets?group={cast.school_class.id}", data={"day": "2999-01-01"}).status_code == 422


def test_a_class_of_another_school_cannot_be_named(sign_in: SignIn, cast: Cast):
    quiz, teacher = make_pupils_quiz(), sign_in("teacher")
    paper = make_paper(teacher, quiz.id)

    assert sign_in("stranger_teacher").get(f"/papers/{paper.id}/sheets?group={cast.school_class.id}").status_code == 404
