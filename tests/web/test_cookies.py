"""The session's cookie: genuine ones are remembered, forged and old ones are not taken."""

from datetime import timedelta

from flask import Flask, flash, get_flashed_messages, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import TimestampSigner

from lms.web import cookies
from lms.web.cookies import Sessions


def app_with(key: str = "a key for tests only, long enough") -> Flask:
    app = Flask("lms", static_folder=None)
    app.secret_key = key
    cookies.install(app)

    @app.get("/write/<name>")
    def write(name: str) -> str:
        session["name"] = name
        session.permanent = True
        flash("written")
        return ""

    @app.get("/read")
    def read() -> str:
        return str(session.get("name"))

    @app.get("/told")
    def told() -> str:
        return ",".join(get_flashed_messages())

    return app


def read(app: Flask, cookie: str) -> str:
    return app.test_client(use_cookies=False).get("/read", headers={"Cookie": cookie}).text


def cookie_of(app: Flask, name: str) -> str:
    return app.test_client().get(f"/write/{name}").headers["Set-Cookie"].split(";")[0]


def test_each_browser_reads_its_own_again_and_again():
    app = app_with()
    one, two = cookie_of(app, "one"), cookie_of(app, "two")

    assert [read(app, cookie) for cookie in (one, two, one, two)] == ["one", "two", "one", "two"]


def test_a_forged_cookie_and_one_of_another_site_say_nothing():
    app = app_with()
    genuine = cookie_of(app, "one")
    assert read(app, genuine) == "one"

    # Not the last letter: some of its bits say nothing.
    assert read(app, f"{genuine[:-2]}{'A' if genuine[-2] != 'A' else 'B'}{genuine[-1]}") == "None"
    assert read(app_with("another key that is long enough too"), genuine) == "None"
    assert read(app, "session=nonsense") == "None"


def test_a_cookie_ends_after_its_time_also_when_it_is_remembered(monkeypatch):
    app = app_with()
    genuine, signed = cookie_of(app, "one"), TimestampSigner("").get_timestamp()
    assert read(app, genuine) == "one"

    app.permanent_session_lifetime = timedelta(days=14)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: signed + 14 * 86_400 - 60)
    assert read(app, genuine) == "one"
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: signed + 14 * 86_400 + 60)
    assert read(app, genuine) == "None"


def test_what_a_request_takes_out_of_its_session_is_there_for_the_next_with_the_same_cookie():
    app = app_with()
    genuine = cookie_of(app, "one")
    browser = app.test_client(use_cookies=False)

    assert [browser.get("/told", headers={"Cookie": genuine}).text for _ in range(2)] == ["written", "written"]


def test_flask_itself_reads_our_cookies_and_we_read_its():
    app = app_with()
    ours, flasks = Sessions().get_signing_serializer(app), SecureCookieSessionInterface().get_signing_serializer(app)

    assert flasks is not None
    assert flasks.loads(ours.dumps({"name": "one"})) == {"name": "one"}
    assert ours.loads(flasks.dumps({"name": "one"})) == {"name": "one"}
