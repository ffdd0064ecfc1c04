"""A staff list as a school sends it: a real .xlsx made from those who are there, with changes and mistakes in it."""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import xlsxwriter

from tests.browser import quiz
from tests.browser.site import Site

HEAD = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ", "Tổ chuyên môn", "Email")
SHEET = "DS CBGVNV"
FIRST_ROW = 4  # of persons; above them stand a title, a gap and the head
POSITIONS = {"manager": "Hiệu trưởng", "teacher": "Giáo viên", "staff": "Nhân viên", "it_teacher": "Giáo viên tin học"}
GENDERS = {"F": "Nữ", "M": "Nam", None: "", "": ""}


@dataclass(frozen=True)
class Row:
    """A person in the list."""

    name: str
    birth: str
    position: str = "Giáo viên"
    department: str = "Ngữ văn"
    email: str = ""
    gender: str = "Nữ"


def staff_of(site: Site, code: str) -> list[Row]:
    """Return who works at a unit, as a list would name them."""
    found = quiz.rows(
        site,
        "SELECT person.family_name || ' ' || person.given_name, person.birth_date, post.position_code, post.department, coalesce(account.email, ''),"
        " person.gender"
        " FROM schools_post AS post JOIN schools_unit AS unit ON unit.id = post.unit_id JOIN accounts_person AS person ON person.id = post.person_id"
        " JOIN accounts_account AS account ON account.person_id = person.id"
        " WHERE unit.code = ? AND post.replaced_at IS NULL AND post.until_day IS NULL AND post.position_code IN ('teacher', 'staff')"
        " GROUP BY person.id HAVING count(*) = 1 ORDER BY person.sort_key",
        code,
    )
    return [
        Row(name, date.fromisoformat(birth).strftime("%d/%m/%Y"), POSITIONS[position], department, email, GENDERS[gender])
        for name, birth, position, department, email, gender in found
    ]


def write(path: Path, rows: list[Row]) -> Path:
    """Write the list as an Excel file."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, ["DANH SÁCH CÁN BỘ, GIÁO VIÊN, NHÂN VIÊN"])
        sheet.write_row(2, 0, HEAD)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(
                FIRST_ROW - 2 + number,
                0,
                [number, row.name, row.birth, row.gender, row.position, row.department, row.email],
            )
    path.write_bytes(target.getvalue())
    return path
