"""What a quiz costs from start to review, and how that grows with the attempts at it: python -m bench.cycle.

Groups of learners go through the quiz step by step: all begin, all read the page,
all save ten answers, look over, hand in, go through the review.  One connection,
one worker; beside it the limit of `make bench`.  Then the same at a quiz with a
hundred times as many attempts, group by group in turn.
"""

import argparse
import json
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench import servers
from bench.client import Line
from bench.inside import limit_requests, request_text
from bench.servers import Server

FEW, MANY = 1_000, 100_000  # attempts at the quiz
MOST_GROWTH = 1.2
ANSWERS = 10
GROUP = 8  # learners
STEPS = ("start", "page", "save", "summary", "finish", "review")
TITLES = {
    "start": "begin",
    "page": "read a page",
    "save": "save an answer",
    "summary": "look over",
    "finish": "hand in",
    "review": "review",
}


@dataclass
class Learner:
    """A browser in the middle of a quiz."""

    cookie: str
    token: str
    path: str = ""
    answers: list[tuple[int, list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class Cost:
    """Of one request: how long it took, and how long the worker's processor was busy with it, in milliseconds."""

    took: float
    processor: float


class Site:
    """A server with its database and the learners that are left."""

    def __init__(self, server: Server, instance: Path, activity_id: int, learners: list[dict[str, str]]) -> None:
        self.server, self.activity_id = server, activity_id
        self.database = sqlite3.connect(f"file:{instance / 'antoanso.sqlite'}?mode=ro", uri=True)
        self.learners = [Learner(**each) for each in learners]
        self.line = Line(server.port)

    def ask(self, text: str, *expect: int) -> bytes:
        """Ask and wait; return all that came."""
        self.line.ask(text.encode("latin-1"))
        while (status := self.line.answered()) is None:
            pass
        if status not in expect:
            raise SystemExit(f"{text.splitlines()[0]}: wanted {expect}, got {status}")
        return self.line.received

    def group(self) -> dict[str, Cost]:
        """Let a group go through the quiz; return what each step cost a learner."""
        group, self.learners = self.learners[:GROUP], self.learners[GROUP:]
        if len(group) < GROUP:
            raise SystemExit("no learner is left: fewer rounds, please")
        return {name: self._step(getattr(self, name), group) for name in STEPS}

    def _step(self, do: Callable[[Learner], int], group: list[Learner]) -> Cost:
        begun, used = time.perf_counter(), self.server.processor_seconds()
        asked = sum(do(learner) for learner in group)
        return Cost((time.perf_counter() - begun) / asked * 1000, (self.server.processor_seconds() - used) / asked * 1000)

    def start(self, learner: Learner) -> int:
        came = self.ask(self._form(learner, f"/quiz/{self.activity_id}/start"), 302, 303)
        where = re.search(rb"\r\nlocation: (\S+)", came, re.IGNORECASE)
        assert where is not None
        learner.path = where[1].decode()
        return 1

    def page(self, learner: Learner) -> int:
        self.ask(request_text("GET", learner.path, learner.cookie), 200)
        return 1

    def save(self, learner: Learner) -> int:
        choices = self._choices(learner)
        for number in range(ANSWERS):
            again, place = divmod(number, len(choices))
            slot, keys = choices[place]
            answer = {"choice": [keys[again % len(keys)]]}
            body = {"slot": slot, "sequence": again + 1, "key": f"{slot}-{again}-{learner.token[:40]}", "response": answer}
            extra = f"X-CSRF-Token: {learner.token}\r\n"
            self.ask(
                request_text("POST", f"{learner.path}/save", learner.cookie, json.dumps(body).encode(), "application/json", extra), 200
            )
        return ANSWERS

    def summary(self, learner: Learner) -> int:
        self.ask(request_text("GET", f"{learner.path}/summary", learner.cookie), 200)
        return 1

    def finish(self, learner: Learner) -> int:
        self.ask(self._form(learner, f"{learner.path}/finish"), 302, 303)
        return 1

    def review(self, learner: Learner) -> int:
        self.ask(request_text("GET", f"{learner.path}/review", learner.cookie), 200)
        return 1

    def _form(self, learner: Learner, path: str) -> str:
        body = urlencode({"csrf_token": learner.token}).encode()
        return request_text("POST", path, learner.cookie, body, "application/x-www-form-urlencoded")

    def _choices(self, learner: Learner) -> list[tuple[int, list[str]]]:
        """Return the questions with one choice, and the keys of these; a browser reads them off the page."""
        rows = self.database.execute(
            'SELECT r.slot, r."order" FROM quizzes_response r JOIN quizzes_question_version v ON v.id = r.question_version_id'
            " WHERE r.attempt_id = ? AND v.type = 'single_choice' ORDER BY r.slot LIMIT ?",
            (int(learner.path.rpartition("/")[2]), ANSWERS),
        ).fetchall()
        if not rows:
            raise SystemExit("the quiz has no question with one choice")
        return [(slot, json.loads(order)) for slot, order in rows]


def main() -> None:
    """Measure, print; ends with 1 when a request grows by more than wanted."""
    parser = argparse.ArgumentParser(prog="python -m bench.cycle", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="groups of learners at each quiz (default 5)")
    parser.add_argument("--few", type=int, default=FEW, help=f"attempts at the smaller quiz (default {FEW})")
    parser.add_argument("--many", type=int, default=MANY, help=f"attempts at the larger quiz (default {MANY})")
    parser.add_argument("--instance", type=Path, help="a filled instance folder, which is copied, instead of a new demo")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="antoanso-cycle-") as folder, ExitStack() as stack:
        filled = given.instance or _demo(Path(folder) / "demo")
        few, many = (
            stack.enter_context(_site(filled, Path(folder) / str(attempts), attempts, GROUP * (given.rounds + 1)))
            for attempts in (given.few, given.many)
        )
        limit = _limit(stack, Path(folder) / str(given.few))
        few.group(), many.group()  # the first group warms up
        costs = [(few.group(), many.group()) for _ in range(given.rounds)]
        least = {name: median(ask() for _ in range(200)) for name, ask in limit.items()}
    raise SystemExit(0 if _print(costs, least, given.few, given.many) else 1)


def _demo(place: Path) -> Path:
    print("Filling a demo ...", file=sys.stderr)
    place.mkdir()
    servers.run_module(["lms.cli.main", "demo", "--no-serve", "--wards", "3", "--size", "0.2"], place)
    return place


@contextmanager
def _site(filled: Path, place: Path, attempts: int, learners: int) -> Iterator[Site]:
    """Serve a copy of the demo in which the quiz has so many attempts."""
    print(f"Filling the quiz with {attempts} attempts ...", file=sys.stderr)
    shutil.copytree(filled, place)
    ready = json.loads(servers.run_module(["bench.crowd", str(attempts), str(learners)], place))
    with servers.ours(place) as server:
        yield Site(server, place, ready["activity_id"], ready["learners"])


def _limit(stack: ExitStack, instance: Path) -> dict[str, Callable[[], float]]:
    """Return what asks the limit once and says how many milliseconds it took."""
    database = instance / "antoanso.sqlite"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_row (id INTEGER PRIMARY KEY, text VARCHAR NOT NULL)")
    requests = {"page": limit_requests(str(database), 1)[0], "commit": request_text("POST", "/commit", "", b"")}
    line = Line(stack.enter_context(servers.limit(database)).port)

    def ask(text: str) -> float:
        begun = time.perf_counter()
        line.ask(text.encode("latin-1"))
        while line.answered() is None:
            pass
        return (time.perf_counter() - begun) * 1000

    return {name: partial(ask, text) for name, text in requests.items()}


def _print(costs: list[tuple[dict[str, Cost], dict[str, Cost]]], least: dict[str, float], few: int, many: int) -> bool:
    print(f"\n{'ms a request':18}{f'at {few:,} attempts':>22}{f'at {many:,}':>16}{'grows':>10}{'by processor':>16}  wanted")
    kept = True
    for name in STEPS:
        small, large = ([each[place][name] for each in costs] for place in (0, 1))
        took, grown = (median(cost.took for cost in side) for side in (small, large))
        growth = median(after.took / before.took for before, after in zip(small, large, strict=True))
        processor = sum(cost.processor for cost in large) / sum(cost.processor for cost in small)
        held = processor <= MOST_GROWTH
        kept = kept and held
        print(f"{TITLES[name]:18}{took:>22.2f}{grown:>16.2f}{growth:>10.2f}{processor:>16.2f}  {MOST_GROWTH} {'yes' if held else 'NO'}")
    whole = [1000 / median(_of_all(each[place]) for each in costs) for place in (0, 1)]
    print(f"{'attempts a second':18}{whole[0]:>22.1f}{whole[1]:>16.1f}")
    print(f"The limit at the same moment: a bare page {least['page']:.2f} ms, one row committed {least['commit']:.2f} ms.")
    print(
        f"One connection, one worker; an attempt is one of each, and {ANSWERS} answers.  What counts is the time of the worker's processor."
    )
    return kept


def _of_all(group: dict[str, Cost]) -> float:
    """Return the milliseconds of a whole attempt."""
    return sum(group[name].took * (ANSWERS if name == "save" else 1) for name in STEPS)


if __name__ == "__main__":
    main()
