"""What is asked of the servers, made in a process that has the app and its database open.

Run as ``python -m bench.inside FINISHES`` with LMS_INSTANCE set: it prints one
JSON object, the name of each scenario with its requests.  Sessions are signed
here, so that nobody waits for hundreds of passwords; sign-in itself is asked with
a real one.
"""

import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from random import Random
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select, text

from bench import limit
from lms.accounts.models import Account
from lms.app import create_app
from lms.core import clock, config, db
from lms.core.db import session
from lms.courses.models import Activity, Course, Version
from lms.learning.models import Enrolment
from lms.quizzes import attempts
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.quiz import Quiz

PEOPLE = 30  # who ask for pages in turn
SAVING = 30  # attempts in which answers are saved
CHANGES = 100  # of each answer; enough for a machine that saves 2,000 a second


@dataclass(frozen=True)
class Session:
    """A signed-in browser."""

    account_id: int
    cookie: str
    csrf_token: str


def scenarios(app: Flask, settings: config.Settings, *, finishes: int) -> dict[str, list[str]]:
    """Return the requests of each scenario; ``finishes`` attempts are begun to be handed in, each of them once."""
    players = json.loads((settings.instance / "demo.json").read_text())
    with db.transaction():
        session.execute(text("CREATE TABLE IF NOT EXISTS bench_row (id INTEGER PRIMARY KEY, text VARCHAR NOT NULL)"))
    with db.transaction():
        begun = _begin_attempts(SAVING + finishes)
    with db.transaction():
        learners = [signed_in(app, attempt.account_id) for attempt in begun]
        slug, lessons = _lessons()
        head, officer = (signed_in(app, _account_id(players[role]["username"])) for role in ("head_teacher", "officer"))
        pages = {
            "course": [_get(f"/courses/{slug}", each) for each in learners[:PEOPLE]],
            "lesson": [_get(f"/courses/{slug}/{lessons[n % len(lessons)]}", each) for n, each in enumerate(learners[:PEOPLE])],
            "home": [_get("/", each) for each in learners[:PEOPLE]],
            "quiz": [_get(f"/attempts/{begun[n].attempt_id}", each) for n, each in enumerate(learners[:PEOPLE])],
            "school": [_get(_path(players["head_teacher"]["url"]), head)],
            "office": [_get(_path(players["officer"]["url"]), officer)],
        }
        saving = [_save(begun[n], learners[n]) for n in range(SAVING)]
        finishing = [_finish(begun[n], learners[n]) for n in range(SAVING, SAVING + finishes)]
    teacher = players["teacher"]
    return pages | {
        "save": [request for requests in zip(*saving, strict=False) for request in requests],
        "finish": finishing,
        "sign_in": [_sign_in(app, teacher["username"], teacher["password"])],
        "limit": limit_requests(settings.database_url.removeprefix("sqlite:///"), PEOPLE),
        "commit": [request_text("POST", "/commit", "", b"")],
    }


@dataclass(frozen=True)
class Begun:
    """An attempt that was begun, with its slots: number, how many answers are saved, what can be chosen."""

    attempt_id: int
    account_id: int
    slots: tuple[tuple[int, int, list[str]], ...]


def _begin_attempts(count: int) -> list[Begun]:
    rows = session.execute(
        select(Enrolment, Quiz, Account.id)
        .join(Account, Account.person_id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Activity, Activity.version_id == Enrolment.version_id)
        .join(Quiz, Quiz.activity_id == Activity.id)
        .where(Course.audience == "staff", Activity.required, Enrolment.state == "active")
        .order_by(Enrolment.id)
        .limit(count)
    ).all()
    if len(rows) < count:
        raise SystemExit(f"the demo has {len(rows)} people who may begin a quiz, the bench needs {count}: give a larger --size")
    random = Random(1)
    return [_begun(attempts.start(enrolment, quiz, random=random), account_id) for enrolment, quiz, account_id in rows]


def _begun(attempt: Attempt, account_id: int) -> Begun:
    rows = session.execute(
        select(Response.slot, Response.sequence, Response.order, QuestionVersion.type)
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .where(Response.attempt_id == attempt.id)
        .order_by(Response.slot)
    ).all()
    return Begun(attempt.id, account_id, tuple((row.slot, row.sequence, row.order) for row in rows if row.type == "single_choice"))


def _lessons() -> tuple[str, Sequence[str]]:
    course = session.scalars(select(Course).where(Course.audience == "staff").order_by(Course.id)).first()
    assert course is not None
    newest = session.scalars(select(Version.id).where(Version.course_id == course.id).order_by(Version.number.desc())).first()
    keys = session.scalars(
        select(Activity.key).where(Activity.version_id == newest, Activity.kind == "page").order_by(Activity.position)
    ).all()
    return course.slug, keys


def _account_id(username: str) -> int:
    return session.scalars(select(Account.id).where(Account.username == username)).one()


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def signed_in(app: Flask, account_id: int) -> Session:
    """Sign in without a password, as lms.web.signin would after one."""
    epoch = session.scalars(select(Account.session_epoch).where(Account.id == account_id)).one()
    token = secrets.token_hex(20)
    content = {
        "_user_id": f"{account_id}.{epoch}",
        "_fresh": True,
        "_permanent": True,
        "csrf_token": token,
        "day": clock.today().isoformat(),
    }
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return Session(account_id, f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(content)}", _csrf(app, token))


def _csrf(app: Flask, token: str) -> str:
    signed = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(token)
    return signed if isinstance(signed, str) else signed.decode()


def _get(path: str, by: Session) -> str:
    return request_text("GET", path, by.cookie)


def _save(begun: Begun, by: Session) -> list[str]:
    """Choose one answer, then another, in each slot over and over, as autosave.js sends them."""
    return [
        _json(
            f"/attempts/{begun.attempt_id}/save",
            {"slot": slot, "sequence": number + 1, "key": secrets.token_hex(16), "response": {"choice": [keys[number % len(keys)]]}},
            by,
        )
        for change in range(CHANGES)
        for slot, saved, keys in begun.slots
        for number in [saved + change]
    ]


def _finish(begun: Begun, by: Session) -> str:
    body = urlencode({"csrf_token": by.csrf_token}).encode()
    return request_text("POST", f"/attempts/{begun.attempt_id}/finish", by.cookie, body, "application/x-www-form-urlencoded")


def _json(path: str, body: dict[str, object], by: Session) -> str:
    return request_text("POST", path, by.cookie, json.dumps(body).encode(), "application/json", f"X-CSRF-Token: {by.csrf_token}\r\n")


def _sign_in(app: Flask, username: str, password: str) -> str:
    token = secrets.token_hex(20)
    cookie = app.session_interface.get_signing_serializer(app).dumps({"csrf_token": token})  # type: ignore[attr-defined]
    body = urlencode({"username": username, "password": password, "csrf_token": _csrf(app, token)}).encode()
    return request_text("POST", "/sign-in", f"{app.config['SESSION_COOKIE_NAME']}={cookie}", body, "application/x-www-form-urlencoded")


def limit_requests(database: str, people: int) -> list[str]:
    """Return requests of the limit's page by so many people."""
    client = limit.create_app(database).test_client()
    requests = []
    for user_id in range(1, people + 1):
        cookie = SimpleCookie(client.get(f"/enter/{user_id}").headers["Set-Cookie"])["session"]
        requests.append(request_text("GET", "/page", f"session={cookie.value}"))
    return requests


def request_text(method: str, path: str, cookie: str, body: bytes | None = None, media_type: str = "", extra: str = "") -> str:
    """Return a request as a browser sends it, as text of single bytes."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html,application/json;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\n"
    )
    head += "Accept-Language: vi\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) bench\r\n" + extra
    head += f"Cookie: {cookie}\r\n" if cookie else ""
    head += f"Content-Type: {media_type}\r\n" if media_type else ""
    head += f"Content-Length: {len(body)}\r\n" if body is not None else ""
    return head + "\r\n" + (body or b"").decode("latin-1")


def main() -> None:
    """Print the requests."""
    settings = config.load()
    app = create_app(settings)
    with app.app_context():
        print(json.dumps(scenarios(app, settings, finishes=int(sys.argv[1]))))


if __name__ == "__main__":
    main()
