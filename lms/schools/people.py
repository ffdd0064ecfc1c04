"""Staff: posts with dates, who works where on a day; nothing is overwritten."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, insert, select

from lms.accounts.models import Account, Person
from lms.core import clock, journal
from lms.core.db import session
from lms.schools import facts
from lms.schools.models import Place, Post, SchoolClass, Unit


@dataclass(frozen=True)
class StaffLine:
    """One person in the staff list of a unit, with every position held there on that day."""

    person_id: int
    family_name: str
    given_name: str
    birth_date: date | None
    gender: str | None
    positions: tuple[str, ...]
    department: str
    from_day: date
    account_id: int | None
    username: str | None
    email: str | None
    signed_in_before: bool

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()


@dataclass(frozen=True)
class PupilLine:
    """One pupil in the list of a class."""

    person_id: int
    family_name: str
    given_name: str
    birth_date: date | None
    gender: str | None
    from_day: date
    account_id: int | None
    username: str | None
    signed_in_before: bool

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()


@dataclass(frozen=True)
class NewPost:
    """A post to be recorded; for many at once."""

    person_id: int
    unit_id: int
    position: str
    from_day: date
    until_day: date | None = None
    department: str = ""


def add_post(
    person: Person,
    unit: Unit,
    position: str,
    *,
    from_day: date,
    until_day: date | None = None,
    department: str = "",
    by: int | None = None,
    import_id: int | None = None,
) -> Post:
    """Record that the person works in the unit in this position from that day on."""
    post = Post(
        person_id=person.id,
        unit_id=unit.id,
        position_code=position,
        department=department,
        from_day=from_day,
        until_day=until_day,
        recorded_at=clock.now(),
        recorded_by_id=by,
        import_id=import_id,
    )
    session.add(post)
    session.flush()
    journal.note("person", [person.id])
    return post


def add_posts(posts: Iterable[NewPost], *, by: int | None = None, import_id: int | None = None) -> int:
    """Record many posts in one go; return how many."""
    moment = clock.now()
    posts = list(posts)
    rows = [
        {
            "person_id": post.person_id,
            "unit_id": post.unit_id,
            "position_code": post.position,
            "department": post.department,
            "from_day": post.from_day,
            "until_day": post.until_day,
            "recorded_at": moment,
            "recorded_by_id": by,
            "import_id": import_id,
        }
        for post in posts
    ]
    if rows:
        session.execute(insert(Post), rows)
        journal.note("person", sorted({post.person_id for post in posts}))
    return len(rows)


def end_post(post: Post, until_day: date, *, by: int | None, import_id: int | None = None) -> Post | None:
    """Let the post end: from that day on the person does not work there any more.

    Returns the row that replaces it; None when the post would have ended before it began.
    """
    ended = facts.end(post, until_day, by=by, import_id=import_id)
    session.flush()
    journal.note("person", [post.person_id])
    return ended


def change_post(post: Post, day: date, *, position: str, department: str, by: int | None, import_id: int | None = None) -> Post:
    """Let the person hold another position, or sit in another group, from that day on."""
    changed = facts.change(post, day, by=by, import_id=import_id, position_code=position, department=department)
    session.flush()
    journal.note("person", [post.person_id])
    return changed


def posts_of(person_id: int, day: date | None = None) -> list[Post]:
    """Return the posts of a person that we believe in now, newest first; on a day only those held then."""
    query = select(Post).where(Post.person_id == person_id, Post.replaced_at.is_(None))
    if day is not None:
        query = query.where(facts.true_on(Post, day))
    return list(session.scalars(query.order_by(Post.from_day.desc(), Post.id.desc())))


def current_posts(person_ids: Collection[int], day: date) -> list[Post]:
    """Return the posts that these persons hold on the day."""
    return list(session.scalars(select(Post).where(Post.person_id.in_(person_ids), facts.true_on(Post, day)).order_by(Post.id)))


def staff_of(unit_id: int, day: date) -> list[StaffLine]:
    """Return who works in the unit itself on the day, sorted by given name."""
    rows = session.execute(
        select(
            Person.id,
            Person.family_name,
            Person.given_name,
            Person.birth_date,
            Person.gender,
            Post.position_code,
            Post.department,
            Post.from_day,
            Account.id,
            Account.username,
            Account.email,
            Account.last_signin_at,
        )
        .join(Post, Post.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Post.unit_id == unit_id, facts.true_on(Post, day))
        .order_by(Person.sort_key, Person.id, Post.from_day, Post.id)
    ).all()
    people: dict[int, list[Any]] = {}
    for row in rows:
        people.setdefault(row[0], []).append(row)
    return [_staff_line(held) for held in people.values()]


def pupils_of(class_id: int, day: date) -> list[PupilLine]:
    """Return who sits in the class on the day, sorted by given name."""
    rows = session.execute(
        select(
            Person.id,
            Person.family_name,
            Person.given_name,
            Person.birth_date,
            Person.gender,
            Place.from_day,
            Account.id,
            Account.username,
            Account.last_signin_at,
        )
        .join(Place, Place.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Place.class_id == class_id, facts.true_on(Place, day))
        .order_by(Person.sort_key, Person.id)
    )
    return [PupilLine(*row[:8], signed_in_before=row[8] is not None) for row in rows]


def units_of(person_id: int, day: date) -> set[int]:
    """Return the units in which the person works or learns on the day, or did before when in none now."""
    works = set(session.scalars(select(Post.unit_id).where(Post.person_id == person_id, facts.true_on(Post, day))))
    learns = set(
        session.scalars(
            select(SchoolClass.unit_id)
            .join(Place, Place.class_id == SchoolClass.id)
            .where(Place.person_id == person_id, facts.true_on(Place, day))
        )
    )
    if works or learns:
        return works | learns
    last_post = select(Post.unit_id).where(Post.person_id == person_id, Post.replaced_at.is_(None)).order_by(Post.from_day.desc()).limit(1)
    last_place = (
        select(SchoolClass.unit_id)
        .join(Place, Place.class_id == SchoolClass.id)
        .where(Place.person_id == person_id, Place.replaced_at.is_(None))
        .order_by(Place.from_day.desc())
        .limit(1)
    )
    return {unit_id for unit_id in (session.scalar(last_post), session.scalar(last_place)) if unit_id is not None}


def works_here(unit_id: int, day: date) -> bool:
    """Return whether anybody works in the unit itself on the day."""
    return bool(session.scalar(select(exists().where(Post.unit_id == unit_id, facts.true_on(Post, day)))))


def _staff_line(held: list[Any]) -> StaffLine:
    first = held[0]
    department = next((row.department for row in held if row.department), "")
    return StaffLine(
        person_id=first[0],
        family_name=first[1],
        given_name=first[2],
        birth_date=first[3],
        gender=first[4],
        positions=tuple(dict.fromkeys(row.position_code for row in held)),
        department=department,
        from_day=min(row.from_day for row in held),
        account_id=first[8],
        username=first[9],
        email=first[10],
        signed_in_before=first[11] is not None,
    )
