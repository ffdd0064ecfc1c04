"""The dated tree: each day has its map, and nothing that was true is lost."""

from datetime import date

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.schools import kinds, people, tree
from lms.schools.models import Unit, UnitEvent, UnitName, UnitParent, UnitReach
from tests import factories

OLD, REFORM, TODAY = date(2019, 9, 1), date(2025, 7, 1), date(2026, 10, 9)


@pytest.fixture
def units(database: None) -> dict[str, Unit]:
    kinds.seed()
    so = tree.open_unit("so", "so", "Sở Hải Vân", day=OLD)
    quan = tree.open_unit("quan", "quan_huyen", "Quận Cũ", parent=so, day=OLD)
    ward = tree.open_unit("ward", "phuong_xa", "Phường Sông Xanh", parent=so, day=REFORM)
    school = tree.open_unit("school", "truong", "THCS Sông Xanh", parent=quan, stage="thcs", day=OLD)
    return {"so": so, "quan": quan, "ward": ward, "school": school}


def codes(ids: list[int]) -> list[str]:
    return [session.get_one(Unit, one).code for one in ids]


def test_a_move_changes_the_map_from_its_day_on(units: dict[str, Unit]):
    tree.move(units["school"], units["ward"], REFORM)

    assert codes(tree.ancestors(units["school"].id, date(2025, 6, 30))) == ["quan", "so"]
    assert codes(tree.ancestors(units["school"].id, REFORM)) == ["ward", "so"]
    assert [one.code for one in tree.children(units["ward"].id, TODAY)] == ["school"]
    assert tree.children(units["quan"].id, TODAY) == []
    assert [one.code for one in tree.path(units["school"].id, TODAY)] == ["so", "ward", "school"]


def test_the_map_of_today_follows_every_event(units: dict[str, Unit]):
    tree.move(units["school"], units["ward"], REFORM)
    by_hand = {(row.ancestor_id, row.unit_id, row.depth) for row in session.scalars(select(UnitReach))}

    tree.rebuild_reach()

    assert {(row.ancestor_id, row.unit_id, row.depth) for row in session.scalars(select(UnitReach))} == by_hand
    assert sorted(codes(tree.below(units["ward"].id, clock.today()))) == ["school", "ward"]
    assert sorted(codes(tree.below(units["quan"].id, date(2024, 1, 1)))) == ["quan", "school"]


def test_what_was_believed_before_a_move_stays_readable(units: dict[str, Unit]):
    tree.move(units["school"], units["ward"], REFORM)

    rows = session.scalars(select(UnitParent).where(UnitParent.unit_id == units["school"].id).order_by(UnitParent.id)).all()
    assert [(row.parent_id, row.from_day, row.until_day, row.replaced_at is None) for row in rows] == [
        (units["quan"].id, OLD, None, False),
        (units["quan"].id, OLD, REFORM, True),
        (units["ward"].id, REFORM, None, True),
    ]


def test_moving_away_and_back_on_the_same_day_leaves_the_old_map(units: dict[str, Unit]):
    before = tree.map_on(TODAY)

    tree.move(units["school"], units["ward"], REFORM)
    tree.move(units["school"], units["quan"], REFORM)

    assert tree.map_on(TODAY) == before


def test_a_unit_has_the_name_of_the_day(units: dict[str, Unit]):
    tree.rename(units["school"], "THCS Sông Xanh 1", REFORM, short_name="Sông Xanh 1", legal_act="QĐ 12/QĐ-UBND")

    assert tree.name_on(units["school"].id, date(2020, 1, 1)) == "THCS Sông Xanh"
    assert tree.name_on(units["school"].id, REFORM) == "THCS Sông Xanh 1"
    assert tree.names_on([units["school"].id], TODAY) == {units["school"].id: "Sông Xanh 1"}
    assert session.scalar(select(UnitEvent.legal_act).where(UnitEvent.kind == "renamed")) == "QĐ 12/QĐ-UBND"


def test_a_closed_unit_is_there_before_and_not_after(units: dict[str, Unit]):
    tree.move(units["school"], units["ward"], REFORM)
    tree.close_unit(units["quan"], REFORM, legal_act="Nghị quyết 1685")

    assert [one.code for one in tree.children(units["so"].id, date(2025, 6, 30))] == ["quan"]
    assert [one.code for one in tree.children(units["so"].id, TODAY)] == ["ward"]
    assert tree.line(units["quan"].id, TODAY) is None
    assert tree.name_on(units["quan"].id, TODAY) == "Quận Cũ"


def test_a_unit_in_use_is_not_closed(units: dict[str, Unit]):
    with pytest.raises(tree.StillInUse):
        tree.close_unit(units["quan"], REFORM)
    people.add_post(factories.make_person(), units["school"], "teacher", from_day=OLD)
    with pytest.raises(tree.StillInUse):
        tree.close_unit(units["school"], REFORM)


def test_a_unit_never_stands_under_itself(units: dict[str, Unit]):
    with pytest.raises(tree.Circle):
        tree.move(units["so"], units["school"], TODAY)
    with pytest.raises(tree.Circle):
        tree.move(units["quan"], units["quan"], TODAY)


def test_a_code_is_given_once(units: dict[str, Unit]):
    with pytest.raises(tree.CodeTaken):
        tree.open_unit("school", "truong", "Trường khác", parent=units["so"], day=TODAY)


def test_children_are_sorted_the_vietnamese_way(units: dict[str, Unit]):
    for number, name in enumerate(["Phường Đông", "Phường An", "Phường Ấp", "Phường Dừa"]):
        tree.open_unit(f"w{number}", "phuong_xa", name, parent=units["ward"], day=REFORM)

    assert [one.name for one in tree.children(units["ward"].id, TODAY)] == ["Phường An", "Phường Ấp", "Phường Dừa", "Phường Đông"]


def test_seeding_twice_adds_nothing(units: dict[str, Unit]):
    kinds.seed()

    assert session.scalar(select(UnitName.name).where(UnitName.unit_id == units["so"].id)) == "Sở Hải Vân"
    assert kinds.position_titles()["manager"] == {"vi": "Cán bộ quản lý", "en": "Manager"}
