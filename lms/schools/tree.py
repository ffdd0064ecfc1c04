"""The dated tree of units: the events that change it, and the tree as of any day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, delete, insert, literal, or_, select, text

from lms.core import audit, clock, journal, names
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.schools import facts
from lms.schools.models import Post, Unit, UnitEvent, UnitKind, UnitName, UnitParent, UnitReach

ADMINISTRATIVE = "administrative"


@dataclass(frozen=True)
class UnitLine:
    """A unit as a page names it: what it was called and where it stood on some day."""

    id: int
    code: str
    kind_code: str
    is_school: bool
    stage: str | None
    name: str
    short_name: str
    sort_key: str
    parent_id: int | None


class CodeTaken(Conflict):
    code = "unit_code_taken"
    message = lazy_("There is already a unit with the code {code}. Give another code.")


class NotOpen(Conflict):
    code = "unit_not_open"
    message = lazy_("The unit {code} is not open on that day. Choose a day on which it is.")


class StillInUse(Conflict):
    code = "unit_in_use"
    message = lazy_("The unit {code} still has units below it or staff on that day. Move them first.")


class Circle(Conflict):
    code = "unit_circle"
    message = lazy_("The unit {code} cannot stand under itself or under a unit below it.")


def open_unit(
    code: str,
    kind: str,
    name: str,
    *,
    parent: Unit | None = None,
    short_name: str | None = None,
    stage: str | None = None,
    day: date,
    legal_act: str = "",
    by: int | None = None,
    import_id: int | None = None,
) -> Unit:
    """Open a unit on a day, at the top or under a parent that is open on that day.

    Raises CodeTaken and NotOpen.
    """
    if session.scalar(select(Unit.id).where(Unit.code == code)) is not None:
        raise CodeTaken(code=code)
    if parent is not None and parent_row(parent.id, day) is None:
        raise NotOpen(code=parent.code)
    unit = Unit(code=code, kind_code=kind, stage=stage, import_id=import_id)
    session.add(unit)
    session.flush()
    event = _note("opened", day, legal_act, by, unit, parent=parent.code if parent else None)
    dated: dict[str, Any] = {"from_day": day, "recorded_at": clock.now(), "recorded_by_id": by, "event_id": event.id}
    session.add(UnitName(unit_id=unit.id, **_name_values(name, short_name), **dated))
    session.add(UnitParent(unit_id=unit.id, parent_id=parent.id if parent else None, relation=ADMINISTRATIVE, **dated))
    session.flush()
    if day <= clock.today():
        _reach_new(unit.id, parent.id if parent else None)
    return unit


def close_unit(unit: Unit, day: date, *, legal_act: str = "", by: int | None = None) -> None:
    """Close a unit: from that day on it is not there any more.

    Raises NotOpen, and StillInUse while units stand under it or people work in it.
    """
    row = _open_row(unit, day)
    below = select(UnitParent.id).where(UnitParent.parent_id == unit.id, UnitParent.replaced_at.is_(None), _ends_after(UnitParent, day))
    staff = select(Post.id).where(Post.unit_id == unit.id, Post.replaced_at.is_(None), _ends_after(Post, day))
    if session.scalar(below.limit(1)) or session.scalar(staff.limit(1)):
        raise StillInUse(code=unit.code)
    event = _note("closed", day, legal_act, by, unit)
    ended = facts.end(row, day, by=by)
    if ended is not None:
        ended.event_id = event.id
    rebuild_reach()


def rename(unit: Unit, name: str, day: date, *, short_name: str | None = None, legal_act: str = "", by: int | None = None) -> None:
    """Give the unit another name from that day on. Raises NotOpen."""
    row = session.scalar(select(UnitName).where(UnitName.unit_id == unit.id, facts.true_on(UnitName, day)))
    if row is None:
        raise NotOpen(code=unit.code)
    event = _note("renamed", day, legal_act, by, unit, before=row.name, after=name)
    facts.change(row, day, by=by, event_id=event.id, **_name_values(name, short_name))
    session.flush()


def move(unit: Unit, parent: Unit | None, day: date, *, legal_act: str = "", by: int | None = None) -> None:
    """Put the unit, and all below it, under another parent from that day on.

    Raises NotOpen and Circle.
    """
    row = _open_row(unit, day)
    if parent is not None:
        if parent_row(parent.id, day) is None:
            raise NotOpen(code=parent.code)
        for moment in _days_of_change(day):
            if unit.id in _chain(parent.id, map_on(moment)):
                raise Circle(code=unit.code)
    event = _note("moved", day, legal_act, by, unit, before=row.parent_id, after=parent.id if parent else None)
    facts.change(row, day, by=by, event_id=event.id, parent_id=parent.id if parent else None)
    session.flush()
    rebuild_reach()


def parent_row(unit_id: int, day: date) -> UnitParent | None:
    """Return the row that says under what the unit stands on the day; None when it is not open."""
    return session.scalar(
        select(UnitParent).where(UnitParent.unit_id == unit_id, UnitParent.relation == ADMINISTRATIVE, facts.true_on(UnitParent, day))
    )


def rebuild_reach() -> None:
    """Make today's map again: which units stand under which."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7203)"))
    parents = map_on(clock.today())
    rows = [
        {"ancestor_id": ancestor, "unit_id": unit_id, "depth": depth}
        for unit_id in parents
        for depth, ancestor in enumerate(_chain(unit_id, parents))
    ]
    session.execute(delete(UnitReach))
    if rows:
        session.execute(insert(UnitReach), rows)


def rebuild_reach_daily(_payload: Any) -> None:
    """Make today's map again when it is not today's any more: changes can lie in the future."""
    parents = map_on(clock.today())
    wanted = {(ancestor, unit_id) for unit_id in parents for ancestor in _chain(unit_id, parents)}
    have = {(row.ancestor_id, row.unit_id) for row in session.execute(select(UnitReach.ancestor_id, UnitReach.unit_id))}
    if wanted != have:
        rebuild_reach()


def map_on(day: date, *, relation: str = ADMINISTRATIVE) -> dict[int, int | None]:
    """Return the parent of every unit that is open on the day; None for those at the top."""
    rows = session.execute(
        select(UnitParent.unit_id, UnitParent.parent_id).where(UnitParent.relation == relation, facts.true_on(UnitParent, day))
    )
    return {row.unit_id: row.parent_id for row in rows}


def by_code(code: str) -> Unit | None:
    """Return the unit with this code."""
    return session.scalar(select(Unit).where(Unit.code == code))


def line(unit_id: int, day: date) -> UnitLine | None:
    """Return the unit as it was on the day; None when it was not open."""
    row = session.execute(_lines(day).where(Unit.id == unit_id)).first()
    return UnitLine(*row) if row else None


def lines(unit_ids: Collection[int], day: date) -> list[UnitLine]:
    """Return these units as they were on the day, sorted by name; those not open are left out."""
    return [UnitLine(*row) for row in session.execute(_lines(day).where(Unit.id.in_(unit_ids)).order_by(UnitName.sort_key))]


def children(unit_id: int | None, day: date) -> list[UnitLine]:
    """Return the units right below this one on the day, sorted by name; for None those at the top."""
    below = UnitParent.parent_id.is_(None) if unit_id is None else UnitParent.parent_id == unit_id
    return [UnitLine(*row) for row in session.execute(_lines(day).where(below).order_by(UnitName.sort_key, Unit.code))]


def ancestors(unit_id: int, day: date) -> list[int]:
    """Return the units above this one on the day, nearest first, without itself."""
    return [above for above in _up(unit_id, day) if above != unit_id]


def path(unit_id: int, day: date) -> list[UnitLine]:
    """Return the units from the top down to this one on the day."""
    order = _up(unit_id, day)
    found = {one.id: one for one in lines(order, day)}
    return [found[above] for above in reversed(order) if above in found]


def below(unit_id: int, day: date) -> list[int]:
    """Return the unit and everything below it on the day; today from the ready map, else by walking down."""
    if day == clock.today():
        return list(session.scalars(select(UnitReach.unit_id).where(UnitReach.ancestor_id == unit_id)))
    top = select(literal(unit_id).label("unit_id")).cte("below", recursive=True)
    step = select(UnitParent.unit_id).join(top, UnitParent.parent_id == top.c.unit_id)
    walk = top.union(step.where(UnitParent.relation == ADMINISTRATIVE, facts.true_on(UnitParent, day)))
    return list(session.scalars(select(walk.c.unit_id)))


def name_on(unit_id: int, day: date) -> str:
    """Return what the unit was called on the day; a unit that was not named yet has its first name."""
    names_then = session.execute(
        select(UnitName.name, UnitName.from_day)
        .where(UnitName.unit_id == unit_id, UnitName.replaced_at.is_(None))
        .order_by(UnitName.from_day)
    ).all()
    earlier = [row.name for row in names_then if row.from_day <= day]
    if earlier:
        return str(earlier[-1])
    return str(names_then[0].name) if names_then else ""


def names_on(unit_ids: Collection[int], day: date) -> dict[int, str]:
    """Return the short names of these units on the day, also of units closed before it."""
    rows = session.execute(
        select(UnitName.unit_id, UnitName.short_name)
        .where(UnitName.unit_id.in_(unit_ids), UnitName.replaced_at.is_(None), UnitName.from_day <= day)
        .order_by(UnitName.from_day)
    )
    return {row.unit_id: row.short_name for row in rows}


def _lines(day: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Unit.id,
            Unit.code,
            Unit.kind_code,
            UnitKind.is_school,
            Unit.stage,
            UnitName.name,
            UnitName.short_name,
            UnitName.sort_key,
            UnitParent.parent_id,
        )
        .join(UnitKind, UnitKind.code == Unit.kind_code)
        .join(UnitParent, and_(UnitParent.unit_id == Unit.id, UnitParent.relation == ADMINISTRATIVE, facts.true_on(UnitParent, day)))
        .join(UnitName, and_(UnitName.unit_id == Unit.id, facts.true_on(UnitName, day)))
    )


def _up(unit_id: int, day: date) -> list[int]:
    """Return the unit and those above it, nearest first."""
    start = select(literal(unit_id).label("unit_id"), literal(0).label("depth")).cte("up", recursive=True)
    step = (
        select(UnitParent.parent_id, start.c.depth + 1)
        .join(start, UnitParent.unit_id == start.c.unit_id)
        .where(UnitParent.relation == ADMINISTRATIVE, UnitParent.parent_id.is_not(None), facts.true_on(UnitParent, day))
    )
    walk = start.union_all(step)
    return list(session.scalars(select(walk.c.unit_id).order_by(walk.c.depth)))


def _reach_new(unit_id: int, parent_id: int | None) -> None:
    above = session.execute(select(UnitReach.ancestor_id, UnitReach.depth).where(UnitReach.unit_id == parent_id)).all()
    rows = [{"ancestor_id": unit_id, "unit_id": unit_id, "depth": 0}]
    rows += [{"ancestor_id": ancestor, "unit_id": unit_id, "depth": depth + 1} for ancestor, depth in above]
    session.execute(insert(UnitReach), rows)


def _chain(unit_id: int, parents: dict[int, int | None]) -> list[int]:
    """Return the unit and all above it, nearest first."""
    chain: list[int] = []
    current: int | None = unit_id
    while current is not None and current not in chain:
        chain.append(current)
        current = parents.get(current)
    return chain


def _open_row(unit: Unit, day: date) -> UnitParent:
    row = parent_row(unit.id, day)
    if row is None:
        raise NotOpen(code=unit.code)
    return row


def _days_of_change(day: date) -> set[date]:
    """Return the day and the later days on which some unit changes its place."""
    later = session.scalars(select(UnitParent.from_day).where(UnitParent.replaced_at.is_(None), UnitParent.from_day > day).distinct())
    return {day, *later}


def _ends_after(table: type[UnitParent] | type[Post], day: date) -> Any:
    return or_(table.until_day.is_(None), table.until_day > day)


def _name_values(name: str, short_name: str | None) -> dict[str, Any]:
    clean = names.clean(name)
    return {"name": clean, "short_name": names.clean(short_name or "") or clean, "sort_key": names.sort_key("", clean)}


def _note(kind: str, day: date, legal_act: str, by: int | None, unit: Unit, **details: Any) -> UnitEvent:
    event = UnitEvent(
        kind=kind, day=day, legal_act=legal_act, details={"unit": unit.code, **details}, recorded_at=clock.now(), recorded_by_id=by
    )
    session.add(event)
    session.flush()
    journal.note("unit", [unit.id])
    audit.record(f"unit.{kind}", f"unit:{unit.id}", account_id=by, day=day.isoformat(), legal_act=legal_act, **details)
    return event
