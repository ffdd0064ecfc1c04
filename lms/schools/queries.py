"""What the pages of units, classes and persons show."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from lms.accounts.models import Account, Identifier, Person
from lms.core.db import session
from lms.core.i18n import localised
from lms.schools import facts, tree
from lms.schools.kinds import STAGES
from lms.schools.models import Place, Position, Post, SchoolClass, Unit, UnitKind


@dataclass(frozen=True)
class PostLine:
    """A post of a person, as the person's page tells it."""

    id: int
    unit_id: int
    unit_name: str
    position: str
    department: str
    from_day: date
    until_day: date | None


@dataclass(frozen=True)
class PlaceLine:
    """A place of a pupil in a class."""

    unit_id: int
    unit_name: str
    class_id: int
    class_name: str
    school_year: str
    from_day: date
    until_day: date | None


@dataclass(frozen=True)
class PersonPage:
    """What is kept about one person: dated facts, newest first."""

    person: Person
    account: Account | None
    posts: tuple[PostLine, ...]
    places: tuple[PlaceLine, ...]
    codes: tuple[tuple[str, str], ...]  # kind, last characters

    def works_at(self, day: date) -> set[int]:
        """Return the units in which the person works on the day, or worked last."""
        now = {post.unit_id for post in self.posts if post.until_day is None or post.until_day > day}
        return now or {post.unit_id for post in self.posts[:1]}

    def learns_at(self, day: date) -> set[int]:
        """Return the schools in which the person learns on the day, or learnt last."""
        now = {place.unit_id for place in self.places if place.until_day is None or place.until_day > day}
        return now or {place.unit_id for place in self.places[:1]}


def unit_by_code(code: str) -> Unit | None:
    """Return the unit with this code."""
    return session.scalar(select(Unit).where(Unit.code == code))


def person_page(person_id: int, day: date) -> PersonPage | None:
    """Return what is kept about a person."""
    row = session.execute(select(Person, Account).outerjoin(Account, Account.person_id == Person.id).where(Person.id == person_id)).first()
    if row is None:
        return None
    posts = session.scalars(
        select(Post).where(Post.person_id == person_id, Post.replaced_at.is_(None)).order_by(Post.from_day.desc(), Post.id.desc())
    ).all()
    places = session.execute(
        select(Place, SchoolClass)
        .join(SchoolClass, SchoolClass.id == Place.class_id)
        .where(Place.person_id == person_id, Place.replaced_at.is_(None))
        .order_by(Place.from_day.desc(), Place.id.desc())
    ).all()
    names = tree.names_on({post.unit_id for post in posts} | {room.unit_id for _, room in places}, day)
    codes = session.execute(
        select(Identifier.kind, Identifier.last_characters).where(Identifier.person_id == person_id).order_by(Identifier.id)
    )
    return PersonPage(
        person=row[0],
        account=row[1],
        posts=tuple(
            PostLine(post.id, post.unit_id, names.get(post.unit_id, ""), post.position_code, post.department, post.from_day, post.until_day)
            for post in posts
        ),
        places=tuple(
            PlaceLine(room.unit_id, names.get(room.unit_id, ""), room.id, room.name, room.school_year, place.from_day, place.until_day)
            for place, room in places
        ),
        codes=tuple((code.kind, code.last_characters) for code in codes),
    )


def never_in(unit_id: int, day: date) -> list[int]:
    """Return the accounts of staff of the unit who have never signed in and have no password."""
    return list(
        session.scalars(
            select(Account.id)
            .join(Post, Post.person_id == Account.person_id)
            .where(
                Post.unit_id == unit_id,
                facts.true_on(Post, day),
                Account.last_signin_at.is_(None),
                Account.password_hash.is_(None),
                Account.disabled.is_(False),
            )
            .distinct()
        )
    )


def made_by(import_id: int) -> list[int]:
    """Return the accounts that an import made and that nobody has used yet."""
    query = select(Account.id).where(Account.import_id == import_id, Account.last_signin_at.is_(None), Account.disabled.is_(False))
    return list(session.scalars(query))


def departments(account_ids: Collection[int], day: date) -> dict[int, str]:
    """Return in which group each of these people works, for slips."""
    rows = session.execute(
        select(Account.id, func.max(Post.department))
        .join(Post, Post.person_id == Account.person_id)
        .where(Account.id.in_(account_ids), facts.true_on(Post, day))
        .group_by(Account.id)
    )
    return {row[0]: row[1] for row in rows}


def class_names(account_ids: Collection[int], day: date) -> dict[int, str]:
    """Return in which class each of these pupils is, for cards."""
    rows = session.execute(
        select(Account.id, func.max(SchoolClass.name))
        .join(Place, Place.person_id == Account.person_id)
        .join(SchoolClass, SchoolClass.id == Place.class_id)
        .where(Account.id.in_(account_ids), facts.true_on(Place, day))
        .group_by(Account.id)
    )
    return {row[0]: row[1] for row in rows}


def names_of_accounts(account_ids: Collection[int]) -> dict[int, str]:
    """Return the full names of the holders, for "applied by"."""
    rows = session.execute(
        select(Account.id, Person.family_name, Person.given_name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_(account_ids))
    )
    return {row.id: f"{row.family_name} {row.given_name}".strip() for row in rows}


def people_after(person_id: int, most: int) -> list[int]:
    """Return the next persons who ever had a post or a place in a class, by id."""
    posts = select(Post.person_id).where(Post.person_id > person_id)
    places = select(Place.person_id).where(Place.person_id > person_id)
    everybody = posts.union(places).subquery()
    return list(session.scalars(select(everybody.c.person_id).order_by(everybody.c.person_id).limit(most)))


def people_beginning(after: date, until: date) -> list[int]:
    """Return whose posts or places in classes begin after a day and up to another."""
    posts = select(Post.person_id).where(Post.replaced_at.is_(None), Post.from_day > after, Post.from_day <= until)
    places = select(Place.person_id).where(Place.replaced_at.is_(None), Place.from_day > after, Place.from_day <= until)
    return sorted(session.scalars(posts.union(places)))


def unit_kind_titles() -> dict[str, str]:
    """Return what each kind of unit is called, by its code, in their order.  One statement."""
    return {each.code: localised(each.title) for each in session.scalars(select(UnitKind).order_by(UnitKind.position))}


def stage_titles() -> dict[str, str]:
    """Return what each level of schools is called, by its code."""
    return {code: localised(title) for code, title in STAGES.items()}


def position_titles() -> dict[str, str]:
    """Return what each position is called, by its code, in their order.  One statement."""
    return {each.code: localised(each.title) for each in session.scalars(select(Position).order_by(Position.position))}
