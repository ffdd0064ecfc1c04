"""Pages and sections of an attempt: going to and fro or not, waiting for the question before, beginning where the last one ended."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.quizzes import acting, attempts, saving
from lms.quizzes.models.attempt import Attempt, Step
from lms.quizzes.models.quiz import Quiz, QuizSection, Slot
from lms.quizzes.saving import NotOnThisPage, WaitsForPrevious
from tests.cast import Cast
from tests.factories import save as store
from tests.factories_quizzes import (
    RIGHT,
    answer,
    answer_all,
    hand_in,
    make_attempt,
    make_quiz,
    put_on_pages,
    responses,
    rewrite,
    seat_of,
)
from tests.quizzes.test_views import get, save, statements, text_of

SignIn = Callable[[str], FlaskClient]


def with_sections(quiz: Quiz, *, shuffle: bool = False) -> Quiz:
    """The first two questions are the law, the others the numbers."""
    law = store(QuizSection(quiz_id=quiz.id, number=1, headings={"vi": "Phần luật", "en": "The law"}, shuffle=False))
    numbers = store(QuizSection(quiz_id=quiz.id, number=2, headings={"vi": "Phần số", "en": "Numbers"}, shuffle=shuffle))
    for slot in session.scalars(select(Slot).where(Slot.quiz_id == quiz.id)):
        slot.section_id = law.id if slot.number <= 2 else numbers.id
    session.flush()
    return quiz


def waiting(quiz: Quiz, *numbers: int) -> Quiz:
    for slot in session.scalars(select(Slot).where(Slot.quiz_id == quiz.id)):
        slot.after_previous = slot.number in numbers
    session.flush()
    return quiz


def as_text(quiz: Quiz, number: int, *, max_mark: float = 0.0) -> None:
    """Make a question of the quiz a text that is only read."""
    slot = session.scalars(select(Slot).where(Slot.quiz_id == quiz.id, Slot.number == number)).one()
    slot.max_mark = max_mark
    rewrite(slot, type="description", body={"schema": 1})


# --- sections


def test_sections_have_a_heading_and_a_page_of_their_own(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz(edit=lambda quiz: put_on_pages(with_sections(quiz)))
    attempt = make_attempt(cast.persons["teacher"], quiz)
    client = sign_in("teacher")

    assert [(each.section, each.page) for each in responses(attempt)] == [(1, 1), (1, 1), (2, 2), (2, 2)]
    first, second = (
        text_of(get(client, f"/attempts/{attempt.id}/{slot}?lang=en").split("<main")[1].split('class="quiz-nav"')[0]) for slot in (1, 3)
    )
    assert ["The law" in first, "Numbers" in first, "The law" in second, "Numbers" in second] == [True, False, False, True]
    assert text_of(get(client, f"/attempts/{attempt.id}/summary")).count("Phần luật") == 1


def test_a_shuffled_section_is_shuffled_once_and_stays(cast: Cast) -> None:
    quiz = make_quiz(edit=lambda quiz: with_sections(quiz, shuffle=True))
    people = [cast.persons[name] for name in ("teacher", "other_teacher", "head", "keeper", "neighbour", "officer", "author")]

    # Lots that are known: seven of our own could all fall the same way.
    made = [make_attempt(person, quiz, random=Random(number)) for number, person in enumerate(people)]
    orders = [[each.question_version_id for each in responses(attempt)] for attempt in made]

    assert len({tuple(order[:2]) for order in orders}) == 1
    assert len({tuple(order[2:]) for order in orders}) == 2
    assert [[each.question_version_id for each in responses(make_attempt(person, quiz))] for person in people] == orders


# --- numbers


def test_a_text_between_questions_is_not_numbered_and_not_counted(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz(edit=lambda quiz: as_text(quiz, 2))
    attempt = make_attempt(cast.persons["teacher"], quiz)
    client = sign_in("teacher")

    assert "Câu 2 trên 3" in text_of(get(client, f"/attempts/{attempt.id}/3"))
    page = get(client, f"/attempts/{attempt.id}/2")
    assert ("<h1>Thông tin</h1>" in page, 'aria-label="Thông tin"' in page, "data-slot=" in page) == (True, True, False)
    assert client.post(f"/attempts/{attempt.id}/2").location == f"/attempts/{attempt.id}/3"
    assert "Câu 3" in text_of(get(client, f"/attempts/{attempt.id}/summary"))
    assert "Câu 4" not in text_of(get(client, f"/attempts/{attempt.id}/summary"))
    hand_in(attempt)
    assert [each.state for each in responses(attempt)] == ["gaveup", "not_graded", "gaveup", "gaveup"]


def test_a_text_between_questions_keeps_nobody_from_the_full_mark_whatever_stands_beside_it(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"], make_quiz(edit=lambda quiz: as_text(quiz, 2, max_mark=5.0)))
    for slot in (1, 3, 4):
        answer(attempt, slot, RIGHT[slot - 1])

    hand_in(attempt)

    row = session.get_one(Attempt, attempt.id, populate_existing=True)
    assert (row.mark, row.max_mark, row.share, row.passed) == (3.0, 3.0, 1.0, True)
    assert [each.max_mark for each in responses(attempt)] == [1.0, 0.0, 1.0, 1.0]


# --- no way back


@pytest.fixture
def one_way(cast: Cast) -> Attempt:
    quiz = make_quiz(edit=lambda quiz: put_on_pages(quiz, 1, 1, 2, 3), navigation="sequential")
    return make_attempt(cast.persons["teacher"], quiz)


def reached(attempt: Attempt) -> int:
    return session.scalars(select(Attempt.reached_page).where(Attempt.id == attempt.id)).one()


def test_where_there_is_a_way_back_no_page_is_noted(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    client = sign_in("teacher")

    client.post(f"/attempts/{attempt.id}/1", data={"q1-sequence": "0", "q1-choice": "a"})

    assert reached(attempt) == 0
    assert client.get(f"/attempts/{attempt.id}/4").status_code == 200


def test_without_a_way_back_one_is_at_one_page_and_can_see_the_summary(one_way: Attempt, sign_in: SignIn) -> None:
    client, here = sign_in("teacher"), f"/attempts/{one_way.id}"

    assert [client.get(f"{here}/{slot}").location for slot in (3, 4)] == [here, here]
    assert [client.get(f"{here}{path}").status_code for path in ("", "/1", "/2", "/summary")] == [200] * 4
    # Looking ahead moves nobody: a page that is loaded before it is wanted costs nothing.
    assert reached(one_way) == 1


def test_the_button_moves_on_and_there_is_no_way_back(one_way: Attempt, sign_in: SignIn) -> None:
    client, here = sign_in("teacher"), f"/attempts/{one_way.id}"

    went = client.post(f"{here}/1", data={"q1-sequence": "0", "q1-choice": "a"})

    assert (went.location, reached(one_way)) == (f"{here}/3", 2)
    assert client.get(f"{here}/1").location == here
    assert "Câu 3 trên 4" in text_of(get(client, here))
    assert f'href="{here}/1"' not in get(client, here)
    assert f'href="{here}/1"' not in get(client, f"{here}/summary")


def test_a_second_click_or_window_moves_no_further(one_way: Attempt, sign_in: SignIn) -> None:
    client, here = sign_in("teacher"), f"/attempts/{one_way.id}"

    for _ in range(2):
        client.post(f"{here}/1", data={"q1-sequence": "0", "q1-choice": "a"})
    saving.move_on(seat_of(one_way, 1))

    assert reached(one_way) == 2
    assert [each.answer for each in responses(one_way)] == [{"choice": "a"}, None, None, None]


def test_answers_to_a_page_that_was_left_or_not_reached_are_refused(one_way: Attempt, sign_in: SignIn) -> None:
    answer(one_way, 1, {"choice": "a"})
    saving.move_on(seat_of(one_way, 1))

    for slot, given in ((1, {"choice": "b"}), (4, {"text": "4"})):
        with pytest.raises(NotOnThisPage):
            answer(one_way, slot, given)
    status, said = save(sign_in("teacher"), one_way.id, 1, {"choice": ["b"]}, sequence=2)
    assert (status, said["error"]["code"]) == (409, "not_on_this_page")  # type: ignore[index]
    assert responses(one_way)[0].answer == {"choice": "a"}


def test_an_answer_that_does_not_fit_keeps_one_on_the_page(one_way: Attempt, sign_in: SignIn) -> None:
    sent = sign_in("teacher").post(f"/attempts/{one_way.id}/1", data={"q1-sequence": "0", "q1-choice": "zz"})

    assert (sent.status_code, reached(one_way)) == (422, 1)


def test_at_the_last_page_one_can_come_back_from_the_summary(one_way: Attempt, sign_in: SignIn) -> None:
    client, here = sign_in("teacher"), f"/attempts/{one_way.id}"
    for slot in (1, 3):
        client.post(f"{here}/{slot}")

    went = client.post(f"{here}/4", data={"q4-sequence": "0", "q4-text": "4", "last": "1"})

    assert (went.location, reached(one_way)) == (f"{here}/summary", 3)
    assert f'href="{here}/4"' in get(client, f"{here}/summary")


# --- waiting for the question before


def test_a_question_opens_when_the_one_before_is_finished(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"], make_quiz(edit=lambda quiz: waiting(quiz, 2), behaviour="immediate"))
    client = sign_in("teacher")

    with pytest.raises(WaitsForPrevious):
        answer(attempt, 2, {"choices": ["a"]})
    page = text_of(get(client, f"/attempts/{attempt.id}/2"))
    assert ("Câu này mở khi câu trước đã xong." in page, "Những số nào chẵn?" in page) == (True, False)
    assert "Chưa mở" in text_of(get(client, f"/attempts/{attempt.id}/summary"))

    acting.check(seat_of(attempt, 1), {"choice": "b"}, known=0)

    assert answer(attempt, 2, {"choices": ["a"]}).sequence == 1
    assert "Những số nào chẵn?" in text_of(get(client, f"/attempts/{attempt.id}/2"))


def test_a_question_that_stayed_closed_was_not_answered(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"], make_quiz(edit=lambda quiz: waiting(quiz, 2), behaviour="immediate"))

    hand_in(attempt)

    assert [each.state for each in responses(attempt)] == ["gaveup"] * 4


@pytest.mark.parametrize(
    "rules",
    [
        {"behaviour": "deferred"},
        {"behaviour": "adaptive"},
        {"behaviour": "immediate", "navigation": "sequential"},
        {"behaviour": "immediate", "shuffle_questions": True},
    ],
)
def test_nothing_waits_for_what_cannot_be_finished_or_is_nowhere(cast: Cast, rules: dict[str, object]) -> None:
    attempt = make_attempt(cast.persons["teacher"], make_quiz(edit=lambda quiz: waiting(quiz, 2, 3, 4), **rules))

    assert [each.after_previous for each in responses(attempt)] == [False] * 4


# --- building on the last attempt


def test_an_attempt_can_begin_with_the_answers_of_the_last(cast: Cast) -> None:
    teacher, quiz = cast.persons["teacher"], make_quiz(shuffle_questions=True, builds_on_last=True, behaviour="certainty")
    first = make_attempt(teacher, quiz)
    answer_all(first, [{**each, "certainty": "2"} for each in RIGHT[:3]] + [{}])
    hand_in(first)

    second = make_attempt(teacher, quiz)

    before, now = responses(first), responses(second)
    assert [(each.question_version_id, each.order, each.page, each.answer, each.answered) for each in now] == [
        (each.question_version_id, each.order, each.page, each.answer if each.answered else None, each.answered) for each in before
    ]
    assert sorted((each.sequence, each.certainty, each.state, each.fraction) for each in now if each.answered) == [(1, 2, "todo", None)] * 3
    steps = session.scalars(select(Step).where(Step.response_id.in_([each.id for each in now]))).all()
    assert [(step.kind, step.sequence, step.data["certainty"]) for step in steps] == [("save", 1, 2)] * 3
    hand_in(second)
    assert session.get_one(Attempt, second.id, populate_existing=True).mark == 6.0


def test_an_attempt_can_begin_with_the_answers_of_one_that_was_never_handed_in(cast: Cast) -> None:
    teacher, quiz = cast.persons["teacher"], make_quiz(builds_on_last=True, time_limit_minutes=30, when_expired="abandon")
    first = make_attempt(teacher, quiz)
    answer(first, 1, RIGHT[0])
    with clock.at(first.started_at + timedelta(minutes=31)):
        attempts.expire({})
        second = make_attempt(teacher, quiz)

    assert (first.state, [each.answer for each in responses(second)]) == ("abandoned", [RIGHT[0], None, None, None])


def test_otherwise_an_attempt_begins_empty(cast: Cast) -> None:
    quiz = make_quiz()
    first = make_attempt(cast.persons["teacher"], quiz)
    answer_all(first)
    hand_in(first)

    assert [each.answer for each in responses(make_attempt(cast.persons["teacher"], quiz))] == [None] * 4


def test_few_statements_a_page_also_with_sections_and_conditions(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz(edit=lambda quiz: put_on_pages(waiting(with_sections(quiz), 2, 4)), behaviour="immediate")
    attempt = make_attempt(cast.persons["teacher"], quiz)
    client = sign_in("teacher")
    get(client, f"/attempts/{attempt.id}/1")

    assert statements(lambda: get(client, f"/attempts/{attempt.id}/1")) <= 5
    assert statements(lambda: get(client, f"/attempts/{attempt.id}/summary")) <= 4
