"""Posts, classes and roles: dated facts that are never overwritten."""

from datetime import date

import pytest
from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.models import JournalEntry
from lms.schools import classes, kinds, people, roles
from lms.schools.models import Place, Post, Role
from tests import factories
from tests.cast import Cast

START, LATER, TODAY = date(2024, 9, 1), date(2026, 9, 1), date(2026, 10, 9)


@pytest.fixture(autouse=True)
def positions(cast: Cast) -> None:
    kinds.seed()


def test_an_ended_post_keeps_its_past_and_what_was_believed(cast: Cast):
    person = factories.make_person("Cao Thị Diễm")
    post = people.add_post(person, cast.units["school_a2"], "teacher", from_day=START, department="Ngữ văn")

    people.end_post(post, LATER, by=None)

    rows = session.scalars(select(Post).where(Post.person_id == person.id).order_by(Post.id)).all()
    assert [(row.until_day, row.replaced_at is None, row.replaces_id) for row in rows] == [(None, False, None), (LATER, True, post.id)]
    assert [post.department for post in people.posts_of(person.id, START)] == ["Ngữ văn"]
    assert people.posts_of(person.id, LATER) == []


def test_two_people_ending_one_post_give_one_result(cast: Cast):
    post = people.add_post(factories.make_person(), cast.units["school_a2"], "teacher", from_day=START)
    people.end_post(post, LATER, by=None)

    with pytest.raises(Conflict):
        people.end_post(post, TODAY, by=None)


def test_a_changed_position_holds_from_its_day_on(cast: Cast):
    person = factories.make_person()
    post = people.add_post(person, cast.units["school_a2"], "teacher", from_day=START)

    people.change_post(post, LATER, position="group_head", department="Toán", by=None)

    assert [(one.position_code, one.from_day, one.until_day) for one in people.posts_of(person.id)] == [
        ("group_head", LATER, None),
        ("teacher", START, LATER),
    ]


def test_the_staff_list_shows_each_person_once_by_given_name(cast: Cast):
    person = factories.make_person("Lâm Văn Anh")
    people.add_post(person, cast.units["school_a"], "teacher", from_day=START, department="Sử")
    people.add_post(person, cast.units["school_a"], "page_admin", from_day=LATER)

    staff = people.staff_of(cast.units["school_a"].id, TODAY)

    assert [line.full_name for line in staff] == [
        "Lâm Văn Anh",
        "Đặng Thị Ngọc Ánh",
        "Trương Mỹ Duyên",
        "Nguyễn Thị Thu Hường",
        "Nguyễn Hoàng Phúc",
    ]
    assert (staff[0].positions, staff[0].department, staff[0].from_day) == (("teacher", "page_admin"), "Sử", START)


def test_posts_are_noted_in_the_journal(cast: Cast):
    person = factories.make_person()

    people.add_posts([people.NewPost(person.id, cast.units["school_a"].id, "teacher", START)])

    assert session.scalars(select(JournalEntry.ref_id).where(JournalEntry.topic == "person")).all() == [person.id]


def test_a_new_place_ends_the_former_one(cast: Cast):
    other = classes.open_class(cast.units["school_a"], "Lớp 6a2", school_year=cast.school_class.school_year)

    classes.place(cast.persons["pupil"], other, TODAY)
    again = classes.place(cast.persons["pupil"], other, TODAY)

    assert (other.name, other.grade) == ("6A2", 6)
    places = session.scalars(
        select(Place).where(Place.person_id == cast.persons["pupil"].id, Place.replaced_at.is_(None)).order_by(Place.id)
    ).all()
    assert [(place.class_id, place.until_day) for place in places] == [(cast.school_class.id, TODAY), (other.id, None)]
    assert again.id == places[1].id
    assert [line.full_name for line in people.pupils_of(cast.school_class.id, TODAY)] == ["Bùi Gia Bảo"]


def test_classes_are_listed_by_grade_and_number(cast: Cast):
    unit, year = cast.units["school_a"], cast.school_class.school_year
    for name in ("6A10", "10A1", "6A2"):
        classes.open_class(unit, name, school_year=year)

    assert [(line.name, line.pupils) for line in classes.classes_of(unit.id, year, TODAY)] == [
        ("6A1", 2),
        ("6A2", 0),
        ("6A10", 0),
        ("10A1", 0),
    ]


@pytest.mark.parametrize(
    ("name", "grade"), [("6A1", 6), ("Lớp 10 chuyên Toán", 10), ("6/2", 6), ("12", 12), ("Lá 2", 0), ("Mẫu giáo 5 tuổi", 0)]
)
def test_the_grade_stands_at_the_front_of_a_class_name(name: str, grade: int):
    assert classes.grade_of(name) == grade


def test_a_class_without_grade_is_refused():
    with pytest.raises(classes.GradeUnknown):
        classes.grade_of("Chuyên Anh")


def test_a_role_is_granted_once_and_withdrawn(cast: Cast):
    account, unit = cast.accounts["teacher"], cast.units["school_a"]

    role = roles.grant(account, "roster_keeper", unit, by=None)
    assert roles.grant(account, "roster_keeper", unit, by=None).id == role.id
    roles.withdraw(role, by=None)

    assert [row.role for row in roles.held(account.id, TODAY)] == ["teacher"]
    assert session.scalars(select(Role).where(Role.account_id == account.id)).all() == roles.held(account.id, TODAY)
