"""Reading what a unit page stands on: the unit with those around it, and the programmes.  One statement each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, String, and_, bindparam, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from lms.core import clock
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.i18n import lazy_
from lms.core.models import Import
from lms.courses.models import Course
from lms.programmes.models import Deadline, Programme, Rule, Target
from lms.reports import evidence
from lms.reports.aims import Aim, Due, Goal
from lms.schools.models import Unit, UnitKind, UnitName, UnitParent
from lms.schools.tree import ADMINISTRATIVE


class NotOpenThen(NotFound):
    code = "unit_not_open_then"
    message = lazy_("There is no such unit, or it was not open on that day. Choose another day.")


@dataclass(frozen=True)
class Place:
    """A unit as it was on the day of the page; ``list_day`` is when its newest staff list was brought in."""

    id: int
    code: str
    kind_code: str
    kind_title: dict[str, str]
    is_school: bool
    stage: str | None
    name: str
    short_name: str
    sort_key: str
    parent_id: int | None
    list_day: date | None


@dataclass(frozen=True)
class Frame:
    """A unit and those around it: the chain from the top down to it, its siblings with itself, its children."""

    unit: Place
    chain: tuple[Place, ...]
    siblings: tuple[Place, ...]
    children: tuple[Place, ...]


def frame(code: str, day: date) -> Frame:
    """Return a unit with those around it on a day, all sorted by name; raises NotOpenThen."""
    rows = session.execute(_FRAME, {"code": code, "day": day}).all()
    by_role: dict[str, list[tuple[int, Place]]] = defaultdict(list)
    for row in rows:
        list_day = clock.local(row.list_at).date() if row.list_at else None
        by_role[row.role].append((row.depth, _place(row, list_day)))
    chain = [place for _, place in sorted(by_role["chain"], key=lambda each: -each[0])]
    if not chain:
        raise NotOpenThen()
    siblings, children = ([place for _, place in sorted(by_role[role], key=lambda each: each[1].sort_key)] for role in ("sibling", "child"))
    return Frame(chain[-1], tuple(chain), tuple(siblings) or (chain[-1],), tuple(children))


def code_of(unit_id: int) -> str | None:
    """Return the code of a unit."""
    return session.scalar(select(Unit.code).where(Unit.id == unit_id))


def aims(day: date) -> list[Aim]:
    """Return the programmes for staff that were begun by a day, those in force first."""
    rows = session.execute(_AIMS, {"day": day}).all()
    programmes: dict[int, Programme] = {}
    rules: dict[int, dict[int, Any]] = defaultdict(dict)  # number -> rule and course
    goals: dict[int, set[Goal]] = defaultdict(set)
    dues: dict[int, dict[date, Due]] = defaultdict(dict)
    for programme, rule, course, target, deadline in rows:
        programmes[programme.id] = programme
        if rule is not None:
            rules[programme.id][rule.number] = (rule, course)
        if target is not None:
            goals[programme.id].add(Goal(target.day, target.share))
        if deadline is not None:
            dues[programme.id][deadline.day] = Due(deadline.day, deadline.title)
    made = []
    for programme in programmes.values():
        in_order = [pair for _, pair in sorted(rules[programme.id].items())]
        in_force = [pair for pair in in_order if pair[0].from_day <= day and (pair[0].until_day is None or day < pair[0].until_day)]
        rule_now, course_now = (in_force or in_order or [(None, None)])[-1]
        made.append(
            Aim(
                programme_id=programme.id,
                slug=programme.slug,
                title=programme.title,
                from_day=programme.from_day,
                course_id=course_now.id if course_now else None,
                course_code=course_now.code if course_now else "",
                course_slug=course_now.slug if course_now else "",
                positions=frozenset(rule_now.positions) if rule_now else frozenset(),
                duty=evidence.duty(programme, [pair[0] for pair in in_order]),
                goals=tuple(sorted(goals[programme.id], key=lambda goal: goal.day)),
                dues=tuple(due for _, due in sorted(dues[programme.id].items())),
            )
        )
    ended = {programme.id for programme in programmes.values() if programme.until_day is not None and programme.until_day <= day}
    return sorted(made, key=lambda aim: (aim.programme_id in ended, aim.programme_id))


def _place(row: Any, list_day: date | None) -> Place:
    return Place(
        id=row.id,
        code=row.code,
        kind_code=row.kind_code,
        kind_title=row.title,
        is_school=row.is_school,
        stage=row.stage,
        name=row.name,
        short_name=row.short_name,
        sort_key=row.sort_key,
        parent_id=row.parent_id,
        list_day=list_day,
    )


def _true_on(table: Any, day: Any) -> Any:
    # A parameter for the day, so that the statement is put together once.
    return and_(table.replaced_at.is_(None), table.from_day <= day, or_(table.until_day.is_(None), table.until_day > day))


def _frame_statement() -> Any:
    day = bindparam("day", type_=Date)
    here, there = aliased(UnitParent), aliased(UnitParent)
    start = (
        select(here.unit_id.label("unit_id"), here.parent_id.label("parent_id"), literal(0, Integer).label("depth"))
        .join(Unit, Unit.id == here.unit_id)
        .where(Unit.code == bindparam("code", type_=String), here.relation == ADMINISTRATIVE, _true_on(here, day))
        .cte("chain", recursive=True)
    )
    step = (
        select(there.unit_id, there.parent_id, start.c.depth + 1)
        .join(start, there.unit_id == start.c.parent_id)
        .where(there.relation == ADMINISTRATIVE, _true_on(there, day))
    )
    chain = start.union_all(step)
    own = select(chain.c.unit_id, chain.c.parent_id).where(chain.c.depth == 0).cte("own")
    shown = union_all(
        select(
            literal("chain").label("role"),
            chain.c.depth.label("depth"),
            chain.c.unit_id.label("unit_id"),
            chain.c.parent_id.label("parent_id"),
        ),
        *(
            select(literal(role), cast(null(), Integer), UnitParent.unit_id, UnitParent.parent_id)
            .join(own, UnitParent.parent_id == above)
            .where(UnitParent.relation == ADMINISTRATIVE, _true_on(UnitParent, day))
            for role, above in (("child", own.c.unit_id), ("sibling", own.c.parent_id))
        ),
    ).subquery()
    newest_list = (
        select(func.max(Import.applied_at))
        .where(Import.unit_id == Unit.id, Import.kind == "people.staff", Import.state == "applied")
        .correlate(Unit)
        .scalar_subquery()
    )
    return (
        select(
            shown.c.role,
            shown.c.depth,
            Unit.id,
            Unit.code,
            Unit.kind_code,
            UnitKind.title,
            UnitKind.is_school,
            Unit.stage,
            UnitName.name,
            UnitName.short_name,
            UnitName.sort_key,
            shown.c.parent_id,
            newest_list.label("list_at"),
        )
        .join(shown, shown.c.unit_id == Unit.id)
        .join(UnitKind, UnitKind.code == Unit.kind_code)
        .join(UnitName, and_(UnitName.unit_id == Unit.id, _true_on(UnitName, day)))
    )


_FRAME = _frame_statement()
_AIMS = (
    select(Programme, Rule, Course, Target, Deadline)
    .outerjoin(Rule, Rule.programme_id == Programme.id)
    .outerjoin(Course, Course.id == Rule.course_id)
    .outerjoin(Target, Target.programme_id == Programme.id)
    .outerjoin(Deadline, Deadline.programme_id == Programme.id)
    .where(Programme.audience == "staff", Programme.from_day <= bindparam("day", type_=Date))
    .order_by(Programme.id)
)
