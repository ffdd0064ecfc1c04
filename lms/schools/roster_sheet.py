"""Reading a school's list of staff or pupils: which column is what, and one record or problem for each row."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from lms.core import headers, names, sheets
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.core.sheets import Cell
from lms.schools import classes, roster_dates, roster_words

People = Literal["staff", "pupils"]
_NAMES = ("full_name", "family_name", "given_name")
_COLUMN_NUMBER = re.compile(r"^\(?\d{1,2}\)?$")  # of the line 1 2 3 4 under a header
_EMAIL = re.compile(r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}$")
_CODES = ("staff_code", "learner_code", "sector_code", "personal_id")
_YOUNGEST_STAFF, _OLDEST = 16, 95
# The fields that a correction on the preview can fill in again.
CORRECTABLE = ("full_name", "birth_date", "email", "position", "class_name", *_CODES)


class NoHeader(Invalid):
    code = "roster_no_header"
    message = lazy_(
        "No sheet of this file has a row of column titles with names in it. Put one above the list, such as STT, Họ và tên, Ngày sinh, and choose the file again."
    )


class NoRows(Invalid):
    code = "roster_no_rows"
    message = lazy_("Below the column titles there is no row with a name.")


# What can be wrong with a row, and how to mend it; {value} is what the cell holds.
PROBLEMS: Mapping[str, Any] = {
    "name_missing": lazy_("The name is missing. Give it."),
    "given_name_missing": lazy_('The name "{value}" has one word only. Give family name and given name.'),
    "day_wrong": lazy_("The birth date {value} is not a real day. Give it as dd/mm/yyyy."),
    "day_unlikely": lazy_("The birth date {value} cannot be right for this list. Look it up."),
    "email_wrong": lazy_('The e-mail address "{value}" is not complete. Correct it, or leave it empty.'),
    "email_twice": lazy_('The e-mail address "{value}" stands in row {row} too. Each person needs an address of their own.'),
    "email_taken": lazy_('The e-mail address "{value}" belongs to another account. Give the person\'s own address.'),
    "position_unknown": lazy_('The position "{value}" is not known. Give one such as Giáo viên, Hiệu trưởng, Nhân viên.'),
    "class_missing": lazy_("The class is missing. Give one such as 6A1."),
    "class_unclear": lazy_('The class "{value}" does not begin with a grade. Give one such as 6A1.'),
    "code_wrong": lazy_('The code "{value}" is too long or has strange signs. Correct it.'),
    "key_missing": lazy_("Birth date and code are both missing, so the person cannot be recognised. Give one of them."),
    "same_as_row": lazy_("The same person stands in row {row} already. Delete one of the two rows."),
    "code_of_other": lazy_("This code belongs to a person with another name and birth date. Look the code up."),
    "codes_differ": lazy_("The codes of this row belong to two different persons. Look them up."),
    "doubtful": lazy_("Several persons have this name and birth date. Give the code of the right one."),
}
# What a reader of the preview should know about the file as a whole.
NOTICES: Mapping[str, Any] = {
    "sensitive": lazy_("Not taken, because it is sensitive data (Decree 356/2025/NĐ-CP, Article 4): {columns}."),
    "pictures": lazy_("Pictures in the file are not taken: copies of identity papers do not belong here."),
    "not_needed": lazy_("Columns that are not needed here: {columns}."),
    "sheet_left_out": lazy_('Left out: sheet "{sheet}", it has no row of column titles with names.'),
    "sheet_hidden": lazy_('Left out: hidden sheet "{sheet}".'),
    "rows_left_out": lazy_("Rows that are no persons (totals, signatures): {rows}."),
    "month_first": lazy_("The dates in this file have the month first. Look whether they are right."),
    "no_position": lazy_("Persons without position count as teachers."),
    "windows_1258": lazy_(
        "The letters of this file were in an old encoding (windows-1258) and were converted. Look whether the names are right."
    ),
    "by_class_sheet": lazy_("The class was taken from the name of the sheet."),
}


@dataclass(frozen=True)
class Code:
    """A number by which the person is known; the scope is filled in for the school's own codes."""

    kind: str
    value: str


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: the field, the column's letter, and values for the sentence."""

    code: str
    field: str
    column: str
    value: str = ""
    row: int | None = None

    @property
    def text(self) -> str:
        return str(PROBLEMS[self.code]).format(value=self.value, row=self.row)


@dataclass(frozen=True)
class Notice:
    """Something about the file as a whole."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(NOTICES[self.code]).format(**self.values)


@dataclass(frozen=True)
class Record:
    """A person as a row says it; ``texts`` are the cells by field, for showing and correcting."""

    sheet: str
    row: int
    name: names.Name
    birth_date: date | None = None
    gender: str | None = None
    email: str | None = None
    positions: tuple[str, ...] = ()
    department: str | None = None  # None: the list has no such column
    class_name: str = ""
    codes: tuple[Code, ...] = ()
    problems: tuple[Problem, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetRead:
    """What was found in a sheet."""

    name: str
    header_row: int
    columns: tuple[headers.Column, ...]
    rows: int
    order: roster_dates.Order = "dmy"
    sheet_class: str = ""  # the class that the sheet is named after


@dataclass(frozen=True)
class Roster:
    """A list of staff or pupils as the file has it."""

    people: People
    records: tuple[Record, ...]
    sheets: tuple[SheetRead, ...]
    notices: tuple[Notice, ...]
    has_positions: bool


@dataclass(frozen=True)
class Rules:
    """What the rows are read with."""

    people: People
    today: date
    order: roster_dates.Order = "dmy"
    sheet_class: str = ""  # the class that the sheet is named after
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> letter


def read(workbook: sheets.Workbook, *, today: date, people: People | None = None) -> Roster:
    """Read the records of all sheets that have a header with names.

    Without ``people`` the columns decide whether it is a list of staff or of
    pupils.  Raises NoHeader and NoRows.
    """
    found: list[tuple[sheets.Sheet, headers.Header]] = []
    notices: list[Notice] = [Notice("pictures")] if workbook.pictures else []
    if workbook.encoding == "windows-1258":
        notices.append(Notice("windows_1258"))
    for sheet in workbook.sheets:
        header = headers.find(sheet.rows, roster_words.STAFF_OR_PUPILS, needed=_NAMES)
        if header:
            found.append((sheet, header))
        elif sheet.hidden:
            notices.append(Notice("sheet_hidden", {"sheet": sheet.name}))
        elif sheet.rows:
            notices.append(Notice("sheet_left_out", {"sheet": sheet.name}))
    if not found:
        raise NoHeader()
    kind = people or _kind(found)
    records: list[Record] = []
    read_sheets = []
    for sheet, header in found:
        header = _with_split_name(sheet, header)
        rows, more, rules = _records(sheet, header, kind, today)
        records += rows
        notices += more
        read_sheets.append(SheetRead(sheet.name, header.number, header.columns, len(rows), rules.order, rules.sheet_class))
    if not records:
        raise NoRows()
    notices += _about_columns([header for _, header in found], kind)
    has_positions = any("position" in header.fields for _, header in found)
    if kind == "staff" and any(not record.positions and not record.problems for record in records):
        records = [record if record.positions else replace(record, positions=("teacher",)) for record in records]
        notices.append(Notice("no_position"))
    return Roster(kind, tuple(_mark_twins(records)), tuple(read_sheets), tuple(_once(notices)), has_positions)


def read_row(sheet: str, row: int, cells: Mapping[str, Cell], rules: Rules) -> Record:
    """Make a record of the cells of a row, by field; what is wrong is in its problems."""
    problems: list[Problem] = []

    def wrong(code: str, field_: str, value: Cell = "") -> None:
        problems.append(Problem(code, field_, rules.columns.get(field_, ""), _text(value)))

    name = _name(cells)
    if not name.given:
        wrong("name_missing", "full_name")
    elif not name.family:
        wrong("given_name_missing", "full_name", name.given)
    birth_date = _birth_date(cells.get("birth_date"), rules, wrong)
    email = _text(cells.get("email")).lower().removeprefix("mailto:") or None
    if email and not _EMAIL.match(email):
        wrong("email_wrong", "email", email)
        email = None
    positions: tuple[str, ...] = ()
    class_name = ""
    if rules.people == "staff":
        said = _text(cells.get("position"))
        positions = roster_words.positions(said)
        if said and not positions:
            wrong("position_unknown", "position", said)
    else:
        class_name = _class_name(cells, rules, wrong)
    codes = _codes(cells, wrong)
    if not codes and birth_date is None and not email and not any(problem.field == "birth_date" for problem in problems):
        wrong("key_missing", "birth_date")
    return Record(
        sheet=sheet,
        row=row,
        name=name,
        birth_date=birth_date,
        gender=_gender(cells),
        email=email,
        positions=positions,
        department=_text(cells.get("department")) if "department" in rules.columns else None,
        class_name=class_name,
        codes=codes,
        problems=tuple(problems),
        texts={field_: _text(cell) for field_, cell in cells.items() if cell is not None},
    )


def _kind(found: list[tuple[sheets.Sheet, headers.Header]]) -> People:
    fields = set[str]().union(*(header.fields for _, header in found))
    if fields & roster_words.PUPIL_SIGNS and not fields & roster_words.STAFF_SIGNS:
        return "pupils"
    if not fields & roster_words.STAFF_SIGNS and all(_class_of_sheet(sheet.name) for sheet, _ in found):
        return "pupils"
    return "staff"


def _records(sheet: sheets.Sheet, header: headers.Header, people: People, today: date) -> tuple[list[Record], list[Notice], Rules]:
    columns = {column.field: column for column in header.columns if column.field}
    body = sheet.rows[header.at + 1 :]
    order = roster_dates.order_of(_cell(row, columns["birth_date"]) for row in body) if "birth_date" in columns else "dmy"
    sheet_class = _class_of_sheet(sheet.name) if people == "pupils" and "class_name" not in columns else ""
    rules = Rules(people, today, order, sheet_class, {field_: column.letter for field_, column in columns.items()})
    records, left_out = [], []
    for row in body:
        cells = {field_: _cell(row, column) for field_, column in columns.items()}
        if _is_no_person(row, cells, header):
            if any(cells.get(field_) for field_ in _NAMES) and not _is_header_again(row, header):
                left_out.append(row.number)
            continue
        records.append(read_row(sheet.name, row.number, cells, rules))
    notices = []
    if order == "mdy":
        notices.append(Notice("month_first"))
    if sheet_class:
        notices.append(Notice("by_class_sheet"))
    if left_out:
        notices.append(Notice("rows_left_out", {"rows": ", ".join(str(number) for number in left_out[:10])}))
    return records, notices, rules


def _is_no_person(row: sheets.Row, cells: Mapping[str, Cell], header: headers.Header) -> bool:
    """Return whether the row is a total, a signature, a number line under the header, or the header once more."""
    if _is_header_again(row, header):
        return True
    said = {field_ for field_, cell in cells.items() if cell is not None and _text(cell)}
    if not said - {"number"}:
        return True
    if all(_COLUMN_NUMBER.match(_text(cell)) for cell in row.cells if cell is not None):
        return True
    # A place and a title under the list stand in the column of names, with nothing beside them.
    return not said & {"birth_date", "position", "class_name", "email", "gender", "department", *_CODES} and "number" not in said


def _is_header_again(row: sheets.Row, header: headers.Header) -> bool:
    titles = [(column.index, headers.plain(column.title)) for column in header.columns if column.field]
    same = sum(1 for index, title in titles if index < len(row.cells) and headers.plain(row.cells[index]) == title)
    return same >= max(2, len(titles) - 1)


def _with_split_name(sheet: sheets.Sheet, header: headers.Header) -> headers.Header:
    """Understand one title "Họ và tên" that stands over two columns: họ đệm, and tên."""
    full = header.column("full_name")
    if full is None or "given_name" in header.fields:
        return header
    beside = full.index + 1
    if any(column.index == beside for column in header.columns):
        return header
    body = [row.cells for row in sheet.rows[header.at + 1 :] if len(row.cells) > beside and row.cells[full.index]]
    one_word = [cells for cells in body if isinstance(cells[beside], str) and len(str(cells[beside]).split()) == 1]
    if not body or len(one_word) < len(body) * 0.8:
        return header
    columns = [replace(column, field="family_name") if column is full else column for column in header.columns]
    return replace(header, columns=(*columns, headers.Column(beside, full.title, "given_name")))


def _about_columns(found: list[headers.Header], people: People) -> Iterator[Notice]:
    unknown = [column.title for header in found for column in header.columns if column.field is None]
    sensitive = [title for title in unknown if roster_words.SENSITIVE.search(headers.plain(title))]
    others = [title for title in unknown if title not in sensitive]
    if sensitive:
        yield Notice("sensitive", {"columns": ", ".join(dict.fromkeys(sensitive))})
    if others:
        yield Notice("not_needed", {"columns": ", ".join(dict.fromkeys(others))})


def _mark_twins(records: list[Record]) -> Iterator[Record]:
    """Mark rows that name a person, or an address, that a former row has."""
    seen: dict[object, Record] = {}
    for record in records:
        keys: list[object] = [(code.kind, code.value.upper()) for code in record.codes]
        if record.birth_date and not record.codes:
            keys.append((names.fold(record.name.full), record.birth_date))
        twin = next((seen[key] for key in keys if key in seen), None)
        if twin is not None:
            record = replace(record, problems=(*record.problems, Problem("same_as_row", "full_name", "", row=twin.row)))
        if record.email and ("email", record.email) in seen and twin is None:
            first = seen["email", record.email]
            record = replace(record, problems=(*record.problems, Problem("email_twice", "email", "", record.email, first.row)))
        if record.email:
            keys.append(("email", record.email))
        for key in keys:
            seen.setdefault(key, record)
        yield record


def _name(cells: Mapping[str, Cell]) -> names.Name:
    if cells.get("given_name") is not None:
        given = names.clean(_text(cells.get("given_name")))
        family = names.clean(f"{_text(cells.get('family_name'))} {_text(cells.get('middle_name'))}")
        if family or " " not in given:
            return names.Name(_tidy(family), _tidy(given))
        return _split(given)
    return _split(_text(cells.get("full_name")) or _text(cells.get("family_name")))


def _split(full: str) -> names.Name:
    name = names.split(full)
    return names.Name(_tidy(name.family), _tidy(name.given))


def _tidy(text: str) -> str:
    """Return NGUYỄN VĂN and nguyễn văn as Nguyễn Văn; what has both cases stays."""
    return text.title() if text.isupper() or text.islower() else text


def _birth_date(cell: Cell, rules: Rules, wrong: Any) -> date | None:
    try:
        day = roster_dates.read(cell, today=rules.today, order=rules.order)
    except roster_dates.NotADayError as error:
        wrong("day_wrong", "birth_date", str(error))
        return None
    if day is None:
        return None
    age = rules.today.year - day.year
    youngest = _YOUNGEST_STAFF if rules.people == "staff" else 0
    if not youngest <= age <= _OLDEST or day >= rules.today:
        wrong("day_unlikely", "birth_date", day.strftime("%d/%m/%Y"))
        return None
    return day


def _class_name(cells: Mapping[str, Cell], rules: Rules, wrong: Any) -> str:
    said = _text(cells.get("class_name")) or rules.sheet_class
    grade = _text(cells.get("grade"))
    if not said:
        wrong("class_missing", "class_name")
        return ""
    name = classes.tidy_name(said)
    for candidate in (name, f"{''.join(sign for sign in grade if sign.isdigit())}{name}"):
        try:
            classes.grade_of(candidate)
            return candidate
        except classes.GradeUnknown:
            continue
    wrong("class_unclear", "class_name", said)
    return name


def _class_of_sheet(name: str) -> str:
    tidy = classes.tidy_name(name)
    try:
        classes.grade_of(tidy)
    except classes.GradeUnknown:
        return ""
    return tidy if len(tidy) <= 12 and not re.search(r"sheet|trang", names.fold(tidy)) else ""


def _codes(cells: Mapping[str, Cell], wrong: Any) -> tuple[Code, ...]:
    codes = []
    for kind in _CODES:
        value = "".join(_text(cells.get(kind)).split()).lstrip("'")
        if not value or value in ("-", "0", "x"):
            continue
        if len(value) > 40 or not re.fullmatch(r"[\w.\-/]+", value):
            wrong("code_wrong", kind, value[:60])
            continue
        # A personal number of 12 digits under the title of a sector code is still a personal number.
        codes.append(Code("personal_id" if kind == "sector_code" and re.fullmatch(r"\d{12}", value) else kind, value))
    return tuple(codes)


def _gender(cells: Mapping[str, Cell]) -> str | None:
    if "female" in cells and "gender" not in cells:
        return "F" if _text(cells["female"]) else "M"
    return roster_words.gender(_text(cells.get("gender")))


def _cell(row: sheets.Row, column: headers.Column) -> Cell:
    return row.cells[column.index] if column.index < len(row.cells) else None


def _text(cell: Cell) -> str:
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float):
        return f"{cell:g}"
    return names.clean(str(cell))


def _once(notices: list[Notice]) -> list[Notice]:
    """Return the notices without repetitions; their values are mappings and have no hash."""
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], Notice] = {}
    for notice in notices:
        seen.setdefault((notice.code, tuple(sorted(notice.values.items()))), notice)
    return list(seen.values())
