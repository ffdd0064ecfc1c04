"""One request, one transaction: what returns is kept, what raises or only reads is not."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.core.models import Mark


def marks() -> list[str]:
    return list(session.scalars(select(Mark.name).order_by(Mark.id)))


def test_a_writing_request_that_returns_is_kept(stage: FlaskClient):
    assert stage.post("/stage/write?name=one").status_code == 200
    session.rollback()
    assert marks() == ["one"]


@pytest.mark.parametrize("path", ["/stage/error/conflict", "/stage/error/gone", "/stage/fault"])
def test_of_a_request_that_raises_nothing_is_kept(stage: FlaskClient, path: str):
    assert stage.post(path).status_code >= 400
    assert marks() == []


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_reading_request_cannot_write(stage: FlaskClient, method: str):
    assert getattr(stage, method)("/stage/write").status_code == 500
    assert marks() == []


def test_one_request_that_fails_does_not_spoil_the_next(stage: FlaskClient):
    stage.post("/stage/fault")
    stage.get("/stage/write")

    assert stage.post("/stage/write?name=next").status_code == 200
    assert marks() == ["next"]


def test_after_reading_without_the_lock_a_request_can_still_write(stage: FlaskClient):
    assert stage.post("/stage/slow").status_code == 200
    assert marks() == ["after"]
