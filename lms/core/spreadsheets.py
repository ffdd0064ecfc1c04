"""Tables that leave the house: plain cells with heads, as Excel or CSV."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Column:
    """A column; kinds are text, number, share (0.0 to 1.0), points and day; width in characters."""

    label: str
    kind: str = "text"
    width: int = 14


@dataclass(frozen=True)
class Table:
    """What is said above, the heads, and the rows."""

    name: str
    lines: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def xlsx(table: Table) -> bytes:
    """Return the table as an Excel file; texts stay texts, also those that look like formulas."""
    content = BytesIO()
    with xlsxwriter.Workbook(
        content, {"constant_memory": True, "in_memory": False, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        strong, head = book.add_format({"bold": True}), book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        formats = {
            "share": book.add_format({"num_format": "0.0%"}),
            "points": book.add_format({"num_format": "+0.0;-0.0;0.0"}),
            "number": book.add_format({"num_format": "#,##0"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
            "text": book.add_format({"text_wrap": False}),
        }
        sheet = book.add_worksheet(_sheet_name(table.name))
        for number, line in enumerate(table.lines):
            sheet.write_string(number, 0, line, strong if number == 0 else None)
        top = len(table.lines) + 1
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(top, number, column.label, head)
        for line_number, row in enumerate(table.rows, start=top + 1):
            for number, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                if isinstance(cell, str):
                    sheet.write_string(line_number, number, cell, formats[column.kind])
                elif isinstance(cell, date):
                    sheet.write_datetime(line_number, number, cell, formats["day"])
                elif cell is not None:
                    sheet.write_number(line_number, number, cell, formats[column.kind])
        sheet.freeze_panes(top + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
    return content.getvalue()


def csv_text(table: Table) -> str:
    """Return the heads and rows as CSV; a sign before what a spreadsheet would take for a formula."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([column.label for column in table.columns])
    for row in table.rows:
        writer.writerow([_plain(cell) for cell in row])
    return "\ufeff" + text.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell
    if isinstance(cell, float):
        return f"{cell:.4f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _sheet_name(name: str) -> str:
    """Return a name that Excel takes: 31 characters, none of these signs."""
    return "".join(letter for letter in name if letter not in "[]:*?/\\'")[:31] or "1"
