"""Bringing in lists of staff and pupils: plan what a file would do, apply it once, undo it."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lms.accounts import identifiers
from lms.core import clock, imports, names, sheets
from lms.core.db import session
from lms.core.errors import Invalid, NotFound
from lms.core.i18n import lazy_
from lms.core.models import Import
from lms.schools import roster_dates, roster_lines, roster_matching, roster_sheet, roster_writing
from lms.schools.models import Unit
from lms.schools.roster_lines import FATES, HashedCode, Line
from lms.schools.roster_matching import Frame
from lms.schools.roster_sheet import Notice, People, Record, Roster

KINDS = {"staff": "people.staff", "pupils": "people.pupils"}
# Of a learner's code, one this long comes from the ministry and is the same at every school.
_NATION_WIDE = 10

Releases = Callable[[int], bool]


class NothingToDo(Invalid):
    code = "roster_nothing"
    message = lazy_("There is nothing to apply: every row is unchanged or has an error.")


@dataclass(frozen=True)
class Plan:
    """What a file would do, as the preview shows it."""

    people: People
    day: date
    school_year: str
    sheets: tuple[Mapping[str, Any], ...]
    notices: tuple[Notice, ...]
    lines: tuple[Line, ...]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(line.fate for line in self.lines)
        return {fate: found[fate] for fate in FATES}

    @property
    def usable(self) -> int:
        """How many rows of the file can be applied."""
        counts = self.counts
        return counts["new"] + counts["moved"] + counts["changed"] + counts["same"]

    @property
    def to_do(self) -> int:
        """How many persons would be different afterwards."""
        counts = self.counts
        return counts["new"] + counts["moved"] + counts["changed"]

    @property
    def rows(self) -> int:
        """How many rows of the file hold a person."""
        return sum(1 for line in self.lines if line.row is not None)


def plan(
    content: bytes,
    name: str,
    unit: Unit,
    day: date,
    *,
    people: People | None = None,
    by: int | None = None,
    releases: Releases = lambda unit_id: True,
) -> Import:
    """Read a list and keep what it would do; nothing is changed yet.

    ``people`` says whether it is a list of staff or pupils, else its columns
    do.  ``releases`` says for another unit whether whoever brings the list may
    end posts there.  Raises what sheets.read and roster_sheet.read raise.
    """
    return keep_plan(understand(content, people=people), content, name, unit, day, by=by, releases=releases)


def understand(content: bytes, *, people: People | None = None) -> Roster:
    """Read a list without asking the database: what takes time. Raises what sheets.read and roster_sheet.read raise."""
    return roster_sheet.read(sheets.read(content), today=clock.today(), people=people)


def keep_plan(
    roster: Roster, content: bytes, name: str, unit: Unit, day: date, *, by: int | None, releases: Releases = lambda unit_id: True
) -> Import:
    """Decide what a list that was read would do, and keep it."""
    frame = Frame(unit, day, roster.people, clock.school_year(day), releases)
    lines = roster_matching.decide([_line(number, record, unit) for number, record in enumerate(roster.records, start=1)], frame)
    return imports.plan(
        KINDS[roster.people], unit_id=unit.id, file_name=name, content=content, plan=_plan_json(roster, frame, lines), by=by
    )


def read_plan(row: Import) -> Plan:
    """Return the plan of an import."""
    kept = row.plan
    return Plan(
        people=kept["people"],
        day=date.fromisoformat(kept["day"]),
        school_year=kept["school_year"],
        sheets=tuple(kept["sheets"]),
        notices=tuple(Notice(notice["code"], notice.get("values", {})) for notice in kept["notices"]),
        lines=tuple(roster_lines.from_json(line) for line in kept["lines"]),
    )


def refresh(row: Import, *, releases: Releases = lambda unit_id: True) -> Plan:
    """Decide again what the file would do, as things are now. Raises NotPlanned."""
    before = read_plan(row)
    lines = roster_matching.decide(_asked(before.lines), _frame(row, before, releases))
    _keep(row, lines)
    return replace(before, lines=tuple(lines))


def correct(row: Import, number: int, field: str, text: str, *, releases: Releases = lambda unit_id: True) -> Line:
    """Fill in what was wrong in a row, and decide again about all.

    Returns the line as it is now.  Raises NotFound, NotPlanned.
    """
    before = read_plan(row)
    line = next((one for one in before.lines if one.number == number and one.fate == "error"), None)
    if line is None or field not in roster_sheet.CORRECTABLE:
        raise NotFound()
    unit = session.get_one(Unit, row.unit_id)
    mended = _mended(line, field, text, before, unit)
    lines = roster_matching.decide([mended if one.number == number else one for one in _asked(before.lines)], _frame(row, before, releases))
    _keep(row, lines)
    return next(one for one in lines if one.number == number)


def apply(row: Import, *, by: int | None = None, releases: Releases = lambda unit_id: True, end: Collection[int] = ()) -> dict[str, int]:
    """Do what the plan says, in the running transaction; return what was done, as counts.

    ``end`` are persons missing in the file whose posts or places shall end.
    Everything is decided again first: what somebody did meanwhile is not done
    twice, and what would now be something else than was shown raises Outdated.
    Raises NotPlanned for the second of two callers.
    """
    imports.one_at_a_time()
    imports.begin_apply(row, by=by)
    shown = read_plan(row)
    frame = _frame(row, shown, releases)
    lines = roster_matching.decide(_asked(shown.lines), frame)
    _check_still_true(shown.lines, lines)
    ended = [line for line in lines if line.fate == "missing" and line.person_id in set(end)]
    result = roster_writing.write(row, [line for line in lines if line.fate in ("new", "moved", "changed")], ended, frame, by=by)
    counts: dict[str, int] = {fate: sum(1 for line in lines if line.fate == fate) for fate in FATES} | {"ended": len(ended)}
    imports.finish(row, {**counts, "undo": result}, by=by)
    return counts


def undo(row: Import, *, by: int | None = None) -> None:
    """Take back what an import did.

    What it recorded stays as what we believed then; what it ended is true
    again.  Raises NotApplied, TooLate, and UndoRefused while later facts stand
    on it.
    """
    imports.one_at_a_time()
    imports.begin_undo(row, by=by)
    roster_writing.take_back(row, by=by)


def last_applied(unit_id: int, people: People) -> Import | None:
    """Return the newest applied list of a unit."""
    applied = [row for row in imports.history([KINDS[people]], [unit_id]) if row.state == "applied"]
    return applied[0] if applied else None


def _check_still_true(shown: Sequence[Line], now: Sequence[Line]) -> None:
    """Raise Outdated unless each line does what was shown, or nothing because it is done already."""
    was = {line.number: line for line in shown if line.row is not None}
    for line in now:
        if line.row is None or line.fate == "same":
            continue
        before = was[line.number]
        if (before.fate, before.person_id, before.changes, before.from_units) != (line.fate, line.person_id, line.changes, line.from_units):
            raise imports.Outdated()


def _asked(lines: Sequence[Line]) -> list[Line]:
    """Return the lines as the file had them, without what was decided."""
    own = {"doubtful", "code_of_other", "codes_differ", "email_taken"}
    return [
        replace(
            line,
            fate="new",
            person_id=None,
            changes=(),
            from_units=(),
            released=True,
            problems=tuple(problem for problem in line.problems if problem.code not in own),
        )
        for line in lines
        if line.row is not None
    ]


def _mended(line: Line, field: str, text: str, plan_: Plan, unit: Unit) -> Line:
    about = next(sheet for sheet in plan_.sheets if sheet["name"] == line.sheet)
    rules = roster_sheet.Rules(plan_.people, clock.today(), about["order"], about["sheet_class"], about["fields"])
    cells = {**line.texts, field: names.clean(text) or None}
    if field == "full_name":
        cells = {key: cell for key, cell in cells.items() if key not in ("family_name", "middle_name", "given_name")}
    order: roster_dates.Order = "dmy"  # whoever types a day here types it the Vietnamese way
    if field == "birth_date":
        rules = replace(rules, order=order)
    record = roster_sheet.read_row(line.sheet, line.row or 0, cells, rules)
    fresh = _line(line.number, record, unit)
    kept = tuple(code for code in line.codes if code.kind not in {one.kind for one in fresh.codes})
    codes = (*fresh.codes, *kept)
    # The other codes of the row are kept as hashes only, so the reader could not see them.
    problems = tuple(problem for problem in fresh.problems if not (problem.code == "key_missing" and codes))
    return replace(fresh, codes=codes, problems=problems)


def _line(number: int, record: Record, unit: Unit) -> Line:
    codes = []
    for code in record.codes:
        nation_wide = code.kind in ("sector_code", "personal_id") or (code.kind == "learner_code" and len(code.value) >= _NATION_WIDE)
        scope = "" if nation_wide else unit.code
        codes.append(
            HashedCode(code.kind, scope, identifiers.hash_of(code.kind, scope, code.value), identifiers.last_characters(code.value))
        )
    hidden = {"staff_code", "learner_code", "sector_code", "personal_id"}
    problems = tuple(
        replace(problem, value="") if problem.field in hidden and problem.code != "code_wrong" else problem for problem in record.problems
    )
    return Line(
        number=number,
        fate="error" if problems else "new",
        sheet=record.sheet,
        row=record.row,
        family=record.name.family,
        given=record.name.given,
        birth_date=record.birth_date,
        gender=record.gender,
        email=record.email,
        positions=record.positions,
        department=record.department,
        class_name=record.class_name,
        codes=tuple(codes),
        problems=problems,
        texts={key: text for key, text in record.texts.items() if key not in hidden} if problems else {},
    )


def _frame(row: Import, plan_: Plan, releases: Releases) -> Frame:
    return Frame(session.get_one(Unit, row.unit_id), plan_.day, plan_.people, plan_.school_year, releases)


def _plan_json(roster: Roster, frame: Frame, lines: Sequence[Line]) -> dict[str, Any]:
    return {
        "schema": roster_lines.SCHEMA,
        "people": roster.people,
        "day": frame.day.isoformat(),
        "school_year": frame.school_year,
        "sheets": [
            {
                "name": sheet.name,
                "header_row": sheet.header_row,
                "rows": sheet.rows,
                "columns": [[column.letter, column.title, column.field] for column in sheet.columns],
                "fields": {column.field: column.letter for column in sheet.columns if column.field},
                "order": sheet.order,
                "sheet_class": sheet.sheet_class,
            }
            for sheet in roster.sheets
        ],
        "notices": [{"code": notice.code, "values": dict(notice.values)} for notice in roster.notices],
        "lines": [roster_lines.to_json(line) for line in lines],
    }


def _keep(row: Import, lines: Sequence[Line]) -> None:
    imports.replan(row, {**row.plan, "lines": [roster_lines.to_json(line) for line in lines]})
