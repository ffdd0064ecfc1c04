"""lms coverage on the command line."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from lms.cli.coverage import coverage as command
from lms.core import clock, db
from lms.core.db import session
from lms.reports import coverage
from lms.reports.models import CoverageChange
from tests.cast import Cast
from tests.factories_reports import make_programme, make_qualification

MONDAY = date(2026, 10, 5)


@pytest.fixture
def ledger(stage: Cast) -> Cast:
    with clock.at(MONDAY):
        programme = make_programme()
        make_qualification(stage.persons["teacher"], programme, MONDAY)
        coverage.fold()
        session.commit()
    return stage


def run(*words: str) -> tuple[int, str]:
    answer = CliRunner().invoke(command, words)
    session.remove()
    db.may_write(True)
    return answer.exit_code, answer.output


def test_show_prints_the_unit_and_those_below(ledger: Cast) -> None:
    code, text = run("show", "--unit", "ward_a", "--as-of", "05/10/2026", "--json")

    answer = json.loads(text)
    assert code == 0
    assert [(row["unit"], row["obliged"], row["trained"], row["share"]) for row in (answer, *answer["units"])] == [
        ("ward_a", 5, 1, 0.2),
        ("school_a2", 1, 0, 0.0),
        ("school_a", 4, 1, 0.25),
    ]
    assert "4" in run("show", "--unit", "school_a", "--as-of", "2026-10-04")[1]


def test_show_knows_what_was_known(ledger: Cast) -> None:
    answer = json.loads(run("show", "--unit", "so", "--as-of", "2026-10-05", "--known-on", "2026-10-04", "--json")[1])

    assert (answer["obliged"], answer["share"]) == (0, None)


def test_verify_finds_nothing_then_something_and_rebuild_mends_it(ledger: Cast) -> None:
    so = ledger.units["so"].id
    assert run("verify")[0] == 0
    session.execute(update(CoverageChange).where(CoverageChange.unit_id == so).values(exempt=7))
    session.commit()

    code, text = run("verify", "--json")
    assert code == 1
    assert {each["table"] for each in json.loads(text)["differences"]} == {"change", "month"}

    assert run("rebuild") == (0, "6 persons\n")
    assert run("verify")[0] == 0
