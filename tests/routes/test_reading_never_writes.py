"""A GET changes nothing: after every page was read by everybody, the database is the same to the byte."""

import hashlib

import pytest
from sqlalchemy import select

from lms.core import db
from lms.core.db import session
from lms.tables import metadata
from tests.routes.stage import Stage
from tests.routes.table import LINES, Line
from tests.routes.test_who_may_come_in import ask

READERS = ("administrator", "head", "teacher", "pupil", "stranger")


def fingerprint(stage: Stage) -> dict[str, str]:
    """Return a hash of the content of each table."""
    made = {}
    for table in metadata.sorted_tables:
        rows = stage.connection.execute(select(table).order_by(*table.primary_key.columns)).all()
        made[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return made


@pytest.mark.parametrize("line", [line for line in LINES if line.method == "GET"], ids=str)
def test_a_reading_route_writes_nothing(stage: Stage, line: Line):
    before = fingerprint(stage)
    with stage.undone() as written:
        for role in READERS:
            assert ask(stage, line, role).status_code < 500
        assert written == []
        assert fingerprint(stage) == before


def test_the_fingerprint_sees_a_change(stage: Stage):
    """The test above means nothing when it cannot fail."""
    before = fingerprint(stage)
    with stage.undone() as written:
        db.may_write(True)
        stage.cast.accounts["teacher"].language = "en"
        session.merge(stage.cast.accounts["teacher"])
        session.commit()
        assert {name for name, value in fingerprint(stage).items() if value != before[name]} == {"accounts_account"}
        assert len(written) == 1
    stage.cast.accounts["teacher"].language = "vi"
    assert fingerprint(stage) == before


def test_the_stage_is_not_empty(stage: Stage):
    filled = {table.name for table in metadata.sorted_tables if stage.connection.execute(select(table).limit(1)).first()}
    assert {
        "learning_enrolment",
        "learning_result",
        "quizzes_attempt",
        "quizzes_response",
        "certificates_certificate",
        "schools_post",
    } <= filled
