"""Running a quiz with a class: hands without names, moving on, and what counts for those who were there."""

from functools import partial

import pytest
from sqlalchemy import func, select

from lms.core import db
from lms.core.db import session
from lms.learning.models import Enrolment, Result
from lms.quizzes.classroom import queries, running
from lms.quizzes.classroom.running import Credited, RunOver
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.classroom import ClassSession
from lms.quizzes.models.quiz import Quiz
from lms.schools.models import SchoolClass
from tests.cast import Cast, make_cast
from tests.factories_classroom import make_pupils_quiz, make_run
from tests.together import at_once


def results_of(person_id: int) -> dict[str, tuple[str, float | None, str]]:
    rows = session.scalars(select(Result).join(Enrolment).where(Enrolment.person_id == person_id))
    return {row.activity_key: (row.state, row.share, row.source) for row in rows}


def test_beginning_twice_gives_the_same_run(cast: Cast):
    quiz = make_pupils_quiz()

    first = make_run(cast.school_class, quiz)
    again = make_run(cast.school_class, quiz)

    assert (again.id, len(first.version_ids)) == (first.id, 4)


def test_everybody_sees_the_questions_in_the_order_of_the_quiz_also_where_learners_get_them_shuffled(cast: Cast):
    run = make_run(cast.school_class, make_pupils_quiz(shuffle_questions=True))

    assert [version.name for version in queries.versions_of(run)] == ["q1", "q2", "q3", "q4"]


def test_counting_again_replaces_what_was_counted(cast: Cast):
    run = make_run(cast.school_class)

    running.count(run, 1, {"a": 20, "b": 3})
    running.count(run, 1, {"a": 21, "c": 2})
    running.count(run, 2, {"a": 7})

    assert queries.hands_of(run.id) == {1: {"a": 21, "c": 2}, 2: {"a": 7}}


def test_a_press_in_a_window_that_is_behind_does_not_move_the_class(cast: Cast):
    run = make_run(cast.school_class)

    running.show(run, 1)
    running.go(run, 1, to=2)
    running.go(run, 1, to=2)  # the same button in a second window
    running.show(run, 1)

    assert (run.position, run.shown) == (2, False)


def test_nobody_gets_beyond_the_ends(cast: Cast):
    run = make_run(cast.school_class)

    running.go(run, 1, to=0)
    assert run.position == 1
    for position in (1, 2, 3, 4):
        running.go(run, position, to=position + 1)
    assert run.position == 4


def test_it_counts_for_those_who_were_there_with_the_lessons_that_were_ticked(cast: Cast):
    run = make_run(cast.school_class)
    here, absent = cast.persons["pupil"].id, cast.persons["other_pupil"].id

    credited = running.finish(run, {here}, {"bai-1"}, by=1)

    assert credited == Credited(pupils=1, left_out=0)
    assert results_of(here) == {"bai-1": ("completed", None, "classroom"), "quiz": ("passed", None, "classroom")}
    assert (results_of(absent), run.state) == ({}, "finished")
    assert session.scalar(select(func.count(Attempt.id))) == 0  # nobody answered: there is no attempt, and no mark


def test_all_lessons_and_the_quiz_complete_the_course(cast: Cast):
    run = make_run(cast.school_class)
    pupil = cast.persons["pupil"].id

    running.finish(run, {pupil}, {"bai-1", "bai-2"}, by=1)

    assert session.scalars(select(Enrolment.state).where(Enrolment.person_id == pupil)).all() == ["completed"]


def test_a_run_ends_once(cast: Cast):
    run = make_run(cast.school_class)
    running.finish(run, set(), set(), by=1)

    for act in (
        partial(running.finish, run, {cast.persons["pupil"].id}, set(), by=1),
        partial(running.stop, run, by=1),
        partial(running.count, run, 1, {"a": 3}),
        partial(running.show, run, 1),
    ):
        with pytest.raises(RunOver):
            act()
    assert results_of(cast.persons["pupil"].id) == {}


def test_a_stopped_run_counts_for_nobody_and_a_new_one_can_begin(cast: Cast):
    quiz = make_pupils_quiz()
    run = make_run(cast.school_class, quiz)

    running.stop(run, by=1)

    assert make_run(cast.school_class, quiz).id != run.id
    assert queries.runs_of([cast.school_class.id])[0].state == "open"


@pytest.mark.real_database
def test_two_clicks_in_the_same_instant_begin_one_run_and_end_it_once(real_database: str):
    with db.transaction():
        cast = make_cast()
        quiz_id, class_id, pupil = make_pupils_quiz().id, cast.school_class.id, cast.persons["pupil"].id

    def begin() -> int:
        return make_run(session.get_one(SchoolClass, class_id), session.get_one(Quiz, quiz_id)).id

    def finish() -> Credited:
        return running.finish(session.scalars(select(ClassSession)).one(), {pupil}, {"bai-1", "bai-2"}, by=1)

    begun, ended = at_once(begin, begin), at_once(finish, finish)

    assert len(set(begun)) == 1
    assert {type(each) for each in ended} == {Credited, RunOver}
    with db.transaction():
        assert session.scalar(select(func.count(ClassSession.id))) == 1
        assert session.scalars(select(Enrolment.state).where(Enrolment.person_id == pupil)).all() == ["completed"]
