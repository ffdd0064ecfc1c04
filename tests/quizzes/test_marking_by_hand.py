"""Marks that a person gives: the queue, the total that follows, two markers at once, another mark with a reason."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core.db import session
from lms.core.models import AuditEntry
from lms.learning.models import Result
from lms.notifications.models import Message
from lms.quizzes.bodies.writing import Criterion, Level
from lms.quizzes.marking import by_hand, rubrics
from lms.quizzes.marking.by_hand import AlreadyMarked, HandMark, NotHandedIn, OutOfBounds, ReasonNeeded
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.quiz import Quiz
from tests.cast import Cast
from tests.factories_marking import essay_of, make_essay, make_quiz_for_pupils, write_essay
from tests.factories_quizzes import WRONG, make_attempt, make_quiz
from tests.quizzes.test_views import get, text_of

SignIn = Callable[[str], FlaskClient]
RUBRIC = (Criterion("c1", (Level("c1a", 0.0), Level("c1b", 3.0))), Criterion("c2", (Level("c2a", 0.0), Level("c2b", 1.0))))
RUBRIC_TEXTS = {"c1": "Nội dung", "c1a": "Chưa có", "c1b": "Đủ ý", "c2": "Trình bày", "c2a": "Rối", "c2b": "Rõ"}


@pytest.fixture
def quiz(cast: Cast) -> Quiz:
    """Four questions of one point and an essay of four."""
    return make_quiz(edit=make_essay)


def marker(cast: Cast) -> int:
    return cast.accounts["head"].id


def mark(response: Response, points: float, *, by: int, known: int | None = None, **more: str) -> bool:
    return by_hand.give(response.id, HandMark(points, **more), known=response.sequence if known is None else known, by=by)


def outcome(attempt: Attempt) -> tuple[float | None, float | None, bool | None]:
    session.refresh(attempt)
    return attempt.mark, attempt.share, attempt.passed


def results() -> list[tuple[str, float | None]]:
    return [(row.state, row.share) for row in session.scalars(select(Result).where(Result.source == "quiz"))]


def test_an_essay_leaves_the_attempt_without_total_until_it_is_marked(cast: Cast, quiz: Quiz) -> None:
    attempt = write_essay(cast.persons["teacher"], quiz)
    assert (outcome(attempt), results()) == ((None, None, None), [("started", None)])

    assert mark(essay_of(attempt), 3.0, by=marker(cast)) is True

    assert (outcome(attempt), results()) == ((7.0, 0.875, True), [("passed", 0.875)])
    assert attempt.graded_at is not None
    told = session.scalars(select(Message).where(Message.kind == "quiz_marked")).one()
    assert (told.account_id, told.payload["passed"]) == (cast.accounts["teacher"].id, True)


def test_each_mark_is_a_step_that_keeps_what_was_there(cast: Cast, quiz: Quiz) -> None:
    attempt = write_essay(cast.persons["teacher"], quiz)
    mark(essay_of(attempt), 3.0, by=marker(cast), comment="Rõ ràng.")
    mark(essay_of(attempt), 4.0, by=cast.accounts["officer"].id, comment="Đủ ý.", reason="Chấm sót ý cuối")

    steps = session.scalars(select(Step).where(Step.kind == "grade").order_by(Step.sequence)).all()
    assert [
        (each.data["fraction"], each.data["by"], each.data["before"]["fraction"], each.data["before"]["comment"]) for each in steps
    ] == [
        (0.75, marker(cast), None, ""),
        (1.0, cast.accounts["officer"].id, 0.75, "Rõ ràng."),
    ]
    assert outcome(attempt) == (8.0, 1.0, True)
    assert len(session.scalars(select(Message).where(Message.kind == "quiz_marked")).all()) == 1
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "quizzes.mark_changed")) == 1


def test_the_second_of_two_markers_is_told_and_changes_nothing(cast: Cast, quiz: Quiz) -> None:
    attempt = write_essay(cast.persons["teacher"], quiz)
    seen = essay_of(attempt).sequence
    mark(essay_of(attempt), 3.0, by=marker(cast), known=seen)

    with pytest.raises(AlreadyMarked):
        mark(essay_of(attempt), 1.0, by=cast.accounts["officer"].id, known=seen, reason="khác")

    assert essay_of(attempt).fraction == 0.75


def test_another_mark_needs_a_reason_and_a_lower_one_takes_no_pass_away(cast: Cast, quiz: Quiz) -> None:
    attempt = write_essay(cast.persons["teacher"], quiz)
    mark(essay_of(attempt), 4.0, by=marker(cast))

    with pytest.raises(ReasonNeeded):
        mark(essay_of(attempt), 0.0, by=marker(cast))
    mark(essay_of(attempt), 0.0, by=marker(cast), reason="Chép bài")

    assert (outcome(attempt), results()) == ((4.0, 0.5, False), [("passed", 1.0)])


@pytest.mark.parametrize("points", [-0.5, 4.5, float("nan"), float("inf")])
def test_a_mark_outside_its_bounds_is_refused(cast: Cast, quiz: Quiz, points: float) -> None:
    attempt = write_essay(cast.persons["teacher"], quiz)

    with pytest.raises(OutOfBounds):
        mark(essay_of(attempt), points, by=marker(cast))


def test_an_open_attempt_is_not_marked(cast: Cast, quiz: Quiz) -> None:
    attempt = make_attempt(cast.persons["teacher"], quiz)

    with pytest.raises(NotHandedIn):
        mark(essay_of(attempt), 1.0, by=marker(cast))


def test_a_question_that_was_graded_by_itself_can_be_given_another_mark(cast: Cast, quiz: Quiz, sign_in: SignIn) -> None:
    attempt = write_essay(cast.persons["teacher"], quiz, given=WRONG)
    mark(essay_of(attempt), 4.0, by=marker(cast))
    first = session.scalars(select(Response).where(Response.attempt_id == attempt.id, Response.slot == 1)).one()

    mark(first, 1.0, by=marker(cast), reason="Đáp án in sai")
    session.commit()

    assert outcome(attempt)[0] == 5.0
    assert "Đã sửa điểm: Đáp án in sai" in text_of(get(sign_in("head"), f"/results/attempts/{attempt.id}"))


def test_levels_of_a_rubric_add_up_to_the_mark() -> None:
    assert rubrics.fraction(RUBRIC, {"c1": "c1b", "c2": "c2a"}) == 0.75
    assert rubrics.fraction(RUBRIC, {"c1": "c1a", "c2": "c2a"}) == 0.0
    with pytest.raises(rubrics.LevelMissing):
        rubrics.fraction(RUBRIC, {"c1": "c1b"})
    with pytest.raises(rubrics.LevelMissing):
        rubrics.fraction(RUBRIC, {"c1": "c1b", "c2": "c1b"})


def test_a_marker_goes_from_answer_to_answer_without_seeing_names(cast: Cast, quiz: Quiz, sign_in: SignIn) -> None:
    attempts = [write_essay(cast.persons[name], quiz, f"Bài của {name}") for name in ("teacher", "keeper")]
    session.commit()
    head, ids = sign_in("head"), [essay_of(each).id for each in attempts]
    question = session.scalars(select(Response.question_version_id).where(Response.id == ids[0])).one()

    queue = get(head, f"/results/{quiz.id}/marking")
    assert "Có 2 câu trả lời đang chờ" in text_of(queue)
    first = head.get(next(part.split('"')[0] for part in queue.split('href="') if f"/results/{quiz.id}/marking/" in part.split('"')[0]))
    assert first.location == f"/results/answers/{ids[0]}"
    page = get(head, first.location)
    assert ("Bài của teacher" in page, "Cần nêu dấu hiệu" in page, cast.persons["teacher"].full_name in page) == (True, True, False)
    assert cast.persons["teacher"].full_name in get(head, f"{first.location}?names=1")

    sent = head.post(first.location, data={"points": "2,5", "comment": "Tốt.", "known": str(essay_of(attempts[0]).sequence)})
    following = head.get(sent.location)

    assert (following.location, essay_of(attempts[0]).fraction, question > 0) == (f"/results/answers/{ids[1]}", 0.625, True)
    head.post(f"/results/answers/{ids[1]}", data={"points": "9", "known": "1"})
    assert essay_of(attempts[1]).fraction is None
    assert "Tốt." in get(sign_in("teacher"), f"/attempts/{attempts[0].id}/review")


def test_a_rubric_is_marked_by_levels_on_the_page(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz_for_pupils(lambda quiz: make_essay(quiz, rubric=RUBRIC, texts=dict(RUBRIC_TEXTS)))
    attempt = write_essay(cast.persons["pupil"], quiz)
    session.commit()
    teacher, row = sign_in("teacher"), essay_of(attempt)
    form = {"level-c1": "c1b", "known": str(row.sequence)}

    half = teacher.post(f"/results/answers/{row.id}", data=form)
    assert (half.status_code, "Mời chọn một mức cho từng tiêu chí." in half.get_data(as_text=True)) == (422, True)
    teacher.post(f"/results/answers/{row.id}", data=form | {"level-c2": "c2a"})

    assert (essay_of(attempt).fraction, results()) == (0.75, [("passed", 0.875)])
