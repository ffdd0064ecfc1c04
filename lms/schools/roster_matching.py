"""Finding out for each row of a list who it is, and what would change."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select

from lms.accounts.models import Account, Identifier, Person
from lms.core.db import session
from lms.schools import facts
from lms.schools.models import Place, Post, Role, SchoolClass, Unit
from lms.schools.roster_lines import Change, Line
from lms.schools.roster_sheet import People

_ROUND = 500  # keys asked for in one query
# What a person is besides the main work is given by hand too, so a list that does not say it takes nothing away.
DUTIES = frozenset({"page_admin", "counsellor", "youth_leader"})

Key = TypeVar("Key")


@dataclass(frozen=True)
class Frame:
    """Where and when a list is brought in, and at which other units whoever brings it may end posts."""

    unit: Unit
    day: date
    people: People
    school_year: str
    releases: Callable[[int], bool]


@dataclass
class Present:
    """What the database knows of the persons that a list may mean."""

    persons: dict[int, Person]
    by_code: dict[str, int]  # hash -> person
    codes: dict[int, dict[tuple[str, str], str]]  # person -> (kind, scope) -> hash
    by_name: dict[str, list[int]]
    by_email: dict[str, int]
    accounts: dict[int, Account]
    posts: dict[int, list[Post]]
    places: dict[int, list[tuple[Place, SchoolClass]]]
    here: set[int]  # who works, or learns, in the unit
    settled: set[int]  # whose e-mail address a list must not change: it opens their account


def decide(lines: Sequence[Line], frame: Frame) -> list[Line]:
    """Return the lines with their fate as of now, and a line for each person who is here but not in the list."""
    present = look_up(lines, frame)
    decided: list[Line] = []
    taken: dict[int, Line] = {}
    for line in lines:
        if line.problems:
            decided.append(replace(line, fate="error"))
            continue
        line = _recognise(line, present)
        if line.fate != "error" and line.person_id is not None:
            twin = taken.setdefault(line.person_id, line)
            line = line.failed("same_as_row", "full_name") if twin is not line else _compare(line, present, frame)
            if line.fate == "error":
                line = replace(line, problems=(replace(line.problems[-1], row=twin.row),))
        decided.append(_check_email(line, present))
    return [*decided, *_missing(decided, taken, present, frame)]


def look_up(lines: Iterable[Line], frame: Frame) -> Present:
    """Ask for everybody whom the lines may mean, in few queries however long the list is."""
    hashes = {code.hash for line in lines for code in line.codes}
    emails = {line.email for line in lines if line.email}
    here = _here(frame)
    by_code = {row.hash: row.person_id for row in _rows(select(Identifier.hash, Identifier.person_id), Identifier.hash, hashes)}
    by_email = {row.email: row.person_id for row in _rows(select(Account.email, Account.person_id), Account.email, emails)}
    keys = {line.search_key for line in lines}
    namesakes = [row[0] for row in _rows(select(Person).where(Person.merged_into_id.is_(None)), Person.search_key, keys)]
    persons = {person.id: person for person in namesakes}
    others = (here | set(by_code.values()) | set(by_email.values())) - set(persons)
    persons |= {row[0].id: row[0] for row in _rows(select(Person), Person.id, others)}
    by_name: dict[str, list[int]] = defaultdict(list)
    for person in persons.values():
        by_name[person.search_key].append(person.id)
    codes: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    for (row,) in _rows(select(Identifier), Identifier.person_id, persons):
        codes[row.person_id][row.kind, row.scope] = row.hash
    posts: dict[int, list[Post]] = defaultdict(list)
    for (post,) in _rows(select(Post).where(facts.not_over(Post, frame.day)), Post.person_id, persons):
        posts[post.person_id].append(post)
    places: dict[int, list[tuple[Place, SchoolClass]]] = defaultdict(list)
    if frame.people == "pupils":
        seats = select(Place, SchoolClass).join(SchoolClass, SchoolClass.id == Place.class_id).where(facts.not_over(Place, frame.day))
        for place, school_class in _rows(seats, Place.person_id, persons):
            places[place.person_id].append((place, school_class))
    accounts = {row[0].person_id: row[0] for row in _rows(select(Account), Account.person_id, persons)}
    settled = {person_id for person_id, account in accounts.items() if account.last_signin_at is not None}
    owners = {account.id: person_id for person_id, account in accounts.items()}
    strong = select(Role.account_id).where(Role.role.not_in(("teacher", "pupil")))
    settled |= {owners[row.account_id] for row in _rows(strong, Role.account_id, owners)}
    return Present(persons, by_code, codes, by_name, by_email, accounts, posts, places, here, settled)


def main_positions(positions: Iterable[str]) -> set[str]:
    """Return the positions that a list decides; duties are only ever added by it."""
    return set(positions) - DUTIES


def _recognise(line: Line, present: Present) -> Line:
    """Say who the line is: by code, then by name and birth date, then by e-mail and name."""
    known = {present.by_code[code.hash] for code in line.codes if code.hash in present.by_code}
    if len(known) > 1:
        return line.failed("codes_differ", line.codes[0].kind)
    if known:
        person = present.persons[known.pop()]
        # A wrong code must not turn one person into another.
        if person.search_key != line.search_key and (line.birth_date is None or person.birth_date != line.birth_date):
            return line.failed("code_of_other", line.codes[0].kind)
        return replace(line, person_id=person.id)
    namesakes = [one for one in present.by_name.get(line.search_key, []) if not _contradicts(line, present.codes.get(one, {}))]
    if line.birth_date is not None:
        fitting = [one for one in namesakes if present.persons[one].birth_date == line.birth_date]
    else:
        fitting = [one for one in namesakes if one in present.here]
    if line.email and len(fitting) != 1:
        fitting = [one for one in namesakes if present.by_email.get(line.email) == one] or fitting
    fitting = [one for one in fitting if one in present.here] or fitting
    if len(fitting) > 1:
        return line.failed("doubtful", "learner_code" if line.class_name else "staff_code")
    return replace(line, fate="new", person_id=fitting[0] if fitting else None)


def _contradicts(line: Line, codes: dict[tuple[str, str], str]) -> bool:
    """Return whether a person has another number of the same kind: then it is somebody else."""
    return any(codes.get((code.kind, code.scope), code.hash) != code.hash for code in line.codes)


def _compare(line: Line, present: Present, frame: Frame) -> Line:
    person = present.persons[line.person_id or 0]
    changes = _personal_changes(line, person, present)
    if frame.people == "pupils":
        return _compare_pupil(line, changes, present, frame)
    posts = present.posts.get(person.id, [])
    here = [post for post in posts if post.unit_id == frame.unit.id]
    elsewhere = tuple(sorted({post.unit_id for post in posts} - {frame.unit.id}))
    if not here:
        return _comes(line, changes, elsewhere, frame)
    before, after = {post.position_code for post in here}, set(line.positions)
    if main_positions(before) != main_positions(after) or after - before:
        kept = before & DUTIES
        changes.append(Change("positions", ",".join(_in_order(before)), ",".join(_in_order(after | kept))))
    department = next((post.department for post in here if post.department), "")
    if line.department is not None and line.department != department:
        changes.append(Change("department", department, line.department))
    return replace(line, fate="changed" if changes else "same", changes=tuple(changes))


def _compare_pupil(line: Line, changes: list[Change], present: Present, frame: Frame) -> Line:
    places = present.places.get(line.person_id or 0, [])
    here = [school_class for _, school_class in places if school_class.unit_id == frame.unit.id]
    elsewhere = tuple(sorted({school_class.unit_id for _, school_class in places} - {frame.unit.id}))
    if not here:
        return _comes(line, changes, elsewhere, frame)
    now = next((one for one in here if one.school_year == frame.school_year), here[-1])
    if (now.name, now.school_year) != (line.class_name, frame.school_year):
        changes.append(Change("class_name", now.name, line.class_name))
    return replace(line, fate="changed" if changes else "same", changes=tuple(changes))


def _comes(line: Line, changes: list[Change], elsewhere: tuple[int, ...], frame: Frame) -> Line:
    if not elsewhere:
        return replace(line, fate="new", changes=tuple(changes))
    released = all(frame.releases(unit_id) for unit_id in elsewhere)
    if not released:
        # Who has no say at the former unit must not get hold of the account, or rename its holder.
        changes = [change for change in changes if change.field == "code"]
    return replace(line, fate="moved", changes=tuple(changes), from_units=elsewhere, released=released)


def _personal_changes(line: Line, person: Person, present: Present) -> list[Change]:
    changes = []
    if (person.family_name, person.given_name) != (line.family, line.given):
        changes.append(Change("name", person.full_name, line.full_name))
    if line.birth_date and person.birth_date != line.birth_date:
        before = person.birth_date.isoformat() if person.birth_date else ""
        changes.append(Change("birth_date", before, line.birth_date.isoformat()))
    if line.gender and person.gender != line.gender:
        changes.append(Change("gender", person.gender or "", line.gender))
    account = present.accounts.get(person.id)
    if line.email and account is not None and account.email != line.email and person.id not in present.settled:
        changes.append(Change("email", account.email or "", line.email))
    known = present.codes.get(person.id, {})
    for code in line.codes:
        if known.get((code.kind, code.scope)) != code.hash:
            changes.append(Change("code", "", f"…{code.last}"))
    return changes


def _check_email(line: Line, present: Present) -> Line:
    if line.fate == "error" or not line.email:
        return line
    owner = present.by_email.get(line.email)
    return line.failed("email_taken", "email", line.email) if owner is not None and owner != line.person_id else line


def _missing(lines: Sequence[Line], taken: Collection[int], present: Present, frame: Frame) -> list[Line]:
    """Propose those who are here but not in the list; of pupils only those in the classes of the list."""
    named = {line.class_name for line in lines}
    # A row with an error may be the very person: better to say nothing of namesakes.
    unclear = {line.search_key for line in lines if line.fate == "error"}
    absent = []
    for person_id in present.here - set(taken):
        person = present.persons[person_id]
        seat = next((one.name for _, one in present.places.get(person_id, []) if one.unit_id == frame.unit.id), "")
        if person.search_key in unclear or (frame.people == "pupils" and seat not in named):
            continue
        posts = [post for post in present.posts.get(person_id, []) if post.unit_id == frame.unit.id]
        absent.append((person, posts, seat))
    absent.sort(key=lambda one: (one[0].sort_key, one[0].id))
    return [
        Line(
            number=len(lines) + place,
            fate="missing",
            sheet="",
            row=None,
            family=person.family_name,
            given=person.given_name,
            birth_date=person.birth_date,
            positions=tuple(_in_order({post.position_code for post in posts})),
            department=next((post.department for post in posts if post.department), "") or None,
            class_name=seat,
            person_id=person.id,
        )
        for place, (person, posts, seat) in enumerate(absent, start=1)
    ]


def _here(frame: Frame) -> set[int]:
    if frame.people == "staff":
        return set(session.scalars(select(Post.person_id).where(Post.unit_id == frame.unit.id, facts.not_over(Post, frame.day))))
    seats = (
        select(Place.person_id)
        .join(SchoolClass, SchoolClass.id == Place.class_id)
        .where(SchoolClass.unit_id == frame.unit.id, facts.not_over(Place, frame.day))
    )
    return set(session.scalars(seats))


def _in_order(positions: Iterable[str]) -> list[str]:
    return sorted(positions)


def _rows(query: Any, column: Any, keys: Iterable[Key]) -> Iterable[Any]:
    """Return the rows of a query for many keys, asked for in rounds: databases limit the values of one query."""
    ordered = sorted(set(keys))  # type: ignore[type-var]
    for start in range(0, len(ordered), _ROUND):
        yield from session.execute(query.where(column.in_(ordered[start : start + _ROUND])))
