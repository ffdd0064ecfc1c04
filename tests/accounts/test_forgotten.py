"""Asking for a new password."""

import re

import pytest
from flask.testing import FlaskClient

from lms.core.db import session
from lms.core.models import Job
from tests.cast import Cast
from tests.factories_accounts import make_user


@pytest.mark.parametrize("name", ["teacher", "teacher@truong.example", "pupil", "khong.co", "khong.co@truong.example", "dong.cua"])
def test_the_answer_and_the_work_are_the_same_for_every_name(client: FlaskClient, cast: Cast, name: str):
    make_user("dong.cua", disabled=True)
    session.commit()

    answer = client.post("/password/forgot", data={"username": name})

    assert (answer.status_code, answer.location) == (302, "/password/forgot?sent=1")
    job = session.query(Job).one()
    known = {"teacher": "teacher", "teacher@truong.example": "teacher", "pupil": "pupil"}.get(name)
    assert (job.kind, job.payload) == ("notifications.reset", {"account_id": cast.accounts[known].id if known else None})


def test_the_answer_does_not_repeat_the_name(client: FlaskClient, cast: Cast):
    page = client.post("/password/forgot", data={"username": "teacher@truong.example"}, follow_redirects=True)

    assert (page.status_code, "teacher@" in page.text) == (200, False)


def test_an_empty_name_is_asked_for(client: FlaskClient, database: None):
    page = client.post("/password/forgot", data={"username": " "})

    assert (page.status_code, len(re.findall('aria-invalid="true"', page.text)), session.query(Job).count()) == (422, 1, 0)
