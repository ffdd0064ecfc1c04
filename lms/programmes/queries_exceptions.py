"""Reading exemptions and training from elsewhere: of one person, and of all units that somebody looks after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Person
from lms.core import names
from lms.core.db import session
from lms.programmes.models import Exemption, Programme, Recognition
from lms.schools import access, facts, tree
from lms.schools.models import Post, UnitReach

MOST = 200


@dataclass(frozen=True)
class ExemptionLine:
    """An exemption with who has it and from what; ``person`` is None on a page about one person."""

    row: Exemption
    programme: Programme
    person: Person | None = None
    unit_name: str = ""


@dataclass(frozen=True)
class RecognitionLine:
    """A document with whose it is and for what."""

    row: Recognition
    programme: Programme
    person: Person | None = None
    unit_name: str = ""


def exemptions_of(person_id: int) -> list[ExemptionLine]:
    """Return the exemptions of a person that were not replaced, the newest first."""
    rows = session.execute(
        select(Exemption, Programme)
        .join(Programme, Programme.id == Exemption.programme_id)
        .where(Exemption.person_id == person_id, Exemption.replaced_at.is_(None))
        .order_by(Exemption.from_day.desc(), Exemption.id.desc())
    )
    return [ExemptionLine(*row) for row in rows]


def recognitions_of(person_id: int) -> list[RecognitionLine]:
    """Return the documents of a person, the newest first."""
    rows = session.execute(
        select(Recognition, Programme)
        .join(Programme, Programme.id == Recognition.programme_id)
        .where(Recognition.person_id == person_id)
        .order_by(Recognition.id.desc())
    )
    return [RecognitionLine(*row) for row in rows]


def waiting(unit_ids: Sequence[int], day: date) -> list[RecognitionLine]:
    """Return the documents of staff at and below these units that wait for a decision, the oldest first.  Three statements."""
    works_at = _works_at(unit_ids, day)
    rows = session.execute(
        select(Recognition, Programme, Person, works_at.c.unit_id)
        .join(Programme, Programme.id == Recognition.programme_id)
        .join(Person, Person.id == Recognition.person_id)
        .join(works_at, works_at.c.person_id == Person.id)
        .where(Recognition.state == "proposed")
        .order_by(Recognition.proposed_at, Recognition.id)
        .limit(MOST)
    ).all()
    units = tree.names_on({row.unit_id for row in rows}, day)
    return [RecognitionLine(row[0], row[1], row[2], units.get(row.unit_id, "")) for row in rows]


def count_waiting(unit_id: int, day: date, *, within: Sequence[int]) -> int:
    """Return how many documents of staff at and below a unit, and at or below ``within``, wait for a decision.  One statement."""
    here, own = aliased(UnitReach), aliased(UnitReach)
    # Asked of each document: those that wait are few, and the staff of a city is not gone through for them.
    posts = (
        select(Post.id)
        .join(here, and_(here.unit_id == Post.unit_id, here.ancestor_id == unit_id))
        .join(own, and_(own.unit_id == Post.unit_id, own.ancestor_id.in_(within)))
        .where(Post.person_id == Recognition.person_id, facts.true_on(Post, day))
        .correlate(Recognition)
    )
    waits = select(func.count()).select_from(Recognition).where(Recognition.state == "proposed", posts.exists())
    return session.scalar(waits) or 0


def running(unit_ids: Sequence[int], day: date, words: str = "") -> list[ExemptionLine]:
    """Return the exemptions of staff at and below these units that hold on a day or will, those that end first before the others."""
    works_at = _works_at(unit_ids, day)
    query = (
        select(Exemption, Programme, Person, works_at.c.unit_id)
        .join(Programme, Programme.id == Exemption.programme_id)
        .join(Person, Person.id == Exemption.person_id)
        .join(works_at, works_at.c.person_id == Person.id)
        .where(Exemption.replaced_at.is_(None), or_(Exemption.until_day.is_(None), Exemption.until_day > day))
    )
    for word in names.fold(words).split():
        query = query.where(Person.search_key.contains(word, autoescape=True))
    # An end that nobody knows comes last, on both databases.
    rows = session.execute(
        query.order_by(Exemption.until_day.is_(None), Exemption.until_day, Person.sort_key, Exemption.id).limit(MOST)
    ).all()
    units = tree.names_on({row.unit_id for row in rows}, day)
    return [ExemptionLine(row[0], row[1], row[2], units.get(row.unit_id, "")) for row in rows]


def staff_programmes(day: date) -> list[Programme]:
    """Return the programmes for staff that are in force on a day or will be."""
    return list(
        session.scalars(
            select(Programme)
            .where(Programme.audience == "staff", or_(Programme.until_day.is_(None), Programme.until_day > day))
            .order_by(Programme.id)
        )
    )


def exemption(exemption_id: int) -> Exemption | None:
    """Return an exemption that was not replaced."""
    row = session.get(Exemption, exemption_id)
    return row if row is not None and row.replaced_at is None else None


def recognition(recognition_id: int) -> Recognition | None:
    """Return a document."""
    return session.get(Recognition, recognition_id)


def _works_at(unit_ids: Sequence[int], day: date):  # type: ignore[no-untyped-def]
    """Everybody who has a post there on a day, once, with one of the units."""
    return (
        select(Post.person_id, func.min(Post.unit_id).label("unit_id"))
        .where(Post.unit_id.in_(access.reach(unit_ids)), facts.true_on(Post, day))
        .group_by(Post.person_id)
        .subquery("works_at")
    )
