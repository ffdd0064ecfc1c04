"""Changes of the law: what cites them is marked, its readers are told, and who learnt the former wording is offered what is new."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.courses import law_changes
from lms.courses.law_changes import UnknownPlace, WithdrawnAlready
from lms.courses.models import Amendment, AmendmentMark, Version
from lms.learning import home, outcomes
from tests.cast import Cast
from tests.factories_courses import LAW_READ, LESSON, activity, make_enrolment, make_version, noon

SignIn = Callable[[str], FlaskClient]
CITED = "116/2025/QH15 Đ7"  # LESSON cites Đ7.2.g in its text, Đ7 in an answer and Đ44.1 among its sources
DAY = LAW_READ + timedelta(days=2)
NOTE = {"vi": "Mức phạt tăng.", "en": "The fine is higher."}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    law_changes.forget()
    yield
    law_changes.forget()


def amended(cast: Cast, reference: str = CITED, day: date = DAY, course_id: int | None = None) -> Amendment:
    return law_changes.note(reference, day, NOTE, course_id, by=cast.accounts["administrator"].id)


def marked() -> list[tuple[int, str]]:
    return [
        tuple(row)
        for row in session.execute(select(AmendmentMark.version_id, AmendmentMark.activity_key).order_by(AmendmentMark.activity_key))
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("116/2025/QH15 Đ7", "116/2025/QH15 Đ7.2.g", True),
        ("116/2025/QH15 Đ7.2.g", "116/2025/QH15 Đ7", True),
        ("116/2025/QH15 Đ7.2.g", "116/2025/QH15 Đ7.2.a", False),
        ("116/2025/QH15 Đ7.1", "116/2025/QH15 Đ7.2", False),
        ("116/2025/QH15", "116/2025/QH15 Đ7.2", True),
        ("116/2025/QH15 Đ7", "91/2025/QH15 Đ7", False),
        ("116/2025/QH15 Đ7", "116/2025/QH15 Đ16", False),
    ],
)
def test_places_that_lie_in_each_other_concern_each_other(one: str, other: str, expected: bool) -> None:
    register = law_changes.law.register()

    assert law_changes.concerns(register.reference(one), register.reference(other)) is expected


def test_lessons_that_cite_it_are_marked_in_every_version_looked_at_before(cast: Cast) -> None:
    first, second = make_version("a", "b", slug="khoa"), make_version("a", slug="khoa")
    other = make_version(activity("a", text=LESSON.replace("116/2025/QH15", "91/2025/QH15")), slug="khac")
    amended(cast)

    assert sorted(marked()) == [(first.id, "a"), (first.id, "b"), (second.id, "a")]
    assert other.id not in {version_id for version_id, _ in marked()}
    line = law_changes.changes()[0]
    assert [(each.version.id, each.activity.key) for each in line.lessons] == [(second.id, "a")]


@pytest.mark.parametrize(("reference", "count"), [("116/2025/QH15 Đ44.1", 1), ("116/2025/QH15 Đ44.2", 0), ("116/2025/QH15 Đ7.2.g", 1)])
def test_only_what_is_concerned_is_marked(cast: Cast, reference: str, count: int) -> None:
    make_version("a")
    amended(cast, reference)

    assert len(marked()) == count


@pytest.mark.parametrize("reference", ["", "Điều 7", "1/2099/QH99 Đ7", "116/2025/QH15 Đ999"])
def test_a_place_that_the_register_does_not_have_is_told(cast: Cast, reference: str) -> None:
    with pytest.raises(UnknownPlace):
        amended(cast, reference)
    assert session.scalars(select(Amendment)).all() == []


def test_a_version_that_is_published_later_is_marked_unless_it_was_looked_at_since(cast: Cast) -> None:
    amended(cast)
    version = make_version("a")
    assert marked() == [(version.id, "a")]
    amended(cast, CITED, LAW_READ)

    assert len(marked()) == 1


def test_what_was_a_mistake_is_taken_back_once(cast: Cast) -> None:
    make_version("a")
    row = amended(cast)
    law_changes.withdraw(row, by=cast.accounts["administrator"].id)

    with pytest.raises(WithdrawnAlready):
        law_changes.withdraw(row, by=cast.accounts["administrator"].id)
    assert (marked(), law_changes.changes()) == ([], [])
    assert session.scalars(select(Amendment.withdrawn_at)).one() is not None


def complete(person_id: int, version: Version, day: date) -> None:
    with clock.at(noon(day)):
        outcomes.record(make_enrolment(person_id, version).id, "a", source="view")


def test_who_completed_the_former_wording_is_offered_what_is_new(cast: Cast) -> None:
    version, delta = make_version("a", slug="khoa"), make_version("a", slug="diem-moi")
    before, after = cast.persons["teacher"].id, cast.persons["other_teacher"].id
    complete(before, version, DAY - timedelta(days=1))
    complete(after, version, DAY + timedelta(days=1))
    amended(cast, course_id=delta.course_id)

    def offered(person_id: int, day: date) -> list[str]:
        with clock.at(noon(day)):
            return [each.visit.outline.slug for each in home.home(person_id).tasks if each.news]

    assert offered(before, DAY - timedelta(days=1)) == []
    assert offered(before, DAY + timedelta(days=3)) == ["diem-moi"]
    assert offered(after, DAY + timedelta(days=3)) == []
    complete(before, delta, DAY + timedelta(days=4))
    assert offered(before, DAY + timedelta(days=5)) == []


def test_an_administrator_writes_it_down_and_readers_are_told(cast: Cast, sign_in: SignIn) -> None:
    make_version("a", slug="khoa")
    session.commit()
    today = clock.today()
    # The lesson was looked at before today on any day on which this runs.
    session.execute(Version.__table__.update().values(as_of=today - timedelta(days=9)))  # type: ignore[attr-defined]
    session.commit()
    client = sign_in("administrator")
    assert (
        client.post("/law-changes", data={"reference": "Điều 7", "from_day": f"{today:%d/%m/%Y}", "note_vi": "x", "course": ""}).status_code
        == 422
    )
    sent = {"reference": CITED, "from_day": f"{today:%d/%m/%Y}", "note_vi": "Mức phạt <b>tăng</b>.", "course": ""}
    assert client.post("/law-changes", data=sent).status_code == 302
    page = client.get("/law-changes").text
    assert "Bài a" in page
    assert "/questions?law=" in page
    law_changes.forget()
    lesson = sign_in("teacher").get("/courses/khoa/a").text
    assert "Luật đã thay đổi từ ngày" in lesson
    assert "Mức phạt &lt;b&gt;tăng&lt;/b&gt;." in lesson
    row_id = session.scalars(select(Amendment.id)).one()
    assert sign_in("author").post(f"/law-changes/{row_id}/withdraw").status_code == 403
    sign_in("administrator").post(f"/law-changes/{row_id}/withdraw")
    law_changes.forget()

    assert "Luật đã thay đổi" not in sign_in("teacher").get("/courses/khoa/a").text
