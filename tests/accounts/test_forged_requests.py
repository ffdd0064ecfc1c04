"""No writing request is taken that does not come from a page of ours."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts.models import Account, Link
from lms.core.db import session
from tests.cast import PASSWORD, Cast
from tests.factories_accounts import make_link


@pytest.fixture
def guarded(app: Flask, cast: Cast) -> Iterator[FlaskClient]:
    """A client of an app that checks where writing requests come from."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False


def token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def enter(client: FlaskClient) -> int:
    data = {"username": "teacher", "password": PASSWORD, "csrf_token": token(client, "/sign-in")}
    return client.post("/sign-in", data=data).status_code


def test_the_token_of_the_page_lets_the_form_through(guarded: FlaskClient):
    assert enter(guarded) == 302


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in",
        "/sign-out",
        "/language/en",
        "/password",
        "/password/forgot",
        "/me/sign-out-everywhere",
        "/card/x",
        "/welcome/x",
        "/password/reset/x",
    ],
)
@pytest.mark.parametrize("given", [None, "", "made-up"])
def test_without_the_token_nothing_is_done(guarded: FlaskClient, path: str, given: str | None):
    enter(guarded)

    refused = guarded.post(path, data={} if given is None else {"csrf_token": given})

    assert refused.status_code == 400
    assert guarded.get("/me").status_code == 200
    assert session.query(Account).filter(Account.language == "en").count() == 0


def test_the_token_of_somebody_elses_page_is_no_good(guarded: FlaskClient, app: Flask):
    other = app.test_client()
    stolen = token(other, "/sign-in")
    token(guarded, "/sign-in")

    refused = guarded.post("/sign-in", data={"username": "teacher", "password": PASSWORD, "csrf_token": stolen})

    assert refused.status_code == 400


def test_a_token_from_before_signing_in_is_no_good_after_it(guarded: FlaskClient):
    before = token(guarded, "/sign-in")
    enter(guarded)

    assert guarded.post("/sign-out", data={"csrf_token": before}).status_code == 400


def test_a_forged_request_does_not_use_up_a_card(guarded: FlaskClient, cast: Cast):
    secret = make_link(cast.accounts["pupil"], "card")
    session.commit()

    guarded.post(f"/card/{secret}")

    assert session.query(Link).one().used_at is None


@pytest.mark.parametrize("path", ["/sign-in", "/card", "/password/forgot", "/password", "/me"])
def test_every_form_has_its_token_once(guarded: FlaskClient, path: str):
    if path in ("/password", "/me"):
        enter(guarded)

    page = guarded.get(path).text

    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", page, re.DOTALL)
    assert forms
    assert [form.count('name="csrf_token"') for form in forms] == [1] * len(forms)
