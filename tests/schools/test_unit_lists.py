"""The tree comes in by a list, by code: the same list again changes nothing."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.core import clock, imports
from lms.core.db import session
from lms.core.models import Import
from lms.schools import tree, unit_lists
from lms.schools.models import Unit, UnitEvent
from tests.schools import lists

HEAD = ["Mã đơn vị", "Mã cấp trên", "Loại", "Tên đơn vị", "Tên ngắn", "Cấp học", "Từ ngày"]
TREE = [
    ["truong-1", "phuong-1", "Trường", "THCS Sông Xanh", "Sông Xanh", "THCS", "01/09/2025"],
    ["so", None, "sở", "Sở GD&ĐT Hải Vân", None, None, "01/01/2020"],
    ["phuong-1", "so", "Phường", "Phường Sông Xanh", None, None, "01/07/2025"],
]


def plan(*rows: list[Any], head: list[Any] = HEAD) -> Import:
    return unit_lists.plan(lists.workbook(("Đơn vị", [["DANH SÁCH ĐƠN VỊ"], head, *rows])), "don-vi.xlsx")


def fates(row: Import) -> dict[str, str]:
    return {one.code: one.fate for one in unit_lists.rows_of(row)}


def test_a_tree_comes_in_whatever_the_order_of_its_rows(database: None):
    row = plan(*TREE)
    assert fates(row) == {"so": "new", "phuong-1": "new", "truong-1": "new"}
    assert session.scalars(select(Unit)).all() == []

    unit_lists.apply(row)

    school = tree.by_code("truong-1")
    assert school
    assert [(one.code, one.kind_code, one.short_name) for one in tree.path(school.id, date(2026, 10, 9))] == [
        ("so", "so", "Sở GD&ĐT Hải Vân"),
        ("phuong-1", "phuong_xa", "Phường Sông Xanh"),
        ("truong-1", "truong", "Sông Xanh"),
    ]
    assert (school.stage, tree.line(school.id, date(2025, 8, 31))) == ("thcs", None)


def test_the_same_list_again_changes_nothing(database: None):
    unit_lists.apply(plan(*TREE))
    events = session.scalar(select(func.count(UnitEvent.id)))

    again = plan(*TREE)
    unit_lists.apply(again)

    assert set(fates(again).values()) == {"same"}
    assert session.scalar(select(func.count(UnitEvent.id))) == events
    with pytest.raises(imports.NotPlanned):
        unit_lists.apply(again)


def test_another_name_or_parent_is_an_event_of_today(database: None):
    unit_lists.apply(plan(*TREE))

    row = plan(*TREE[1:], ["truong-1", "so", "Trường", "THCS Sông Xanh 1", None, "THCS", "01/09/2025"])
    unit_lists.apply(row)

    school = tree.by_code("truong-1")
    assert school
    assert [one.changes for one in unit_lists.rows_of(row) if one.code == "truong-1"] == [
        (("name", "THCS Sông Xanh", "THCS Sông Xanh 1"), ("parent_code", "phuong-1", "so"))
    ]
    assert tree.name_on(school.id, clock.today()) == "THCS Sông Xanh 1"
    assert [one.code for one in tree.path(school.id, clock.today())] == ["so", "truong-1"]


@pytest.mark.parametrize(
    ("row", "problem", "column"),
    [
        ([None, "so", "Trường", "X", None, None, None], "code_missing", "A"),
        (["x", "so", "Trường", None, None, None, None], "name_missing", "D"),
        (["x", "so", "Câu lạc bộ", "X", None, None, None], "kind_unknown", "C"),
        (["x", "so", "Trường", "X", None, "Đại học", None], "stage_unknown", "F"),
        (["x", "so", "Trường", "X", None, None, "31/02/2020"], "day_wrong", "G"),
        (["x", "nowhere", "Trường", "X", None, None, None], "parent_unknown", ""),
        (["x", "x", "Trường", "X", None, None, None], "circle", ""),
        (["so", None, "Sở", "X", None, None, None], "code_twice", ""),
        (["x", "phuong-1", "Trường", "X", None, None, "01/01/2021"], "parent_later", ""),
    ],
)
def test_each_error_has_its_place_and_cure(database: None, row: list[Any], problem: str, column: str):
    found = [one for one in unit_lists.rows_of(plan(*TREE, row)) if one.fate == "error"]

    assert [(one.problem, one.column, one.row) for one in found] == [(problem, column, 6)]
    assert found[0].problem_text


def test_rows_with_errors_are_left_out_and_nothing_stands_on_them(database: None):
    row = plan(["a", None, "Sở", None], ["b", "a", "Trường", "B"], ["c", None, "Sở", "C"])

    assert fates(row) == {"a": "error", "b": "error", "c": "new"}
    assert unit_lists.apply(row) == {"new": 1, "changed": 0, "same": 0, "error": 2}


def test_a_list_without_codes_is_no_list_of_units(database: None):
    with pytest.raises(unit_lists.NoUnits):
        unit_lists.plan(lists.staff(["Cao Thị Diễm", "19/06/1998"]), "can-bo.xlsx")
