"""How the pages of the question bank grow with it: python -m bench.bank [--sizes 1000,50000] [--postgresql].

Questions are generated straight into the bank, every tenth of two versions, in 40
categories, two levels of them. Each page is asked through the whole app, signed in.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import insert, text

from bench import bank_data
from lms.core import clock, db, names
from lms.core.db import session
from lms.quizzes.models.bank import Category, Question, QuestionVersion

TURNS = 9
PORTION = 5_000
CATEGORIES = 40
BODY = {"choices": [{"key": "a", "fraction": 1.0}, {"key": "b", "fraction": 0.0}], "shuffle": True, "numbering": "abc"}
MOST_GROWTH = 2.0
RARE = "hiemgap"  # in every thousandth question
PAGES = {
    "all of them": "/questions",
    "a category with those in it": "/questions?category=1",
    "a frequent word": "/questions?words=cau",
    "a rare word": f"/questions?words={RARE}",
    "a word that is nowhere": "/questions?words=khongcodau",
    "a state": "/questions?state=ready",
    "page 20": "/questions?page=20",
}


def main() -> None:
    """Measure and print; ends with 1 when a page whose cost is bounded grows more than wanted."""
    parser = argparse.ArgumentParser(prog="python -m bench.bank", description=__doc__)
    parser.add_argument("--sizes", default="1000,50000")
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    measured = [_measured(size, postgresql=given.postgresql) for size in sizes]
    print(f"\n{'milliseconds, median':30}" + "".join(f"{size:>12,}" for size in sizes) + f"{'grows':>10}")
    for name in PAGES:
        growth = measured[-1][name] / measured[0][name]
        print(f"{name:30}" + "".join(f"{1000 * each[name]:>12.1f}" for each in measured) + f"{growth:>9.1f}x")
    print("A word that few or no questions have is looked for in all of them; everything else ends with its page.")
    bounded = [name for name in PAGES if "rare" not in name and "nowhere" not in name]
    raise SystemExit(any(measured[-1][name] / measured[0][name] > MOST_GROWTH for name in bounded))


def _measured(size: int, *, postgresql: bool) -> dict[str, float]:
    print(f"  {size:,} questions ...", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="antoanso-bench-") as folder, bank_data.app_in(Path(folder), postgresql=postgresql) as app:
        with app.app_context():
            unit_id = bank_data.author()
            _fill(size, unit_id)
        client = bank_data.signed_in(app)
        return {name: _time(lambda path=path: _ask(client, path)) for name, path in PAGES.items()}  # type: ignore[misc]


def _fill(size: int, unit_id: int) -> None:
    random = Random(7)
    with db.transaction():
        session.execute(
            insert(Category),
            [
                {
                    "id": number,
                    "unit_id": unit_id,
                    "parent_id": None if number % 4 == 1 else number - (number - 1) % 4,
                    "name": f"Chủ đề {number}",
                    "position": number,
                }
                for number in range(1, CATEGORIES + 1)
            ],
        )
    for start in range(0, size, PORTION):
        with db.transaction():
            ids = range(start + 1, min(start + PORTION, size) + 1)
            session.execute(insert(Question), [{"id": n, "category_id": n % CATEGORIES + 1, "created_at": clock.now()} for n in ids])
            session.execute(insert(QuestionVersion), [row for n in ids for row in _versions(n, random)])
    with db.transaction():
        if db.engine().dialect.name == "postgresql":
            session.execute(text("ANALYZE"))  # which it does by itself within a minute
        db.measure_tables()


def _versions(number: int, random: Random) -> list[dict[str, Any]]:
    rows = []
    for version in range(1, 3 if number % 10 == 0 else 2):
        stem = f"Câu {number}: {bank_data.sentence(random, 18)}{f' {RARE}' if number % 1_000 == 0 else ''}?"
        rows.append(
            {
                "question_id": number,
                "number": version,
                "state": "ready",
                "type": "single_choice",
                "name": stem[:60],
                "default_mark": 1.0,
                "penalty": 0.3,
                "body": BODY,
                "texts": {"vi": {"stem": f"<p>{stem}</p>", "a": "Đúng", "b": "Sai"}},
                "content_hash": f"{number}-{version}",
                "search_key": names.fold(stem),
                "created_at": clock.now(),
            }
        )
    return rows


def _ask(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")


def _time(what: Callable[[], object]) -> float:
    what()
    times = []
    for _ in range(TURNS):
        begun = time.perf_counter()
        what()
        times.append(time.perf_counter() - begun)
    return median(times)


if __name__ == "__main__":
    main()
