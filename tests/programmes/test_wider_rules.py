"""Rules with several courses, a shorter one to renew, places, and days after the beginning of a post."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.courses.models import Course
from lms.learning import enrolment as enrolments
from lms.learning import home, outcomes, repairing
from lms.learning.models import Enrolment
from lms.programmes import amending, builtin, queries, targets
from lms.programmes.amending import NewProgramme, NewRule, NotAPeriod, SlugTaken, TooManyNeeded
from lms.programmes.models import Programme, Qualification
from lms.reports import coverage
from tests.cast import Cast
from tests.factories_courses import make_enrolment, make_programme, make_version, noon

SignIn = Callable[[str], FlaskClient]
DAY = date(2026, 3, 2)


@pytest.fixture
def courses(cast: Cast) -> dict[str, Course]:
    return {slug: make_version("a", slug=slug).course for slug in ("mot", "hai", "ba", "ngan")}


def make_rule(courses: dict[str, Course], **more: Any) -> Programme:
    """A programme whose rule has more to it; ``further`` and ``renewed_by`` are slugs."""
    programme = make_programme(courses["mot"], slug="rong", valid_months=more.pop("valid_months", 12))
    rule = programme.rules[0]
    rule.further = [courses[slug].id for slug in more.pop("further", ())]
    if "renewed_by" in more:
        rule.renewed_by_id = courses[more.pop("renewed_by")].id
    for name, value in more.items():
        setattr(rule, name, value)
    session.flush()
    return programme


def complete(person_id: int, course: Course, day: date, *, again: bool = False) -> Enrolment:
    version = enrolments.latest_version(course.id)
    assert version
    with clock.at(noon(day)):
        enrolment = enrolments.renew(person_id, course.id) if again else make_enrolment(person_id, version)
        outcomes.record(enrolment.id, "a", source="view")
    return enrolment


def passes(person_id: int) -> list[tuple[int, date]]:
    rows = session.execute(select(Qualification.cycle, Qualification.from_day).where(Qualification.person_id == person_id))
    return sorted((row.cycle, row.from_day) for row in rows)


def test_any_of_several_fulfils(cast: Cast, courses: dict[str, Course]) -> None:
    make_rule(courses, further=("hai", "ba"))
    complete(cast.persons["teacher"].id, courses["ba"], DAY)

    assert passes(cast.persons["teacher"].id) == [(1, DAY)]


def test_so_many_of_several_fulfil_with_the_last_of_them(cast: Cast, courses: dict[str, Course]) -> None:
    make_rule(courses, further=("hai", "ba"), needed=2)
    teacher = cast.persons["teacher"].id
    complete(teacher, courses["ba"], DAY)
    assert passes(teacher) == []
    complete(teacher, courses["mot"], DAY + timedelta(days=5))
    assert passes(teacher) == [(1, DAY + timedelta(days=5))]
    # The third is beyond what was asked; alone it opens no new cycle.
    complete(teacher, courses["hai"], DAY + timedelta(days=9))

    assert passes(teacher) == [(1, DAY + timedelta(days=5))]
    assert repairing.repair() >= 0
    assert passes(teacher) == [(1, DAY + timedelta(days=5))]


def test_what_served_one_cycle_does_not_serve_the_next(cast: Cast, courses: dict[str, Course]) -> None:
    make_rule(courses, further=("hai",), needed=2)
    teacher = cast.persons["teacher"].id
    complete(teacher, courses["mot"], DAY)
    complete(teacher, courses["hai"], DAY + timedelta(days=1))
    complete(teacher, courses["mot"], date(2027, 1, 15), again=True)
    assert len(passes(teacher)) == 1
    complete(teacher, courses["hai"], date(2027, 1, 20), again=True)

    assert passes(teacher) == [(1, DAY + timedelta(days=1)), (2, date(2027, 1, 20))]


def test_the_shorter_course_renews_and_does_not_begin(cast: Cast, courses: dict[str, Course]) -> None:
    programme = make_rule(courses, renewed_by="ngan")
    teacher, other = cast.persons["teacher"].id, cast.persons["other_teacher"].id
    complete(other, courses["ngan"], DAY)
    assert passes(other) == []
    complete(teacher, courses["mot"], DAY)
    with clock.at(noon(date(2027, 1, 10))):
        now = home.home(teacher).now
        assert now
        assert (now.renewal, now.visit.outline.slug) == (True, "ngan")
    complete(teacher, courses["ngan"], date(2027, 1, 10))

    assert passes(teacher) == [(1, DAY), (2, date(2027, 1, 10))]
    with clock.at(noon(date(2029, 1, 1))):
        assert [each.visit.outline.slug for each in home.home(teacher).tasks if each.duty] == ["ngan"]
    assert queries.was_held(teacher, programme.id)


def test_a_renewal_opens_when_the_rule_says(cast: Cast, courses: dict[str, Course]) -> None:
    make_rule(courses, renewal_months=1)
    teacher = cast.persons["teacher"].id
    complete(teacher, courses["mot"], DAY)

    assert enrolments.renewal_opens(teacher, courses["mot"].id) == date(2027, 2, 2)


def test_all_that_is_asked_for_is_enrolled_in_and_of_a_choice_the_first(cast: Cast, courses: dict[str, Course]) -> None:
    programme = make_rule(courses, further=("hai",), needed=2)
    teacher = cast.persons["teacher"].id

    def enrolled() -> set[int]:
        return set(session.scalars(select(Enrolment.course_id).where(Enrolment.person_id == teacher)))

    enrolments.enrol_by_rules([teacher])
    assert enrolled() == {courses["mot"].id, courses["hai"].id}
    programme.rules[0].needed = 1
    session.flush()
    other = cast.persons["other_teacher"].id
    enrolments.enrol_by_rules([other])
    assert set(session.scalars(select(Enrolment.course_id).where(Enrolment.person_id == other))) == {courses["mot"].id}


def test_a_choice_is_shown_until_one_was_begun(cast: Cast, courses: dict[str, Course]) -> None:
    make_rule(courses, further=("hai", "ba"))
    teacher = cast.persons["teacher"].id
    assert {each.visit.outline.slug for each in home.home(teacher).tasks} == {"mot", "hai", "ba"}
    version = enrolments.latest_version(courses["hai"].id)
    assert version
    outcomes.open_activity(make_enrolment(teacher, version), "a")

    assert [each.visit.outline.slug for each in home.home(teacher).tasks] == ["hai"]


def test_days_are_counted_from_the_beginning_of_the_post(cast: Cast, courses: dict[str, Course]) -> None:
    programme = make_rule(courses, due_days=30)
    targets.set_deadline(programme.id, clock.today() + timedelta(days=400), {"vi": "Báo cáo", "en": "Report"})
    teacher = cast.persons["teacher"].id
    duty = queries.duties_of(teacher, clock.today())[0]
    since = queries.obliged_since(teacher, duty, clock.today())
    assert since
    task = home.home(teacher).now
    assert task

    assert (task.due, task.late) == (since + timedelta(days=30), since + timedelta(days=30) < clock.today())


@pytest.mark.parametrize(
    ("named", "people"),
    [
        ({"stages": ["thcs"]}, 8),
        ({"stages": ["th"]}, 1),
        ({"unit_kinds": ["phuong_xa"]}, 0),
        ({"stages": ["thcs"], "unit_kinds": ["truong"]}, 8),
    ],
)
def test_where_somebody_works_decides_in_lists_and_figures_alike(
    cast: Cast, courses: dict[str, Course], sign_in: SignIn, named: dict[str, list[str]], people: int
) -> None:
    programme = make_rule(courses, **named)
    session.commit()
    coverage.rebuild()
    unit = cast.units["so"].id
    figure = coverage.figure([unit], programme.id, clock.today())[unit]
    obliged = sum(
        any(each.programme.id == programme.id for each in queries.duties_of(person.id, clock.today())) for person in cast.persons.values()
    )

    assert figure.obliged == obliged
    assert (obliged > 0) == (people > 0)
    assert coverage.verify().differences == ()
    shown = sign_in("administrator").get("/units/so/people").text
    assert shown.count("/people/") >= 0
    assert ("Võ Minh Mẫn" in shown.partition("<main")[2]) == (named == {"stages": ["th"]})


def test_an_impossible_rule_is_refused(cast: Cast, courses: dict[str, Course]) -> None:
    by = cast.accounts["administrator"].id
    rule = NewRule(clock.today() + timedelta(days=3), courses["mot"].id, further=(courses["mot"].id,), needed=2)
    wanted = NewProgramme("moi", {"vi": "Mới"}, {"vi": "Luật"}, "staff", None, None, True, rule)
    with pytest.raises(TooManyNeeded):
        amending.begin(wanted, by=by)
    good = NewRule(clock.today(), courses["mot"].id)
    with pytest.raises(NotAPeriod):
        amending.begin(NewProgramme("moi", {"vi": "Mới"}, {"vi": "Luật"}, "staff", None, clock.today(), True, good), by=by)
    amending.begin(NewProgramme("moi", {"vi": "Mới"}, {"vi": "Luật"}, "staff", None, None, True, good), by=by)
    with pytest.raises(SlugTaken):
        amending.begin(NewProgramme("moi", {"vi": "Khác"}, {"vi": "Luật"}, "staff", None, None, True, good), by=by)

    assert session.scalars(select(Programme.slug)).all() == ["moi"]


def sent(cast: Cast, courses: dict[str, Course], **more: Any) -> dict[str, Any]:
    return {
        "title_vi": "Kế hoạch 2026–2030",
        "basis_vi": "Luật An ninh mạng",
        "slug": "ke-hoach-2026-2030",
        "unit": str(cast.units["so"].id),
        "from_day": clock.today().strftime("%d/%m/%Y"),
        "course": str(courses["mot"].id),
        "further": [str(courses["hai"].id)],
        "needed": "2",
        "stages": ["thcs"],
        "last_day": "31/12/2030",
        "certificate": "y",
        "targets": "y",
    } | more


def test_an_administrator_begins_a_programme_from_the_template(cast: Cast, courses: dict[str, Course], sign_in: SignIn) -> None:
    client = sign_in("administrator")
    assert "/programmes/new/staff" in client.get("/programmes").text
    look = client.post("/programmes/new/staff", data=sent(cast, courses, act="look"))
    assert "Nguyễn Thị Thu Hường" in look.text
    assert session.scalars(select(Programme)).all() == []
    assert client.post("/programmes/new/staff", data=sent(cast, courses, act="apply")).status_code == 302
    made = session.scalars(select(Programme)).one()
    rule = made.rules[0]

    assert (made.until_day, made.owner_unit_id, rule.needed, rule.stages) == (date(2031, 1, 1), cast.units["so"].id, 2, ["thcs"])
    shares = {each.day.year: each.share for each in targets.targets_of(made.id)}
    assert shares == {year: share for year, share in builtin.TARGETS.items() if date(year, 12, 31) > clock.today()}
    assert all(each.day > clock.today() for each in targets.deadlines_of(made.id))
    page = client.get("/programmes/ke-hoach-2026-2030").text
    assert "tất cả" in page
    assert "Trung học cơ sở" in page
    again = client.post("/programmes/new/staff", data=sent(cast, courses, act="apply"))
    assert (again.status_code, "Đã có chương trình mang tên ngắn này" in again.text) == (422, True)


@pytest.mark.parametrize(
    "more",
    [
        {"slug": "Không Đúng"},
        {"title_vi": ""},
        {"from_day": ""},
        {"needed": "5", "act": "apply"},
        {"last_day": "01/01/2020", "act": "apply"},
    ],
)
def test_what_cannot_begin_is_told(cast: Cast, courses: dict[str, Course], sign_in: SignIn, more: dict[str, str]) -> None:
    answer = sign_in("administrator").post("/programmes/new/staff", data=sent(cast, courses, **more))

    assert answer.status_code == 422
    assert session.scalars(select(Programme)).all() == []
