"""Who sees which attempts, and what stands in their list."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import sheets
from lms.core.db import session
from lms.core.models import AuditEntry
from lms.quizzes.models.quiz import Quiz
from tests.cast import Cast
from tests.factories_marking import make_quiz_for_pupils
from tests.factories_quizzes import RIGHT, WRONG, answer_all, hand_in, make_attempt, make_quiz
from tests.quizzes.test_views import get, text_of

SignIn = Callable[[str], FlaskClient]


def done_by(cast: Cast, quiz: Quiz, **given: object) -> dict[str, int]:
    """Let people hand in answers; return the ids of their attempts."""
    made = {}
    for name, answers in given.items():
        attempt = make_attempt(cast.persons[name], quiz)
        answer_all(attempt, answers)  # type: ignore[arg-type]
        hand_in(attempt)
        made[name] = attempt.id
    session.commit()
    return made


def names_in(page: str, cast: Cast) -> set[str]:
    """Return who of the cast stands in the list, without the reader in the top line."""
    return {name for name, person in cast.persons.items() if f">{person.full_name}</a>" in page}


def test_each_sees_the_attempts_of_the_own_people(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz()
    done_by(cast, quiz, teacher=RIGHT, neighbour=WRONG, stranger_teacher=RIGHT, head=RIGHT)

    seen = {role: names_in(get(sign_in(role), f"/results/{quiz.id}"), cast) for role in ("head", "officer", "stranger_officer")}

    assert seen == {"head": {"teacher"}, "officer": {"teacher", "neighbour", "head"}, "stranger_officer": {"stranger_teacher"}}


def test_pupils_are_seen_by_teachers_of_their_school_and_by_nobody_else(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz_for_pupils()
    done_by(cast, quiz, pupil=RIGHT, stranger_pupil=WRONG)

    assert {role: names_in(get(sign_in(role), f"/results/{quiz.id}"), cast) for role in ("teacher", "head", "stranger_teacher")} == {
        "teacher": {"pupil"},
        "head": {"pupil"},
        "stranger_teacher": {"stranger_pupil"},
    }
    for role in ("officer", "administrator", "author", "keeper", "auditor", "pupil"):
        get(sign_in(role), f"/results/{quiz.id}", 403)


def test_what_a_pupil_answered_opens_after_a_click_that_is_written_down(cast: Cast, sign_in: SignIn) -> None:
    attempt_id = done_by(cast, make_quiz_for_pupils(), pupil=RIGHT)["pupil"]
    teacher = sign_in("teacher")

    before = text_of(get(teacher, f"/results/attempts/{attempt_id}"))
    shown = text_of(teacher.post(f"/results/attempts/{attempt_id}").get_data(as_text=True))

    assert ("Thủ đô của Việt Nam" in before, "Thủ đô của Việt Nam" in shown) == (False, True)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "quizzes.answers_seen")).one()
    assert (entry.account_id, entry.subject) == (cast.accounts["teacher"].id, f"attempt:{attempt_id}")


def test_answers_of_staff_are_shown_with_what_is_right(cast: Cast, sign_in: SignIn) -> None:
    attempt_id = done_by(cast, make_quiz(), teacher=WRONG)["teacher"]

    shown = text_of(get(sign_in("head"), f"/results/attempts/{attempt_id}"))

    assert "Đáp án đúng: Hà Nội" in shown
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "quizzes.answers_seen")) == 0


def test_the_list_can_be_narrowed_by_standing_name_and_class(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz_for_pupils()
    done_by(cast, quiz, pupil=RIGHT, other_pupil=WRONG)
    teacher = sign_in("teacher")

    def seen(query: str) -> set[str]:
        return names_in(get(teacher, f"/results/{quiz.id}?{query}"), cast)

    assert seen("standing=passed") == {"pupil"}
    assert seen("standing=failed") == {"other_pupil"}
    assert seen("standing=waiting") == set()
    assert seen("words=tran minh") == {"pupil"}
    assert seen(f"group={cast.school_class.id}") == {"pupil", "other_pupil"}
    assert seen("group=999999") == set()


def test_the_file_holds_what_the_page_shows(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz_for_pupils()
    done_by(cast, quiz, pupil=RIGHT, other_pupil=WRONG, stranger_pupil=RIGHT)

    sent = sign_in("teacher").get(f"/results/{quiz.id}/attempts.xlsx")

    rows = [row.cells for row in sheets.read(sent.data).sheets[0].rows if "6A1" in row.cells]
    assert [(row[0], row[4], row[5]) for row in rows] == [("Trần Minh An", "Đạt", 4), ("Bùi Gia Bảo", "Chưa đạt", 0)]


def test_the_list_of_quizzes_counts_the_own_people_only(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz()
    done_by(cast, quiz, teacher=RIGHT, stranger_teacher=RIGHT)

    page = get(sign_in("head"), "/results")

    assert (f"/results/{quiz.id}" in page, 'data-name="Các lần làm">1<' in page) == (True, True)
