"""Which of several attempts count, and what the course gets to know."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from lms.core import clock
from lms.core.db import session
from lms.core.models import AuditEntry
from lms.courses.models import Activity
from lms.learning.models import Enrolment, Result
from lms.quizzes import attempts, final_grades, reopening, retiming
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.reopening import NotAbandoned, OtherAttemptOpen, ReasonMissing
from tests.cast import Cast
from tests.factories_quizzes import RIGHT, WRONG, answer_all, enrol, hand_in, make_attempt, make_quiz, sitting_of
from tests.factories_quizzes_rules import change, make_override

START = datetime(2026, 11, 24, 3, 0, tzinfo=clock.LOCAL)
MINUTE = timedelta(minutes=1)
HALF = (RIGHT[0], RIGHT[1], WRONG[2], WRONG[3])


def tried(cast: Cast, quiz: Quiz, *given: object, person: str = "teacher") -> None:
    for each in given:
        attempt = make_attempt(cast.persons[person], quiz)
        answer_all(attempt, each)  # type: ignore[arg-type]
        hand_in(attempt)


def results() -> list[tuple[str, float | None]]:
    return [(row.state, row.share) for row in session.scalars(select(Result).execution_options(populate_existing=True))]


def abandoned(cast: Cast, quiz: Quiz) -> Attempt:
    """An attempt of thirty minutes that nobody handed in."""
    attempt = make_attempt(cast.persons["teacher"], quiz)
    with clock.at(attempt.started_at + 31 * MINUTE):
        attempts.expire({})
    session.expire_all()
    return attempt


@pytest.mark.parametrize(
    ("method", "given", "result"),
    [
        ("highest", (HALF, RIGHT, WRONG), ("passed", 1.0)),
        ("average", (HALF, RIGHT), ("failed", 0.75)),
        ("first", (HALF, RIGHT), ("failed", 0.5)),
        ("last", (HALF, RIGHT), ("passed", 1.0)),
    ],
)
def test_the_grading_method_decides_what_the_course_gets(
    cast: Cast, method: str, given: tuple[object, ...], result: tuple[str, float]
) -> None:
    quiz = make_quiz(grading_method=method)

    tried(cast, quiz, *given)

    assert results() == [result]


@pytest.mark.parametrize("method", ["average", "last"])
def test_a_pass_is_never_taken_back_by_a_worse_attempt(cast: Cast, method: str) -> None:
    quiz = make_quiz(grading_method=method)

    tried(cast, quiz, RIGHT, WRONG)

    assert results() == [("passed", 1.0)]


def test_attempts_that_are_used_up_without_one_handed_in_are_a_failed_quiz(cast: Cast) -> None:
    quiz = make_quiz(attempts=2, time_limit_minutes=30, when_expired="abandon")
    with clock.at(START):
        abandoned(cast, quiz)
        first = results()
    with clock.at(START + 60 * MINUTE):
        abandoned(cast, quiz)

    assert (first, results()) == ([], [("failed", None)])


def test_a_quiz_that_closes_after_an_abandoned_attempt_is_failed_then_although_nobody_does_anything(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30, when_expired="abandon")
    change(quiz, closes_at=START + 120 * MINUTE)
    make_override(quiz, cast.persons["teacher"], closes_at=START + 180 * MINUTE)
    with clock.at(START):
        abandoned(cast, quiz)

    came = []
    for minutes in (60, 121, 181, 182):
        with clock.at(START + minutes * MINUTE):
            attempts.expire({})
            came.append(results())

    assert came == [[], [], [("failed", None)], [("failed", None)]]
    assert session.scalars(select(Attempt.check_at)).all() == [None]


@pytest.mark.parametrize("changed", [{"attempts_allowed": 1}, {"closes_at": START + 120 * MINUTE}])
def test_who_can_no_longer_try_again_because_the_quiz_was_changed_has_failed_too(cast: Cast, changed: dict[str, object]) -> None:
    quiz = make_quiz(time_limit_minutes=30, when_expired="abandon")
    with clock.at(START):
        abandoned(cast, quiz)
    with clock.at(START + 60 * MINUTE):
        change(quiz, **changed)
        retiming.quiz(quiz.id)
        before = results()

    for minutes in (61, 121):
        with clock.at(START + minutes * MINUTE):
            attempts.expire({})
            session.expire_all()

    assert (before, results()) == ([], [("failed", None)])
    assert session.scalars(select(Attempt.check_at)).all() == [None]


def test_who_cannot_wait_for_another_attempt_before_the_closing_has_failed_at_once(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30, when_expired="abandon", delay_minutes=60)
    change(quiz, closes_at=START + 80 * MINUTE)
    with clock.at(START):
        abandoned(cast, quiz)

    assert results() == [("failed", None)]


def test_where_nothing_is_needed_to_pass_whatever_is_handed_in_passes_and_nothing_else(cast: Cast) -> None:
    quiz = make_quiz(pass_share=0.0, attempts=2, time_limit_minutes=30, when_expired="abandon")
    with clock.at(START):
        abandoned(cast, quiz)
    with clock.at(START + 60 * MINUTE):
        before = results()
        tried(cast, quiz, WRONG)

    assert (before, results()) == ([], [("passed", 0.0)])


def test_an_abandoned_attempt_counts_as_a_try_but_not_in_the_average(cast: Cast) -> None:
    quiz = make_quiz(attempts=2, time_limit_minutes=30, when_expired="abandon", grading_method="average")
    with clock.at(START):
        abandoned(cast, quiz)
    with clock.at(START + 60 * MINUTE):
        tried(cast, quiz, RIGHT)

    assert results() == [("passed", 1.0)]


# --- both ways agree


ATTEMPT = st.tuples(st.sampled_from(["finished", "abandoned"]), st.none() | st.sampled_from([0.0, 0.25, 0.5, 0.8, 1.0]))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["highest", "average", "first", "last"]),
    tried=st.lists(st.lists(ATTEMPT, max_size=4), min_size=3, max_size=3),
)
def test_all_at_once_gives_the_same_as_one_by_one(cast: Cast, method: str, tried: list[list[tuple[str, float | None]]]) -> None:
    quiz = session.scalar(select(Quiz).where(Quiz.grading_method == method)) or make_quiz(grading_method=method)
    enrolments = [enrol(cast.persons[name], quiz) for name in ("teacher", "other_teacher", "neighbour")]
    session.execute(delete(Attempt).where(Attempt.quiz_id == quiz.id))
    session.expire_all()
    made = [_put(enrolment, quiz, each) for enrolment, each in zip(enrolments, tried, strict=True)]

    one_by_one = {
        enrolment.id: grade for enrolment, rows in zip(enrolments, made, strict=True) if (grade := final_grades.of(quiz, rows)) is not None
    }

    assert final_grades.of_all(quiz) == one_by_one
    assert final_grades.of_all(quiz, [each.id for each in enrolments]) == one_by_one
    for enrolment, rows in zip(enrolments, tried, strict=True):
        shares = [share for state, share in rows if state == "finished"]
        waits = {"first": shares[:1] == [None], "last": shares[-1:] == [None]}.get(method, all(each is None for each in shares))
        assert (enrolment.id in one_by_one) is (bool(shares) and not waits)


def _put(enrolment: Enrolment, quiz: Quiz, rows: list[tuple[str, float | None]]) -> list[Attempt]:
    made = [
        Attempt(
            quiz_id=quiz.id,
            enrolment_id=enrolment.id,
            number=number,
            state=state,
            started_at=START,
            finished_at=START + number * MINUTE,
            max_mark=4.0,
            share=share if state == "finished" else None,
        )
        for number, (state, share) in enumerate(rows, start=1)
    ]
    session.add_all(made)
    session.flush()
    return made


def test_marks_given_again_to_all_reach_the_course(cast: Cast) -> None:
    quiz = make_quiz()
    tried(cast, quiz, HALF)
    tried(cast, quiz, RIGHT, person="other_teacher")
    session.execute(update(Attempt).values(share=0.9))
    session.expire_all()

    final_grades.settle_all(quiz, session.get_one(Activity, quiz.activity_id))

    assert sorted(results()) == [("passed", 0.9), ("passed", 1.0)]


# --- reopening


def test_a_reopened_attempt_whose_time_is_over_is_handed_in_at_its_end_and_graded(cast: Cast) -> None:
    quiz = make_quiz(attempts=1, time_limit_minutes=30, when_expired="abandon")
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], quiz)
        answer_all(attempt)
    with clock.at(START + 31 * MINUTE):
        attempts.expire({})
    before = results()

    with clock.at(START + 90 * MINUTE):
        reopening.reopen(sitting_of(attempt), reason="Mất điện", by=cast.accounts["head"].id)

    session.expire_all()
    assert (attempt.state, attempt.finished_at, attempt.share, attempt.reopened_at) == (
        "finished",
        START + 30 * MINUTE,
        1.0,
        START + 90 * MINUTE,
    )
    assert (before, results()) == ([("failed", None)], [("passed", 1.0)])
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "quizzes.attempt.reopened")).one()
    assert (entry.account_id, entry.subject, entry.details["reason"]) == (cast.accounts["head"].id, f"attempt:{attempt.id}", "Mất điện")


def test_a_reopened_attempt_with_time_left_goes_on(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30, when_expired="abandon")
    with clock.at(START):
        attempt = abandoned(cast, quiz)
        make_override(quiz, cast.persons["teacher"], time_limit_seconds=7200)
    with clock.at(START + 60 * MINUTE):
        reopening.reopen(sitting_of(attempt), reason="Mất điện", by=cast.accounts["head"].id)
        session.expire_all()
        answer_all(attempt)
        hand_in(attempt)

    assert (attempt.state, attempt.finished_at, attempt.share) == ("finished", START + 60 * MINUTE, 1.0)


def test_only_an_abandoned_attempt_is_reopened_with_a_reason_and_no_other_open(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30, when_expired="abandon")
    with clock.at(START):
        attempt = abandoned(cast, quiz)
    with clock.at(START + 60 * MINUTE):
        other = make_attempt(cast.persons["teacher"], quiz)
        for target, reason, error in (
            (attempt, " ", ReasonMissing),
            (attempt, "Mất điện", OtherAttemptOpen),
            (other, "Mất điện", NotAbandoned),
        ):
            with pytest.raises(error):
                reopening.reopen(sitting_of(target), reason=reason, by=1)

    session.expire_all()
    assert [attempt.state, other.state] == ["abandoned", "in_progress"]
