"""Tables that leave the house: the same figures and persons as on the page, ready for Excel or CSV."""

from collections.abc import Iterable
from datetime import date

from lms.core import formats
from lms.core.i18n import gettext as _
from lms.core.i18n import localised
from lms.core.spreadsheets import Cell, Column, Table
from lms.reports.aims import Aim
from lms.reports.overview import Overview, Row
from lms.reports.persons import Line


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
    return {"missing": _("Missing"), "trained": _("Trained"), "exempt": _("Exempt"), "recognised": _("Trained elsewhere")}[state]


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
