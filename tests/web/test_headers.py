"""Headers: a strict policy on every answer, nothing kept by a shared computer."""

import dataclasses

import pytest
from flask.testing import FlaskClient

from lms.app import create_app
from lms.core import config, db


@pytest.mark.parametrize("path", ["/sign-in", "/nothing/is/here", "/stage/fault", "/stage/json", "/stage/mine"])
def test_every_answer_carries_them(stage: FlaskClient, path: str):
    headers = stage.get(path).headers

    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"], policy["frame-ancestors"], policy["base-uri"]) == (
        "'self'",
        "'self'",
        "'none'",
        "'none'",
    )
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/sign-in", "/stage/json", "/stage/mine"])
def test_a_page_is_not_kept(stage: FlaskClient, path: str):
    assert stage.get(path).headers["Cache-Control"] == "no-store"


def test_over_http_browsers_are_not_bound_to_https_and_cookies_travel(stage: FlaskClient):
    response = stage.get("/language/en")

    assert "Strict-Transport-Security" not in response.headers
    cookie = response.headers["Set-Cookie"]
    assert [mark in cookie for mark in ("HttpOnly", "SameSite=Lax", "Secure")] == [True, True, False]


def test_over_https_browsers_are_bound_and_cookies_are_secure(database: None, settings: config.Settings):
    bind = db.session.get_bind()
    secure = create_app(dataclasses.replace(settings, base_url="https://antoanso.example.vn", secure_cookies=True))
    db.engine().dispose()
    db.session.remove()
    db.session.configure(bind=bind)

    response = secure.test_client().get("/language/en", base_url="https://antoanso.example.vn")

    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in response.headers["Set-Cookie"]
