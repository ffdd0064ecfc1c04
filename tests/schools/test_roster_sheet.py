"""Lists are understood whatever their columns are called and however their cells are written."""

from datetime import date

import pytest

from lms.core import sheets
from lms.schools import roster_dates, roster_sheet, roster_words
from tests.schools import lists

TODAY = date(2026, 10, 9)


def read(content: bytes, people: roster_sheet.People | None = None) -> roster_sheet.Roster:
    return roster_sheet.read(sheets.read(content), today=TODAY, people=people)


def codes(record: roster_sheet.Record) -> list[str]:
    return [problem.code for problem in record.problems]


def test_a_staff_list_below_its_titles():
    roster = read(
        lists.staff(
            ["Nguyễn Thị Thu Hường", date(1979, 7, 14), "Nữ", "Giáo viên, TPT Đội", "Ngữ văn", "GV01", "huong@truong.example"],
            ["CAO VĂN DŨNG", "19/06/1998", "Nam", "Phó Hiệu trưởng", "", 12, None],
        )
    )

    first, second = roster.records
    assert (roster.people, roster.sheets[0].header_row) == ("staff", 4)
    assert (first.row, first.name.family, first.name.given, first.birth_date, first.gender) == (
        5,
        "Nguyễn Thị Thu",
        "Hường",
        date(1979, 7, 14),
        "F",
    )
    assert (first.positions, first.department, first.email) == (("teacher", "youth_leader"), "Ngữ văn", "huong@truong.example")
    assert first.codes == (roster_sheet.Code("staff_code", "GV01"),)
    assert (second.name.full, second.birth_date, second.positions) == ("Cao Văn Dũng", date(1998, 6, 19), ("manager",))
    assert second.codes == (roster_sheet.Code("staff_code", "12"),)
    assert [notice.code for notice in roster.notices] == ["rows_left_out"]


def test_titles_without_tone_marks_and_in_english():
    for titles in (
        ("ho va ten", "ngay sinh", "chuc vu"),
        ("FULL NAME", "Date of Birth", "Position"),
        ("Họ và Tên (*)", "Ngày,\ntháng, năm sinh", "Chức danh"),
    ):
        roster = read(lists.workbook(("Sheet1", [titles, ["Lê An Bình", "02/03/1990", "Giáo viên"]])))
        assert [(record.name.full, record.birth_date, record.positions) for record in roster.records] == [
            ("Lê An Bình", date(1990, 3, 2), ("teacher",))
        ]


@pytest.mark.parametrize(
    ("titles", "row"),
    [
        (("Họ đệm", "Tên"), ("Nguyễn Thị Thu", "Hường")),
        (("Họ và tên", None), ("Nguyễn Thị Thu", "Hường")),
        (("Họ và tên", "Ghi chú"), ("Nguyễn Thị Thu Hường", "")),
        (("Last name", "First name"), ("Nguyễn Thị Thu", "Hường")),
        (("Họ", "Tên"), ("Nguyễn", "Thị Thu Hường")),
    ],
)
def test_names_in_one_column_or_two(titles: tuple[str, ...], row: tuple[str, ...]):
    content = lists.workbook(("DS", [[*titles, "Ngày sinh", "Tổ"], [*row, "14/07/1979", "Toán"], [*row, "15/07/1979", "Toán"]]))

    assert {record.name.full for record in read(content).records} == {"Nguyễn Thị Thu Hường"}


def test_classes_on_sheets_of_their_own():
    head = ["STT", "Họ và tên", "Ngày sinh"]
    roster = read(
        lists.workbook(
            ("6A1", [["LỚP 6A1"], head, [1, "Trần Minh An", "01/02/2015"]]),
            ("Lớp 6a2", [head, [1, "Bùi Gia Bảo", "05/06/2015"]]),
            ("Hướng dẫn", [["Đọc kĩ trước khi điền"]]),
        )
    )

    assert roster.people == "pupils"
    assert [(record.sheet, record.class_name) for record in roster.records] == [("6A1", "6A1"), ("Lớp 6a2", "6A2")]
    assert [(notice.code, dict(notice.values)) for notice in roster.notices] == [
        ("sheet_left_out", {"sheet": "Hướng dẫn"}),
        ("by_class_sheet", {}),
    ]


def test_sensitive_columns_are_dropped_with_a_notice():
    titles = ("STT", "Họ và tên", "Ngày sinh", "Lớp", "Dân tộc", "Tôn giáo", "Ảnh CCCD", "Điện thoại")
    roster = read(lists.workbook(("DS", [titles, [1, "Trần Minh An", "01/02/2015", "6A1", "Kinh", "Không", "a.jpg", "0901"]])))

    assert [(notice.code, notice.values["columns"]) for notice in roster.notices] == [
        ("sensitive", "Dân tộc, Tôn giáo, Ảnh CCCD"),
        ("not_needed", "Điện thoại"),
    ]
    assert "Kinh" not in repr(roster.records)


@pytest.mark.parametrize(
    ("row", "problem", "column"),
    [
        (["Bùi Thanh Tùng", "30/02/1988", "Nam", "Giáo viên", "", "", ""], "day_wrong", "C"),
        (["Bùi Thanh Tùng", "30/03/2024", "Nam", "Giáo viên", "", "", ""], "day_unlikely", "C"),
        (["Bùi Thanh Tùng", "1988", "Nam", "Giáo viên", "", "", ""], "day_wrong", "C"),
        (["Ngô Thị Mỹ Lệ", "01/02/1990", "Nữ", "Giáo viên", "", "", "myle@songxanh"], "email_wrong", "H"),
        (["Ngô Thị Mỹ Lệ", "01/02/1990", "Nữ", "Phi hành gia", "", "", ""], "position_unknown", "E"),
        (["", "01/02/1990", "Nữ", "Giáo viên", "", "", ""], "name_missing", "B"),
        (["Lệ", "01/02/1990", "Nữ", "Giáo viên", "", "", ""], "given_name_missing", "B"),
        (["Ngô Thị Mỹ Lệ", "", "Nữ", "Giáo viên", "", "", ""], "key_missing", "C"),
        (["Ngô Thị Mỹ Lệ", "01/02/1990", "Nữ", "Giáo viên", "", "x<y>", ""], "code_wrong", "G"),
    ],
)
def test_each_problem_names_its_column_and_cure(row: list[str], problem: str, column: str):
    record = read(lists.staff(row)).records[0]

    assert [(one.code, one.column) for one in record.problems] == [(problem, column)]
    assert record.problems[0].text
    assert record.row == 5


def test_the_same_person_twice_is_an_error_in_the_second_row():
    one = ["Cao Thị Diễm", "19/06/1998", "Nữ", "Giáo viên", "Văn"]
    roster = read(
        lists.staff([*one, "GV1", "a@x.vn"], [*one, "GV1", "b@x.vn"], ["Lê An Bình", "01/01/1990", "Nam", "Giáo viên", "", "GV2", "a@x.vn"])
    )

    assert [codes(record) for record in roster.records] == [[], ["same_as_row"], ["email_twice"]]
    assert roster.records[1].problems[0].row == 5


def test_a_personal_number_is_known_whatever_its_column_is_called():
    titles = ("Họ và tên", "Ngày sinh", "Mã định danh", "Lớp")
    roster = read(
        lists.workbook(
            ("DS", [titles, ["Trần Minh An", "01/02/2015", "079215000123", "6A1"], ["Bùi Gia Bảo", "01/02/2015", "7901234567", "6A1"]])
        )
    )

    assert [record.codes[0].kind for record in roster.records] == ["personal_id", "sector_code"]


def test_a_file_without_names_says_what_is_missing():
    with pytest.raises(roster_sheet.NoHeader):
        read(lists.workbook(("DS", [["Tháng", "Tiền"], [1, 2]])))
    with pytest.raises(roster_sheet.NoRows):
        read(lists.workbook(("DS", [["STT", "Họ và tên", "Ngày sinh"]])))


def test_footers_repeated_headers_and_number_lines_are_no_persons():
    head = ["STT", "Họ và tên", "Ngày sinh", "Lớp"]
    rows = [
        head,
        [1, 2, 3, 4],
        [1, "Trần Minh An", "01/02/2015", "6A1"],
        head,
        [2, "Bùi Gia Bảo", "01/02/2015", "6A1"],
        [None, "Người lập biểu"],
    ]

    assert [record.name.full for record in read(lists.workbook(("DS", rows))).records] == ["Trần Minh An", "Bùi Gia Bảo"]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("14/07/1979", date(1979, 7, 14)),
        ("4/7/79", date(1979, 7, 4)),
        ("14.07.1979", date(1979, 7, 14)),
        ("14-7-1979", date(1979, 7, 14)),
        ("1979-07-14", date(1979, 7, 14)),
        ("1979-07-14 00:00:00", date(1979, 7, 14)),
        ("ngày 14 tháng 7 năm 1979", date(1979, 7, 14)),
        ("'14/07/1979", date(1979, 7, 14)),
        (29050, date(1979, 7, 14)),
        ("29050", date(1979, 7, 14)),
        (date(1979, 7, 14), date(1979, 7, 14)),
        ("5/6/15", date(2015, 6, 5)),
        ("", None),
        (None, None),
    ],
)
def test_days_are_read_in_every_usual_form(cell: sheets.Cell, day: date | None):
    assert roster_dates.read(cell, today=TODAY) == day


@pytest.mark.parametrize("cell", ["30/02/1988", "1988", 1988, "hôm qua", "13/13/1990", 99_999_999, "00/00/0000"])
def test_what_is_no_day_is_said_to_be_none(cell: sheets.Cell):
    with pytest.raises(roster_dates.NotADayError):
        roster_dates.read(cell, today=TODAY)


def test_month_first_only_when_nothing_else_fits():
    assert roster_dates.order_of(["07/14/1979", "01/02/1990"]) == "mdy"
    assert roster_dates.order_of(["14/07/1979", "01/13/1990"]) == "dmy"
    assert roster_dates.order_of(["01/02/1990"]) == "dmy"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("P. Hiệu trưởng", ("manager",)),
        ("Tổ trưởng chuyên môn", ("group_head", "teacher")),
        ("Giáo viên THCS hạng II", ("teacher",)),
        ("Văn thư - Thủ quỹ", ("clerk",)),
        ("Nhân viên y tế", ("staff",)),
        ("Quản trị website", ("page_admin",)),
        ("Phi hành gia", ()),
        ("", ()),
    ],
)
def test_positions_are_understood(text: str, found: tuple[str, ...]):
    assert roster_words.positions(text) == found
