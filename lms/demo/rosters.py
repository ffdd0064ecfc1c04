"""Rosters of the demo as real .xlsx files, brought in as a school would bring them in."""

from datetime import date, timedelta
from io import BytesIO
from random import Random

import xlsxwriter

from lms.demo.district import School
from lms.demo.invented_names import GROUPS, adult, child

PUPILS_A_CLASS = (32, 42)


def staff_file(random: Random, school: School) -> bytes:
    """Return a staff list with a title above its head, as schools write them."""
    rows = [["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ", "Tổ chuyên môn", "Mã GV", "Email"]]
    for number in range(1, school.staff + 1):
        woman = random.random() < (0.95 if school.stage == "mn" else 0.68)
        position = "Hiệu trưởng" if number == 1 else "Phó hiệu trưởng" if number == 2 else _position(random, number)
        rows.append(
            [
                str(number),
                adult(random, woman=woman),
                _birthday(random, 1967, 2002),
                "Nữ" if woman else "Nam",
                position,
                random.choice(GROUPS),
                f"{school.unit.code.replace('-', '')}{number:03d}",
                f"{school.unit.code.lower()}.{number:03d}@hai-van.example" if random.random() < 0.8 else "",
            ]
        )
    return _workbook({"DS CBGVNV": rows}, title=f"DANH SÁCH CÁN BỘ, GIÁO VIÊN, NHÂN VIÊN - {school.unit.code}")


def pupils_file(random: Random, school: School, classes_a_grade: int) -> bytes:
    """Return a list of pupils with one sheet per class."""
    sheets = {}
    number = 0
    for grade in school.grades:
        for letter in "ABCD"[:classes_a_grade]:
            name = f"{grade}{letter}1" if grade > 5 else f"{grade}{letter}"
            rows = [["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp", "Mã HS"]]
            for place in range(1, random.randint(*PUPILS_A_CLASS) + 1):
                number += 1
                girl = random.random() < 0.48
                birth = _birthday(random, 2021 - grade, 2021 - grade)
                rows.append(
                    [
                        str(place),
                        child(random, girl=girl),
                        birth,
                        "Nữ" if girl else "Nam",
                        name,
                        f"HS{school.unit.code.replace('-', '')}{number:04d}",
                    ]
                )
            sheets[f"Lớp {name}"] = rows
    return _workbook(sheets, title=f"DANH SÁCH HỌC SINH - {school.unit.code}")


def _position(random: Random, number: int) -> str:
    if number == 3:
        return "Giáo viên tin học"
    return random.choices(("Giáo viên", "Nhân viên", "Tổng phụ trách Đội"), (88, 10, 2))[0]


def _birthday(random: Random, first: int, last: int) -> str:
    day = date(first, 1, 1) + timedelta(days=random.randrange((last - first + 1) * 365))
    return day.strftime("%d/%m/%Y")


def _workbook(sheets: dict[str, list[list[str]]], *, title: str) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [title])
            for index, row in enumerate(rows, start=2):
                sheet.write_row(index, 0, row)
    return out.getvalue()
