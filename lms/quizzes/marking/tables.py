"""The attempts at a quiz as a table that leaves the house."""

from collections.abc import Iterable

from lms.core import clock, formats
from lms.core.i18n import gettext as _
from lms.core.i18n import localised
from lms.core.spreadsheets import Cell, Column, Table
from lms.quizzes.marking import results
from lms.quizzes.marking.results import AttemptLine, QuizPlace, Standing


def of_attempts(lines: Iterable[AttemptLine], place: QuizPlace, *, printed_by: str) -> Table:
    """Return the attempts with their marks, for the own use of those who look after these learners."""
    columns = [
        Column(_("Full name"), width=30),
        Column(_("Class") if place.course.audience == "pupils" else _("Group"), width=16),
        Column(_("Unit"), width=30),
        Column(_("Attempt"), "number"),
        Column(_("Standing"), width=24),
        Column(_("Points"), "number"),
        Column(_("Of"), "number"),
        Column(_("Share"), "share"),
        Column(_("Begun"), width=18),
        Column(_("Handed in"), width=18),
    ]
    said = [
        f"{place.course.code} · {localised(place.activity.title)}",
        _("As of {day}. Printed by {name}.", day=formats.day(clock.today()), name=printed_by),
        _("These are personal data: keep the file to yourself, and delete it when you no longer need it."),
    ]
    return Table(place.course.code, said, columns, [_row(line) for line in lines])


def standing_name(standing: Standing) -> str:
    """Return what a standing is called."""
    return {
        Standing.ALL: _("All"),
        Standing.WAITING: _("Waits to be marked"),
        Standing.PASSED: _("Passed"),
        Standing.FAILED: _("Not passed yet"),
        Standing.OPEN: _("Not handed in yet"),
        Standing.ABANDONED: _("Never handed in"),
    }[standing]


def _row(line: AttemptLine) -> list[Cell]:
    attempt = line.attempt
    return [
        line.name,
        line.group,
        line.unit,
        attempt.number,
        standing_name(results.standing_of(attempt)),
        round(attempt.mark, 2) if attempt.mark is not None else None,
        attempt.max_mark,
        attempt.share,
        formats.moment(attempt.started_at),
        formats.moment(attempt.finished_at),
    ]
