"""lms units: the tree of offices and schools."""

import json
from pathlib import Path

import click

from lms.core import db, sheets
from lms.core.db import session
from lms.core.models import Import
from lms.schools import unit_lists
from lms.schools.unit_lists import UnitRow


@click.group()
def units() -> None:
    """Bring in the tree of offices and schools."""


@units.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "apply_", is_flag=True, help="Do it; without this only the plan is shown.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan or result as JSON.")
def import_units(file: Path, apply_: bool, as_json: bool) -> None:
    """Bring in units from FILE (.xlsx, .xls, .ods, .csv).

    Columns: code, parent_code, kind, name, short_name, stage, valid_from, in
    Vietnamese or English.  Units are known by their code, so the same file
    again changes nothing.
    """
    content = sheets.bytes_of(file)
    with db.transaction():
        row = unit_lists.plan(content, file.name)
        rows, import_id = unit_lists.rows_of(row), row.id
    counts = unit_lists.counts(rows)
    if apply_:
        with db.transaction():
            counts = unit_lists.apply(session.get_one(Import, import_id))
    if as_json:
        listed = [_as_json(one) for one in rows if one.fate != "same"]
        click.echo(json.dumps({"import": import_id, "applied": apply_, "counts": counts, "rows": listed}, ensure_ascii=False, indent=2))
        return
    for one in rows:
        if one.fate != "same":
            click.echo(_as_text(one))
    click.echo(f"{counts['new']} new, {counts['changed']} changed, {counts['same']} unchanged, {counts['error']} errors")
    click.echo("Applied." if apply_ else "Nothing was changed. Repeat with --apply to do it.")


def _as_json(row: UnitRow) -> dict[str, object]:
    found: dict[str, object] = {"sheet": row.sheet, "row": row.row, "code": row.code, "name": row.name, "fate": row.fate}
    if row.problem:
        found |= {"problem": row.problem, "column": row.column, "cure": row.problem_text}
    if row.changes:
        found["changes"] = [{"field": field, "before": before, "after": after} for field, before, after in row.changes]
    return found


def _as_text(row: UnitRow) -> str:
    detail = row.problem_text or "; ".join(f"{field}: {before} -> {after}" for field, before, after in row.changes)
    return f"{row.sheet or '-'}:{row.row}{':' + row.column if row.column else ''}  {row.fate:8} {row.code} {row.name}{'  ' + detail if detail else ''}"
