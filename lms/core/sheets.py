"""Reading lists that people have: .xlsx, .xls, .ods and .csv, told apart by what is in them, never by their name."""

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path

from lms.core import archives
from lms.core.errors import Invalid, TooLarge
from lms.core.i18n import lazy_

Cell = str | int | float | bool | date | None

LARGEST = 50_000_000  # bytes of a file
MOST_ROWS = 100_000  # rows that hold something, in all sheets together
_LIMITS = {
    "rows": MOST_ROWS,
    "columns": 200,
    "sheets": 60,
    "cell": 2_000,  # letters
    "letters": 60_000_000,
    "memory": 1_500_000_000,  # bytes, of the reading process
    "seconds": 40,
}
_WORKBOOK_ZIP = archives.Limits(total=400_000_000, entries=2_000, ratio=500)
_READER = Path(__file__).with_name("sheet_process.py")
_DELIMITERS = (",", ";", "\t", "|")


class NotAList(Invalid):
    code = "not_a_list"
    message = lazy_(
        "This file is not a list that we can read. Choose an Excel file (.xlsx, .xls), an OpenDocument sheet (.ods) or a .csv file."
    )


class Unreadable(Invalid):
    code = "list_damaged"
    message = lazy_("The file is damaged or incomplete. Open it in Excel, save it as .xlsx once more and choose the new file.")


class Protected(Invalid):
    code = "list_protected"
    message = lazy_("The file is protected by a password. Save it without a password and choose it again.")


class TooMuch(Invalid):
    code = "list_too_much"
    status = 413
    message = lazy_(
        "The sheet is too large: at most {rows} rows can be taken at once. Copy only the list into a new file, without empty rows and columns, and choose that one."
    )


class UnknownLetters(Invalid):
    code = "list_letters"
    message = lazy_('The letters of this text file are in an encoding that we do not know. Save it as "CSV UTF-8" and choose it again.')


@dataclass(frozen=True)
class Row:
    """A row that holds something; ``number`` as the program shows it, from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet; hidden ones come without rows."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False


@dataclass(frozen=True)
class Workbook:
    """A file that was read: kind "xlsx", "xls", "ods" or "csv"; of text also how it was written."""

    kind: str
    sheets: tuple[Sheet, ...]
    encoding: str | None = field(default=None)
    delimiter: str | None = field(default=None)
    pictures: int = field(default=0)  # in the file; they are never taken


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a list on disk; raises TooLarge before the file is in memory."""
    if path.stat().st_size > LARGEST:
        raise TooLarge(limit=LARGEST // 1_000_000)
    return path.read_bytes()


def read(content: bytes) -> Workbook:
    """Read a list.

    Formulas come as the values that the program stored with them, days as
    days, whole numbers as int.  Raises NotAList, Unreadable, Protected,
    TooMuch, TooLarge, UnknownLetters.
    """
    if len(content) > LARGEST:
        raise TooLarge(limit=LARGEST // 1_000_000)
    kind, pictures = _kind(content)
    if kind == "csv":
        return _read_text(content)
    return Workbook(kind, _read_workbook(content), pictures=pictures)


def column_letter(index: int) -> str:
    """Return how a program names the column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _kind(content: bytes) -> tuple[str, int]:
    """Tell what the file is by its first bytes, and for packed ones by what is inside; and how many pictures it has."""
    start = content[:4096]
    if start.startswith(b"PK"):
        return _kind_of_zip(content)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _kind_of_ole(content), 0
    if start.startswith((b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")):
        raise NotAList(lazy_("This is a file of a very old Excel. Open it in Excel, save it as .xlsx and choose the new file."))
    if start.startswith((b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe")):
        raise NotAList(lazy_("This is a program, not a list, whatever its name says. Do not open it, and ask where it came from."))
    if start.startswith(b"%PDF"):
        raise NotAList(lazy_("This is a PDF. Ask for the Excel file that it was made from."))
    head = start.lstrip(b"\xef\xbb\xbf \r\n\t")[:200].lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml", b"<meta", b"<style")):
        raise NotAList(
            lazy_("This is a web page or XML under the name of a list. Open it in Excel, save it as .xlsx and choose the new file.")
        )
    if not content.strip():
        raise NotAList(lazy_("The file is empty."))
    return "csv", 0


def _kind_of_zip(content: bytes) -> tuple[str, int]:
    try:
        archive = archives.open_zip(content, _WORKBOOK_ZIP)
        names = {entry.name for entry in archive.entries}
        if "mimetype" in names and archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods", sum(1 for name in names if name.startswith("Pictures/"))
    except archives.Bomb as error:
        raise TooMuch(rows=MOST_ROWS) from error
    except archives.Encrypted as error:
        raise Protected() from error
    except (archives.Damaged, archives.Unsafe, archives.NotAnArchive) as error:
        raise Unreadable() from error
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return "xlsx", sum(1 for name in names if name.startswith("xl/media/"))
    if "word/document.xml" in names:
        raise NotAList(lazy_("This is a Word document. Copy its table into Excel, save it as .xlsx and choose that file."))
    raise NotAList()


def _kind_of_ole(content: bytes) -> str:
    # Names in such a file are UTF-16; an encrypted .xlsx is a container with one part of this name.
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Protected()
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return "xls"
    if "WordDocument".encode("utf-16-le") in content:
        raise NotAList(lazy_("This is a Word document. Copy its table into Excel, save it as .xlsx and choose that file."))
    raise NotAList()


def _read_workbook(content: bytes) -> tuple[Sheet, ...]:
    """Let the process read it; one that dies was given something that does not fit into bounded memory."""
    command = [sys.executable, "-I", str(_READER), json.dumps(_LIMITS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_LIMITS["seconds"] * 2, check=False)
    except subprocess.TimeoutExpired as error:
        raise TooMuch(rows=MOST_ROWS) from error
    if done.returncode != 0:
        raise TooMuch(rows=MOST_ROWS)
    answer = json.loads(done.stdout)
    match answer.get("error"):
        case "password":
            raise Protected()
        case "damaged":
            raise Unreadable()
        case "memory" | "rows":
            raise TooMuch(rows=MOST_ROWS)
    return tuple(Sheet(sheet["name"], tuple(_rows(sheet["rows"])), sheet["hidden"]) for sheet in answer["sheets"])


def _rows(rows: list[tuple[int, list[Cell | list[str]]]]) -> Iterator[Row]:
    for number, cells in rows:
        yield Row(number, tuple(date.fromisoformat(cell[0]) if type(cell) is list else cell for cell in cells))  # type: ignore[misc]


def _read_text(content: bytes) -> Workbook:
    text, encoding = _decode(content)
    delimiter = _delimiter(text)
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    rows: list[Row] = []
    try:
        for number, record in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), start=1):
            cells = [cell or None for cell in record[: _LIMITS["columns"]]]
            if not any(cell and cell.strip() for cell in cells):
                continue
            if len(rows) >= MOST_ROWS:
                raise TooMuch(rows=MOST_ROWS)
            rows.append(Row(number, tuple(cells)))
    except csv.Error as error:
        raise Unreadable() from error
    return Workbook("csv", (Sheet("", tuple(rows)),), encoding, delimiter)


def _decode(content: bytes) -> tuple[str, str]:
    """Return the text and its encoding: by its mark, as UTF-8, by the pattern of UTF-16, else Vietnamese Windows."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strictly(content, encoding), encoding
    sample = content[:2_000]
    if b"\x00" in sample:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return _strictly(content, encoding), encoding
    try:
        return _printable(content.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        # Vietnamese Windows writes tone marks as signs of their own; names.clean joins them to their letters.
        return _strictly(content, "cp1258"), "windows-1258"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return _printable(content.decode(encoding))
    except UnicodeDecodeError as error:
        raise UnknownLetters() from error


def _printable(text: str) -> str:
    if any(sign in text for sign in "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f"):
        raise NotAList()
    return text


def _delimiter(text: str) -> str:
    """Return what separates the cells: what the file says, else what gives the same number of cells most often."""
    first = text.partition("\n")[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    sample = [line for line in text[:20_000].splitlines()[:40] if line.strip()]
    best, best_score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        try:
            widths = Counter(len(record) for record in csv.reader(sample, delimiter=delimiter) if len(record) > 1)
        except csv.Error:
            continue
        if widths:
            width, times = widths.most_common(1)[0]
            best, best_score = max((best, best_score), (delimiter, (times, width)), key=lambda pair: pair[1])
    return best
