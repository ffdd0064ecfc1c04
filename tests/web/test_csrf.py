"""Writing requests come from a page of ours, or are refused before anything is done."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def guarded(stage_app: Flask, database: None) -> Iterator[FlaskClient]:
    """The app as it runs: with the check that other tests leave out."""
    stage_app.config["WTF_CSRF_ENABLED"] = True
    yield stage_app.test_client()
    stage_app.config["WTF_CSRF_ENABLED"] = False


def test_a_form_of_ours_gets_through(guarded: FlaskClient):
    token = TOKEN.findall(guarded.get("/sign-in").get_data(as_text=True))[0]
    assert guarded.post("/stage/write", data={"csrf_token": token}).status_code == 200


def test_a_program_of_our_page_sends_the_token_as_a_header(guarded: FlaskClient):
    token = TOKEN.findall(guarded.get("/sign-in").get_data(as_text=True))[0]
    assert guarded.post("/stage/write", json={}, headers={"X-CSRFToken": token}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_anything_else_that_writes_is_refused(guarded: FlaskClient, method: str):
    response = getattr(guarded, method)("/stage/write", headers={"Accept": "application/json"})
    assert response.status_code in (400, 405)


def test_the_refusal_says_what_to_do(guarded: FlaskClient):
    response = guarded.post("/stage/write?lang=en", headers={"Accept": "application/json"})
    assert response.get_json()["error"] == {
        "code": "page_too_old",
        "message": "This page was open for too long, or cookies are blocked. Go back, reload the page and repeat. Nothing was changed.",
    }


def test_the_token_of_one_session_opens_no_other(guarded: FlaskClient, stage_app: Flask):
    token = TOKEN.findall(guarded.get("/sign-in").get_data(as_text=True))[0]
    assert guarded.post("/stage/write", json={}, headers={"X-CSRF-Token": token}).status_code == 200

    other = stage_app.test_client()
    other.get("/sign-in")

    assert other.post("/stage/write", json={}, headers={"X-CSRF-Token": token}).status_code == 400
    assert stage_app.test_client().post("/stage/write", json={}, headers={"X-CSRF-Token": token}).status_code == 400
    assert guarded.post("/stage/write", json={}, headers={"X-CSRF-Token": token + "x"}).status_code == 400
