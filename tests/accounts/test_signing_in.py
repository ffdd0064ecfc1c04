"""Signing in and out in the browser."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import accounts
from lms.accounts.models import Account, EndedSession
from lms.core import clock
from lms.core.db import session
from tests.cast import PASSWORD, Cast
from tests.factories_accounts import make_link, make_user

SignIn = Callable[[str], FlaskClient]
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def give(client: FlaskClient, username: str, password: str = PASSWORD, address: str = "/sign-in") -> tuple[int, str | None]:
    """Send the sign-in form; return the status and where it leads."""
    response = client.post(address, data={"username": username, "password": password})
    return response.status_code, response.location


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


@pytest.mark.parametrize("username", ["teacher", "TEACHER ", "teacher@truong.example"])
def test_name_and_password_let_in(client: FlaskClient, cast: Cast, username: str):
    assert give(client, username) == (302, "/")
    assert is_in(client)


def test_a_wrong_password_and_an_unknown_name_give_the_same_page(client: FlaskClient, cast: Cast):
    pages = []
    for username in ("teacher", "khongco"):
        page = client.post("/sign-in", data={"username": username, "password": "sai bét"})
        pages.append((page.status_code, re.sub(r'name="csrf_token" value="[^"]*"', "", page.text).replace(username, "?")))

    assert pages[0] == pages[1]
    assert (pages[0][0], is_in(client)) == (422, False)


def test_a_password_is_never_written_into_the_page(client: FlaskClient, cast: Cast):
    assert "bí mật lắm" not in client.post("/sign-in", data={"username": "teacher", "password": "bí mật lắm"}).text


def test_empty_fields_are_named(client: FlaskClient, database: None):
    page = client.post("/sign-in", data={"username": "", "password": ""})

    assert (page.status_code, page.text.count('aria-invalid="true"')) == (422, 2)


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/courses/cb1?x=1", "/courses/cb1?x=1"),
        ("/me#password", "/me#password"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("///evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("\\\\evil.example/", "/"),
        ("/\t/evil.example/", "/"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("\t//evil.example/", "/"),
        (" //evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("courses", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/a b", "/"),
        ("http:/evil.example", "/"),
        ("//[", "/"),
    ],
)
def test_one_comes_back_only_to_pages_of_ours(client: FlaskClient, cast: Cast, target: str, leads_to: str):
    page = client.post("/sign-in", query_string={"next": target}, data={"username": "teacher", "password": PASSWORD})

    assert (page.status_code, page.location) == (302, leads_to)
    assert client.get("/sign-in", query_string={"next": target}).location == leads_to


def test_a_stranger_is_sent_to_sign_in_and_then_back(client: FlaskClient, cast: Cast):
    sent = client.get("/me?tab=1")

    assert (sent.status_code, sent.location) == (302, "/sign-in?next=/me?tab%3D1")
    assert give(client, "teacher", address=sent.location) == (302, "/me?tab=1")


def test_signing_out_ends_the_session(sign_in: SignIn, cast: Cast):
    client = sign_in("teacher")

    assert client.post("/sign-out").location == "/sign-in"
    assert not is_in(client)


def cookie_of(client: FlaskClient) -> str:
    kept = client.get_cookie("antoanso")
    assert kept is not None
    return f"antoanso={kept.value}"


def test_a_copied_cookie_opens_nothing_once_its_owner_signed_out(app: Flask, cast: Cast):
    here, phone, thief = app.test_client(), app.test_client(), app.test_client(use_cookies=False)
    for client in (here, phone):
        give(client, "teacher")
    copied = {"Cookie": cookie_of(here)}
    assert thief.get("/me", headers=copied).status_code == 200

    here.post("/sign-out")

    assert thief.get("/me", headers=copied).location == "/sign-in?next=/me"
    assert thief.post("/sign-out", headers=copied).location == "/sign-in"
    # Other devices of the same person stay signed in, and so does who comes in again.
    assert is_in(phone)
    give(here, "teacher")
    assert is_in(here)


def test_ended_sessions_are_forgotten_when_their_cookies_are_too_old_anyway(cast: Cast):
    with clock.at(NOW - timedelta(days=29)):
        accounts.end_session("old")
    with clock.at(NOW):
        accounts.end_session("new")
        accounts.end_session("new")

        accounts.forget_ended_sessions({})

    assert session.scalars(select(EndedSession.key)).all() == ["new"]


def test_an_old_session_leaves_nothing_to_the_next_person(client: FlaskClient, cast: Cast):
    give(client, "teacher")
    with client.session_transaction() as cookie:
        cookie["left"] = "behind"

    give(client, "pupil")

    with client.session_transaction() as cookie:
        assert "left" not in cookie


def test_a_changed_password_ends_every_other_session(app: Flask, cast: Cast):
    here, there = app.test_client(), app.test_client()
    for client in (here, there):
        give(client, "teacher")

    changed = here.post("/password", data={"present": PASSWORD, "password": "con mèo ngủ trưa", "again": "con mèo ngủ trưa"})

    assert (changed.status_code, changed.location) == (302, "/me")
    assert (is_in(here), is_in(there)) == (True, False)
    assert give(there, "teacher") == (422, None)
    assert give(there, "teacher", "con mèo ngủ trưa") == (302, "/")


def test_signing_out_everywhere_leaves_only_this_browser(app: Flask, cast: Cast):
    here, there = app.test_client(), app.test_client()
    for client in (here, there):
        give(client, "teacher")

    here.post("/me/sign-out-everywhere")

    assert (is_in(here), is_in(there)) == (True, False)


def test_a_closed_account_is_out_at_once(sign_in: SignIn, cast: Cast):
    client = sign_in("teacher")

    accounts.disable(cast.accounts["teacher"])
    session.commit()

    assert not is_in(client)


def test_a_made_up_session_lets_nobody_in(client: FlaskClient, cast: Cast):
    for user_id in ("1", "1.", "x.0", "999999.0", "", "1.0.0"):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user_id
        assert not is_in(client) or user_id == f"{cast.accounts['teacher'].id}.0"


def test_the_first_password_must_be_changed_before_anything_else(client: FlaskClient, cast: Cast):
    first = accounts.give_first_password(cast.accounts["teacher"])
    session.commit()
    give(client, "teacher", first)

    sent = client.get("/me")
    assert (sent.status_code, sent.location) == (302, "/password")

    changed = client.post("/password", data={"password": "con mèo ngủ trưa", "again": "con mèo ngủ trưa"})
    assert (changed.status_code, changed.location) == (302, "/")
    assert is_in(client)


def test_with_a_first_password_one_can_still_sign_out_and_switch_the_language(client: FlaskClient, cast: Cast):
    first = accounts.give_first_password(cast.accounts["teacher"])
    session.commit()
    give(client, "teacher", first)

    assert client.get("/language/en?next=/password").location == "/password"
    assert client.post("/sign-out").location == "/sign-in"


@pytest.mark.parametrize(
    "given",
    [
        {"present": "sai bét", "password": "con mèo ngủ trưa", "again": "con mèo ngủ trưa"},
        {"present": "", "password": "con mèo ngủ trưa", "again": "con mèo ngủ trưa"},
        {"present": PASSWORD, "password": "con mèo ngủ trưa", "again": "con mèo ngủ tối"},
        {"present": PASSWORD, "password": "12345678", "again": "12345678"},
        {"password": "con mèo ngủ trưa", "again": "con mèo ngủ trưa"},
    ],
)
def test_a_password_is_not_changed_when_something_is_wrong(sign_in: SignIn, cast: Cast, given: dict[str, str]):
    client = sign_in("teacher")

    assert client.post("/password", data=given).status_code == 422
    assert is_in(client)
    assert give(client, "teacher") == (302, "/")


# Links


@pytest.mark.parametrize(("purpose", "path"), [("activate", "/welcome"), ("reset", "/password/reset")])
def test_a_link_sets_the_password_and_lets_in_once(client: FlaskClient, cast: Cast, purpose: str, path: str):
    account = make_user("le.an", password=purpose == "reset")
    address = f"{path}/{make_link(account, purpose)}"
    session.commit()

    assert client.get(address).status_code == 200
    weak = client.post(address, data={"password": "12345678", "again": "12345678"})
    chosen = client.post(address, data={"password": "con mèo ngủ trưa", "again": "con mèo ngủ trưa"})

    assert (weak.status_code, chosen.status_code, chosen.location) == (422, 302, "/")
    assert is_in(client)
    client.post("/sign-out")
    assert [client.get(address).status_code, client.post(address, data={"password": "x", "again": "x"}).status_code] == [410, 410]
    assert give(client, "le.an", "con mèo ngủ trưa") == (302, "/")


def test_a_reset_ends_the_sessions_of_whoever_knew_the_old_password(app: Flask, cast: Cast):
    thief, owner = app.test_client(), app.test_client()
    give(thief, "teacher")
    secret = make_link(cast.accounts["teacher"], "reset")
    session.commit()

    owner.post(f"/password/reset/{secret}", data={"password": "con mèo ngủ trưa", "again": "con mèo ngủ trưa"})

    assert (is_in(owner), is_in(thief)) == (True, False)


@pytest.mark.parametrize("path", ["/welcome/made-up", "/password/reset/made-up", "/card/made-up"])
def test_a_made_up_link_opens_nothing(client: FlaskClient, database: None, path: str):
    assert [client.get(path).status_code, client.post(path).status_code] == [410, 410]


def test_a_link_for_one_thing_does_not_do_another(client: FlaskClient, cast: Cast):
    secret = make_link(cast.accounts["pupil"], "card")
    session.commit()

    assert [client.get(f"{path}/{secret}").status_code for path in ("/welcome", "/password/reset", "/card")] == [410, 410, 200]


def test_a_preview_does_not_use_up_a_card(client: FlaskClient, cast: Cast):
    secret = make_link(cast.accounts["pupil"], "card")
    session.commit()

    looked = [client.get(f"/card/{secret}").status_code, client.head(f"/card/{secret}").status_code]
    assert (looked, is_in(client)) == ([200, 200], False)

    entered = client.post(f"/card/{secret}")
    assert (entered.status_code, entered.location, is_in(client)) == (302, "/", True)

    assert client.post(f"/card/{secret}").status_code == 410


def test_a_slip_of_an_account_without_password_asks_for_one(client: FlaskClient, cast: Cast):
    account = make_user("le.an", password=False)
    secret = make_link(account, "card")
    session.commit()

    client.post(f"/card/{secret}")

    assert client.get("/me").location == "/password"
    client.post("/password", data={"password": "con mèo ngủ trưa", "again": "con mèo ngủ trưa"})
    assert is_in(client)


def test_a_card_ends_the_session_of_whoever_sat_here_before(sign_in: SignIn, cast: Cast):
    client = sign_in("teacher")
    secret = make_link(cast.accounts["pupil"], "card")
    session.commit()

    client.post(f"/card/{secret}")

    assert "Trần Minh An" in client.get("/me").text


# Language


def test_a_stranger_chooses_the_language_for_this_browser(client: FlaskClient, database: None):
    assert '<html lang="vi">' in client.get("/sign-in").text

    assert client.get("/language/en?next=/sign-in").location == "/sign-in"

    assert '<html lang="en">' in client.get("/sign-in").text


def test_an_account_keeps_the_language_for_good(sign_in: SignIn, cast: Cast):
    client = sign_in("teacher")

    assert client.post("/language/en", data={"next": "/me"}).location == "/me"
    client.post("/sign-out")

    assert '<html lang="en">' in sign_in("teacher").get("/me").text
    assert session.get_one(Account, cast.accounts["teacher"].id).language == "en"


def test_looking_in_another_language_changes_no_account(sign_in: SignIn, cast: Cast):
    sign_in("teacher").get("/language/en?next=/me")

    assert session.get_one(Account, cast.accounts["teacher"].id).language == "vi"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example"])
def test_switching_the_language_leads_only_to_pages_of_ours(client: FlaskClient, database: None, target: str):
    assert client.get("/language/en", query_string={"next": target}).location == "/"


def test_an_unknown_language_is_not_found(client: FlaskClient, database: None):
    assert client.get("/language/xx").status_code == 404


@pytest.mark.parametrize("path", ["/sign-in", "/card", "/welcome", "/password/forgot", "/password/forgot?sent=1"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_doors_are_open_to_everybody(client: FlaskClient, database: None, path: str, language: str):
    client.get(f"/language/{language}")

    page = client.get(path)

    assert (page.status_code, f'<html lang="{language}">' in page.text) == (200, True)


def test_the_profile_shows_what_is_known(sign_in: SignIn, cast: Cast):
    page = sign_in("teacher").get("/me").text

    assert [fact in page for fact in ("Nguyễn Thị Thu Hường", "THCS Sông Xanh", "teacher@truong.example")] == [True] * 3


def test_a_pages_own_person_has_no_say_in_the_name(sign_in: SignIn, cast: Cast):
    cast.persons["teacher"].family_name = "<script>alert(1)</script>"
    session.commit()

    assert "<script>alert(1)" not in sign_in("teacher").get("/me").text


def test_switching_the_language_forgets_neither_page_nor_question(client: FlaskClient, database: None):
    link = re.search(r'href="(/language/en[^"]*)"', client.get("/sign-in?next=/courses?a%3D1").text)
    assert link is not None

    assert client.get(html.unescape(link[1])).location == "/sign-in?next=/courses?a%3D1"
