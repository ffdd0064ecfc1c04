"""Reading what a unit page stands on: the unit with those around it, and the programmes.  One statement each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Float, Integer, String, and_, bindparam, cast, func, literal, null, or_, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from lms.core import clock
from lms.core.db import Json, session
from lms.core.errors import NotFound
from lms.core.i18n import lazy_
from lms.core.models import Import
from lms.courses.models import Course
from lms.programmes.models import Deadline, Programme, Rule, Target
from lms.reports import evidence
from lms.reports.aims import Aim, Due, Goal
from lms.reports.contributions import span
from lms.schools.models import Unit, UnitKind, UnitName, UnitParent
from lms.schools.tree import ADMINISTRATIVE


class NotOpenThen(NotFound):
    code = "unit_not_open_then"
    message = lazy_("There is no such unit, or it was not open on that day. Choose another day.")


class NoProgramme(NotFound):
    code = "no_programme"
    message = lazy_("There is no such programme for staff on that day.")


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

    def is_below(self, unit_ids: Collection[int]) -> bool:
        """Return whether the unit is one of these or stands below one of them."""
        return any(place.id in unit_ids for place in self.chain)


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
    programmes: dict[int, Any] = {}
    rules: dict[int, list[Any]] = defaultdict(list)
    goals: dict[int, list[Goal]] = defaultdict(list)
    dues: dict[int, list[Due]] = defaultdict(list)
    for row in session.execute(_AIMS, {"day": day}):
        if row.kind == "programme":
            programmes[row.id] = row
        elif row.kind == "rule":
            rules[row.id].append(row)
        elif row.kind == "goal":
            goals[row.id].append(Goal(row.from_day, row.share))
        else:
            dues[row.id].append(Due(row.from_day, row.title))
    made = [_aim(row, sorted(rules[row.id], key=lambda rule: rule.number), goals[row.id], dues[row.id], day) for row in programmes.values()]
    return sorted(made, key=lambda each: (each.duty.ended_by(day), each.programme_id))


def aim(slug: str | None, day: date) -> Aim:
    """Return the programme with this short name, without one the first; raises NoProgramme."""
    found = next((each for each in aims(day) if slug in (None, each.slug)), None)
    if found is None:
        raise NoProgramme()
    return found


def _aim(row: Any, rules: list[Any], goals: list[Goal], dues: list[Due], day: date) -> Aim:
    in_force = [rule for rule in rules if rule.from_day <= day and (rule.until_day is None or day < rule.until_day)]
    rule = (in_force or rules or [None])[-1]
    return Aim(
        programme_id=row.id,
        slug=row.word,
        title=row.title,
        from_day=row.from_day,
        course_id=rule.course_id if rule else None,
        course_code=rule.word if rule else "",
        positions=frozenset(rule.title) if rule else frozenset(),
        duty=evidence.duty(
            row.id,
            row.owner_unit_id,
            span(row.from_day, row.until_day),
            [evidence.rule_days(each.title, each.unit_kinds, each.stages, each.from_day, each.until_day) for each in rules],
        ),
        goals=tuple(sorted(goals, key=lambda goal: goal.day)),
        dues=tuple(sorted(dues, key=lambda due: due.day)),
    )


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


def _aims_statement() -> Any:
    begun = and_(Programme.audience == "staff", Programme.from_day <= bindparam("day", type_=Date))

    def part(kind: str, table: Any, title: Any, **columns: Any) -> Any:
        empty: dict[str, Any] = {
            "word": cast(null(), String),
            "from_day": cast(null(), Date),
            "until_day": cast(null(), Date),
            "owner_unit_id": cast(null(), Integer),
            "number": cast(null(), Integer),
            "course_id": cast(null(), Integer),
            "share": cast(null(), Float),
            "unit_kinds": cast(null(), Json),
            "stages": cast(null(), Json),
        }
        named = [column.label(name) for name, column in (empty | columns).items()]
        found = select(literal(kind).label("kind"), Programme.id.label("id"), title.label("title"), *named).where(begun)
        return found if table is Programme else found.join(table, table.programme_id == Programme.id)

    dated = {"from_day": Programme.from_day, "until_day": Programme.until_day}
    return union_all(
        part(
            "programme", Programme, type_coerce(Programme.title, Json), word=Programme.slug, owner_unit_id=Programme.owner_unit_id, **dated
        ),
        part(
            "rule",
            Rule,
            type_coerce(Rule.positions, Json),
            word=Course.code,
            from_day=Rule.from_day,
            until_day=Rule.until_day,
            number=Rule.number,
            course_id=Rule.course_id,
            unit_kinds=type_coerce(Rule.unit_kinds, Json),
            stages=type_coerce(Rule.stages, Json),
        ).join(Course, Course.id == Rule.course_id),
        part("goal", Target, cast(null(), Json), from_day=Target.day, share=Target.share),
        part("due", Deadline, type_coerce(Deadline.title, Json), from_day=Deadline.day),
    )


_AIMS = _aims_statement()
