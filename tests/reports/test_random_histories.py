"""Random histories lived through the services: every figure, on every day, as known on every day, against a count by hand."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import or_, select

from lms.core import clock, db
from lms.core.db import session
from lms.core.errors import LmsError
from lms.programmes import exemptions, revoking
from lms.programmes.models import Exemption, Qualification
from lms.reports import coverage, evidence, following
from lms.reports.contributions import Held, ParentDays, PersonFacts, span
from lms.reports.ledger import Figure
from lms.schools import people, tree
from lms.schools.models import Post, Unit, UnitParent
from tests import factories
from tests.factories_reports import make_programme, make_qualification
from tests.reports.histories import World

FIRST = date(2026, 3, 2)
POSITIONS = ("manager", "teacher", "staff")


@contextmanager
def undone() -> Iterator[None]:
    """Each example begins where the test began."""
    session.commit()
    connection = db.session.get_bind()
    nested = connection.begin_nested()  # type: ignore[union-attr]
    try:
        yield
    finally:
        session.rollback()
        session.remove()
        nested.rollback()


class Life:
    """A small school system, and somebody who changes something in it every day or so."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.day = FIRST
        with clock.at(FIRST):
            self.top = factories.make_unit(None, "so", "Sở", since=FIRST)
            self.offices = [factories.make_unit(None, "phuong_xa", "Phường", parent=self.top, since=FIRST) for _ in range(2)]
            self.schools = [
                factories.make_unit(None, "truong", "Trường", parent=self.random.choice(self.offices), since=FIRST, stage=stage)
                for stage in ("th", "thcs", "th")
            ]
            self.people = [factories.make_person(f"Người {number}") for number in range(4)]
            self.programme = make_programme(
                "cb1", positions=self.random.choice([(), ("teacher", "manager")]), since=FIRST - timedelta(days=9)
            )
            if seed % 3 == 0:
                self.programme.rules[0].stages = ["th"]
                session.flush()
            for number, unit in enumerate((self.top, self.offices[0])):
                people.add_post(self.people[number], unit, "manager", from_day=FIRST)

    @property
    def units(self) -> list[Unit]:
        return [self.top, *self.offices, *self.schools]

    def sleep(self) -> None:
        self.day += timedelta(days=self.random.choice((0, 0, 1, 1, 3)))

    def step(self) -> None:
        """Let something happen that is true from today, from before today, or planned."""
        about = self.day + timedelta(days=self.random.choice((-6, -2, 0, 0, 0, 4)))
        until = self.random.choice([None, about + timedelta(days=self.random.randint(1, 12))])
        deed = self.random.choice(
            (self.join, self.join, self.leave, self.qualify, self.qualify, self.revoke, self.excuse, self.return_to_duty, self.move)
        )
        try:
            with session.begin_nested():
                deed(about, until)
        except LmsError:
            pass  # the services refuse what cannot be
        if self.random.random() < 0.5:
            coverage.fold()

    def join(self, day: date, until: date | None) -> None:
        person, unit, position = self.random.choice(self.people), self.random.choice(self.units), self.random.choice(POSITIONS)
        same = select(Post.id).where(
            Post.person_id == person.id, Post.unit_id == unit.id, Post.position_code == position, Post.replaced_at.is_(None)
        )
        if session.scalar(same) is None:
            people.add_post(person, unit, position, from_day=day, until_day=until)

    def leave(self, day: date, _until: date | None) -> None:
        post = self.one_of(select(Post).where(Post.replaced_at.is_(None), or_(Post.until_day.is_(None), Post.until_day > day)))
        if post:
            people.end_post(post, day, by=None)

    def qualify(self, day: date, until: date | None) -> None:
        person = self.random.choice(self.people)
        cycle = len(session.scalars(select(Qualification).where(Qualification.person_id == person.id)).all()) + 1
        make_qualification(person, self.programme, day, until, cycle=cycle)

    def revoke(self, _day: date, _until: date | None) -> None:
        qualification = self.one_of(select(Qualification))
        if qualification:
            change = revoking.revoke if qualification.state == "valid" else revoking.restore
            change(qualification, reason="because", by=None)

    def excuse(self, day: date, until: date | None) -> None:
        person = self.random.choice(self.people)
        exemptions.approve(person_id=person.id, programme_id=self.programme.id, reason="on_leave", from_day=day, until_day=until, by=None)

    def return_to_duty(self, day: date, _until: date | None) -> None:
        exemption = self.one_of(
            select(Exemption).where(Exemption.replaced_at.is_(None), or_(Exemption.until_day.is_(None), Exemption.until_day > day))
        )
        if exemption:
            exemptions.end(exemption, day, by=None)

    def move(self, day: date, _until: date | None) -> None:
        tree.move(self.random.choice(self.schools), self.random.choice([self.top, *self.offices]), day)

    def one_of(self, query):  # type: ignore[no-untyped-def]
        rows = session.scalars(query.order_by("id")).all()
        return self.random.choice(rows) if rows else None

    def by_hand(self) -> World:
        """Read the facts as they are believed now, without the code under test."""
        parents = [
            ParentDays(row.unit_id, row.parent_id, span(row.from_day, row.until_day), unit.kind_code, unit.stage or "")
            for row, unit in session.execute(
                select(UnitParent, Unit).join(Unit, Unit.id == UnitParent.unit_id).where(UnitParent.replaced_at.is_(None))
            )
        ]
        duty = evidence.duties()[0]
        facts = []
        for person in self.people:
            posts = session.scalars(select(Post).where(Post.person_id == person.id, Post.replaced_at.is_(None)))
            exempt = session.scalars(select(Exemption).where(Exemption.person_id == person.id, Exemption.replaced_at.is_(None)))
            valid = session.scalars(select(Qualification).where(Qualification.person_id == person.id, Qualification.state == "valid"))
            facts.append(
                PersonFacts(
                    tuple(Held(post.unit_id, post.position_code, span(post.from_day, post.until_day)) for post in posts),
                    {self.programme.id: [span(row.from_day, row.until_day) for row in exempt]},
                    {self.programme.id: [span(row.from_day, row.until_day) for row in valid]},
                )
            )
        return World(parents, duty, facts)

    def figures(self, day: date, known_on: date | None = None, position: str = "") -> dict[int, Figure]:
        return coverage.figure([unit.id for unit in self.units], self.programme.id, day, known_on, position=position)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(2162)
@given(st.integers(0, 10**6))
def test_every_figure_is_what_one_counts_by_hand(database: None, seed: int) -> None:
    with undone():
        life = Life(seed)
        seen: dict[tuple[date, date], dict[int, Figure]] = {}
        days = [FIRST + timedelta(days=number) for number in range(-4, 40, 3)]
        for _ in range(14):
            life.sleep()
            with clock.at(life.day):
                life.step()
                if not coverage.pending(coverage.duty_of(life.programme.id)).too_many:
                    check(life, life.random.choice(days), life.random.choice(("", *POSITIONS)))
                else:
                    coverage.fold()
                # The last look of a day is what was known on it.
                seen |= {(day, life.day): life.figures(day) for day in days[::3]}
        with clock.at(life.day):
            coverage.fold()
            coverage.fold()
            for day in days:
                check(life, day, "")
            assert following.left() == 0
            assert coverage.verify().differences == ()
            for (day, known_on), figures in seen.items():
                assert life.figures(day, known_on) == figures, (day, known_on)
            coverage.rebuild()
            for (day, known_on), figures in seen.items():
                assert life.figures(day, known_on) == figures, ("rebuilt", day, known_on)
            assert coverage.verify().differences == ()


def check(life: Life, day: date, position: str) -> None:
    world = life.by_hand()
    for unit_id, figure in life.figures(day, position=position).items():
        assert (figure.obliged, figure.trained, figure.exempt) == world.count(unit_id, day, position), (unit_id, day, position)
