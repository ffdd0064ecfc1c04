"""What following new facts costs: python -m bench.audiences [--staff 110000] [--changed 5000].

After a list is brought in, rules of programmes decide anew about the people in it, and
only about them.  Measured in one run: so many changed people, and a tenth of them, in a
whole city; and the same number in a tenth of the city.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from bench import ledger
from lms.app import create_app
from lms.cli.database import migrate
from lms.core import clock, config, db, journal
from lms.core.db import session
from lms.courses.models import Activity, Course, Section, Version
from lms.learning import joining
from lms.programmes.models import Programme, Rule
from lms.schools.models import Post

FURTHER = 6  # programmes beside the first, with rules of their own
MOST_GROWTH = 1.2  # of what a changed person costs


def main() -> None:
    """Measure and print; ends with 1 when a changed person costs more in a larger city, or among more changes."""
    parser = argparse.ArgumentParser(prog="python -m bench.audiences", description=__doc__)
    parser.add_argument("--staff", type=int, default=110_000)
    parser.add_argument("--changed", type=int, default=5_000)
    given = parser.parse_args()
    few = given.changed // 10
    large = _measured(given.staff, [few, given.changed])
    small = _measured(given.staff // 10, [given.changed])
    for staff, changed, seconds in (*((given.staff, *each) for each in large), *((given.staff // 10, *each) for each in small)):
        print(f"{staff:>9,} staff, {changed:>6,} changed: {seconds:6.2f} s, {1e6 * seconds / changed:6.0f} us each")
    by_changes = (large[1][1] / given.changed) / (large[0][1] / few)
    by_staff = large[1][1] / small[0][1]
    print(f"a changed person among ten times the changes: {by_changes:.2f}, in ten times the city: {by_staff:.2f} (at most {MOST_GROWTH})")
    raise SystemExit(by_changes > MOST_GROWTH or by_staff > MOST_GROWTH)


def _measured(staff: int, numbers: list[int]) -> list[tuple[int, float]]:
    print(f"  {staff:,} staff ...", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="antoanso-bench-") as folder:
        settings = {"LMS_INSTANCE": folder, "LMS_THROTTLE": "off", "LMS_SECRET_KEY": "a key for measuring only, long enough"}
        with create_app(config.load(settings)).app_context():
            migrate("head")
            ledger.fill(staff)
            with db.transaction():
                _programmes()
            found = [(changed, _followed(changed, skip)) for changed, skip in zip(numbers, [0, *numbers], strict=False)]
        db.engine().dispose()
        assert list(Path(folder).glob("*.sqlite"))
    return found


def _programmes() -> None:
    """Give the course of the first programme a version, and put further programmes beside it."""
    course = session.scalars(select(Course)).one()
    version = Version(
        course_id=course.id, number=1, title={"vi": "Khóa"}, summary={}, outcomes={}, languages=["vi"], grades=[], as_of=clock.today(),
        periods=1, content_hash="x", created_at=clock.now(),
    )  # fmt: skip
    session.add(version)
    session.flush()
    section = Section(version_id=version.id, key="s", position=1, title={"vi": "Phần"})
    session.add(section)
    session.flush()
    session.add(
        Activity(
            version_id=version.id, section_id=section.id, key="a", kind="page", position=1, title={"vi": "Bài"}, minutes=5, settings={}
        )
    )
    session.flush()
    version.state, version.published_at = "published", clock.now()
    session.flush()
    for number in range(FURTHER):
        programme = Programme(
            slug=f"p{number}", title={"vi": "Khác"}, legal_basis={}, audience="staff", from_day=ledger.BEGAN, certificate=False
        )
        session.add(programme)
        session.flush()
        wanted = [["manager"], [], ["teacher"]][number % 3]
        session.add(
            Rule(
                programme_id=programme.id,
                number=1,
                course_id=course.id,
                positions=wanted,
                grades=[],
                stages=["th"] * (number % 2),
                from_day=ledger.BEGAN,
            )
        )
    joining.catch_up()


def _followed(changed: int, skip: int) -> float:
    """Note so many people as changed and follow; return the seconds of following."""
    with db.transaction():
        people = list(session.scalars(select(Post.person_id).order_by(Post.person_id).offset(skip).limit(changed)))
        assert len(people) == changed
        journal.note("person", people)
    begun = time.perf_counter()
    with db.transaction():
        joining.join()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
