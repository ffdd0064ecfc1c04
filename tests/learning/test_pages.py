"""What learners see, who may see it, and how many queries it takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from lms.core import clock, db
from lms.core.db import session
from lms.courses import outline
from lms.learning import enrolment, outcomes
from lms.learning.models import Enrolment, Result
from tests.cast import Cast
from tests.factories_courses import make_enrolment, make_programme, make_version

SignIn = Callable[[str], FlaskClient]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gather the statements that run inside the block."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            statements.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


def test_a_teacher_goes_through_a_course_by_its_buttons(cast: Cast, sign_in: SignIn) -> None:
    make_version("a", "b", "quiz", slug="khoa")
    client = sign_in("teacher")

    started = client.post("/courses/khoa/start")
    first = client.post("/courses/khoa/a/done")
    second = client.post("/courses/khoa/b/done")

    assert [started.location, first.location, second.location] == ["/courses/khoa/a", "/courses/khoa/b", "/courses/khoa/quiz"]
    assert session.scalars(select(Result.activity_key).order_by(Result.activity_key)).all() == ["a", "b"]
    assert client.get("/courses/khoa").status_code == 200


def test_a_lesson_can_be_read_first_and_enrols_when_it_is_done(cast: Cast, sign_in: SignIn) -> None:
    make_version("a", "b", slug="khoa")
    client = sign_in("teacher")

    assert client.get("/courses/khoa/a").status_code == 200
    assert session.scalars(select(Enrolment)).all() == []
    client.post("/courses/khoa/a/done")

    enrolled = session.scalars(select(Enrolment)).one()
    assert (enrolled.person_id, enrolled.done, enrolled.source) == (cast.persons["teacher"].id, 1, "self")


def test_after_the_last_step_comes_what_was_left_out(cast: Cast, sign_in: SignIn) -> None:
    make_version("a", "b", "c", slug="khoa")
    client = sign_in("teacher")

    client.post("/courses/khoa/b/done")

    assert client.post("/courses/khoa/c/done").location == "/courses/khoa/a"
    assert client.post("/courses/khoa/a/done").location == "/courses/khoa/b"


def test_a_finished_course_leads_back_to_its_page(cast: Cast, sign_in: SignIn) -> None:
    make_version("a", slug="khoa")

    assert sign_in("teacher").post("/courses/khoa/a/done").location == "/courses/khoa"
    assert session.scalars(select(Enrolment.state)).all() == ["completed"]


def test_a_quiz_is_not_done_by_a_click(cast: Cast, sign_in: SignIn) -> None:
    make_version("a", "quiz", slug="khoa")

    assert sign_in("teacher").post("/courses/khoa/quiz/done").status_code == 409


def test_home_answers_what_now(cast: Cast, sign_in: SignIn) -> None:
    version = make_version("a", "b", "c", slug="khoa")
    make_programme(version.course)
    enrolled = make_enrolment(cast.persons["teacher"].id, version)
    outcomes.record(enrolled.id, "a", source="view")
    session.commit()

    page = sign_in("teacher").get("/").get_data(as_text=True)

    assert '<h2 id="next">Bài b</h2>' in page
    assert "/courses/khoa/b" in page


@pytest.mark.parametrize(
    ("who", "audience", "status"),
    [
        ("teacher", "staff", 200),
        ("head", "staff", 200),
        ("officer", "staff", 200),
        ("teacher", "pupils", 200),
        ("officer", "pupils", 200),
        ("pupil", "pupils", 200),
        ("pupil", "staff", 403),
    ],
)
def test_courses_open_for_their_audience(cast: Cast, sign_in: SignIn, who: str, audience: str, status: int) -> None:
    make_version("a", slug="khoa", audience=audience, grades=[6, 7] if audience == "pupils" else [])
    client = sign_in(who)

    assert [client.get(path).status_code for path in ("/courses/khoa", "/courses/khoa/a")] == [status] * 2
    assert client.post("/courses/khoa/start").status_code == (302 if status == 200 else 403)
    assert ("khoa" in client.get("/courses").get_data(as_text=True)) == (status == 200)


def test_staff_take_what_the_pupils_of_their_own_units_learn(cast: Cast, sign_in: SignIn) -> None:
    for school in ("school_a", "school_b"):
        course = make_version("a", slug=school.replace("_", "-"), audience="pupils", grades=[6]).course
        course.owner_unit_id = cast.units[school].id
    session.commit()
    client = sign_in("teacher")

    assert [client.get(f"/courses/{slug}/a").status_code for slug in ("school-a", "school-b")] == [200, 403]
    listed = client.get("/courses").get_data(as_text=True)
    assert "Học sinh học gì" in listed
    assert ("/courses/school-a" in listed, "/courses/school-b" in listed) == (True, False)
    assert "Học sinh học gì" not in sign_in("pupil").get("/courses").get_data(as_text=True)


def test_a_pupil_of_another_grade_may_not_open_it(cast: Cast, sign_in: SignIn) -> None:
    make_version("a", slug="khoa", audience="pupils", grades=[8, 9])

    assert sign_in("pupil").get("/courses/khoa").status_code == 403


def test_who_is_enrolled_keeps_the_course_and_its_version(cast: Cast, sign_in: SignIn) -> None:
    old = make_version("a", slug="khoa", audience="pupils", grades=[8])
    make_enrolment(cast.persons["pupil"].id, old)
    make_version("a", "b", slug="khoa", audience="pupils", grades=[8])
    session.commit()

    client = sign_in("pupil")

    assert client.get("/courses/khoa/a").status_code == 200
    assert client.get("/courses/khoa/b").status_code == 404


@pytest.mark.parametrize("path", ["/courses/nowhere", "/courses/khoa/nowhere", "/courses/draft"])
def test_what_is_not_there_is_not_found(cast: Cast, sign_in: SignIn, path: str) -> None:
    make_version("a", slug="khoa")
    make_version("a", slug="draft", published=False)

    assert sign_in("teacher").get(path).status_code == 404


@pytest.mark.parametrize("activities", [5, 60])
@pytest.mark.parametrize("path", ["/courses/khoa", "/courses/khoa/a7"])
def test_course_and_lesson_take_few_queries_however_long_the_course(cast: Cast, sign_in: SignIn, path: str, activities: int) -> None:
    version = make_version(*(f"a{number}" for number in range(3, activities + 5)), slug="khoa")
    enrolled = make_enrolment(cast.persons["teacher"].id, version)
    for number in range(3, activities + 3):
        outcomes.record(enrolled.id, f"a{number}", source="view")
    session.commit()
    client = sign_in("teacher")

    outline.forget()
    with counted() as cold:
        assert client.get(path).status_code == 200
    with counted() as warm:
        assert client.get(path).status_code == 200

    assert len(cold) <= 8, cold
    assert len(warm) <= 4, warm


def test_home_takes_few_queries(cast: Cast, sign_in: SignIn) -> None:
    for number in range(6):
        version = make_version("a", "b", slug=f"khoa-{number}")
        make_programme(version.course)
        make_enrolment(cast.persons["teacher"].id, version)
    session.commit()
    client = sign_in("teacher")
    client.get("/")

    with counted() as warm:
        assert client.get("/").status_code == 200

    assert len(warm) <= 24, warm


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("who", "audience"), [("teacher", "staff"), ("pupil", "pupils")])
def test_every_page_is_there_in_both_languages(cast: Cast, sign_in: SignIn, who: str, audience: str, language: str) -> None:
    make_version("a", "quiz", slug="khoa", audience=audience, grades=[])
    client = sign_in(who)

    for path in ("/", "/courses", "/courses/khoa", "/courses/khoa/a", "/courses/khoa/quiz"):
        page = client.get(path, query_string={"lang": language})
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.get_data(as_text=True)


def test_renewal_begins_a_new_cycle_when_its_time_has_come(cast: Cast, sign_in: SignIn) -> None:
    version = make_version("a", slug="khoa")
    make_programme(version.course, certificate=False)
    teacher_id = cast.persons["teacher"].id
    with clock.at(date(2024, 12, 1)):
        outcomes.record(make_enrolment(teacher_id, version).id, "a", source="view")
    session.commit()

    with clock.at(date(2025, 6, 1)):
        assert sign_in("teacher").post("/courses/khoa/renew").status_code == 409
    with clock.at(date(2026, 10, 1)):
        client = sign_in("teacher")
        assert "/courses/khoa/renew" in client.get("/").get_data(as_text=True)
        assert client.post("/courses/khoa/renew").status_code == 302

    current = enrolment.current(teacher_id, version.course_id)
    assert current is not None
    assert (current.cycle, current.state) == (2, "active")
