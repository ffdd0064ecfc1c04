"""Checking a question and trying it again, in the database and on the pages without script."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.quizzes import acting, saving
from lms.quizzes.acting import NotPossible
from lms.quizzes.models.attempt import Attempt, Step
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.saving import QuestionFinished, StaleAnswer, TryAgainFirst
from tests.cast import Cast
from tests.factories_quizzes import (
    answer,
    give_hints,
    hand_in,
    make_attempt,
    make_quiz,
    put_on_pages,
    responses,
    seat_of,
)
from tests.quizzes.test_views import get, save, statements, text_of

SignIn = Callable[[str], FlaskClient]
HINTS = ({}, {"clear_wrong": True, "show_count": True})


def attempt_at(cast: Cast, behaviour: str, *pages: int) -> Attempt:
    def edit(quiz: Quiz) -> None:
        give_hints(quiz, *HINTS)
        if pages:
            put_on_pages(quiz, *pages)

    return make_attempt(cast.persons["teacher"], make_quiz(edit=edit, behaviour=behaviour))


def check(attempt: Attempt, slot: int, given: dict[str, object], *, known: int | None = None, key: str | None = None) -> acting.Checked:
    seat = seat_of(attempt, slot)
    return acting.check(seat, given, known=seat.sequence if known is None else known, client_key=key)


def again(attempt: Attempt, slot: int, *, known: int | None = None) -> saving.Saved:
    seat = seat_of(attempt, slot)
    return acting.again(seat, known=seat.sequence if known is None else known)


def kinds(attempt: Attempt) -> list[tuple[str, int, dict[str, object]]]:
    ids = [each.id for each in responses(attempt)]
    return [
        (step.kind, step.sequence, step.data) for step in session.scalars(select(Step).where(Step.response_id.in_(ids)).order_by(Step.id))
    ]


def standing(attempt: Attempt, slot: int) -> tuple[str, float | None, object]:
    row = responses(attempt)[slot - 1]
    return row.state, row.fraction, row.progress.get("stage", "open")


def test_a_check_is_a_step_and_settles_the_question(cast: Cast) -> None:
    attempt = attempt_at(cast, "immediate")

    checked = check(attempt, 1, {"choice": "b"})

    assert (checked.trouble, checked.saved.sequence) == (None, 1)
    assert kinds(attempt) == [("check", 1, {"choice": "b"})]
    assert standing(attempt, 1) == ("wrong", 0.0, "done")


def test_a_finished_question_takes_no_other_answer_and_the_attempt_goes_on(cast: Cast) -> None:
    attempt = attempt_at(cast, "immediate")
    check(attempt, 1, {"choice": "a"})

    with pytest.raises(QuestionFinished):
        answer(attempt, 1, {"choice": "b"})
    # The same answer again is no other answer.
    assert answer(attempt, 1, {"choice": "a"}).sequence == 1
    assert answer(attempt, 2, {"choices": ["a"]}).sequence == 1
    with pytest.raises(NotPossible):
        check(attempt, 1, {"choice": "b"})


def test_the_same_check_twice_is_one(cast: Cast) -> None:
    attempt = attempt_at(cast, "interactive")

    for _ in range(2):
        check(attempt, 1, {"choice": "b"}, known=0, key="k1")
    for _ in range(2):
        check(attempt, 2, {"choices": ["c"]}, known=0)

    assert [kind for kind, _sequence, _data in kinds(attempt)] == ["check", "check"]
    for _ in range(2):
        again(attempt, 1, known=1)
    assert [kind for kind, _sequence, _data in kinds(attempt)] == ["check", "check", "again"]


def test_an_answer_that_is_not_whole_is_saved_and_not_checked(cast: Cast) -> None:
    attempt = attempt_at(cast, "interactive")

    checked = check(attempt, 4, {"text": "vier"})

    assert str(checked.trouble) == "Đây không phải là số. Hãy viết bằng chữ số, ví dụ 12 hoặc 3,5."
    assert kinds(attempt) == [("save", 1, {"text": "vier"})]
    assert standing(attempt, 4) == ("todo", None, "open")
    assert str(check(attempt, 1, {}).trouble) == "Hãy trả lời câu hỏi trước, rồi kiểm tra."


def test_a_page_that_does_not_know_what_happened_checks_nothing(cast: Cast) -> None:
    attempt = attempt_at(cast, "interactive")
    check(attempt, 1, {"choice": "b"})
    again(attempt, 1)

    with pytest.raises(StaleAnswer):
        check(attempt, 1, {"choice": "c"}, known=0)
    check(attempt, 1, {"choice": "b"}, known=0)

    assert [kind for kind, _sequence, _data in kinds(attempt)] == ["check", "again"]


def test_one_reads_before_one_tries_again(cast: Cast) -> None:
    attempt = attempt_at(cast, "interactive")
    check(attempt, 1, {"choice": "b"})

    with pytest.raises(TryAgainFirst):
        answer(attempt, 1, {"choice": "a"})
    with pytest.raises(NotPossible):
        again(attempt, 2)
    again(attempt, 1)
    check(attempt, 1, {"choice": "a"})

    assert standing(attempt, 1) == ("right", 0.75, "done")


def test_a_hint_clears_what_is_wrong_from_the_answer(cast: Cast) -> None:
    attempt = attempt_at(cast, "interactive")
    for _ in range(2):
        check(attempt, 2, {"choices": ["a", "c"]})
        again(attempt, 2)

    assert responses(attempt)[1].answer == {"choices": ["a"]}
    assert kinds(attempt)[-1] == ("again", 4, {"choices": ["a"]})


def test_what_was_settled_during_the_attempt_is_what_handing_in_gives(cast: Cast) -> None:
    attempt = attempt_at(cast, "interactive")
    check(attempt, 1, {"choice": "b"})
    again(attempt, 1)
    check(attempt, 1, {"choice": "a"})
    check(attempt, 3, {"choice": "true"})
    answer(attempt, 4, {"text": "5"})

    hand_in(attempt)

    assert [(each.state, each.fraction) for each in responses(attempt)] == [
        ("right", 0.75),
        ("gaveup", 0.0),
        ("right", 1.0),
        ("partial", 0.5),
    ]
    attempt = session.get_one(Attempt, attempt.id, populate_existing=True)
    assert (attempt.mark, attempt.share) == (2.25, 0.5625)


def test_certainty_is_kept_with_the_answer(cast: Cast) -> None:
    attempt = attempt_at(cast, "certainty")
    answer(attempt, 1, {"choice": "a", "certainty": "3"})
    answer(attempt, 1, {"choice": "a", "certainty": "3"})
    answer(attempt, 2, {"choices": ["c"], "certainty": ["2"]})
    answer(attempt, 3, {"choice": "true"})

    assert kinds(attempt)[0] == ("save", 1, {"choice": "a", "certainty": 3})
    assert [(each.sequence, each.certainty) for each in responses(attempt)] == [(1, 3), (1, 2), (1, None), (0, None)]
    hand_in(attempt)
    attempt = session.get_one(Attempt, attempt.id, populate_existing=True)
    assert ([each.fraction for each in responses(attempt)], attempt.mark, attempt.share) == ([3.0, -2.0, 1.0, 0.0], 2.0, 0.5)


# --- on the pages


def test_immediate_without_javascript(cast: Cast, sign_in: SignIn) -> None:
    attempt = attempt_at(cast, "immediate")
    client = sign_in("teacher")
    assert "Kiểm tra câu 1" in text_of(get(client, f"/attempts/{attempt.id}/1"))

    went = client.post(f"/attempts/{attempt.id}/1/check", data={"q1-choice": "b", "q1-sequence": "0"})

    assert went.location == f"/attempts/{attempt.id}/1#q1-said"
    page = get(client, f"/attempts/{attempt.id}/1")
    assert 'id="q1-said"' in page
    assert [word in text_of(page) for word in ("Huế là cố đô.", "Hà Nội là thủ đô.", "Đáp án đúng:", "Kiểm tra câu 1")] == [
        True,
        True,
        True,
        False,
    ]
    assert "q1-choice" not in page


def test_interactive_without_javascript(cast: Cast, sign_in: SignIn) -> None:
    attempt = attempt_at(cast, "interactive")
    client = sign_in("teacher")

    client.post(f"/attempts/{attempt.id}/1/check", data={"q1-choice": "b", "q1-sequence": "0"})
    page = text_of(get(client, f"/attempts/{attempt.id}/1"))
    assert [word in page for word in ("Gợi ý 1.", "Thử lại", "Huế là cố đô.", "Hà Nội là thủ đô.")] == [True, True, True, False]
    went = client.post(f"/attempts/{attempt.id}/1/again", data={"q1-sequence": "1"})
    assert went.location == f"/attempts/{attempt.id}/1#q1-said"
    page = get(client, f"/attempts/{attempt.id}/1")
    assert ("Gợi ý 1." in page, "Lần thử 2 trên 3" in text_of(page), 'value="2"' in page) == (True, True, True)


def test_checking_a_question_without_an_answer_says_so_and_keeps_the_page(cast: Cast, sign_in: SignIn) -> None:
    attempt = attempt_at(cast, "immediate", 1, 1, 1, 1)
    client = sign_in("teacher")

    sent = client.post(
        f"/attempts/{attempt.id}/1/check",
        data={"q1-sequence": "0", "q2-sequence": "0", "q2-choices": ["a"], "q4-sequence": "0", "q4-text": "4"},
    )

    assert (sent.status_code, "Hãy trả lời câu hỏi trước, rồi kiểm tra." in sent.get_data(as_text=True)) == (422, True)
    assert [each.answer for each in responses(attempt)] == [None, {"choices": ["a"]}, None, {"text": "4"}]


def test_several_questions_stand_on_a_page_and_are_saved_together(cast: Cast, sign_in: SignIn) -> None:
    attempt = attempt_at(cast, "deferred", 1, 1, 1, 2)
    client = sign_in("teacher")

    page = get(client, f"/attempts/{attempt.id}/2")
    assert "Câu 1 đến 3 trên 4" in text_of(page)
    assert page.count("<fieldset data-slot=") == 3
    went = client.post(
        f"/attempts/{attempt.id}/1",
        data={"q1-sequence": "0", "q1-choice": "a", "q1-flagged": "1", "q2-sequence": "0", "q2-choices": ["a", "b"], "q3-sequence": "0"},
    )

    assert went.location == f"/attempts/{attempt.id}/4"
    assert [(each.answer, each.flagged) for each in responses(attempt)] == [
        ({"choice": "a"}, True),
        ({"choices": ["a", "b"]}, False),
        (None, False),
        (None, False),
    ]


def test_one_stale_answer_of_a_page_does_not_hold_back_the_others(cast: Cast, sign_in: SignIn) -> None:
    attempt = attempt_at(cast, "deferred", 1, 1, 1, 1)
    answer(attempt, 1, {"choice": "b"})
    client = sign_in("teacher")

    sent = client.post(f"/attempts/{attempt.id}/1", data={"q1-sequence": "0", "q1-choice": "c", "q2-sequence": "0", "q2-choices": ["a"]})

    assert sent.status_code == 409
    assert [each.answer for each in responses(attempt)][:2] == [{"choice": "b"}, {"choices": ["a"]}]


def test_a_page_of_several_needs_no_more_statements_than_one(cast: Cast, sign_in: SignIn) -> None:
    one, several = attempt_at(cast, "immediate"), attempt_at(cast, "immediate", 1, 1, 1, 1)
    client = sign_in("teacher")
    get(client, f"/attempts/{one.id}/1")

    needed = [statements(lambda each=each: get(client, f"/attempts/{each.id}/1")) for each in (one, several)]

    assert (needed[0] == needed[1], needed[1] <= 4) == (True, True)


def test_autosave_of_a_finished_question_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    attempt = attempt_at(cast, "immediate")
    check(attempt, 1, {"choice": "a"})

    status, said = save(sign_in("teacher"), attempt.id, 1, {"choice": ["b"]}, sequence=2)

    assert (status, said["error"]["code"]) == (409, "question_finished")  # type: ignore[index]


def test_going_back_to_the_answer_that_was_checked_saves_it_and_costs_nothing(cast: Cast) -> None:
    """Checked, changed, changed back and checked again: the last answer is what was changed back, not what lay between."""
    attempt = attempt_at(cast, "adaptive")
    check(attempt, 1, {"choice": "a"})
    answer(attempt, 1, {"choice": "b"})

    check(attempt, 1, {"choice": "a"})

    assert [kind for kind, *_rest in kinds(attempt)] == ["check", "save", "save"]
    assert responses(attempt)[0].answer == {"choice": "a"}
    assert len(responses(attempt)[0].progress["tried"]) == 1
