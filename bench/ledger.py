"""How a unit page grows with the number of staff: python -m bench.ledger [--sizes 3500,110000,1660000] [--rebuild].

Units, persons, posts, qualifications and the ledger are generated straight into
an SQLite database, two years of changes.  Asked through the whole app, signed in:
the page of the top office, of an office with about a hundred units, of a ward, of
a school, and the people behind a school's figure, today and on a past day.
With --rebuild the ledger is then derived again from the facts, proved, and
5,000 new facts are folded.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from lms.accounts.models import Account, Person
from lms.app import create_app
from lms.cli.database import migrate
from lms.core import clock, config, db, journal, names
from lms.core.db import session
from lms.courses.models import Course
from lms.programmes.models import Programme, Qualification, Rule, Target
from lms.reports import coverage
from lms.reports.models import CoverageChange, CoverageMonth
from lms.schools.kinds import seed
from lms.schools.models import Post, Role, Unit, UnitName, UnitParent
from lms.schools.tree import rebuild_reach

TODAY = clock.today()
BEGAN = TODAY - timedelta(days=730)
PAST = TODAY - timedelta(days=400)
# Staff -> how many units there are on each level, from the top down; the last are schools.
SHAPES = {600: (1, 15), 3_500: (1, 15, 106), 11_000: (1, 17, 265), 110_000: (1, 168, 2_650), 1_660_000: (1, 34, 3_321, 40_000)}
KINDS = {2: ("phuong_xa", "truong"), 3: ("so", "phuong_xa", "truong"), 4: ("bo", "so", "phuong_xa", "truong")}
TURNS = 15
MOST_GROWTH = 1.5
FOLDED = 5_000


@dataclass(frozen=True)
class Tree:
    """Units by level; ``parents`` says under which unit each stands."""

    levels: list[range]
    parents: dict[int, int]

    @property
    def schools(self) -> range:
        return self.levels[-1]

    def children(self, unit_id: int) -> int:
        return sum(1 for parent in self.parents.values() if parent == unit_id)

    def chain(self, unit_id: int) -> list[int]:
        found = [unit_id]
        while found[-1] in self.parents:
            found.append(self.parents[found[-1]])
        return found


@dataclass(frozen=True)
class Measured:
    name: str
    children: int
    statements: int
    whole: float  # ms


def main() -> None:
    """Generate each size, measure, print; ends with 1 when a page grows more than we want."""
    parser = argparse.ArgumentParser(prog="python -m bench.ledger", description=__doc__)
    parser.add_argument("--sizes", default="3500,110000,1660000", help="numbers of staff (default all three)")
    parser.add_argument("--rebuild", action="store_true", help="also derive the ledger from the facts, prove it and fold")
    options = parser.parse_args()
    found: dict[int, list[Measured]] = {}
    for staff in (int(size) for size in options.sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="antoanso-ledger-") as folder:
            found[staff] = _measure(staff, Path(folder), rebuild=options.rebuild)
    _print(found)
    raise SystemExit(0 if _is_flat(found) else 1)


def _measure(staff: int, folder: Path, *, rebuild: bool) -> list[Measured]:
    app = create_app(
        config.load({"LMS_INSTANCE": str(folder), "LMS_THROTTLE": "off", "LMS_SECRET_KEY": "a key for measuring only, long enough"})
    )
    with app.app_context():
        migrate("head")
        begun = time.perf_counter()
        tree = fill(staff)
        size = sum(path.stat().st_size for path in folder.glob("*.sqlite*")) / 1e6
        _say(f"{staff:>9,} staff generated in {time.perf_counter() - begun:.0f} s, {size:,.0f} MB")
        pages = list(_pages(tree))
    client = _client(app)
    measured = [_ask(app, client, name, path, children) for name, path, children in pages]
    if rebuild:
        with app.app_context():
            _derive(staff)
    db.engine().dispose()
    return measured


def _pages(tree: Tree) -> Iterator[tuple[str, str, int]]:
    top, school = tree.levels[0][0], tree.schools[len(tree.schools) // 2]
    ward = tree.parents[school]
    wide = min(tree.parents.values(), key=lambda unit: abs(tree.children(unit) - 100))
    for name, unit in (("top office", top), ("office of about 100", wide), ("ward", ward)):
        yield name, f"/units/U{unit}", tree.children(unit)
        yield f"{name}, past day", f"/units/U{unit}?as_of={PAST.isoformat()}", tree.children(unit)
    yield "school", f"/units/U{school}", 0
    yield "people of a school", f"/units/U{school}/people", 0


def _ask(app: Flask, client: FlaskClient, name: str, path: str, children: int) -> Measured:
    statements = [0]

    def count(_connection: Any, _cursor: Any, statement: str, *_all: Any) -> None:
        statements[0] += not statement.startswith("BEGIN")

    event.listen(db.engine(), "before_cursor_execute", count)
    whole = []
    for turn in range(TURNS + 3):
        statements[0] = 0
        start = time.perf_counter()
        response = client.get(path)
        took = time.perf_counter() - start
        assert response.status_code == 200, (path, response.status)
        if turn >= 3:
            whole.append(took * 1000)
    event.remove(db.engine(), "before_cursor_execute", count)
    return Measured(name, children, statements[0], median(whole))


def _client(app: Flask) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1.0"
    return client


def fill(staff: int) -> Tree:
    with db.transaction():
        seed()
        tree = _units(SHAPES[staff])
        programme_id = _programme()
        rebuild_reach()
    with db.transaction():
        _staff(staff, tree, programme_id)
    return tree


def _units(shape: tuple[int, ...]) -> Tree:
    levels, first = [], 1
    for count in shape:
        levels.append(range(first, first + count))
        first += count
    parents = {
        unit: above[(unit - level[0]) * len(above) // len(level)]
        for above, level in zip(levels, levels[1:], strict=False)
        for unit in level
    }
    kinds = KINDS[len(shape)]
    dated = {"from_day": BEGAN - timedelta(days=900), "recorded_at": clock.start_of(BEGAN)}
    units, titles, places = [], [], []
    for kind, level in zip(kinds, levels, strict=True):
        for unit in level:
            name = f"{kind} số {unit}"
            units.append({"id": unit, "code": f"U{unit}", "kind_code": kind, "stage": "th" if kind == "truong" else None})
            titles.append({"unit_id": unit, "name": name, "short_name": name, "sort_key": names.sort_key("", name), **dated})
            places.append({"unit_id": unit, "parent_id": parents.get(unit), "relation": "administrative", **dated})
    for table, rows in ((Unit, units), (UnitName, titles), (UnitParent, places)):
        session.execute(insert(table), rows)
    return Tree(levels, parents)


def _programme() -> int:
    course = Course(slug="cb1", code="CB1", audience="staff", created_at=clock.now())
    session.add(course)
    session.flush()
    programme = Programme(slug="cb1", title={"vi": "Bồi dưỡng"}, legal_basis={}, audience="staff", from_day=BEGAN, certificate=False)
    session.add(programme)
    session.flush()
    session.add(Rule(programme_id=programme.id, number=1, course_id=course.id, positions=[], grades=[], valid_months=24, from_day=BEGAN))
    session.add(Target(programme_id=programme.id, day=TODAY + timedelta(days=300), share=0.9))
    session.flush()
    return programme.id


def _staff(staff: int, tree: Tree, programme_id: int) -> None:
    """Write persons with a post and mostly a qualification, and what they add to the ledger."""
    random = Random(staff)
    session.execute(insert(Person), [{"id": 1, **_person(1)}])
    session.execute(
        insert(Account), [{"id": 1, "person_id": 1, "username": "do", "language": "vi", "created_at": clock.now(), "session_epoch": 0}]
    )
    session.execute(insert(Role), [{"account_id": 1, "role": "administrator", "unit_id": 1, "from_day": BEGAN}])
    schools, person_id = tree.schools, 1
    last_school = {unit: school for school in schools for unit in tree.chain(school)}
    connection = session.connection()
    # What each unit adds up to, until its last school is done: position, day, day it was learnt -> obliged, trained.
    open_units: dict[int, dict[tuple[str, date, date], list[int]]] = {}
    waiting: dict[Any, list[dict[str, Any]]] = {Person: [], Post: [], Qualification: [], CoverageChange: [], CoverageMonth: []}
    for number, school in enumerate(schools):
        own: dict[tuple[str, date, date], list[int]] = defaultdict(lambda: [0, 0])
        for _ in range(staff * (number + 1) // len(schools) - staff * number // len(schools)):
            person_id += 1
            position = "manager" if random.random() < 0.08 else "teacher"
            joined = BEGAN if random.random() < 0.85 else BEGAN + timedelta(days=random.randrange(700))
            waiting[Person].append({"id": person_id, **_person(person_id)})
            waiting[Post].append(
                {
                    "id": person_id,
                    "person_id": person_id,
                    "unit_id": school,
                    "position_code": position,
                    "from_day": joined,
                    "department": "",
                    "recorded_at": clock.start_of(joined),
                }
            )
            steps = [(joined, joined, 1, 0)]
            if random.random() < 0.85:
                trained = joined + timedelta(days=random.randrange((TODAY - joined).days or 1))
                until = db.month_later(trained, 24)
                waiting[Qualification].append(_qualification(programme_id, person_id, 1, trained, until))
                steps += [(trained, trained, 0, 1), (until, trained, 0, -1)]
            for day, learnt, obliged, qualified in steps:
                for key in (("", day, learnt), (position, day, learnt)):
                    own[key][0] += obliged
                    own[key][1] += qualified
        for unit in tree.chain(school):
            sums = open_units.setdefault(unit, {})
            for key, (obliged, qualified) in own.items():
                both = sums.setdefault(key, [0, 0])
                both[0] += obliged
                both[1] += qualified
            if last_school[unit] == school:
                _close(unit, open_units.pop(unit), programme_id, waiting)
        if number % 200 == 199 or school == schools[-1]:
            for table, rows in waiting.items():
                if rows:
                    connection.execute(insert(table), rows)
                    rows.clear()


def _close(unit: int, sums: dict[tuple[str, date, date], list[int]], programme_id: int, waiting: dict[Any, list[dict[str, Any]]]) -> None:
    """Write the rows of a unit to which nothing comes any more."""
    months: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0])
    same = {"programme_id": programme_id, "unit_id": unit, "exempt": 0}
    for (position, day, learnt), (obliged, qualified) in sorted(sums.items()):
        waiting[CoverageChange].append(
            {**same, "position_code": position, "day": day, "recorded_on": learnt, "obliged": obliged, "trained": qualified}
        )
        month = months[position, day.replace(day=1)]
        month[0] += obliged
        month[1] += qualified
    for (position, first), (obliged, qualified) in months.items():
        waiting[CoverageMonth].append({**same, "position_code": position, "month": first, "obliged": obliged, "trained": qualified})


def _qualification(programme_id: int, person_id: int, cycle: int, from_day: date, until_day: date | None) -> dict[str, Any]:
    return {
        "programme_id": programme_id,
        "person_id": person_id,
        "cycle": cycle,
        "rule_id": 1,
        "from_day": from_day,
        "until_day": until_day,
        "evidence": "",
        "state": "valid",
        "recorded_at": clock.start_of(from_day),
    }


def _person(number: int) -> dict[str, Any]:
    name = f"Số {number}"
    return {
        "family_name": "Người",
        "given_name": name,
        "sort_key": f"{number:09d}",
        "search_key": name,
        "created_at": clock.start_of(BEGAN),
    }


def _derive(staff: int) -> None:
    """Rebuild, prove and fold, each with its time."""
    for what, work in (("rebuilt", lambda: f"{coverage.rebuild():,} persons"), ("proved", _proved), (f"folded {FOLDED:,} notes", _folded)):
        begun = time.perf_counter()
        with db.transaction():
            said = work()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        _say(f"{staff:>9,} staff: {what} in {time.perf_counter() - begun:.1f} s ({said}; the process had at most {memory:,.0f} MB)")


def _proved() -> str:
    proof = coverage.verify()
    return f"{len(proof.differences)} differences in {proof.changes:,} changes"


def _folded() -> str:
    people = session.query(Post.person_id).order_by(Post.person_id.desc()).limit(FOLDED).all()
    rows = [_qualification(1, row[0], 2, TODAY, None) for row in people]
    session.execute(insert(Qualification), rows)
    journal.note("person", [row[0] for row in people])
    posted = 0
    while True:
        folded = coverage.fold()
        posted += folded.posted
        if not folded.left:
            return f"{posted:,} changes posted"


def _print(found: dict[int, list[Measured]]) -> None:
    print(f"{'page':32}" + "".join(f"{staff:>26,}" for staff in found))
    print(f"{'':32}" + "".join(f"{'units  statem.   page ms':>26}" for _ in found))
    for rows in zip(*found.values(), strict=True):
        print(f"{rows[0].name:32}" + "".join(f"{row.children:>7}{row.statements:>9}{row.whole:>10.1f}" for row in rows))


def _is_flat(found: dict[int, list[Measured]]) -> bool:
    """Compare what has as many units at the smallest and the largest size: the school, its people, the ward."""
    first, last = (found[size] for size in (min(found), max(found)))
    flat = True
    for small, large in zip(first, last, strict=True):
        per_unit = abs(small.children - large.children) <= 5
        growth = large.whole / small.whole
        if per_unit and len(found) > 1:
            _say(f"{small.name}: {growth:.2f} times (at most {MOST_GROWTH})")
            flat = flat and growth <= MOST_GROWTH
        flat = flat and large.statements <= 8
    return flat


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
