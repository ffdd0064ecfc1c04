"""Moving learners to a newer version: what they did counts, and nothing is lost."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.app import JOBS
from lms.core import jobs
from lms.core.db import session
from lms.courses.drafts import ActivityDraft
from lms.courses.models import Version
from lms.learning import moving, outcomes, proof
from lms.learning.models import Enrolment, Result
from lms.notifications.models import Message
from tests import factories_courses
from tests.cast import Cast
from tests.factories import make_person
from tests.factories_courses import activity, make_enrolment, make_version
from tests.factories_quizzes import make_attempt, make_quiz

SignIn = Callable[[str], FlaskClient]


def make_next(version: Version, *activities: str | ActivityDraft) -> Version:
    """The next published version of a course, with these activities instead."""
    return make_version(*activities, slug=version.course.slug)


def states(enrolment: Enrolment) -> dict[str, str]:
    return dict(session.execute(select(Result.activity_key, Result.state).where(Result.enrolment_id == enrolment.id)).all())  # type: ignore[arg-type]


def done(enrolment: Enrolment, *keys: str) -> None:
    for key in keys:
        outcomes.record(enrolment.id, key, source="view")


def test_what_was_done_counts_and_what_is_new_is_open(cast: Cast) -> None:
    version = make_version("a", "b")
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    done(enrolment, "a")
    newer = make_next(version, "a", "c", "d")

    assert moving.move(enrolment.id, newer, by=cast.accounts["author"].id)
    assert (enrolment.version_id, enrolment.done, enrolment.required, enrolment.state) == (newer.id, 1, 3, "active")
    assert [each.kind for each in session.scalars(select(Message))] == ["course_moved"]
    assert proof.verify().differences == ()


def test_what_is_gone_stays_in_the_books(cast: Cast) -> None:
    version = make_version("a", "b")
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    done(enrolment, "a")
    moving.move(enrolment.id, make_next(version, "b", "c"), by=cast.accounts["author"].id)

    assert (states(enrolment), enrolment.done, enrolment.required) == ({"a": "completed"}, 0, 2)
    assert proof.verify().differences == ()


def test_who_has_done_all_of_it_has_completed_it(cast: Cast) -> None:
    version = make_version("a", "b")
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    done(enrolment, "a")
    moving.move(enrolment.id, make_next(version, "a"), by=cast.accounts["author"].id)

    assert enrolment.state == "completed"


def test_a_step_of_another_kind_is_open_again(cast: Cast) -> None:
    version = make_version("a", "b")
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    done(enrolment, "a")
    newer = make_next(version, activity("a", factories_courses.StandIn.key), "b")
    moving.move(enrolment.id, newer, by=cast.accounts["author"].id)

    assert (states(enrolment), enrolment.done) == ({"a": "started"}, 0)
    assert proof.verify().differences == ()


def test_a_step_that_asks_for_more_is_open_again(cast: Cast) -> None:
    version = make_version("a", "b")
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    done(enrolment, "a")
    moving.move(enrolment.id, make_next(version, activity("a", completion=["read", "checks"]), "b"), by=cast.accounts["author"].id)
    assert states(enrolment) == {"a": "started"}
    outcomes.record(enrolment.id, "a", source="checks")

    assert states(enrolment) == {"a": "completed"}


def test_who_completed_it_or_sits_in_a_quiz_stays(cast: Cast) -> None:
    quiz = make_quiz("doc-1")
    attempt = make_attempt(cast.persons["teacher"], quiz)
    enrolment = session.get_one(Enrolment, attempt.enrolment_id)
    newer = make_next(enrolment.version, "doc-1")

    assert not moving.move(enrolment.id, newer, by=cast.accounts["author"].id)
    finished = make_enrolment(cast.persons["head"].id, other := make_version("a"))
    done(finished, "a")
    assert not moving.move(finished.id, make_next(other, "a", "b"), by=cast.accounts["author"].id)
    assert (finished.state, finished.version_id) == ("completed", other.id)


def test_many_are_moved_in_portions_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "PORTION", 3)
    version = make_version("a", "b")
    for number in range(7):
        done(make_enrolment(make_person(f"Lò Thị {number}").id, version), "a")
    newer = make_next(version, "a", "c")

    assert moving.begin(version.course_id, by=cast.accounts["author"].id) == 7
    session.commit()
    jobs.run_due(JOBS)
    assert [(each.version.number, each.active) for each in moving.counts(version.course_id)] == [(2, 7), (1, 0)]
    assert set(session.execute(select(Enrolment.version_id, Enrolment.done)).all()) == {(newer.id, 1)}
    assert moving.begin(version.course_id, by=cast.accounts["author"].id) == 0


def test_an_administrator_moves_them_on_the_page(cast: Cast, sign_in: SignIn) -> None:
    version = make_version("a", "b", slug="da-co")
    done(make_enrolment(cast.persons["teacher"].id, version), "a")
    make_next(version, "a", "c")
    session.commit()
    client = sign_in("administrator")
    assert "/authoring/da-co/learners" in client.get("/authoring/da-co").text
    assert "Chuyển 1 người học sang phiên bản 2" in client.get("/authoring/da-co/learners").text
    client.post("/authoring/da-co/learners")
    jobs.run_due(JOBS)

    teacher = sign_in("teacher")
    assert "đã có phiên bản mới" in teacher.get("/").text
    assert teacher.get("/courses/da-co").status_code == 200
    assert teacher.get("/courses/da-co/c").status_code == 200
