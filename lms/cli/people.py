"""lms people: lists of staff and pupils."""

import json
from pathlib import Path

import click

from lms.core import clock, db, sheets
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.models import Import
from lms.schools import queries, rosters
from lms.schools.roster_lines import Line


@click.group()
def people() -> None:
    """Bring in lists of staff and pupils."""


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "code", required=True, help="Code of the school or office that the list is from.")
@click.option("--kind", type=click.Choice(["staff", "pupils"]), help="Who is in the list; without this its columns decide.")
@click.option("--apply", "apply_", is_flag=True, help="Do it; without this only the plan is shown.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan or result as JSON.")
def import_people(file: Path, code: str, kind: str | None, apply_: bool, as_json: bool) -> None:
    """Bring in staff or pupils from FILE (.xlsx, .xls, .ods, .csv).

    Rows with errors are left out, each with sheet, row, column and cure.  The
    same file again changes nothing.
    """
    content = sheets.bytes_of(file)
    with db.transaction():
        unit = queries.unit_by_code(code)
        if unit is None:
            raise NotFound(f"There is no unit with the code {code}.")
        row = rosters.plan(content, file.name, unit, clock.today(), people=kind)  # type: ignore[arg-type]
        plan, import_id = rosters.read_plan(row), row.id
    counts = plan.counts
    if apply_:
        with db.transaction():
            counts = rosters.apply(session.get_one(Import, import_id))
    notices = [notice.text for notice in plan.notices]
    if as_json:
        rows = [_as_json(line) for line in plan.lines if line.fate != "same"]
        found = {"import": import_id, "kind": plan.people, "applied": apply_, "counts": counts, "notices": notices, "rows": rows}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for notice in notices:
        click.echo(notice)
    for line in plan.lines:
        if line.fate != "same":
            click.echo(_as_text(line))
    click.echo(", ".join(f"{number} {fate}" for fate, number in counts.items()))
    click.echo("Applied." if apply_ else "Nothing was changed. Repeat with --apply to do it.")


def _as_json(line: Line) -> dict[str, object]:
    found: dict[str, object] = {"sheet": line.sheet, "row": line.row, "name": line.full_name, "fate": line.fate}
    if line.problems:
        found["problems"] = [{"code": one.code, "column": one.column, "cure": one.text} for one in line.problems]
    if line.changes:
        found["changes"] = [{"field": one.field, "before": one.before, "after": one.after} for one in line.changes]
    return found


def _as_text(line: Line) -> str:
    cell = f"{line.sheet or '-'}:{line.row or '-'}{''.join(':' + one.column for one in line.problems[:1] if one.column)}"
    detail = " ".join(one.text for one in line.problems) or "; ".join(f"{one.field}: {one.before} -> {one.after}" for one in line.changes)
    return f"{cell}  {line.fate:8} {line.full_name}{'  ' + detail if detail else ''}"
