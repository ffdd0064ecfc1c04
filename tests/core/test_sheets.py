"""Lists as people have them, and files that only pretend to be lists."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from lms.core import names, sheets
from lms.core.errors import LmsError, TooLarge

SAMPLES = Path(__file__).parent.parent / "samples" / "lists"
CASES = Path(__file__).parents[3] / "shared" / "cases"
FILES: dict[str, Any] = {}
if CASES.exists():
    FILES = {
        one["path"]: one["expected"] for one in json.loads((CASES / "EXPECT.json").read_text())["files"] if one["path"].startswith("lists/")
    }


def workbook(*rows: list[Any], sheet: str = "DS", before: int = 0) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate(rows, start=before):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(number, column, cell, day)  # type: ignore[arg-type]
            elif cell is not None:
                page.write(number, column, cell)
    book.close()
    return target.getvalue()


def cells(content: bytes) -> list[tuple[int, tuple[sheets.Cell, ...]]]:
    return [(row.number, row.cells) for row in sheets.read(content).sheets[0].rows]


@pytest.mark.skipif(not FILES, reason="the shared cases are not here")
@pytest.mark.parametrize("name", sorted(FILES))
def test_collected_lists_are_read_as_expected(name: str):
    expected = FILES[name]
    book = sheets.read((CASES / name).read_bytes())
    rows = book.sheets[0].rows
    if name.endswith(".xlsx"):
        assert (book.kind, len(book.sheets), len(rows)) == ("xlsx", expected["sheets"], expected["rows_with_data"])
        assert [list(row.cells) for row in rows] == [expected["first_row"], [1, "Some book", "test@example.com", 4]]
        return
    assert (book.kind, book.encoding, book.delimiter) == ("csv", expected["encoding"], expected["delimiter"])
    assert [str(cell or "").strip() for cell in rows[0].cells] == expected["header"]
    assert len(rows) - 1 == expected["data_rows"]
    assert [cell or "" for cell in rows[1].cells] == expected["first_data_row"]


def test_cells_come_as_text_days_and_whole_numbers():
    content = workbook(["Họ và tên", "Ngày sinh", "Mã"], ["Cao Thị Diễm", date(1998, 6, 19), 1234], [None, None, 2.5])

    assert cells(content) == [
        (1, ("Họ và tên", "Ngày sinh", "Mã")),
        (2, ("Cao Thị Diễm", date(1998, 6, 19), 1234)),
        (3, (None, None, 2.5)),
    ]


def test_row_numbers_and_columns_are_those_that_the_program_shows():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet()
    page.write(4, 2, "C5")
    page.write(9, 3, "D10")
    book.close()

    assert cells(target.getvalue()) == [(5, (None, None, "C5")), (10, (None, None, None, "D10"))]
    assert [sheets.column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_formulas_come_as_the_value_stored_with_them():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet()
    page.write_formula(0, 0, '="Nguyễn"&" An"', None, "Nguyễn An")
    page.write_formula(0, 1, "=cmd|' /C calc'!A0", None, 7)
    book.close()

    assert cells(target.getvalue()) == [(1, ("Nguyễn An", 7))]


def test_merged_titles_and_several_sheets():
    book = openpyxl.Workbook()
    book.active.title = "6A1"
    book.active.merge_cells("A1:D1")
    book.active["A1"] = "TRƯỜNG THCS SÔNG XANH"
    book.create_sheet("6A2").append(["Họ và tên"])
    hidden = book.create_sheet("Nháp")
    hidden.append(["bỏ"])
    hidden.sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)

    read = sheets.read(target.getvalue())

    assert [(one.name, len(one.rows), one.hidden) for one in read.sheets] == [("6A1", 1, False), ("6A2", 1, False), ("Nháp", 0, True)]


def test_a_million_empty_rows_are_no_rows():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    page = book.add_worksheet()
    page.write(0, 0, "Họ và tên")
    page.write(1, 0, "Cao Thị Diễm")
    for number in range(2, 1_000_000):
        page.set_row(number, 20)
    book.close()

    assert cells(target.getvalue()) == [(1, ("Họ và tên",)), (2, ("Cao Thị Diễm",))]


def test_two_far_cells_do_not_fill_the_memory():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet()
    page.write(0, 0, "a")
    page.write(1_048_575, 16_383, "b")
    book.close()

    with pytest.raises(sheets.TooMuch):
        sheets.read(target.getvalue())


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sheets._LIMITS, "rows", 10)

    with pytest.raises(sheets.TooMuch):
        sheets.read(workbook(*[[str(number)] for number in range(11)]))


def test_a_packed_bomb_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 450_000_000)

    with pytest.raises(sheets.TooMuch):
        sheets.read(target.getvalue())


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"MZ\x90\x00" + b"\x00" * 500, sheets.NotAList),
        (b"%PDF-1.7 ...", sheets.NotAList),
        (b"<html><table><tr><td>Ho ten</td></tr></table></html>", sheets.NotAList),
        (b"", sheets.NotAList),
        (b"  \n ", sheets.NotAList),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), LmsError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600, sheets.Protected),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\x00" * 600, sheets.Unreadable),
        (b"PK\x03\x04 broken", sheets.Unreadable),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(content: bytes, error: type[LmsError]):
    with pytest.raises(error) as refused:
        sheets.read(content)
    assert str(refused.value)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "big.xlsx"
    with path.open("wb") as file:
        file.truncate(200_000_000)

    with pytest.raises(TooLarge):
        sheets.bytes_of(path)


def test_a_word_document_gets_its_own_cure():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    with pytest.raises(sheets.NotAList) as refused:
        sheets.read(target.getvalue())
    assert "Word" in str(refused.value)


LINES = "Họ và tên;Ngày sinh\nNguyễn Thị Thu Hường;14/07/1979\n"
# Vietnamese Windows keeps letters with ă â ê ô ơ ư đ whole and writes the tone behind them.
SPLIT = LINES.replace("ọ", "o\u0323").replace("à", "a\u0300").replace("ễ", "ê\u0303").replace("ị", "i\u0323").replace("ờ", "ơ\u0300")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (LINES.encode(), "utf-8"),
        (LINES.encode("utf-8-sig"), "utf-8-sig"),
        (LINES.encode("utf-16"), "utf-16"),
        (LINES.encode("utf-16-le"), "utf-16-le"),
        (LINES.encode("utf-16-be"), "utf-16-be"),
        (SPLIT.encode("cp1258"), "windows-1258"),
    ],
)
def test_text_in_every_usual_encoding_says_the_same(content: bytes, encoding: str):
    book = sheets.read(content)

    assert (book.encoding, book.delimiter) == (encoding, ";")
    assert [[names.clean(str(cell)) for cell in row.cells] for row in book.sheets[0].rows] == [
        ["Họ và tên", "Ngày sinh"],
        ["Nguyễn Thị Thu Hường", "14/07/1979"],
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str):
    text = delimiter.join(["Họ tên", "Ghi chú", "Lớp"]) + "\r\n" + delimiter.join(['"An, Bình; Chi"', "", "6A1"]) + "\r\n"

    book = sheets.read(text.encode())

    assert (book.delimiter, book.sheets[0].rows[1].cells) == (delimiter, ("An, Bình; Chi", None, "6A1"))


def test_a_line_that_names_the_delimiter_is_no_row():
    assert [row.cells for row in sheets.read(b"sep=;\na;b,c\n").sheets[0].rows] == [("a", "b,c")]


@pytest.mark.parametrize("name", ["staff.xls", "staff.ods"])
def test_old_excel_and_open_document_sheets_are_read(name: str):
    book = sheets.read((SAMPLES / name).read_bytes())

    assert (book.kind, [one.name for one in book.sheets]) == (name.rpartition(".")[2], ["DS CBGVNV"])
    assert [(row.number, row.cells) for row in book.sheets[0].rows] == [
        (2, (None, "DANH SÁCH CÁN BỘ")),
        (4, (None, "Họ và tên", "Ngày sinh")),
        (5, (None, "Cao Thị Diễm", date(1998, 6, 19))),
    ]
