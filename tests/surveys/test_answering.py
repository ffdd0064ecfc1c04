"""Answering: once, and so that nobody can tell who said what."""

import pytest
from sqlalchemy import func, inspect, select

from lms.core import db
from lms.core.db import session
from lms.courses import authoring
from lms.courses.authoring import NotReady
from lms.learning import proof
from lms.learning.models import Enrolment, Result
from lms.surveys import answering, queries
from lms.surveys.answering import GROUP, AnsweredAlready, NothingAnswered
from lms.surveys.models import Participation, Sheet
from tests.cast import Cast, make_cast
from tests.factories import make_person
from tests.factories_courses import make_enrolment, make_version
from tests.factories_talks import make_talks, step, survey
from tests.together import at_once


def test_an_answer_finishes_the_step_and_is_given_once(cast: Cast) -> None:
    version = make_talks(survey())
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    answering.answer(enrolment.id, step(version, "survey"), {"useful": "4"})

    with pytest.raises(AnsweredAlready):
        answering.answer(enrolment.id, step(version, "survey"), {"useful": "1"})
    assert session.scalars(select(Sheet.answers)).all() == [{"useful": "4"}]
    assert session.scalars(select(Result.state)).all() == ["completed"]
    assert session.get_one(Enrolment, enrolment.id).state == "completed"
    assert proof.verify().differences == ()


def test_an_empty_answer_is_none(cast: Cast) -> None:
    version = make_talks(survey())
    enrolment = make_enrolment(cast.persons["teacher"].id, version)

    with pytest.raises(NothingAnswered):
        answering.answer(enrolment.id, step(version, "survey"), {})
    assert not answering.took_part(enrolment.id, "survey")
    assert not answering.took_part(None, "survey")


def test_nothing_joins_an_answer_to_a_person() -> None:
    columns = {each["name"] for each in inspect(db.engine()).get_columns("surveys_sheet")}

    assert columns == {"id", "course_id", "activity_key", "answers", "shown"}
    assert {each["name"] for each in inspect(db.engine()).get_columns("surveys_participation")} == {"id", "enrolment_id", "activity_key"}


def test_results_grow_by_whole_groups(cast: Cast) -> None:
    version = make_talks(survey())
    people = [make_person(f"Lò Thị {number}") for number in range(2 * GROUP)]
    seen = []
    for number, person in enumerate(people):
        answering.answer(
            make_enrolment(person.id, version).id, step(version, "survey"), {"useful": str(1 + number % 5), "words": f"Ý {number}"}
        )
        results = queries.results(version.course_id, step(version, "survey"))
        seen.append((results.shown, results.waiting))

    assert seen == [*((0, n) for n in range(1, GROUP)), (GROUP, 0), *((GROUP, n) for n in range(1, GROUP)), (2 * GROUP, 0)]
    useful, _where, _topics, words = queries.results(version.course_id, step(version, "survey")).tallies
    assert sum(useful.counts.values()) == 2 * GROUP
    assert list(words.words) == sorted(words.words)


def test_numbers_of_answers_do_not_say_who_came_first(cast: Cast) -> None:
    version = make_talks(survey())
    for number in range(12):
        answering.answer(make_enrolment(make_person(f"Lò Thị {number}").id, version).id, step(version, "survey"), {"words": f"{number:02}"})
    in_order = [each["words"] for each in session.scalars(select(Sheet.answers).order_by(Sheet.id))]

    # One order in 479 million is that in which they came.
    assert in_order != sorted(in_order)


def test_pupils_are_not_asked_for_own_words(cast: Cast) -> None:
    with pytest.raises(NotReady, match="không hỏi ý kiến tự viết|học sinh"):
        authoring.publish(make_version(survey(), audience="pupils", published=False))


def test_a_survey_that_asks_nothing_is_not_ready(cast: Cast) -> None:
    with pytest.raises(NotReady):
        authoring.publish(make_version(survey(items=[]), published=False))


@pytest.mark.usefixtures("real_database")
def test_two_windows_give_one_answer() -> None:
    with db.transaction():
        cast = make_cast()
        version = make_talks(survey())
        enrolment_id, asked = make_enrolment(cast.persons["teacher"].id, version).id, step(version, "survey")
    came = at_once(*[lambda: answering.answer(enrolment_id, asked, {"useful": "3"})] * 4)

    assert sorted(type(each).__name__ for each in came) == ["AnsweredAlready"] * 3 + ["NoneType"]
    assert session.scalar(select(func.count()).select_from(Sheet)) == session.scalar(select(func.count()).select_from(Participation)) == 1


@pytest.mark.usefixtures("real_database")
def test_two_that_fill_a_group_at_once_show_it() -> None:
    with db.transaction():
        make_cast()
        version = make_talks(survey())
        course_id, asked = version.course_id, step(version, "survey")
        enrolments = [make_enrolment(make_person(f"Lò Thị {number}").id, version).id for number in range(GROUP)]
        for each in enrolments[:-2]:
            answering.answer(each, asked, {"useful": "3"})
    came = at_once(*(lambda each=each: answering.answer(each, asked, {"useful": "3"}) for each in enrolments[-2:]))  # type: ignore[misc]

    assert came == [None, None]
    assert queries.results(course_id, asked).shown == GROUP
