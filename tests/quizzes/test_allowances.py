"""What a quiz allows to one learner: with overrides, extra time, and when these change while somebody is at it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from lms.core import clock, db, journal
from lms.core.db import session
from lms.quizzes import attempts, queries_rules, retiming, reviewing
from lms.quizzes.attempts import MayNotStart, WrongPassword
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.review import Item
from lms.quizzes.timing import LATENESS
from lms.schools import classes
from tests.cast import Cast
from tests.factories_quizzes import RIGHT, answer, answer_all, enrol, hand_in, make_attempt, make_quiz, sitting_of
from tests.factories_quizzes_rules import change, make_extra_time, make_override

START = datetime(2026, 11, 24, 3, 0, tzinfo=clock.LOCAL)
MINUTE = timedelta(minutes=1)
HALF_HOUR = 30 * MINUTE


def again(attempt: Attempt) -> Attempt:
    session.expire_all()
    return session.get_one(Attempt, attempt.id)


class Counted:
    """How many statements ran in a block."""

    def __init__(self) -> None:
        self.number = 0

    def __enter__(self) -> "Counted":
        event.listen(db.engine(), "before_cursor_execute", self._count)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(db.engine(), "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self.number += 1


@pytest.fixture(autouse=True)
def _at_start() -> Iterator[None]:
    with clock.at(START):
        yield


def test_a_class_changes_it_for_its_pupils_and_a_unit_for_the_staff_in_it_and_below(cast: Cast) -> None:
    quiz = make_quiz(attempts=1, time_limit_minutes=30)
    make_override(quiz, cast.school_class, attempts_allowed=3)
    make_override(quiz, cast.units["ward_a"], time_limit_seconds=3600)
    people = {name: cast.persons[name].id for name in ("pupil", "stranger_pupil", "teacher", "neighbour", "stranger_teacher")}

    found = queries_rules.of_many(quiz, people.values())

    assert {name: (found[person_id].tries, found[person_id].limit) for name, person_id in people.items()} == {
        "pupil": (3, HALF_HOUR),
        "stranger_pupil": (1, HALF_HOUR),
        "teacher": (1, 2 * HALF_HOUR),
        "neighbour": (1, 2 * HALF_HOUR),
        "stranger_teacher": (1, HALF_HOUR),
    }


def test_one_person_at_one_quiz_is_one_statement_whatever_there_is(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30)
    make_override(quiz, cast.units["school_a"], attempts_allowed=2)
    make_override(quiz, cast.units["ward_a"], attempts_allowed=4)
    make_override(quiz, cast.persons["teacher"], time_limit_seconds=1200)
    make_extra_time(cast.persons["teacher"], 2.0)
    session.flush()

    with Counted() as counted:
        rules = queries_rules.of(quiz, cast.persons["teacher"].id)

    assert (rules.tries, rules.limit, counted.number) == (4, 40 * MINUTE, 1)


def test_what_was_replaced_or_is_over_does_not_count(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30)
    teacher, other = cast.persons["teacher"], cast.persons["other_teacher"]
    make_override(quiz, teacher, attempts_allowed=4).replaced_at = START
    make_extra_time(teacher, 2.0, until=date(2026, 11, 24))
    make_extra_time(other, 2.0, since=date(2026, 11, 25))
    session.flush()

    assert queries_rules.of_many(quiz, [teacher.id, other.id]) == dict.fromkeys([teacher.id, other.id], queries_rules.of_everybody(quiz))


def test_an_attempt_ends_later_for_who_has_extra_time(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30)
    make_extra_time(cast.persons["teacher"])

    assert make_attempt(cast.persons["teacher"], quiz).due_at == START + 45 * MINUTE
    assert make_attempt(cast.persons["other_teacher"], quiz).due_at == START + 30 * MINUTE


def test_a_quiz_that_is_closed_for_all_can_be_open_for_one(cast: Cast) -> None:
    quiz = make_quiz()
    change(quiz, closes_at=START - MINUTE)
    make_override(quiz, cast.persons["teacher"], closes_at=START + 10 * MINUTE)

    assert make_attempt(cast.persons["teacher"], quiz).due_at == START + 10 * MINUTE
    with pytest.raises(MayNotStart):
        make_attempt(cast.persons["other_teacher"], quiz)


def test_a_password_is_asked_before_an_attempt_begins_and_that_of_the_class_works_for_the_class(cast: Cast) -> None:
    quiz = make_quiz()
    change(quiz, password="hoa sen")
    make_override(quiz, cast.school_class, password="lớp 6A1")
    enrolment = enrol(cast.persons["pupil"], quiz)

    for wrong in ("", "hoa sen", "lop 6A1"):
        with pytest.raises(WrongPassword):
            attempts.start(enrolment, quiz, password=wrong)
    attempt = attempts.start(enrolment, quiz, password=" lớp 6A1 ")

    # Whoever is in comes back without it.
    assert attempts.start(enrolment, quiz).id == attempt.id


def test_a_later_wait_may_be_another_than_the_first(cast: Cast) -> None:
    quiz = make_quiz(delay_minutes=60, later_delay_minutes=1)
    hand_in(make_attempt(cast.persons["teacher"], quiz))
    with clock.at(START + 60 * MINUTE):
        hand_in(make_attempt(cast.persons["teacher"], quiz))

    with clock.at(START + 61 * MINUTE):
        assert make_attempt(cast.persons["teacher"], quiz).number == 3


def test_the_wait_after_an_abandoned_attempt_is_counted_from_the_end_of_its_time(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30, when_expired="abandon", delay_minutes=60)
    make_attempt(cast.persons["teacher"], quiz)
    with clock.at(START + 80 * MINUTE):
        attempts.expire({})

    with clock.at(START + 89 * MINUTE), pytest.raises(MayNotStart):
        make_attempt(cast.persons["teacher"], quiz)
    with clock.at(START + 90 * MINUTE):
        assert make_attempt(cast.persons["teacher"], quiz).number == 2


# --- changes while somebody is at it


def test_an_open_attempt_gets_the_time_that_its_learner_is_given_meanwhile(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30)
    attempt, other = make_attempt(cast.persons["teacher"], quiz), make_attempt(cast.persons["other_teacher"], quiz)
    make_extra_time(cast.persons["teacher"])

    assert retiming.people([cast.persons["teacher"].id]) == 1
    assert retiming.people([cast.persons["teacher"].id]) == 0

    ends = [again(each).due_at for each in (attempt, other)]
    assert ends == [START + 45 * MINUTE, START + 30 * MINUTE]
    assert again(attempt).check_at == START + 45 * MINUTE + LATENESS


def test_an_attempt_whose_time_was_over_can_be_answered_again_when_there_is_more(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30, when_expired="grace", grace_minutes=60)
    attempt = make_attempt(cast.persons["teacher"], quiz)
    with clock.at(START + 31 * MINUTE):
        attempts.expire({})
        assert again(attempt).state == "overdue"
        make_override(quiz, cast.persons["teacher"], time_limit_seconds=3600)

        retiming.quiz(quiz.id)

        assert answer(again(attempt), 1, RIGHT[0]).sequence == 1
    assert (again(attempt).state, again(attempt).due_at) == ("in_progress", START + 60 * MINUTE)


def test_an_overdue_attempt_gets_the_time_of_grace_that_its_learner_is_given_meanwhile(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30, when_expired="grace", grace_minutes=10)
    attempt = make_attempt(cast.persons["teacher"], quiz)
    with clock.at(START + 31 * MINUTE):
        attempts.expire({})
        make_override(quiz, cast.persons["teacher"], grace_seconds=3600)
        retiming.quiz(quiz.id)

    assert (again(attempt).state, again(attempt).check_at) == ("overdue", START + 90 * MINUTE + LATENESS)
    with clock.at(START + 80 * MINUTE):
        attempts.expire({})
        assert again(attempt).state == "overdue"


def test_an_attempt_that_was_handed_in_is_left_alone(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30)
    attempt = make_attempt(cast.persons["teacher"], quiz)
    hand_in(attempt)
    change(quiz, time_limit_seconds=60)

    assert retiming.quiz(quiz.id) == 0
    assert (again(attempt).due_at, again(attempt).check_at) == (START + 30 * MINUTE, None)


def test_who_comes_to_another_class_gets_what_that_class_is_allowed(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30)
    other_class = classes.open_class(cast.units["school_a"], "6A2", school_year="2026-2027")
    make_override(quiz, other_class, time_limit_seconds=3600)
    attempt = make_attempt(cast.persons["pupil"], quiz)
    journal.move(retiming.CURSOR, journal.last())

    classes.place(cast.persons["pupil"], other_class, date(2026, 11, 24))

    assert (retiming.follow(), retiming.follow()) == (1, 0)
    assert again(attempt).due_at == START + 60 * MINUTE


def test_what_is_shown_after_closing_follows_the_closing_of_the_learner(cast: Cast) -> None:
    quiz = make_quiz(review={"just_after": ["answers"], "later": ["answers"]})
    change(quiz, closes_at=START + MINUTE)
    make_override(quiz, cast.persons["teacher"], closes_at=START + 60 * MINUTE)
    attempt = make_attempt(cast.persons["teacher"], quiz)
    answer_all(attempt)
    hand_in(attempt)

    sitting = sitting_of(attempt)
    assert [reviewing.items_now(sitting, START + minutes * MINUTE) for minutes in (1, 59, 60)] == [
        {Item.ANSWERS},
        {Item.ANSWERS},
        set(Item),
    ]
