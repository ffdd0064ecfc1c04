"""Marking again: worked out first, put into effect with a reason, nobody loses a pass."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import session
from lms.core.models import AuditEntry
from lms.learning.models import Result
from lms.notifications.models import Message
from lms.quizzes.marking import by_hand, regrading
from lms.quizzes.marking.by_hand import HandMark
from lms.quizzes.marking.regrading import NotComputed, NothingToMark
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.marking import Regrade, RegradeAttempt, RegradeLine
from lms.quizzes.models.quiz import Quiz
from tests.cast import Cast
from tests.factories import save
from tests.factories_quizzes import RIGHT, answer_all, hand_in, make_attempt, make_quiz
from tests.quizzes.test_views import get, text_of

SignIn = Callable[[str], FlaskClient]
# Three of four are right, which is not enough to pass; once "Huế" counts as right, it is.
HUE = ({"choice": "b"}, *RIGHT[1:])


def handed_in(cast: Cast, quiz: Quiz, name: str, given: Any = HUE) -> Attempt:
    attempt = make_attempt(cast.persons[name], quiz)
    answer_all(attempt, given)
    hand_in(attempt)
    return attempt


def mended(name: str, change: Callable[[dict[str, Any]], None], **more: Any) -> QuestionVersion:
    """Give a question a new version with a changed body."""
    old = session.scalars(select(QuestionVersion).where(QuestionVersion.name == name).order_by(QuestionVersion.number.desc())).first()
    assert old is not None
    body = deepcopy(old.body)
    change(body)
    values = {"type": old.type, "texts": old.texts, "content_hash": f"{name}-neu", "state": "ready"} | more
    return save(QuestionVersion(question_id=old.question_id, number=old.number + 1, name=name, body=body, created_at=clock.now(), **values))


def right_is(key: str) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        for choice in body["choices"]:
            choice["fraction"] = 1.0 if choice["key"] == key else 0.0

    return change


def computed(quiz: Quiz, *attempts: Attempt, by: int | None = None, questions: tuple[int, ...] = ()) -> Regrade:
    row = regrading.plan(quiz, attempt_ids=[each.id for each in attempts], question_ids=questions, by=by)
    regrading.run({"regrade_id": row.id})
    return row


def committed(row: Regrade, cast: Cast, reason: str = "Đáp án sai") -> None:
    regrading.apply(row, reason=reason, by=cast.accounts["author"].id)
    regrading.run({"regrade_id": row.id})


def told_of(row: Regrade) -> list[tuple[float | None, float | None, bool | None, bool | None]]:
    rows = session.scalars(select(RegradeAttempt).where(RegradeAttempt.regrade_id == row.id).order_by(RegradeAttempt.id))
    return [(each.old_mark, each.new_mark, each.old_passed, each.new_passed) for each in rows]


def stands(attempt: Attempt) -> tuple[float | None, bool | None]:
    row = session.get_one(Attempt, attempt.id, populate_existing=True)
    return row.mark, row.passed


def result_of(attempt: Attempt) -> tuple[str, float | None]:
    row = session.scalars(
        select(Result).where(Result.enrolment_id == attempt.enrolment_id, Result.source == "quiz").execution_options(populate_existing=True)
    ).one()
    return row.state, row.share


def test_working_it_out_changes_nothing(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher")
    mended("q1", right_is("b"))

    row = computed(quiz, attempt)

    assert (row.state, told_of(row)) == ("computed", [(3.0, 4.0, False, True)])
    assert (stands(attempt), result_of(attempt)) == ((3.0, False), ("failed", 0.75))


def test_putting_it_into_effect_passes_people_on_and_tells_them(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher")
    version = mended("q1", right_is("b"))

    row = computed(quiz, attempt)
    committed(row, cast)

    assert (row.state, stands(attempt), result_of(attempt)) == ("committed", (4.0, True), ("passed", 1.0))
    step = session.scalars(select(Step).where(Step.kind == "regrade")).one()
    assert (step.data["before"]["fraction"], step.data["fraction"], step.data["version"], step.data["reason"]) == (
        0.0,
        1.0,
        version.id,
        "Đáp án sai",
    )
    assert session.get_one(Response, step.response_id).question_version_id == version.id
    message = session.scalars(select(Message).where(Message.kind == "quiz_regraded", Message.channel == "mail")).one()
    assert (message.account_id, message.payload["passed"]) == (cast.accounts["teacher"].id, True)
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "quizzes.regraded")) == 1


def test_marked_by_what_the_quiz_asks_today_a_version_that_it_does_not_ask_changes_nothing(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher")
    mended("q1", right_is("b"))

    row = regrading.plan(quiz, attempt_ids=[attempt.id], newest=False, by=None)
    regrading.run({"regrade_id": row.id})

    assert (row.state, told_of(row), session.scalars(select(RegradeLine)).all()) == ("computed", [], [])


def test_nobody_loses_a_pass(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher", RIGHT)
    mended("q1", right_is("b"))

    row = computed(quiz, attempt)
    committed(row, cast)

    assert told_of(row) == [(4.0, 3.0, True, False)]
    assert (stands(attempt), result_of(attempt)) == ((3.0, False), ("passed", 1.0))


@pytest.mark.parametrize(
    ("change", "more", "trouble"),
    [
        (lambda body: body["choices"].append({"key": "z", "fraction": 0.0, "fixed": False}), {}, "keys"),
        (lambda body: body["choices"].pop(), {}, "keys"),
        (lambda body: body.clear() or body.update({"schema": 1, "right": True}), {"type": "true_false"}, "type"),
    ],
)
def test_a_version_that_does_not_fit_is_refused_with_its_reason(cast: Cast, change: Any, more: dict[str, str], trouble: str) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher")
    mended("q1", change, **more)

    row = computed(quiz, attempt)
    committed(row, cast)

    assert [each.trouble for each in session.scalars(select(RegradeLine))] == [trouble]
    assert (told_of(row), stands(attempt)) == ([], (3.0, False))


def test_another_accepted_number_may_be_added(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher", (*RIGHT[:3], {"text": "7"}))
    mended("q4", lambda body: body["answers"].append({**body["answers"][0], "key": "z", "value": "7"}))

    row = computed(quiz, attempt)

    assert told_of(row) == [(3.0, 4.0, False, True)]


def test_a_mark_given_by_hand_stays(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher")
    first = session.scalars(
        select(Response).join(QuestionVersion).where(Response.attempt_id == attempt.id, QuestionVersion.name == "q1")
    ).one()
    by_hand.give(first.id, HandMark(0.5, reason="Gần đúng"), known=first.sequence, by=cast.accounts["head"].id)
    mended("q1", right_is("b"))

    row = computed(quiz, attempt)
    committed(row, cast)

    assert ([each.trouble for each in session.scalars(select(RegradeLine))], stands(attempt)) == (["by_hand"], (3.5, True))


def test_what_changed_since_it_was_worked_out_comes_first(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher")
    mended("q1", right_is("b"))
    row = computed(quiz, attempt)
    line = session.scalars(select(RegradeLine)).one()
    response = session.get_one(Response, line.response_id)
    by_hand.give(response.id, HandMark(0.25, reason="Xem lại"), known=response.sequence, by=cast.accounts["head"].id)

    committed(row, cast)

    assert (session.scalars(select(RegradeLine)).one().trouble, stands(attempt)) == ("changed", (3.25, True))


def test_only_the_chosen_questions_and_attempts_are_looked_at(cast: Cast) -> None:
    quiz = make_quiz()
    first, second = handed_in(cast, quiz, "teacher"), handed_in(cast, quiz, "keeper")
    version = mended("q1", right_is("b"))
    mended("q3", lambda body: body.update(right=False))

    row = computed(quiz, first, questions=(version.question_id,))

    assert (told_of(row), stands(second)) == ([(3.0, 4.0, False, True)], (3.0, False))


def test_a_second_click_and_a_dropped_plan_do_nothing(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher")
    mended("q1", right_is("b"))
    row, other = computed(quiz, attempt), computed(quiz, attempt)
    committed(row, cast)
    regrading.cancel(other)

    for again in (row, other):
        with pytest.raises(NotComputed):
            regrading.apply(again, reason="nữa", by=cast.accounts["author"].id)
    regrading.run({"regrade_id": row.id})

    assert len(session.scalars(select(Step).where(Step.kind == "regrade")).all()) == 1
    with pytest.raises(NothingToMark):
        regrading.plan(quiz, attempt_ids=[], by=None)


def test_much_is_done_in_portions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrading, "AT_ONCE", 1)
    quiz = make_quiz()
    attempts = [handed_in(cast, quiz, name) for name in ("teacher", "keeper", "head")]
    mended("q1", right_is("b"))

    row = computed(quiz, *attempts)
    assert (row.state, row.done_parts) == ("computing", 1)
    for _portion in attempts:
        regrading.run({"regrade_id": row.id})
    assert (row.state, len(told_of(row))) == ("computed", 3)
    committed(row, cast)
    assert [stands(each)[1] for each in attempts] == [True, False, False]
    for _portion in attempts:
        regrading.run({"regrade_id": row.id})

    assert (row.state, [stands(each)[1] for each in attempts]) == ("committed", [True, True, True])


def test_an_author_chooses_looks_and_changes(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher")
    mended("q1", right_is("b"))
    session.commit()
    author = sign_in("author")

    assert "q1 (phiên bản 2)" in text_of(get(author, f"/results/{quiz.id}/regrade"))
    show = author.post(f"/results/{quiz.id}/regrade", data={"which": ""}).location
    page = text_of(get(author, show))
    assert ("Nay đạt" in page, cast.persons["teacher"].full_name in page, "3 4 / 4" in page) == (True, False, True)
    assert author.post(f"{show}/commit", data={"reason": ""}).status_code == 422
    author.post(f"{show}/commit", data={"reason": "Đáp án sai"})

    assert (stands(attempt), "Điểm mới đã có hiệu lực." in text_of(get(author, show))) == ((4.0, True), True)


def test_an_author_elsewhere_reaches_nobody_of_others(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz()
    handed_in(cast, quiz, "stranger_teacher")
    attempt = handed_in(cast, quiz, "teacher")
    mended("q1", right_is("b"))
    session.commit()

    sign_in("author").post(f"/results/{quiz.id}/regrade", data={"attempt": str(attempt.id)})

    assert [row.attempt_ids for row in session.scalars(select(Regrade))] == [[attempt.id]]
