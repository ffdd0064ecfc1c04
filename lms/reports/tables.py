"""Tables that leave the house: the same figures and persons as on the page, as Excel or CSV."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO

import xlsxwriter

from lms.core import formats
from lms.core.i18n import gettext as _
from lms.core.i18n import localised
from lms.reports.aims import Aim
from lms.reports.overview import Overview, Row
from lms.reports.persons import Line

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


def of_units(overview: Overview, *, printed_by: str) -> Table:
    """Return the units below with the total, or the unit alone when nothing is below."""
    goal = overview.goal
    columns = [
        Column(_("Unit code")),
        Column(_("Unit"), width=34),
        Column(_("Obliged"), "number"),
        Column(_("Trained"), "number"),
        Column(_("Share"), "share"),
        Column(_("Missing"), "number"),
        Column(_("Missing to the target"), "number"),
        Column(_("Points since {day}", day=formats.day(overview.compared_with)), "points"),
        Column(_("Exempt"), "number"),
        Column(_("Data"), width=30),
    ]
    rows = [_unit_row(row, goal.share if goal else None) for row in (*overview.rows, overview.total)]
    lines = [
        overview.unit.name,
        localised(overview.aim.title) if overview.aim else "",
        _("As of {day}. Printed by {name}.", day=formats.day(overview.day), name=printed_by),
    ]
    if goal:
        lines.append(_("Target: {share} % by {day}", share=f"{goal.share * 100:g}", day=formats.day(goal.day)))
    return Table(overview.unit.short_name, lines, columns, rows)


def of_people(lines: Iterable[Line], *, unit_name: str, aim: Aim, day: date, positions: dict[str, str]) -> Table:
    """Return persons with their reasons."""
    columns = [
        Column(_("Full name"), width=30),
        Column(_("Unit"), width=30),
        Column(_("Group"), width=22),
        Column(_("Position"), width=22),
        Column(_("Standing"), width=16),
        Column(_("Reason"), width=44),
    ]
    rows = [
        [line.name, line.unit_name, line.department, positions.get(line.position, line.position), state_name(line.state), line.said]
        for line in lines
    ]
    return Table(unit_name, [unit_name, localised(aim.title), _("Figures of {day}", day=formats.day(day))], columns, rows)


def state_name(state: str) -> str:
    """Return what a state is called."""
    return {"missing": _("Missing"), "trained": _("Trained"), "exempt": _("Exempt")}[state]


def note_of(row: Row) -> str:
    """Return what is to be said of the data behind a row."""
    return {
        "": "",
        "no_list": _("No staff list yet"),
        "nobody": _("Nobody is obliged"),
        "old_list": _("List is {days} days old", days=row.list_age),
        "many_exempt": _("Unusually many exempt"),
        "complete": _("Complete"),
    }[row.note]


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


def _unit_row(row: Row, goal: float | None) -> list[Cell]:
    figure = row.figure
    if figure.is_empty:
        return [row.place.code, row.place.name, None, None, None, None, None, None, None, note_of(row)]
    return [
        row.place.code,
        row.place.name,
        figure.obliged,
        figure.trained,
        figure.share,
        figure.missing,
        figure.to_target(goal) if goal else None,
        row.change,
        figure.exempt,
        note_of(row),
    ]


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
