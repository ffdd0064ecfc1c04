"""Reads a workbook in a process of its own, so that a hostile one can end that process and nothing else.

Run as a file, with the workbook on standard input and the limits as JSON in
the first argument; writes {"sheets": [...]} or {"error": code} as JSON.  It
imports nothing of ours, so it starts fast.
"""

import json
import sys
from datetime import date, datetime
from io import BytesIO
from typing import Any

import python_calamine

try:
    import resource
except ImportError:  # not on Windows: there the limits of rows and text still hold
    resource = None  # type: ignore[assignment]


class _TooMuchError(Exception):
    pass


def main() -> None:
    """Read standard input, write what is in it."""
    limits = json.loads(sys.argv[1])
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
        resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"sheets": _sheets(sys.stdin.buffer.read(), limits)}
    except _TooMuchError as error:
        answer = {"error": str(error)}
    except python_calamine.PasswordError:
        answer = {"error": "password"}
    except MemoryError:
        answer = {"error": "memory"}
    except BaseException as error:  # a panic of the reader is not an Exception
        answer = {"error": "password" if "assword" in str(error) else "damaged"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")))


def _sheets(content: bytes, limits: dict[str, int]) -> list[dict[str, Any]]:
    workbook = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    left = {"rows": limits["rows"], "letters": limits["letters"]}
    sheets = []
    for index, about in enumerate(workbook.sheets_metadata[: limits["sheets"]]):
        if about.typ is not python_calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden = about.visible is not python_calamine.SheetVisibleEnum.Visible
        rows = [] if hidden else _rows(workbook.get_sheet_by_index(index), limits, left)
        sheets.append({"name": about.name, "hidden": hidden, "rows": rows})
    return sheets


def _rows(sheet: Any, limits: dict[str, int], left: dict[str, int]) -> list[list[Any]]:
    """Return [number, cells] of the rows that hold something."""
    if sheet.start is None:
        return []
    first_column = sheet.start[1]
    if sheet.total_width > limits["columns"] and sheet.height > limits["rows"]:
        raise _TooMuchError("memory")
    rows = []
    padding = [None] * min(first_column, limits["columns"])
    room = limits["columns"] - len(padding)
    # The iterator begins at the first row of the sheet, but at the first column that holds something.
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            continue
        plain = padding + [_plain(cell, limits["cell"]) for cell in cells[:room]]
        if all(cell is None for cell in plain):
            continue
        left["rows"] -= 1
        left["letters"] -= sum(len(cell) for cell in plain if type(cell) is str)
        if left["rows"] < 0 or left["letters"] < 0:
            raise _TooMuchError("rows")
        rows.append([number, plain])
    return rows


def _plain(cell: Any, longest: int) -> Any:
    """Return the cell as JSON has it; a day is ["1985-04-12"]."""
    if isinstance(cell, str):
        return cell[:longest] if cell.strip() else None
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, datetime):
        return [cell.date().isoformat()]
    if isinstance(cell, date):
        return [cell.isoformat()]
    return cell if isinstance(cell, int) else str(cell)


if __name__ == "__main__":
    main()
