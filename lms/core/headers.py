"""Finding the header of a list below its title rows, and what each column means whatever it is called."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lms.core import names
from lms.core.sheets import Cell, Row, column_letter

_SEARCHED = 40  # rows from the top
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_SIGNS = re.compile(r"[^a-z0-9#]+")

Synonyms = Mapping[str, Collection[str]]  # field -> folded names that a column of it can have


@dataclass(frozen=True)
class Column:
    """A column of a list: where, what it is called there, and which field it is, if we know it."""

    index: int
    title: str
    field: str | None

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass(frozen=True)
class Header:
    """The header row of a sheet; ``at`` is its position among the rows, ``number`` what the program shows."""

    at: int
    number: int
    columns: tuple[Column, ...]

    def column(self, field: str) -> Column | None:
        """Return the first column of a field."""
        return next((column for column in self.columns if column.field == field), None)

    @property
    def fields(self) -> set[str]:
        return {column.field for column in self.columns if column.field}


def plain(title: Cell) -> str:
    """Return a title as it is compared: without tone marks, signs and what stands in brackets."""
    text = names.fold(str(title or "").replace("\n", " "))
    return _SIGNS.sub(" ", _BRACKETS.sub(" ", text)).strip()


def find(rows: Sequence[Row], synonyms: Synonyms, *, needed: Collection[str], least: int = 2) -> Header | None:
    """Return the header with the most known columns: at least ``least``, one of them needed.

    None when no row near the top looks like one.
    """
    meaning = {name: field for field, known in synonyms.items() for name in known}
    best: Header | None = None
    for at, row in enumerate(rows[:_SEARCHED]):
        columns = _columns(row, meaning)
        fields = {column.field for column in columns if column.field}
        if len(fields) >= least and fields & set(needed) and (best is None or len(fields) > len(best.fields)):
            best = Header(at, row.number, columns)
    return best


def _columns(row: Row, meaning: Mapping[str, str]) -> tuple[Column, ...]:
    columns, taken = [], set()
    for index, cell in enumerate(row.cells):
        if not isinstance(cell, str):
            continue
        field = meaning.get(plain(cell))
        # The first column of a name counts: "Họ và tên" of the pupil stands before that of the father.
        if field in taken:
            field = None
        if field:
            taken.add(field)
        columns.append(Column(index, names.clean(cell), field))
    return tuple(columns)
