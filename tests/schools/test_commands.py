"""lms units import, lms people import: the plan first, then the deed, the same as in the browser."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Person
from lms.cli.people import people
from lms.cli.units import units
from lms.core import db
from lms.core.db import session
from lms.core.errors import NotFound
from lms.schools.models import Unit
from tests.schools import lists

UNITS = lists.workbook(
    ("DV", [["code", "parent_code", "kind", "name", "stage"], ["so", None, "so", "Sở A"], ["t1", "so", "truong", "THCS B", "thcs"]])
)
STAFF = lists.staff(
    ["Cao Thị Diễm", "19/06/1998", "Nữ", "Giáo viên", "Văn", "GV1", None], ["Bùi Tùng", "30/02/1988", "Nam", "Giáo viên", "", None, None]
)


@pytest.fixture
def run(app: Flask, real_database: str, tmp_path: Path) -> Any:
    def call(command: Any, content: bytes, *more: str) -> Any:
        file = tmp_path / "list.xlsx"
        file.write_bytes(content)
        with app.app_context():
            return CliRunner().invoke(command, ["import", str(file), *more], catch_exceptions=False)

    return call


def count(table: type[Any]) -> int:
    with db.transaction():
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_lists_are_planned_then_applied(run: Any):
    plan = json.loads(run(units, UNITS, "--json").output)
    assert (plan["applied"], plan["counts"], count(Unit)) == (False, {"new": 2, "changed": 0, "same": 0, "error": 0}, 0)

    done = run(units, UNITS, "--apply")
    assert (done.exit_code, count(Unit)) == (0, 2)
    assert "2 new, 0 changed" in done.output

    planned = json.loads(run(people, STAFF, "--unit", "t1", "--json").output)
    assert (planned["kind"], planned["counts"]["new"], planned["counts"]["error"], count(Person)) == ("staff", 1, 1, 0)
    assert planned["rows"][1]["problems"][0] | {"cure": ""} == {"code": "day_wrong", "column": "C", "cure": ""}

    assert run(people, STAFF, "--unit", "t1", "--apply").exit_code == 0
    again = json.loads(run(people, STAFF, "--unit", "t1", "--apply", "--json").output)
    assert (again["counts"]["new"], again["counts"]["same"], count(Person)) == (0, 1, 1)


def test_an_unknown_unit_is_a_sentence(run: Any):
    with pytest.raises(NotFound) as refused:
        run(people, STAFF, "--unit", "nowhere")
    assert "nowhere" in str(refused.value)
