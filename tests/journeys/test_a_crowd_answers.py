"""A whole crowd answers at once while the server is killed twice: nothing is lost, nothing happens twice, nobody sees an error."""

import http.client
import json
import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.core import clock, db
from lms.core.db import session
from lms.learning.models import Result
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.quiz import Quiz
from lms.web.cookies import Sessions
from tests import factories
from tests.factories_quizzes import RIGHT, WRONG, enrol, make_quiz
from tests.real_server import SECRET_KEY, UNREACHABLE, free_port, server, wait_until

LEARNERS = {"postgresql": 200, "sqlite": 50}
ROUNDS = 2  # answers to each question
KILLED_AFTER = (0.2, 0.6)  # of all answers were acknowledged
PATIENCE = 240.0  # seconds for everything; idle, it takes 20
ANSWER_WITHIN = 60.0  # seconds for one request, in a crowd on a busy machine

pytestmark = pytest.mark.real_database


def test_a_crowd_loses_nothing_while_the_server_is_killed_twice(real_database: str, tmp_path: Path) -> None:
    with db.transaction():
        quiz = make_quiz()
        accounts = [make_learner(quiz, number) for number in range(LEARNERS[real_database.partition(":")[0].partition("+")[0]])]
        activity_id = quiz.activity_id
    db.engine().dispose()
    port, gate, gone = free_port(), Barrier(len(accounts)), Event()
    crowd = [Learner(port, activity_id, account_id, gate, gone) for account_id in accounts]
    threads = [Thread(target=learner.take_the_quiz, daemon=True) for learner in crowd]

    try:
        for place, share in enumerate((*KILLED_AFTER, None)):
            with server(real_database, tmp_path, port) as kill_it:
                if place == 0:
                    for thread in threads:
                        thread.start()
                enough = len(crowd) * 4 * ROUNDS * share if share else None
                wait_until(
                    lambda enough=enough: (
                        any(learner.trouble for learner in crowd)
                        or (sum(len(learner.acknowledged) for learner in crowd) >= enough if enough else all(map(is_over, threads)))
                    ),
                    lambda: f"{sum(learner.done for learner in crowd)} of {len(crowd)} are done",
                    within=PATIENCE,
                )
                assert [learner.trouble for learner in crowd if learner.trouble] == []
                kill_it()
    finally:
        gone.set()
        for thread in threads:
            thread.join(timeout=ANSWER_WITHIN)

    assert [learner.done for learner in crowd] == [True] * len(crowd)
    # The kills met people in the middle of something; otherwise this would prove little.
    assert sum(learner.lost_connections for learner in crowd) > 0
    check(crowd)


def is_over(thread: Thread) -> bool:
    return not thread.is_alive()


def make_learner(quiz: Quiz, number: int) -> int:
    person = factories.make_person(f"Nguyễn Văn Đông {number}")
    enrol(person, quiz)
    account: Account = factories.make_account(person, f"dong{number}")
    return account.id


def check(crowd: list["Learner"]) -> None:
    """Every acknowledged answer is a step, the latest one was graded, and all of it happened once."""
    with db.transaction():
        attempts = session.execute(select(Attempt.number, Attempt.state, func.count()).group_by(Attempt.number, Attempt.state))
        assert [tuple(row) for row in attempts] == [(1, "finished", len(crowd))]
        outcomes = session.execute(select(Result.state, func.count()).group_by(Result.state).order_by(Result.state))
        well = sum(learner.ends_well for learner in crowd)
        assert [tuple(row) for row in outcomes] == [("failed", len(crowd) - well), ("passed", well)]
        steps: dict[int, dict[tuple[int, int], Any]] = {}
        for attempt_id, slot, sequence, said in session.execute(
            select(Response.attempt_id, Response.slot, Step.sequence, Step.data)
            .join(Step, Step.response_id == Response.id)
            .where(Step.kind == "save")
        ):
            steps.setdefault(attempt_id, {})[slot, sequence] = said
        for learner in crowd:
            # Nothing is missing, and nothing is there that was not said: also what was sent again counts once.
            assert steps[learner.attempt_id] == learner.acknowledged
        for row in session.scalars(select(Response)):
            assert (row.sequence, row.answer) == (ROUNDS, steps[row.attempt_id][row.slot, ROUNDS])
            assert row.fraction is not None


@dataclass
class Learner:
    """Somebody who goes through a quiz as a browser does, and tries again for as long as nobody answers."""

    port: int
    activity_id: int
    account_id: int
    gate: Barrier
    gone: Event
    acknowledged: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    lost_connections: int = 0
    attempt_id: int = 0
    done: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(self.account_id)
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_WITHIN)
        self.cookie, self.token = signed_in(self.account_id)

    @property
    def answers(self) -> list[Sequence[dict[str, Any]]]:
        """What is answered round by round: some learners end with what is right, some with what is wrong."""
        return [WRONG, RIGHT] if self.ends_well else [RIGHT, WRONG]

    @property
    def ends_well(self) -> bool:
        return self.account_id % 2 == 0

    def take_the_quiz(self) -> None:
        try:
            self.gate.wait(timeout=ANSWER_WITHIN)
            self.go_through()
            self.done = True
        except Exception as error:  # whatever it is, the test shows it
            self.trouble.append(f"{type(error).__name__}: {error}")
        finally:
            self.line.close()

    def go_through(self) -> None:
        path = self.post(f"/quiz/{self.activity_id}/start")
        self.attempt_id = int(path.rpartition("/")[2])
        assert self.get(path) == 200
        for number, answers in enumerate(self.answers, start=1):
            for slot, said in enumerate(answers, start=1):
                change = {"slot": slot, "sequence": number, "key": secrets.token_hex(16), "response": said}
                headers = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": self.token}
                came = self.ask("POST", f"{path}/save", json.dumps(change), headers)
                assert (came.status, came.said.get("sequence")) == (200, number), came
                self.acknowledged[slot, number] = said
        assert self.get(f"{path}/summary") == 200
        # A double click.
        assert [self.post(f"{path}/finish") for _ in range(2)] == [f"{path}/result"] * 2
        assert self.get(f"{path}/result") == 200

    def get(self, path: str) -> int:
        return self.ask("GET", path).status

    def post(self, path: str) -> str:
        """Send a form without fields; return where it leads."""
        came = self.ask("POST", path, urlencode({"csrf_token": self.token}), {"Content-Type": "application/x-www-form-urlencoded"})
        assert came.status in (302, 303), came
        return came.location

    def ask(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> "Came":
        """Ask until somebody answers, as autosave.js and people do; an answer that is an error is none to try again after."""
        while True:
            try:
                self.line.request(method, path, body, {"Cookie": self.cookie, **(headers or {})})
                response = self.line.getresponse()
                came = Came(response.status, response.headers.get("Location", ""), response.read().decode())
                break
            except UNREACHABLE as error:
                self.line.close()
                self.lost_connections += 1
                if self.gone.wait(self.chance.uniform(0.1, 0.5)):
                    raise AssertionError(f"nobody answered any more: {error!r}") from error
        assert came.status < 400, f"{method} {path}: {came}"
        return came


@dataclass(frozen=True)
class Came:
    """What came back."""

    status: int
    location: str
    text: str

    @property
    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.text))


def signed_in(account_id: int) -> tuple[str, str]:
    """Return the cookie and the token of somebody who signed in: two hundred passwords would take longer than the test."""
    token = secrets.token_hex(20)
    app = Flask("signing")
    app.secret_key = SECRET_KEY
    content = {"_user_id": f"{account_id}.0", "_fresh": True, "_permanent": True, "csrf_token": token, "day": clock.today().isoformat()}
    cookie = Sessions().get_signing_serializer(app).dumps(content)
    return f"antoanso={cookie}", str(URLSafeTimedSerializer(SECRET_KEY, salt="wtf-csrf-token").dumps(token))
