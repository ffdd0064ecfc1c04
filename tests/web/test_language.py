"""The language of a page: asked for, chosen before, the account's, the installation's."""

from collections.abc import Callable

from flask.testing import FlaskClient

from lms.core.db import session
from tests.cast import Cast


def language_of(client: FlaskClient, path: str = "/sign-in") -> str:
    return client.get(path).get_data(as_text=True).split('<html lang="')[1][:2]


def test_a_visitor_sees_the_language_of_the_installation(client: FlaskClient):
    assert language_of(client) == "vi"


def test_an_address_can_ask_for_a_language_once(client: FlaskClient):
    assert [language_of(client, "/sign-in?lang=en"), language_of(client)] == ["en", "vi"]


def test_an_unknown_language_changes_nothing(client: FlaskClient):
    assert language_of(client, "/sign-in?lang=fr") == "vi"
    assert client.get("/language/fr").status_code == 404


def test_a_visitors_choice_stays(client: FlaskClient):
    client.get("/language/en?next=/sign-in")
    assert language_of(client) == "en"


def test_switching_comes_back_to_the_page_and_only_to_one_of_ours(client: FlaskClient):
    assert client.get("/language/en?next=/verify").location == "/verify"
    assert client.get("/language/en?next=//evil.example/x").location == "/"


def test_people_see_the_language_of_their_account(sign_in: Callable[[str], FlaskClient], cast: Cast):
    cast.accounts["teacher"].language = "en"
    session.commit()

    assert language_of(sign_in("teacher"), "/me") == "en"


def test_a_page_offers_the_other_language(client: FlaskClient):
    page = client.get("/verify").get_data(as_text=True)
    assert 'href="/language/en?next=/verify"' in page
    assert 'hreflang="en"' in page
