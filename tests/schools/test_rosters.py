"""A list is planned, applied once, undone; the same list again changes nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.accounts import identifiers
from lms.accounts.models import Account, Identifier, Person
from lms.core import clock, db, imports
from lms.core.db import session
from lms.core.models import AuditEntry, Import, JournalEntry
from lms.schools import classes, kinds, people, roles, rosters, tree
from lms.schools.models import Place, Post, Role, SchoolClass, Unit
from lms.schools.roster_lines import Change, Line
from lms.schools.roster_writing import UndoRefused
from tests import factories
from tests.cast import Cast
from tests.schools import lists
from tests.together import at_once

DAY = date(2026, 10, 9)
HEAD = ["Nguyễn Hoàng Phúc", "12/04/1985", "Nam", "Hiệu trưởng", "", "GV00", "head@truong.example"]
KEEPER = ["Trương Mỹ Duyên", "12/04/1985", "Nữ", "Giáo viên", "", "GV03", None]
TEACHER = ["Nguyễn Thị Thu Hường", "12/04/1985", None, "Giáo viên", "", "GV01", None]
OTHER = ["Đặng Thị Ngọc Ánh", "12/04/1985", None, "Giáo viên", "", "GV02", None]
NEW = ["Cao Thị Diễm", "19/06/1998", "Nữ", "Giáo viên", "Ngữ văn", "GV77", "diem@truong.example"]


@pytest.fixture(autouse=True)
def positions(cast: Cast) -> None:
    kinds.seed()


def plan(cast: Cast, *rows: Sequence[Any], unit: str = "school_a", **more: Any) -> Import:
    return rosters.plan(lists.staff(*rows), "can-bo.xlsx", cast.units[unit], DAY, **more)


def plan_pupils(cast: Cast, *rows: Sequence[Any], unit: str = "school_a", **more: Any) -> Import:
    return rosters.plan(lists.pupils(*rows), "hoc-sinh.xlsx", cast.units[unit], DAY, **more)


def lines(row: Import) -> dict[str, Line]:
    return {line.full_name: line for line in rosters.read_plan(row).lines}


def fates(row: Import) -> dict[str, str]:
    return {name: line.fate for name, line in lines(row).items()}


def person_named(name: str) -> Person:
    return session.scalars(select(Person).where(Person.search_key == name)).one()


def now_at(unit: Unit, day: date = DAY) -> list[tuple[str, tuple[str, ...]]]:
    return [(line.full_name, line.positions) for line in people.staff_of(unit.id, day)]


def test_a_plan_changes_nothing(cast: Cast):
    before = session.scalar(select(func.count(Person.id)))

    row = plan(cast, NEW)

    assert (row.state, row.kind, row.unit_id, row.file_name) == ("planned", "people.staff", cast.units["school_a"].id, "can-bo.xlsx")
    assert session.scalar(select(func.count(Person.id))) == before


def test_every_fate(cast: Cast):
    people.add_post(factories.make_person("Lâm Văn Sỹ"), cast.units["school_a"], "teacher", from_day=date(2020, 9, 1))
    row = plan(
        cast,
        HEAD[:5] + [None, None],
        ["Trương Mỹ Duyên", "12/04/1985", None, "Tổ trưởng", "", None, None],
        TEACHER[:5] + [None, None],
        ["Võ Minh Mẫn", "12/04/1985", None, "Giáo viên", "Toán", None, None],
        NEW,
        ["Bùi Thanh Tùng", "30/02/1988", None, "Giáo viên", "Toán", None, None],
    )

    assert fates(row) == {
        "Nguyễn Hoàng Phúc": "changed",
        "Trương Mỹ Duyên": "changed",
        "Nguyễn Thị Thu Hường": "same",
        "Võ Minh Mẫn": "moved",
        "Cao Thị Diễm": "new",
        "Bùi Thanh Tùng": "error",
        "Đặng Thị Ngọc Ánh": "missing",
        "Lâm Văn Sỹ": "missing",
    }
    found = lines(row)
    assert found["Trương Mỹ Duyên"].changes == (Change("positions", "teacher", "group_head,teacher"),)
    assert found["Võ Minh Mẫn"].from_units == (cast.units["school_a2"].id,)
    assert [(problem.code, problem.column) for problem in found["Bùi Thanh Tùng"].problems] == [("day_wrong", "C")]


def test_applying_makes_person_account_code_post_and_role(cast: Cast):
    row = plan(cast, NEW)

    counts = rosters.apply(row, by=cast.accounts["head"].id)

    assert (counts["new"], counts["error"], row.state) == (1, 0, "applied")
    person = person_named("cao thi diem")
    account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
    assert (account.username, account.email, account.password_hash, account.import_id) == (
        "cao.thi.diem",
        "diem@truong.example",
        None,
        row.id,
    )
    assert identifiers.find("staff_code", "school_a", "gv77") == person
    post = people.posts_of(person.id, DAY)[0]
    assert (post.unit_id, post.position_code, post.department, post.from_day, post.import_id) == (
        row.unit_id,
        "teacher",
        "Ngữ văn",
        DAY,
        row.id,
    )
    assert [(role.role, role.unit_id) for role in roles.held(account.id, DAY)] == [("teacher", row.unit_id)]
    assert person.id in session.scalars(select(JournalEntry.ref_id).where(JournalEntry.topic == "person")).all()
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"import:{row.id}")).all() == ["import.people.staff"]


def test_the_same_file_again_changes_nothing(cast: Cast):
    rows = [HEAD, KEEPER, TEACHER, OTHER, NEW, ["Hồ Quang Đạt", "23/01/2001", "Nam", "Nhân viên, Văn thư", "Văn phòng", None, None]]
    rosters.apply(plan(cast, *rows))

    again = plan(cast, *rows)

    assert set(fates(again).values()) == {"same"}
    facts = session.scalar(select(func.count(Post.id)))
    rosters.apply(again)
    assert session.scalar(select(func.count(Post.id))) == facts


def test_a_second_click_does_nothing(cast: Cast):
    row = plan(cast, NEW)
    rosters.apply(row)

    with pytest.raises(imports.NotPlanned):
        rosters.apply(row)


def test_two_plans_of_one_file_give_one_result(cast: Cast):
    first, second = plan(cast, NEW), plan(cast, NEW)

    assert rosters.apply(first)["new"] == 1
    assert rosters.apply(second) == {"error": 0, "new": 0, "moved": 0, "changed": 0, "missing": 4, "same": 1, "ended": 0}
    assert session.scalar(select(func.count(Person.id)).where(Person.search_key == "cao thi diem")) == 1


def test_a_plan_that_would_now_do_something_else_is_shown_again(cast: Cast):
    row = plan(cast, NEW)
    person = factories.make_person("Cao Thị Diễm", birth_date=date(1998, 6, 19))
    people.add_post(person, cast.units["school_b"], "teacher", from_day=date(2025, 9, 1))

    with pytest.raises(imports.Outdated), session.begin_nested():
        rosters.apply(row)
    session.refresh(row)
    assert (row.state, fates(row)["Cao Thị Diễm"]) == ("planned", "new")

    rosters.refresh(row)
    assert fates(row)["Cao Thị Diễm"] == "moved"


def test_a_changed_position_keeps_its_past(cast: Cast):
    rosters.apply(plan(cast, ["Nguyễn Thị Thu Hường", "12/04/1985", None, "Hiệu trưởng", "Văn", "GV01", None]))

    posts = people.posts_of(cast.persons["teacher"].id)
    assert [(post.position_code, post.from_day, post.until_day, post.department) for post in posts] == [
        ("manager", DAY, None, "Văn"),
        ("teacher", factories.LONG_AGO, DAY, ""),
    ]


def test_duties_given_by_hand_stay_when_the_list_does_not_name_them(cast: Cast):
    people.add_post(cast.persons["teacher"], cast.units["school_a"], "page_admin", from_day=date(2025, 9, 1))

    row = plan(cast, [*TEACHER[:5], None, None])

    assert fates(row)["Nguyễn Thị Thu Hường"] == "same"


def test_a_move_ends_the_former_post_when_both_units_are_in_reach(cast: Cast):
    row = plan(cast, ["Võ Minh Mẫn", "12/04/1985", None, "Giáo viên", "Toán", None, None])
    rosters.apply(row)

    assert now_at(cast.units["school_a2"]) == []
    assert ("Võ Minh Mẫn", ("teacher",)) in now_at(cast.units["school_a"])
    assert [(role.role, role.unit_id) for role in roles.held(cast.accounts["neighbour"].id, DAY)] == [
        ("teacher", cast.units["school_a"].id)
    ]


def test_a_move_out_of_reach_adds_a_post_and_gives_no_hold_of_the_account(cast: Cast):
    row = plan(cast, ["Lý Quốc Khởi", "12/04/1985", None, "Giáo viên", "Toán", None, "toi@truong.example"], releases=lambda unit_id: False)
    rosters.apply(row, releases=lambda unit_id: False)

    assert [unit for unit in ("school_a", "school_b") if ("Lý Quốc Khởi", ("teacher",)) in now_at(cast.units[unit])] == [
        "school_a",
        "school_b",
    ]
    assert cast.accounts["stranger_teacher"].email == "stranger_teacher@truong.example"


def test_a_list_never_changes_the_address_that_opens_a_stronger_account(cast: Cast):
    row = plan(cast, [*HEAD[:6], "keeper-own@truong.example"])

    assert [change.field for change in lines(row)["Nguyễn Hoàng Phúc"].changes] == ["gender", "code"]


def test_who_is_missing_stays_unless_chosen(cast: Cast):
    row = plan(cast, HEAD, KEEPER, TEACHER)
    rosters.apply(row, end=[cast.persons["other_teacher"].id])

    assert [name for name, _ in now_at(cast.units["school_a"])] == ["Trương Mỹ Duyên", "Nguyễn Thị Thu Hường", "Nguyễn Hoàng Phúc"]
    assert roles.held(cast.accounts["other_teacher"].id, DAY) == []
    rest = plan(cast, HEAD, KEEPER)
    rosters.apply(rest)
    assert ("Nguyễn Thị Thu Hường", ("teacher",)) in now_at(cast.units["school_a"])


def test_only_missing_persons_of_the_plan_can_be_ended(cast: Cast):
    row = plan(cast, HEAD, KEEPER, TEACHER, OTHER)
    rosters.apply(row, end=[cast.persons["teacher"].id, cast.persons["stranger_teacher"].id])

    assert len(now_at(cast.units["school_a"])) == 4
    assert len(now_at(cast.units["school_b"])) == 1


def test_undo_restores_everything(cast: Cast):
    unit = cast.units["school_a"]
    before = (now_at(unit), now_at(cast.units["school_a2"]))
    row = plan(
        cast,
        NEW,
        ["Nguyễn Thị Thu Hường", "12/04/1985", "Nữ", "Hiệu trưởng", "Văn", "GV01", None],
        ["Võ Minh Mẫn", "12/04/1985", None, "Giáo viên", "Toán", None, None],
    )
    rosters.apply(row, end=[cast.persons["other_teacher"].id])
    assert (now_at(unit), now_at(cast.units["school_a2"])) != before

    rosters.undo(row)

    assert (now_at(unit), now_at(cast.units["school_a2"])) == before
    assert cast.persons["teacher"].gender is None
    assert row.state == "undone"
    assert [role.role for role in roles.held(cast.accounts["other_teacher"].id, DAY)] == ["teacher"]
    assert [role.unit_id for role in roles.held(cast.accounts["neighbour"].id, DAY)] == [cast.units["school_a2"].id]
    assert identifiers.find("staff_code", "school_a", "GV01") is None
    assert session.scalars(select(Role).where(Role.import_id == row.id)).all() == []
    with pytest.raises(imports.NotApplied):
        rosters.undo(row)


def test_after_undo_the_same_file_finds_the_same_persons(cast: Cast):
    row = plan(cast, NEW)
    rosters.apply(row)
    person = person_named("cao thi diem")
    rosters.undo(row)

    again = plan(cast, NEW)
    rosters.apply(again)

    assert (lines(again)["Cao Thị Diễm"].fate, lines(again)["Cao Thị Diễm"].person_id) == ("new", person.id)
    assert [name for name, _ in now_at(cast.units["school_a"])].count("Cao Thị Diễm") == 1
    assert session.scalar(select(func.count(Account.id)).where(Account.person_id == person.id)) == 1


def test_undo_is_refused_when_somebody_signed_in(cast: Cast):
    row = plan(cast, NEW)
    rosters.apply(row)
    session.scalars(select(Account).where(Account.import_id == row.id)).one().last_signin_at = clock.now()

    with pytest.raises(UndoRefused) as refused, session.begin_nested():
        rosters.undo(row)

    assert "Cao Thị Diễm" in str(refused.value)
    session.refresh(row)
    assert row.state == "applied"


def test_undo_is_refused_when_a_later_fact_stands_on_it(cast: Cast):
    row = plan(cast, NEW)
    rosters.apply(row)
    post = people.posts_of(person_named("cao thi diem").id, DAY)[0]
    people.change_post(post, DAY + timedelta(days=1), position="group_head", department="Văn", by=None)

    with pytest.raises(UndoRefused):
        rosters.undo(row)


def test_undo_has_its_time(cast: Cast):
    row = plan(cast, NEW)
    rosters.apply(row)

    with clock.at(clock.now() + timedelta(days=8)), pytest.raises(imports.TooLate):
        rosters.undo(row)


def test_a_code_recognises_a_person_whose_name_was_corrected(cast: Cast):
    rosters.apply(plan(cast, TEACHER))

    row = plan(cast, ["Nguyễn Thị Thu Hằng", "12/04/1985", None, "Giáo viên", "", "GV01", None])

    assert lines(row)["Nguyễn Thị Thu Hằng"].changes == (Change("name", "Nguyễn Thị Thu Hường", "Nguyễn Thị Thu Hằng"),)


def test_a_code_of_somebody_else_is_an_error(cast: Cast):
    rosters.apply(plan(cast, TEACHER))

    row = plan(cast, ["Lê Văn Tám", "01/01/1991", None, "Giáo viên", "", "GV01", None])

    assert [problem.code for problem in lines(row)["Lê Văn Tám"].problems] == ["code_of_other"]


def test_namesakes_of_one_birth_date_need_a_code(cast: Cast):
    for _ in range(2):
        people.add_post(factories.make_person("Lê An Bình"), cast.units["school_a"], "teacher", from_day=factories.LONG_AGO)

    row = plan(cast, ["Lê An Bình", "12/04/1985", None, "Giáo viên", "", None, None])

    assert [problem.code for problem in lines(row)["Lê An Bình"].problems if problem.code == "doubtful"] == ["doubtful"]


def test_another_code_of_the_same_kind_is_another_person(cast: Cast):
    rosters.apply(plan(cast, TEACHER))

    row = plan(cast, [*TEACHER[:5], "GV99", None], TEACHER)

    assert [line.fate for line in rosters.read_plan(row).lines if line.row] == ["new", "same"]


def test_an_address_of_another_account_is_an_error(cast: Cast):
    row = plan(cast, [*NEW[:6], "teacher@truong.example"])

    assert [problem.code for problem in lines(row)["Cao Thị Diễm"].problems] == ["email_taken"]


def test_a_row_is_corrected_in_the_preview(cast: Cast):
    row = plan(cast, ["Bùi Thanh Tùng", "30/02/1988", None, "Giáo viên", "Toán", "GV55", None])

    line = rosters.correct(row, 1, "birth_date", "28/2/1988")

    assert (line.fate, line.birth_date, line.problems) == ("new", date(1988, 2, 28), ())
    rosters.apply(row)
    assert identifiers.find("staff_code", "school_a", "GV55") == person_named("bui thanh tung")


def test_the_plan_keeps_no_code_in_clear(cast: Cast):
    row = plan_pupils(cast, ["Lê Minh Khôi", "30/02/2015", None, "6A1", "7901234567"])

    assert "7901234567" not in str(row.plan)
    assert session.scalars(select(Identifier)).all() == []


def test_pupils_come_with_classes_places_and_roles(cast: Cast):
    row = plan_pupils(
        cast,
        ["Lê Minh Khôi", "01/02/2015", "Nam", "6A3", "HS1"],
        ["Trần Minh An", "12/04/1985", None, "6A3", None],
        ["Đỗ Khánh Chi", "12/04/1985", None, "6A1", None],
    )
    assert fates(row) == {"Lê Minh Khôi": "new", "Trần Minh An": "changed", "Đỗ Khánh Chi": "moved", "Bùi Gia Bảo": "missing"}

    rosters.apply(row)

    room = session.scalars(select(SchoolClass).where(SchoolClass.name == "6A3")).one()
    assert (room.grade, room.school_year) == (6, "2026-2027")
    assert [line.full_name for line in people.pupils_of(room.id, DAY)] == ["Trần Minh An", "Lê Minh Khôi"]
    assert [line.full_name for line in people.pupils_of(cast.school_class.id, DAY)] == ["Bùi Gia Bảo", "Đỗ Khánh Chi"]
    assert [role.role for role in roles.held(session.scalars(select(Account.id).where(Account.username == "le.minh.khoi")).one(), DAY)] == [
        "pupil"
    ]


def test_undo_of_a_class_change_on_the_day_of_the_place(cast: Cast):
    first = plan_pupils(cast, ["Lê Minh Khôi", "01/02/2015", "Nam", "6A3", "HS1"])
    rosters.apply(first)
    second = plan_pupils(cast, ["Lê Minh Khôi", "01/02/2015", "Nam", "6A4", "HS1"])
    rosters.apply(second)

    rosters.undo(second)

    places = session.scalars(select(Place).where(Place.person_id == person_named("le minh khoi").id, Place.replaced_at.is_(None))).all()
    assert [session.get_one(SchoolClass, place.class_id).name for place in places] == ["6A3"]
    assert [line.name for line in classes.classes_of(cast.units["school_a"].id, "2026-2027", DAY)] == ["6A1", "6A3"]


def test_of_pupils_only_those_of_the_named_classes_can_be_missing(cast: Cast):
    rosters.apply(plan_pupils(cast, ["Lê Minh Khôi", "01/02/2015", "Nam", "6A3", "HS1"]))

    row = plan_pupils(cast, ["Trần Minh An", "12/04/1985", None, "6A1", None])

    assert fates(row) == {"Trần Minh An": "same", "Bùi Gia Bảo": "missing"}


def test_five_thousand_rows_take_seconds(cast: Cast):
    rows = [
        [f"Nguyễn Văn Mẫu {number}", date(1985, 1, 1) + timedelta(days=number % 5000), "Nam", "Giáo viên", "Toán", f"GV{number}", None]
        for number in range(5000)
    ]
    content = lists.staff(*rows)
    start = clock.now()

    row = rosters.plan(content, "lon.xlsx", cast.units["school_a"], DAY)
    planned = clock.now()
    counts = rosters.apply(row)
    applied = clock.now()

    assert counts["new"] == 5000
    assert (planned - start).total_seconds() < 15
    assert (applied - planned).total_seconds() < 25


def test_two_people_applying_in_the_same_instant_give_one_result(real_database: str):
    with db.transaction():
        kinds.seed()
        unit = tree.open_unit("truong", "truong", "THCS Sông Xanh", day=date(2020, 1, 1))
        rows = [["Cao Thị Diễm", "19/06/1998", "Nữ", "Giáo viên", "Văn", f"GV{number}", None] for number in range(3)]
        one, same, other = (rosters.plan(lists.staff(*rows), "a.xlsx", unit, DAY).id for _ in range(3))

    came = at_once(
        lambda: rosters.apply(session.get_one(Import, one))["new"],
        lambda: rosters.apply(session.get_one(Import, one))["new"],
        lambda: rosters.apply(session.get_one(Import, other))["new"],
        lambda: rosters.apply(session.get_one(Import, same))["new"],
    )

    assert sorted(result for result in came if isinstance(result, int)) == [0, 0, 3]
    assert [type(result) for result in came if not isinstance(result, int)] == [imports.NotPlanned]
    with db.transaction():
        assert session.scalar(select(func.count(Person.id))) == 3
        assert session.scalar(select(func.count(Post.id))) == 3
        assert session.scalar(select(func.count(Account.id))) == 3
