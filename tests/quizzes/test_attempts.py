"""Attempts from start to result."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update

from lms.core import clock
from lms.core.db import session
from lms.learning.models import Enrolment, Result
from lms.quizzes import attempts, saving
from lms.quizzes.attempts import MayNotStart
from lms.quizzes.content import InvalidResponse
from lms.quizzes.models.attempt import Attempt, Step
from lms.quizzes.models.bank import Category, QuestionVersion
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.putting_together import NotEnoughQuestions
from lms.quizzes.saving import AttemptClosed, StaleAnswer, TimeOver
from lms.quizzes.timing import LATENESS
from tests.cast import Cast
from tests.factories import save
from tests.factories_quizzes import (
    RIGHT,
    WRONG,
    answer,
    answer_all,
    change,
    enrol,
    hand_in,
    make_attempt,
    make_cb1,
    make_quiz,
    responses,
    seat_of,
)

START = datetime(2026, 11, 24, 3, 0, tzinfo=clock.LOCAL)
MINUTE = timedelta(minutes=1)
At = Callable[[datetime], object]


def again(attempt: Attempt) -> Attempt:
    """The attempt as it is in the database now."""
    session.expire_all()
    return session.get_one(Attempt, attempt.id)


def steps(attempt: Attempt) -> list[tuple[int, dict[str, object]]]:
    rows = session.scalars(select(Step).where(Step.response_id.in_([each.id for each in responses(attempt)])).order_by(Step.id))
    return [(step.sequence, step.data) for step in rows]


# --- starting


def test_starting_twice_gives_the_same_attempt(cast: Cast) -> None:
    quiz = make_quiz()

    first, second = (make_attempt(cast.persons["teacher"], quiz) for _ in range(2))

    assert first.id == second.id
    assert (first.number, first.state, first.max_mark, first.due_at, first.check_at) == (1, "in_progress", 4.0, None, None)
    assert [each.slot for each in responses(first)] == [1, 2, 3, 4]


def test_starting_notes_where_the_learner_is(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])

    enrolment = session.get_one(Enrolment, attempt.enrolment_id)
    assert (enrolment.last_activity_key, enrolment.started_at is not None) == ("quiz", True)


def test_questions_and_answers_are_shuffled_once_and_stay(cast: Cast) -> None:
    quiz = make_quiz(shuffle_questions=True)
    enrolment = enrol(cast.persons["teacher"], quiz)
    attempt = attempts.start(enrolment, quiz, random=Random(5))

    before = [(each.question_version_id, each.order) for each in responses(attempt)]
    attempts.start(enrolment, quiz, random=Random(6))

    assert [(each.question_version_id, each.order) for each in responses(attempt)] == before
    assert [sorted(order) for _, order in sorted(before)] == [["a", "b", "c"], ["a", "b", "c", "d"], ["false", "true"], []]


def test_orders_differ_between_learners_and_stand_still_when_the_quiz_says_so(cast: Cast) -> None:
    shuffled, still = make_quiz(shuffle_questions=True), make_quiz(shuffle_answers=False)
    people = [cast.persons[name] for name in ("teacher", "other_teacher", "head", "keeper", "neighbour")]

    mixed = {
        tuple(
            (each.question_version_id, *each.order)
            for each in responses(attempts.start(enrol(person, shuffled), shuffled, random=Random(number)))
        )
        for number, person in enumerate(people)
    }
    same = {tuple(tuple(each.order) for each in responses(make_attempt(person, still))) for person in people}

    assert len(mixed) > 1
    assert same == {(("a", "b", "c"), ("a", "b", "c", "d"), ("true", "false"), ())}


def test_attempts_are_counted(cast: Cast) -> None:
    quiz = make_quiz(attempts=2)
    for _ in range(2):
        hand_in(make_attempt(cast.persons["teacher"], quiz))

    with pytest.raises(MayNotStart, match="hết số lần"):
        make_attempt(cast.persons["teacher"], quiz)

    assert session.scalar(select(func.count(Attempt.id))) == 2


def test_a_closed_quiz_cannot_be_started(cast: Cast, at: At) -> None:
    quiz = make_quiz()
    change(quiz, closes_at=START)

    with clock.at(START), pytest.raises(MayNotStart):
        make_attempt(cast.persons["teacher"], quiz)
    with clock.at(START - MINUTE):
        assert make_attempt(cast.persons["teacher"], quiz).due_at == START


def test_one_waits_between_attempts(cast: Cast) -> None:
    quiz = make_quiz(delay_minutes=60)
    with clock.at(START):
        hand_in(make_attempt(cast.persons["teacher"], quiz))

    with clock.at(START + 59 * MINUTE), pytest.raises(MayNotStart):
        make_attempt(cast.persons["teacher"], quiz)
    with clock.at(START + 60 * MINUTE):
        assert make_attempt(cast.persons["teacher"], quiz).number == 2


def test_a_draft_question_refuses_the_start(cast: Cast) -> None:
    quiz = make_quiz()
    session.scalars(select(QuestionVersion).order_by(QuestionVersion.id)).first().state = "draft"  # type: ignore[union-attr]
    session.flush()

    with pytest.raises(NotEnoughQuestions):
        make_attempt(cast.persons["teacher"], quiz)

    assert session.scalar(select(func.count(Attempt.id))) == 0


def test_drawn_questions_never_repeat_fixed_ones_nor_each_other(cast: Cast) -> None:
    quiz = drawing_quiz(fixed=1, drawn=3)

    attempt = make_attempt(cast.persons["teacher"], quiz)

    assert len({each.question_version_id for each in responses(attempt)}) == 4


def test_too_few_questions_to_draw_from_refuse_the_start(cast: Cast) -> None:
    quiz = drawing_quiz(fixed=1, drawn=3)
    # There were enough when it was published; one was put out of use since.
    session.execute(update(QuestionVersion).where(QuestionVersion.name == "q4").values(state="hidden"))

    with pytest.raises(NotEnoughQuestions):
        make_attempt(cast.persons["teacher"], quiz)

    assert session.scalar(select(func.count(Attempt.id))) == 0


def test_what_the_learner_saw_least_is_drawn_first(cast: Cast) -> None:
    quiz = drawing_quiz(fixed=0, drawn=2)

    seen = []
    for _ in range(2):
        attempt = make_attempt(cast.persons["teacher"], quiz)
        seen += [each.question_version_id for each in responses(attempt)]
        hand_in(attempt)

    assert len(set(seen)) == 4


def drawing_quiz(*, fixed: int, drawn: int) -> Quiz:
    """A quiz over the four questions of a category, some of them drawn."""

    def edit(quiz: Quiz) -> None:
        _draw_instead(quiz, fixed, drawn)

    return make_quiz(edit=edit)


def _draw_instead(quiz: Quiz, fixed: int, drawn: int) -> None:
    category = session.scalars(select(Category)).one()
    for slot in session.scalars(select(Slot).where(Slot.quiz_id == quiz.id, Slot.number > fixed)):
        session.delete(slot)
    session.flush()
    for number in range(drawn):
        session.add(Slot(quiz_id=quiz.id, number=fixed + number + 1, page=1, draw={"category_id": category.id}, max_mark=1.0))
    session.flush()


# --- saving


def test_an_answer_is_a_step_and_the_latest_one_counts(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])

    answer(attempt, 1, {"choice": "b"}, key="one")
    saved = answer(attempt, 1, {"choice": "a"}, key="two")

    assert saved.sequence == 2
    assert steps(attempt) == [(1, {"choice": "b"}), (2, {"choice": "a"})]
    assert [(each.answer, each.answered, each.sequence) for each in responses(attempt)][:1] == [({"choice": "a"}, True, 2)]


def test_the_same_answer_again_is_no_step(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])

    first = answer(attempt, 2, {"choices": ["b", "a"]})
    second = answer(attempt, 2, {"choices": ["a", "b"]})
    # The same request sent again, because its answer got lost on the way.
    third = answer(attempt, 2, {"choices": ["a", "b"]}, known=0)

    assert (first.sequence, second.sequence, third.sequence) == (1, 1, 1)
    assert len(steps(attempt)) == 1


def test_an_answer_can_be_taken_back(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])

    answer(attempt, 2, {"choices": ["a"]})
    answer(attempt, 2, {"choices": []})

    assert [(each.answer, each.answered) for each in responses(attempt)][1] == ({}, False)


def test_another_answer_from_another_window_is_told(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    answer(attempt, 1, {"choice": "b"}, known=0, key="window one")

    with pytest.raises(StaleAnswer) as told:
        answer(attempt, 1, {"choice": "c"}, known=0, key="window two")

    assert (told.value.saved.sequence, told.value.saved.answer, told.value.saved.client_key) == (1, {"choice": "b"}, "window one")
    assert steps(attempt) == [(1, {"choice": "b"})]
    # Choosing it again keeps it.
    assert answer(attempt, 1, {"choice": "c"}, known=1, key="window two, again").sequence == 2


def test_an_answer_that_does_not_fit_is_refused(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])

    with pytest.raises(InvalidResponse):
        answer(attempt, 1, {"choice": "z"})

    assert steps(attempt) == []


def test_a_flag_is_kept_beside_the_answer(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])

    saving.flag(seat_of(attempt, 2), True)
    saving.flag(seat_of(attempt, 3), True)
    saving.flag(seat_of(attempt, 3), False)

    assert [each.flagged for each in responses(attempt)] == [False, True, False, False]
    assert steps(attempt) == []


def test_nothing_is_saved_after_handing_in(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    answer(attempt, 1, {"choice": "a"})
    hand_in(attempt)

    with pytest.raises(AttemptClosed):
        answer(attempt, 1, {"choice": "b"})
    with pytest.raises(AttemptClosed):
        saving.flag(seat_of(attempt, 1), True)

    assert steps(attempt) == [(1, {"choice": "a"})]


def test_the_clock_of_the_server_decides_about_late_answers(cast: Cast) -> None:
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], make_quiz(time_limit_minutes=30))
    ends = START + 30 * MINUTE

    with clock.at(ends + LATENESS):
        answer(attempt, 1, {"choice": "a"})
    with clock.at(ends + LATENESS + timedelta(seconds=1)), pytest.raises(TimeOver):
        answer(attempt, 1, {"choice": "b"})

    assert steps(attempt) == [(1, {"choice": "a"})]


# --- handing in


@pytest.mark.parametrize(
    ("given", "mark", "passed"),
    [
        (RIGHT, 4.0, True),
        (WRONG, 0.0, False),
        ((RIGHT[0], {"choices": ["a"]}, RIGHT[2], {"text": "5"}), 3.0, False),
        ((RIGHT[0], RIGHT[1], RIGHT[2], {"text": "5"}), 3.5, True),
        ((), 0.0, False),
    ],
)
def test_the_whole_is_graded(cast: Cast, given: tuple[object, ...], mark: float, passed: bool) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    if given:
        answer_all(attempt, given)

    with clock.at(START):
        hand_in(attempt)

    attempt = again(attempt)
    assert (attempt.state, attempt.mark, attempt.share, attempt.passed) == ("finished", mark, mark / 4, passed)
    assert (attempt.finished_at, attempt.check_at) == (START, None)
    assert sum((each.fraction or 0) * each.max_mark for each in responses(attempt)) == mark


def test_what_was_not_answered_is_given_up(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    answer(attempt, 1, RIGHT[0])

    hand_in(attempt)

    assert [(each.state, each.fraction) for each in responses(attempt)] == [("right", 1.0), *[("gaveup", 0.0)] * 3]


def test_the_outcome_goes_to_the_course(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    answer_all(attempt)

    with clock.at(START):
        hand_in(attempt)

    result = session.scalars(select(Result)).one()
    assert (result.activity_key, result.state, result.share, result.source, result.evidence, result.completed_at) == (
        "quiz",
        "passed",
        1.0,
        "quiz",
        f"attempt:{attempt.id}",
        START,
    )
    assert session.get_one(Enrolment, attempt.enrolment_id).state == "completed"


def test_handing_in_twice_is_refused(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    hand_in(attempt)

    with pytest.raises(AttemptClosed):
        hand_in(attempt)


def test_the_final_quiz_of_the_built_in_course_can_be_passed(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"], make_cb1())
    for response in responses(attempt):
        version = session.get_one(QuestionVersion, response.question_version_id)
        question_type = attempts.question_types.get(version.type)
        answer(attempt, response.slot, question_type.right_answer(question_type.read_body(version.body)))

    hand_in(attempt)

    assert (again(attempt).share, again(attempt).passed) == (1.0, True)


def test_the_final_quiz_of_the_built_in_course_asks_other_questions_the_next_time(cast: Cast) -> None:
    quiz = make_cb1()
    enrolment = enrol(cast.persons["teacher"], quiz)
    first = attempts.start(enrolment, quiz)
    hand_in(first)

    second = attempts.start(enrolment, quiz)

    asked = [{response.question_version_id for response in responses(each)} for each in (first, second)]
    assert [len(each) for each in asked] == [16, 16]
    assert asked[0].isdisjoint(asked[1])


# --- time


def run_job() -> None:
    attempts.expire({})


def test_an_attempt_that_nobody_comes_back_to_is_handed_in_at_its_end(cast: Cast) -> None:
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], make_quiz(time_limit_minutes=30))
        answer_all(attempt)
    ends = START + 30 * MINUTE

    with clock.at(ends + LATENESS):
        run_job()
        assert again(attempt).state == "in_progress"
    with clock.at(ends + MINUTE):
        run_job()
        run_job()

    attempt = again(attempt)
    assert (attempt.state, attempt.finished_at, attempt.share, attempt.check_at) == ("finished", ends, 1.0, None)
    assert session.scalars(select(Result.completed_at)).one() == ends


def test_an_overdue_attempt_can_be_handed_in_but_not_answered(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30, when_expired="grace", grace_minutes=10)
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], quiz)
        answer_all(attempt)
    with clock.at(START + 31 * MINUTE):
        run_job()

    assert again(attempt).state == "overdue"
    with clock.at(START + 32 * MINUTE):
        with pytest.raises(TimeOver):
            answer(attempt, 1, {"choice": "b"})
        hand_in(again(attempt))

    assert (again(attempt).state, again(attempt).finished_at, again(attempt).share) == ("finished", START + 32 * MINUTE, 1.0)


def test_an_overdue_attempt_that_is_never_handed_in_is_abandoned(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30, attempts=1, when_expired="grace", grace_minutes=10)
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], quiz)
        answer_all(attempt)
    for minutes in (31, 35, 41):
        with clock.at(START + minutes * MINUTE):
            run_job()

    attempt = again(attempt)
    assert (attempt.state, attempt.finished_at, attempt.share, attempt.check_at) == ("abandoned", START + 30 * MINUTE, None, None)
    # It used up the only try.
    assert [(row.state, row.share) for row in session.scalars(select(Result))] == [("failed", None)]
    with clock.at(START + 50 * MINUTE), pytest.raises(MayNotStart):
        make_attempt(cast.persons["teacher"], quiz)


def test_one_that_cannot_be_closed_does_not_hold_up_the_others(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    quiz = make_quiz(time_limit_minutes=30)
    with clock.at(START):
        broken = make_attempt(cast.persons["teacher"], quiz)
        whole = make_attempt(cast.persons["other_teacher"], quiz)
    # A type that is no longer there.
    asked = session.get_one(QuestionVersion, responses(broken)[0].question_version_id)
    kept = {name: getattr(asked, name) for name in ("question_id", "name", "body", "texts", "content_hash", "created_at")}
    responses(broken)[0].question_version_id = save(QuestionVersion(number=2, type="gone", **kept)).id
    other = session.scalars(select(QuestionVersion).where(QuestionVersion.type == "true_false")).one()
    responses(whole)[0].question_version_id = other.id
    session.flush()

    with clock.at(START + 31 * MINUTE):
        run_job()

    assert (again(broken).state, again(whole).state) == ("in_progress", "finished")
    assert again(broken).check_at == START + 36 * MINUTE
    assert "could not be closed" in caplog.text
