"""The server is killed while people answer: every answer that was shown as saved is there afterwards."""

import json
import random
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select

from lms.core import db
from lms.core.db import session
from lms.quizzes.models.attempt import Attempt, Response, Step
from tests.cast import PASSWORD, make_cast
from tests.factories_quizzes import make_attempt, make_quiz
from tests.real_server import UNREACHABLE, free_port, server, wait_until

LEARNERS = ("teacher", "other_teacher", "head")
KILLS = 3

pytestmark = pytest.mark.real_database


def test_every_acknowledged_answer_survives_kill_9(real_database: str, tmp_path: Path) -> None:
    with db.transaction():
        cast = make_cast()
        quiz = make_quiz()
        attempts = {name: make_attempt(cast.persons[name], quiz).id for name in LEARNERS}
    db.engine().dispose()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    learners = [Learner(url, name, attempts[name]) for name in LEARNERS]
    chance = random.Random()

    for kill in range(KILLS):
        with server(real_database, tmp_path, port) as kill_it:
            stop, enough = Event(), sum(len(learner.acknowledged) for learner in learners) + 5
            threads = [Thread(target=learner.answer_until, args=(stop,)) for learner in learners]
            for thread in threads:
                thread.start()
            # Killed somewhere in the middle, once answers are coming in.
            wait_until(
                lambda enough=enough: sum(len(learner.acknowledged) for learner in learners) > enough,
                lambda: [learner.trouble for learner in learners],
            )
            time.sleep(chance.uniform(0.05, 0.8))
            kill_it()
            stop.set()
            for thread in threads:
                thread.join(timeout=60)
        check(learners, after=f"kill {kill + 1}")

    with server(real_database, tmp_path, port):
        for learner in learners:
            learner.sign_in()
            learner.hand_in()
    with db.transaction():
        assert {attempt.state for attempt in session.scalars(select(Attempt))} == {"finished"}
        for learner in learners:
            last = {slot: said for slot, _sequence, said in learner.acknowledged}
            graded = session.scalars(select(Response).where(Response.attempt_id == learner.attempt_id)).all()
            assert all(each.fraction is not None for each in graded)
            assert last[4]["text"] != ["4"] or next(each for each in graded if each.slot == 4).fraction == 1.0


def check(learners: list["Learner"], after: str) -> None:
    """Every acknowledged answer is a step, and what is shown is the latest step."""
    with db.transaction():
        for learner in learners:
            assert learner.trouble == [], after
            steps = {
                (row.slot, row.sequence): row.data
                for row in session.execute(
                    select(Response.slot, Step.sequence, Step.data)
                    .join(Step, Step.response_id == Response.id)
                    .where(Response.attempt_id == learner.attempt_id)
                )
            }
            for slot, sequence, said in learner.acknowledged:
                assert plain(steps[slot, sequence]) == plain(said), f"{learner.name}, question {slot}, {after}"
            for row in session.scalars(select(Response).where(Response.attempt_id == learner.attempt_id)):
                mine = [data for (slot, _), data in sorted(steps.items()) if slot == row.slot]
                assert (row.sequence, row.answer) == (len(mine), mine[-1] if mine else None)


def plain(answer: dict[str, object]) -> dict[str, list[str]]:
    """An answer as a form sends it: each field with the list of its values."""
    return {name: sorted(value) if isinstance(value, list) else [str(value)] for name, value in answer.items()}


@dataclass
class Learner:
    """Somebody who answers over HTTP as autosave.js does: each change is sent until it is acknowledged."""

    url: str
    name: str
    attempt_id: int
    acknowledged: list[tuple[int, int, dict[str, list[str]]]] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    known: dict[int, int] = field(default_factory=dict)
    token: str = ""
    waiting: dict[str, object] | None = None
    turn: int = 0

    def __post_init__(self) -> None:
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def answer_until(self, stop: Event) -> None:
        try:
            if not self.token:
                self.sign_in()
            while not stop.is_set():
                self.answer()
        except UNREACHABLE as error:
            if not stop.wait(10):
                self.trouble.append(f"the server was gone before it was killed: {error!r}")

    def answer(self) -> None:
        """Send what waits to be acknowledged, else something new; raises when the server is gone."""
        if self.waiting is None:
            self.turn += 1
            slot = 1 + self.turn % 4
            said = {
                1: {"choice": [random.choice("abc")]},
                2: {"choices": [random.choice("abcd")]},
                3: {"choice": ["true"]},
                4: {"text": [str(self.turn)]},
            }[slot]
            self.waiting = {"slot": slot, "response": said, "sequence": self.known.get(slot, 0) + 1, "key": f"{self.name}-{self.turn}"}
        slot, said = int(str(self.waiting["slot"])), self.waiting["response"]
        request = urllib.request.Request(
            f"{self.url}/attempts/{self.attempt_id}/save",
            json.dumps(self.waiting).encode(),
            {"Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": self.token},
        )
        try:
            with self.browser.open(request, timeout=30) as came:
                acknowledged = json.loads(came.read())
        except urllib.error.HTTPError as error:
            self.trouble.append(f"{error.code}: {error.read().decode()[:300]}")
            self.waiting = None
            return
        self.known[slot] = acknowledged["sequence"]
        self.acknowledged.append((slot, acknowledged["sequence"], said))  # type: ignore[arg-type]
        self.waiting = None

    def sign_in(self) -> None:
        self.token = self.read_token("/sign-in")
        self.post("/sign-in", {"username": self.name, "password": PASSWORD})
        self.token = self.read_token(f"/attempts/{self.attempt_id}")

    def hand_in(self) -> None:
        assert self.post(f"/attempts/{self.attempt_id}/finish", {}).endswith("/result")

    def read_token(self, path: str) -> str:
        with self.browser.open(f"{self.url}{path}", timeout=30) as came:
            found = re.search(r'name="csrf_token" value="([^"]+)"', came.read().decode())
        assert found
        return found[1]

    def post(self, path: str, values: dict[str, str]) -> str:
        body = urllib.parse.urlencode({"csrf_token": self.token} | values).encode()
        with self.browser.open(f"{self.url}{path}", body, timeout=30) as came:
            return str(came.geturl())
