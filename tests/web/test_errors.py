"""Errors: a stable code, a status and a sentence, as a page or as data; what broke stays in the log."""

import logging

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import ERRORS

JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("code", ERRORS)
def test_people_get_a_page_with_the_sentence_and_the_code(stage: FlaskClient, code: str):
    response = stage.get(f"/stage/error/{code}?lang=en")

    assert response.status_code == ERRORS[code].status
    assert response.mimetype == "text/html"
    assert code in response.get_data(as_text=True)


@pytest.mark.parametrize("code", ERRORS)
def test_programs_get_the_same_as_data(stage: FlaskClient, code: str):
    response = stage.get(f"/stage/error/{code}?lang=en", headers=JSON)

    assert response.status_code == ERRORS[code].status
    assert response.get_json()["error"]["code"] == code


def test_the_sentence_is_in_the_readers_language(stage: FlaskClient):
    vietnamese, english = (
        stage.get(f"/stage/error/gone?lang={language}", headers=JSON).get_json()["error"]["message"] for language in ("vi", "en")
    )
    assert english == "This link was used before or is too old. Ask for a new one."
    assert vietnamese != english


def test_a_fault_is_told_without_its_details_and_logged_with_them(stage: FlaskClient, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR):
        response = stage.get("/stage/fault")

    assert response.status_code == 500
    assert "secret" not in response.get_data(as_text=True)
    assert "a secret in a traceback" in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/nothing/is/here", 404, "not_found"),
        ("delete", "/stage/long", 405, "wrong_method"),
        ("get", "/stage/error/unknown", 404, "not_found"),
    ],
)
def test_what_flask_refuses_looks_like_the_others(stage: FlaskClient, method: str, path: str, status: int, code: str):
    response = getattr(stage, method)(path, headers=JSON)

    assert (response.status_code, response.get_json()["error"]["code"]) == (status, code)


def test_a_request_that_is_too_large_is_refused_with_the_limit(stage: FlaskClient):
    response = stage.post("/sign-in?lang=en", data=b"x" * 21_000_000, headers=JSON | {"Content-Type": "application/x-www-form-urlencoded"})

    assert response.status_code == 413
    assert response.get_json()["error"]["message"] == "The file is too large. At most 20 MB can be taken."


def test_a_stranger_is_sent_to_sign_in_and_told_where_to_come_back(stage: FlaskClient):
    response = stage.get("/stage/mine?page=2")
    assert (response.status_code, response.location) == (302, "/sign-in?next=/stage/mine?page%3D2")


def test_a_program_of_a_stranger_is_told_so(stage: FlaskClient):
    response = stage.get("/stage/mine", headers=JSON)
    assert (response.status_code, response.get_json()["error"]["code"]) == (401, "sign_in_needed")
