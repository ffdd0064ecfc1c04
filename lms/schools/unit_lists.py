"""Bringing in the tree of units from a list: by code, so that the same list again changes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy import select

from lms.core import clock, headers, imports, names, sheets
from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.core.models import Import
from lms.core.sheets import Cell
from lms.schools import kinds, roster_dates, tree
from lms.schools.models import Unit

KIND = "units"
Fate = Literal["error", "new", "changed", "same"]

COLUMNS: headers.Synonyms = {
    "code": ("code", "ma", "ma don vi", "ma truong", "unit code", "school code", "madonvi"),
    "parent_code": ("parent code", "parentcode", "parent", "ma cap tren", "ma don vi cap tren", "ma don vi chu quan", "cap tren", "truc thuoc"),
    "kind": ("kind", "type", "loai", "loai don vi", "unit kind"),
    "name": ("name", "ten", "ten don vi", "ten truong", "unit name", "school name"),
    "short_name": ("short name", "shortname", "ten ngan", "ten viet tat", "ten goi tat"),
    "stage": ("level", "stage", "cap hoc", "bac hoc", "cap"),
    "valid_from": ("valid from", "validfrom", "from", "tu ngay", "ngay thanh lap", "hieu luc tu", "ngay hieu luc"),
}  # fmt: skip
# Folded words of lists, besides the codes themselves.
_KINDS = {
    "bo": "bo", "bo gd dt": "bo", "so": "so", "so gd dt": "so", "so giao duc": "so", "cum": "cum", "cum truong": "cum", "quan": "quan_huyen",
    "huyen": "quan_huyen", "quan huyen": "quan_huyen", "thi xa": "quan_huyen", "phuong": "phuong_xa", "xa": "phuong_xa", "phuong xa": "phuong_xa",
    "dac khu": "dac_khu", "truong": "truong", "school": "truong", "to": "to", "ward": "phuong_xa", "district": "quan_huyen",
    "department": "so", "ministry": "bo", "cluster": "cum",
}  # fmt: skip
_STAGES = {
    "mn": "mn", "mam non": "mn", "mau giao": "mn", "nha tre": "mn", "th": "th", "tieu hoc": "th", "thcs": "thcs", "trung hoc co so": "thcs",
    "thpt": "thpt", "trung hoc pho thong": "thpt", "lien cap": "lien_cap", "nhieu cap": "lien_cap", "gdtx": "gdtx",
    "giao duc thuong xuyen": "gdtx",
}  # fmt: skip

PROBLEMS: Mapping[str, Any] = {
    "code_missing": lazy_("The code is missing. Give each unit a code of its own."),
    "code_twice": lazy_('The code "{value}" stands in row {row} already. Give another one.'),
    "name_missing": lazy_("The name of the unit is missing."),
    "kind_unknown": lazy_('The kind "{value}" is not known. Give one such as sở, phường, xã, trường.'),
    "stage_unknown": lazy_('The stage "{value}" is not known. Give one such as mầm non, tiểu học, THCS, THPT.'),
    "day_wrong": lazy_("The day {value} is not a real day. Give it as dd/mm/yyyy."),
    "parent_unknown": lazy_('The unit above, "{value}", is neither in this file nor in the system.'),
    "parent_wrong": lazy_('The unit above, "{value}", has an error itself.'),
    "parent_later": lazy_('The unit above, "{value}", is not open yet on the day on which this one begins.'),
    "circle": lazy_("This unit would stand under itself."),
    "closed": lazy_("This unit was closed. Open it under a new code, or correct the code."),
}


class NoUnits(Invalid):
    code = "units_no_header"
    message = lazy_("No sheet of this file has column titles for code and name of units, such as code, parent_code, kind, name.")


@dataclass(frozen=True)
class UnitRow:
    """A unit as the list says it, and what will happen to it."""

    sheet: str
    row: int
    code: str
    name: str
    kind: str = ""
    parent_code: str = ""
    short_name: str = ""
    stage: str | None = None
    day: str = ""  # ISO
    fate: Fate = "new"
    problem: str = ""
    column: str = ""
    value: str = ""
    other_row: int | None = None
    changes: tuple[tuple[str, str, str], ...] = ()  # field, before, after

    @property
    def problem_text(self) -> str:
        """What is wrong and how to mend it."""
        return str(PROBLEMS[self.problem]).format(value=self.value, row=self.other_row) if self.problem else ""

    def failed(self, problem: str, column: str = "", value: str = "", other_row: int | None = None) -> "UnitRow":
        """Return the row as an error."""
        return replace(self, fate="error", problem=problem, column=column, value=value, other_row=other_row)


def plan(content: bytes, name: str, *, by: int | None = None) -> Import:
    """Read a list of units and keep what it would do; nothing is changed yet.

    Raises NoUnits and what sheets.read raises.
    """
    kinds.seed()
    rows = decide(_read(sheets.read(content)))
    kept = {"schema": 1, "rows": [asdict(row) for row in rows]}
    return imports.plan(KIND, unit_id=None, file_name=name, content=content, plan=kept, by=by)


def rows_of(row: Import) -> list[UnitRow]:
    """Return the rows of a plan."""
    return [UnitRow(**{**kept, "changes": tuple(tuple(change) for change in kept["changes"])}) for kept in row.plan["rows"]]


def counts(rows: Sequence[UnitRow]) -> dict[str, int]:
    """Return how many rows have which fate."""
    found = Counter(row.fate for row in rows)
    return {fate: found[fate] for fate in ("new", "changed", "same", "error")}  # type: ignore[index]


def apply(row: Import, *, by: int | None = None) -> dict[str, int]:
    """Open, rename and move units as the plan says, in the running transaction; rows with errors are left out.

    Raises NotPlanned for the second of two callers, Outdated when the tree
    changed meanwhile, and what tree raises.
    """
    imports.one_at_a_time()
    imports.begin_apply(row, by=by)
    shown = rows_of(row)
    now = decide([replace(one, fate="new", changes=()) if one.fate != "error" else one for one in shown])
    for before, after in zip(shown, now, strict=True):
        if after.fate != "same" and (before.fate, before.changes) != (after.fate, after.changes):
            raise imports.Outdated()
    known = {unit.code: unit for unit in session.scalars(select(Unit))}
    for one in now:
        if one.fate == "new":
            known[one.code] = tree.open_unit(
                one.code,
                one.kind,
                one.name,
                parent=known[one.parent_code] if one.parent_code else None,
                short_name=one.short_name or None,
                stage=one.stage,
                day=date.fromisoformat(one.day),
                by=by,
                import_id=row.id,
            )
        elif one.fate == "changed":
            _change(known[one.code], one, known, by)
    result = counts(now)
    imports.finish(row, dict(result), by=by)
    return result


def decide(rows: Sequence[UnitRow]) -> list[UnitRow]:
    """Return the rows with their fate as of now, each unit after the one above it."""
    today = clock.today()
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    ids = {unit.id: code for code, unit in units.items()}
    lines = {line.code: line for line in tree.lines([unit.id for unit in units.values()], today)}
    decided: dict[str, UnitRow] = {}
    ordered = _parents_first(rows)
    result: list[UnitRow] = []
    for row in ordered:
        if row.fate != "error":
            row = _above(row, decided, units)
        if row.fate != "error" and row.code in units:
            row = _compare(row, lines.get(row.code), ids)
        decided.setdefault(row.code, row)
        result.append(row)
    return result


def _above(row: UnitRow, decided: Mapping[str, UnitRow], units: Mapping[str, Unit]) -> UnitRow:
    if not row.parent_code:
        return row
    parent = decided.get(row.parent_code)
    if parent is None:
        return row if row.parent_code in units else row.failed("parent_unknown", value=row.parent_code)
    if parent.fate == "error" and row.parent_code not in units:
        return row.failed("parent_wrong", value=row.parent_code)
    if parent.fate == "new" and parent.day > row.day:
        return row.failed("parent_later", value=row.parent_code)
    return row


def _compare(row: UnitRow, line: tree.UnitLine | None, ids: Mapping[int, str]) -> UnitRow:
    if line is None:
        return row.failed("closed", value=row.code)
    changes = []
    if line.name != row.name or (row.short_name and line.short_name != row.short_name):
        changes.append(("name", line.name, row.name))
    above = ids.get(line.parent_id or 0, "")
    if above != row.parent_code:
        changes.append(("parent_code", above, row.parent_code))
    return replace(row, fate="changed" if changes else "same", changes=tuple(changes))


def _change(unit: Unit, row: UnitRow, known: Mapping[str, Unit], by: int | None) -> None:
    # What a list calls the beginning of a unit is not the day of its change: that is when we hear of it.
    today = clock.today()
    fields = {field for field, _, _ in row.changes}
    if "name" in fields:
        tree.rename(unit, row.name, today, short_name=row.short_name or None, by=by)
    if "parent_code" in fields:
        tree.move(unit, known[row.parent_code] if row.parent_code else None, today, by=by)


def _parents_first(rows: Sequence[UnitRow]) -> list[UnitRow]:
    """Put each unit behind the one above it; those that stand under themselves become errors."""
    own = {row.code: row for row in rows if row.code and row.fate != "error"}
    ordered: list[UnitRow] = []
    for row in rows:
        chain: list[str] = []
        current = row
        while current.parent_code in own and current.parent_code not in chain:
            chain.append(current.parent_code)
            current = own[current.parent_code]
        if row.code in chain and row.fate != "error":
            row = row.failed("circle")
        ordered.append(row)
    return sorted(ordered, key=lambda row: _depth(row, own))


def _depth(row: UnitRow, own: Mapping[str, UnitRow]) -> int:
    depth = 0
    while row.parent_code in own and depth < len(own):
        row, depth = own[row.parent_code], depth + 1
    return depth


def _read(workbook: sheets.Workbook) -> list[UnitRow]:
    rows: list[UnitRow] = []
    for sheet in workbook.sheets:
        header = headers.find(sheet.rows, COLUMNS, needed=("code", "parent_code", "kind"))
        if header is None or not {"code", "name"} <= header.fields:
            continue
        columns = {column.field: column for column in header.columns if column.field}
        for row in sheet.rows[header.at + 1 :]:
            cells = {field: row.cells[column.index] for field, column in columns.items() if column.index < len(row.cells)}
            if any(cell is not None for cell in cells.values()):
                rows.append(_row(sheet.name, row.number, cells, {field: column.letter for field, column in columns.items()}))
    if not rows:
        raise NoUnits()
    seen: dict[str, int] = {}
    for place, one in enumerate(rows):
        if one.code in seen:
            rows[place] = one.failed("code_twice", one.column, one.code, seen[one.code])
        elif one.code:
            seen[one.code] = one.row
    return rows


def _row(sheet: str, number: int, cells: Mapping[str, Cell], letters: Mapping[str, str]) -> UnitRow:
    said = {field: names.clean(str(cell)) for field, cell in cells.items() if cell is not None}
    stage = said.get("stage", "")
    row = UnitRow(
        sheet=sheet,
        row=number,
        code=said.get("code", ""),
        name=said.get("name", ""),
        kind=_known(said.get("kind", ""), _KINDS, {code for code, *_ in kinds.UNIT_KINDS}),
        parent_code=said.get("parent_code", ""),
        short_name=said.get("short_name", ""),
        stage=_known(stage, _STAGES, set(kinds.STAGES)) or None,
        day=clock.today().isoformat(),
    )
    if not row.code:
        return row.failed("code_missing", letters["code"])
    if not row.name:
        return row.failed("name_missing", letters["name"])
    if not row.kind:
        return row.failed("kind_unknown", letters.get("kind", ""), said.get("kind", ""))
    if stage and row.stage is None:
        return row.failed("stage_unknown", letters.get("stage", ""), stage)
    try:
        day = roster_dates.read(cells.get("valid_from"), today=clock.today())
    except roster_dates.NotADayError as error:
        return row.failed("day_wrong", letters.get("valid_from", ""), str(error))
    return replace(row, day=day.isoformat()) if day else row


def _known(said: str, words: Mapping[str, str], codes: set[str]) -> str:
    return said if said in codes else words.get(headers.plain(said), "")
