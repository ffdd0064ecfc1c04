"""Writing what a list says, and taking it back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from lms.accounts import accounts
from lms.accounts.models import Account, Identifier, Person
from lms.core import clock, jobs, journal, names
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.core.models import Import
from lms.schools import classes, facts, people, roles
from lms.schools.models import Place, Post, Role, SchoolClass
from lms.schools.people import NewPost
from lms.schools.roster_lines import Line
from lms.schools.roster_matching import DUTIES, Frame, main_positions

_ROUND = 500  # ids asked for in one query
_TABLES: tuple[type[Post] | type[Place], ...] = (Post, Place)
# Roles that one has by working or learning at a school, and that end with it.
_BY_WORK = ("teacher", "pupil", "head_teacher", "roster_keeper")


class UndoRefused(Conflict):
    code = "import_undo_refused"
    message = lazy_("This import cannot be undone any more, because {reason}. Correct single entries instead.")


@dataclass
class _Work:
    """One import being written, and what taking it back will need."""

    row: Import
    frame: Frame
    by: int | None
    gone: list[list[Any]] = field(default_factory=list)  # [table, id] of facts that turned out never to have been true
    roles_ended: list[int] = field(default_factory=list)
    roles_deleted: list[dict[str, Any]] = field(default_factory=list)

    def end(self, fact: Post | Place) -> None:
        if facts.end(fact, self.frame.day, by=self.by, import_id=self.row.id) is None:
            self.gone.append([type(fact).__tablename__, fact.id])


def write(row: Import, lines: Sequence[Line], ended: Sequence[Line], frame: Frame, *, by: int | None) -> dict[str, Any]:
    """Write the lines; return what is needed to take back what was overwritten."""
    work = _Work(row, frame, by)
    persons = _persons(lines, row.id)
    accounts_ = _accounts(persons, row.id)
    before = _personal(lines, persons, accounts_)
    _codes(lines, persons, row.id)
    leaving = [line.person_id for line in ended if line.person_id]
    if frame.people == "staff":
        _staff(lines, persons, accounts_, work)
        for post in _posts(leaving, frame.day):
            if post.unit_id == frame.unit.id:
                work.end(post)
    else:
        _pupils(lines, persons, accounts_, work)
        for place, room in _places(leaving, frame.day):
            if room.unit_id == frame.unit.id:
                work.end(place)
    _withdraw(leaving, frame.unit.id, work)
    session.flush()
    journal.note("person", sorted({person.id for person in persons.values()} | set(leaving)))
    _invite([account for account in accounts_.values() if account.import_id == row.id and account.email])
    return {"fields": before, "gone": work.gone, "roles_ended": work.roles_ended, "roles_deleted": work.roles_deleted}


def take_back(row: Import, *, by: int | None) -> None:
    """Undo what an applied import wrote. Raises UndoRefused."""
    _refuse_when_used(row)
    kept = (row.result or {}).get("undo", {})
    touched: set[int] = set()
    for table in _TABLES:
        touched |= _take_back_facts(table, row, kept.get("gone", []), by)
    touched |= _take_back_fields(kept.get("fields", []))
    session.execute(delete(Role).where(Role.import_id == row.id))
    for asked in _rounds(kept.get("roles_ended", [])):
        session.execute(update(Role).where(Role.id.in_(asked)).values(until_day=None))
    for values in kept.get("roles_deleted", []):
        session.add(Role(**{**values, "from_day": date.fromisoformat(values["from_day"])}))
    # Codes of persons who stay are taken back; persons whom the import made keep theirs, so that the same file finds them again.
    made = select(Person.id).where(Person.import_id == row.id)
    session.execute(delete(Identifier).where(Identifier.import_id == row.id, Identifier.person_id.not_in(made)))
    session.flush()
    journal.note("person", touched)


def _persons(lines: Sequence[Line], import_id: int) -> dict[int, Person]:
    """Return the person of each line by line number, made when there was none."""
    known: dict[int, Person] = {}
    for asked in _rounds(line.person_id for line in lines if line.person_id is not None):
        known |= {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(asked)))}
    found: dict[int, Person] = {}
    for line in lines:
        if line.person_id is not None:
            found[line.number] = known[line.person_id]
            continue
        person = Person(birth_date=line.birth_date, gender=line.gender, import_id=import_id, created_at=clock.now())
        person.rename(names.Name(line.family, line.given))
        session.add(person)
        found[line.number] = person
    session.flush()
    return found


def _accounts(persons: dict[int, Person], import_id: int) -> dict[int, Account]:
    """Return the account of each person by person id, made when there was none."""
    found: dict[int, Account] = {}
    for asked in _rounds(person.id for person in persons.values()):
        found |= {account.person_id: account for account in session.scalars(select(Account).where(Account.person_id.in_(asked)))}
    without = [person for person in persons.values() if person.id not in found]
    made = accounts.create_many(without, import_id=import_id)
    return found | {account.person_id: account for account in made}


def _personal(lines: Sequence[Line], persons: dict[int, Person], accounts_: dict[int, Account]) -> list[list[Any]]:
    """Write name, birth date, gender and e-mail; return [person, field, before, after] of what was overwritten."""
    overwritten: list[list[Any]] = []
    for line in lines:
        person = persons[line.number]
        account = accounts_[person.id]
        if line.person_id is None:
            account.email = line.email
            continue
        changed = {change.field for change in line.changes}
        if "name" in changed:
            overwritten.append([person.id, "name", [person.family_name, person.given_name], [line.family, line.given]])
            person.rename(names.Name(line.family, line.given))
        if "birth_date" in changed and line.birth_date:
            overwritten.append([person.id, "birth_date", person.birth_date and person.birth_date.isoformat(), line.birth_date.isoformat()])
            person.birth_date = line.birth_date
        if "gender" in changed:
            overwritten.append([person.id, "gender", person.gender, line.gender])
            person.gender = line.gender
        if "email" in changed:
            overwritten.append([person.id, "email", account.email, line.email])
            account.email = line.email
    return overwritten


def _codes(lines: Sequence[Line], persons: dict[int, Person], import_id: int) -> None:
    hashes = sorted({code.hash for line in lines for code in line.codes})
    known: set[tuple[str, str, str]] = set()
    for start in range(0, len(hashes), _ROUND):
        rows = session.execute(
            select(Identifier.kind, Identifier.scope, Identifier.hash).where(Identifier.hash.in_(hashes[start : start + _ROUND]))
        )
        known |= {(row.kind, row.scope, row.hash) for row in rows}
    new = [
        {
            "person_id": persons[line.number].id,
            "kind": code.kind,
            "scope": code.scope,
            "hash": code.hash,
            "last_characters": code.last,
            "import_id": import_id,
        }
        for line in lines
        for code in line.codes
        if (code.kind, code.scope, code.hash) not in known
    ]
    if new:
        session.execute(insert(Identifier), new)


def _staff(lines: Sequence[Line], persons: dict[int, Person], accounts_: dict[int, Account], work: _Work) -> None:
    frame = work.frame
    held: dict[int, list[Post]] = defaultdict(list)
    for post in _posts([persons[line.number].id for line in lines], frame.day):
        held[post.person_id].append(post)
    new_posts: list[NewPost] = []
    joining: list[int] = []
    for line in lines:
        person = persons[line.number]
        if line.fate in ("new", "moved"):
            joining.append(accounts_[person.id].id)
            new_posts += [_new_post(person.id, position, line, frame) for position in line.positions]
        if line.fate == "moved" and line.released:
            for post in held[person.id]:
                if post.unit_id in line.from_units:
                    work.end(post)
            for unit_id in line.from_units:
                _withdraw([person.id], unit_id, work)
        if line.fate == "changed" and {"positions", "department"} & {change.field for change in line.changes}:
            new_posts += _change_posts(line, [post for post in held[person.id] if post.unit_id == frame.unit.id], work)
    session.flush()
    people.add_posts(new_posts, by=work.by, import_id=work.row.id)
    _grant(joining, "teacher", work)


def _change_posts(line: Line, here: list[Post], work: _Work) -> list[NewPost]:
    """Bring the posts of a person in line with the list; return those that are new."""
    day, by, import_id = work.frame.day, work.by, work.row.id
    before = {post.position_code for post in here}
    arriving = [code for code in line.positions if code not in before]
    for post in here:
        department = post.department if line.department is None else line.department
        if post.position_code in line.positions or post.position_code in DUTIES:
            if post.department != department:
                facts.change(post, day, by=by, import_id=import_id, department=department)
            continue
        replacement = next((code for code in arriving if code in main_positions(arriving)), None)
        if replacement is None:
            work.end(post)
            continue
        arriving.remove(replacement)
        facts.change(post, day, by=by, import_id=import_id, position_code=replacement, department=department)
    return [_new_post(line.person_id or 0, code, line, work.frame) for code in arriving]


def _pupils(lines: Sequence[Line], persons: dict[int, Person], accounts_: dict[int, Account], work: _Work) -> None:
    frame = work.frame
    wanted = sorted({line.class_name for line in lines if line.class_name})
    rooms = {name: classes.open_class(frame.unit, name, school_year=frame.school_year, import_id=work.row.id) for name in wanted}
    held: dict[int, list[tuple[Place, SchoolClass]]] = defaultdict(list)
    for place, room in _places([persons[line.number].id for line in lines], frame.day):
        held[place.person_id].append((place, room))
    seats: list[tuple[int, int]] = []
    joining: list[int] = []
    for line in lines:
        person = persons[line.number]
        if line.fate in ("new", "moved"):
            joining.append(accounts_[person.id].id)
        elif "class_name" not in {change.field for change in line.changes}:
            continue
        for place, room in held[person.id]:
            if room.unit_id == frame.unit.id or (line.released and room.unit_id in line.from_units):
                work.end(place)
        if line.fate == "moved" and line.released:
            for unit_id in line.from_units:
                _withdraw([person.id], unit_id, work)
        seats.append((person.id, rooms[line.class_name].id))
    session.flush()
    classes.place_many(seats, frame.day, by=work.by, import_id=work.row.id)
    _grant(joining, "pupil", work)


def _new_post(person_id: int, position: str, line: Line, frame: Frame) -> NewPost:
    return NewPost(person_id, frame.unit.id, position, frame.day, department=line.department or "")


def _posts(person_ids: Iterable[int], day: date) -> list[Post]:
    found: list[Post] = []
    for asked in _rounds(person_ids):
        found += session.scalars(select(Post).where(Post.person_id.in_(asked), facts.not_over(Post, day)).order_by(Post.id))
    return found


def _places(person_ids: Iterable[int], day: date) -> list[tuple[Place, SchoolClass]]:
    found: list[tuple[Place, SchoolClass]] = []
    query = select(Place, SchoolClass).join(SchoolClass, SchoolClass.id == Place.class_id).where(facts.not_over(Place, day))
    for asked in _rounds(person_ids):
        found += [(row[0], row[1]) for row in session.execute(query.where(Place.person_id.in_(asked)).order_by(Place.id))]
    return found


def _grant(account_ids: list[int], role: str, work: _Work) -> None:
    """Let newcomers in; roles that decide over others are never given by a list."""
    day, unit = work.frame.day, work.frame.unit
    open_still = or_(Role.until_day.is_(None), Role.until_day > day)
    holding: set[int] = set()
    for asked in _rounds(account_ids):
        query = select(Role.account_id).where(Role.account_id.in_(asked), Role.role == role, Role.unit_id == unit.id, open_still)
        holding |= set(session.scalars(query))
    new = [account_id for account_id in account_ids if account_id not in holding]
    roles.grant_many(new, role, unit, by=work.by, from_day=day, import_id=work.row.id)


def _withdraw(person_ids: Sequence[int], unit_id: int, work: _Work) -> None:
    """End what the persons may do at the unit because they work or learn there."""
    for asked in _rounds(person_ids):
        held = session.scalars(
            select(Role)
            .join(Account, Account.id == Role.account_id)
            .where(Account.person_id.in_(asked), Role.unit_id == unit_id, Role.role.in_(_BY_WORK), Role.until_day.is_(None))
        )
        for role in held.all():
            if role.from_day < work.frame.day:
                role.until_day = work.frame.day
                work.roles_ended.append(role.id)
                continue
            values = {"account_id": role.account_id, "role": role.role, "unit_id": role.unit_id, "import_id": role.import_id}
            work.roles_deleted.append({**values, "granted_by_id": role.granted_by_id, "from_day": role.from_day.isoformat()})
            session.delete(role)


def _refuse_when_used(row: Import) -> None:
    signed_in = session.execute(
        select(Person.family_name, Person.given_name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.import_id == row.id, Account.last_signin_at.is_not(None))
        .limit(1)
    ).first()
    if signed_in:
        raise UndoRefused(reason=lazy_("{name} has signed in since", name=f"{signed_in.family_name} {signed_in.given_name}".strip()))
    for table in _TABLES:
        later = session.scalar(
            select(Person)
            .join(table, table.person_id == Person.id)
            .where(
                ((table.import_id == row.id) & table.replaced_at.is_not(None))
                | ((Person.import_id == row.id) & table.import_id.is_distinct_from(row.id) & table.replaced_at.is_(None))
            )
            .limit(1)
        )
        if later is not None:
            raise UndoRefused(reason=lazy_("the entry of {name} was changed since", name=later.full_name))


def _take_back_facts(table: Any, row: Import, gone: list[list[Any]], by: int | None) -> set[int]:
    """Stop believing what the import recorded, and believe again what it replaced."""
    mine: list[Post | Place] = list(session.scalars(select(table).where(table.import_id == row.id, table.replaced_at.is_(None))))
    touched = {fact.person_id for fact in mine}
    replaced: dict[int, int] = {id_: id_ for name, id_ in gone if name == table.__tablename__}
    for fact in mine:
        if fact.replaces_id is not None:
            replaced[fact.replaces_id] = fact.id
    session.execute(update(table).where(table.import_id == row.id, table.replaced_at.is_(None)).values(replaced_at=clock.now()))
    for former_id, by_fact in replaced.items():
        former = session.get_one(table, former_id)
        facts.restore(former, by=by, replaces_id=by_fact)
        touched.add(former.person_id)
    session.flush()
    return touched


def _take_back_fields(overwritten: list[list[Any]]) -> set[int]:
    touched = set()
    for person_id, what, before, after in overwritten:
        person = session.get_one(Person, person_id)
        account = session.scalar(select(Account).where(Account.person_id == person_id))
        holder: Any = account if what == "email" else person
        now: Any = [person.family_name, person.given_name] if what == "name" else getattr(holder, what)
        if isinstance(now, date):
            now = now.isoformat()
        if now != after:
            raise UndoRefused(reason=lazy_("the entry of {name} was changed since", name=person.full_name))
        if what == "name":
            person.rename(names.Name(*before))
        elif what == "birth_date":
            person.birth_date = date.fromisoformat(before) if before else None
        else:
            setattr(holder, what, before)
        touched.add(person_id)
    return touched


def _invite(new: Sequence[Account]) -> None:
    """Ask for activation mails; who writes mails stands above us and follows the queue."""
    for start in range(0, len(new), _ROUND):
        jobs.add("notifications.invite", account_ids=[account.id for account in new[start : start + _ROUND]])


def _rounds(ids: Iterable[int]) -> Iterator[list[int]]:
    """Cut many ids into rounds: databases limit the values of one query."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), _ROUND):
        yield ordered[start : start + _ROUND]
