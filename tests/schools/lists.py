"""Real .xlsx files for the tests of rosters."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

STAFF = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ", "Tổ chuyên môn", "Mã GV", "Email")
PUPILS = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp", "Mã học sinh")


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return an .xlsx with these sheets of rows."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(number, column, cell, day)  # type: ignore[arg-type]
                elif cell is not None:
                    page.write(number, column, cell)
    book.close()
    return target.getvalue()


def staff(*rows: Sequence[Any], titles: Sequence[str] = STAFF) -> bytes:
    """Return a staff list as a school writes it: two title rows, a gap, the header, numbered rows, a signature."""
    body = [[number, *row] for number, row in enumerate(rows, start=1)]
    return workbook(
        (
            "DS CBGVNV",
            [["UBND PHƯỜNG SÔNG XANH"], ["DANH SÁCH CÁN BỘ, GIÁO VIÊN, NHÂN VIÊN"], [], titles, *body, [], [None, "Hiệu trưởng"]],
        )
    )


def pupils(*rows: Sequence[Any], titles: Sequence[str] = PUPILS) -> bytes:
    """Return a list of pupils."""
    return workbook(("Danh sách", [["DANH SÁCH HỌC SINH"], titles, *([number, *row] for number, row in enumerate(rows, start=1))]))
