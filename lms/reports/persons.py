"""Who is behind a figure: every person counted at a unit, each with one reason.  One statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Integer, Select, String, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Account, Person
from lms.core import clock
from lms.core.db import Moment, session
from lms.courses.models import Activity
from lms.learning.models import Enrolment, Result
from lms.notifications.models import Message
from lms.programmes.exemptions import REASONS as EXEMPT_REASONS
from lms.programmes.models import ELSEWHERE, Exemption, Qualification, Recognition
from lms.quizzes.models.quiz import Quiz
from lms.reports import reasons
from lms.reports.aims import Aim
from lms.reports.reasons import Standing
from lms.schools.models import Post, Unit, UnitName, UnitParent
from lms.schools.tree import ADMINISTRATIVE

STATES = ("missing", "trained", "exempt")
# Of the trained, those whom only training from elsewhere makes so.
RECOGNISED = "recognised"
PAGE = 100
# Reminders of coverage carry this before programme, day and account, so that nobody is reminded twice a day.
REMINDED = "reminder:coverage"
_NO_END = date.max

_DAY = bindparam("day", type_=Date)
_PROGRAMME = bindparam("programme", type_=Integer)
_COURSE = bindparam("course", type_=Integer)


@dataclass(frozen=True)
class Line:
    """A person behind a figure."""

    person_id: int
    account_id: int | None
    name: str
    unit_id: int
    unit_name: str
    department: str
    position: str
    since: date
    state: str  # missing, trained, exempt
    reason: str  # a key of reasons.REASONS
    said: str  # the reason as a sentence
    until: date | None
    active_on: date | None
    has_address: bool
    reminders: int
    reminded_on: date | None


def lines(
    unit_id: int, aim: Aim, day: date, *, state: str = "", position: str = "", first: int = 0, most: int = PAGE
) -> tuple[list[Line], bool]:
    """Return the persons obliged at a unit and below on a day, by name, and whether there are more.

    ``state`` is one of STATES or RECOGNISED, "" for all; ``first`` is how many to leave out.
    """
    rule = next((rule for rule in aim.duty.rules if rule.days[0] <= day < rule.days[1]), None)
    if rule is None:
        return [], False
    values: dict[str, Any] = {
        "unit": unit_id,
        "owner": aim.duty.owner_unit_id,
        "position": position,
        "positions": sorted(rule.positions),
        "unit_kinds": sorted(rule.unit_kinds),
        "stages": sorted(rule.stages),
        "programme": aim.programme_id,
        "course": aim.course_id,
        "day": day,
        "end": _end_of(day),
        "reminded": f"{REMINDED}:{aim.programme_id}:%",
        "first": first,
        "most": most + 1,
    }
    people: dict[int, list[Any]] = {}
    shape = _Shape(
        state, bool(position), bool(rule.positions), aim.duty.owner_unit_id is not None, bool(rule.unit_kinds), bool(rule.stages)
    )
    for row in session.execute(_statement(shape), values):
        people.setdefault(row.person_id, []).append(row)
    made = [_line(rows, day) for rows in people.values()]
    return made[:most], len(made) > most


def recognised(unit_id: int, aim: Aim, day: date, *, position: str = "") -> int:
    """Return how many of those trained at a unit and below on a day are so only by training from elsewhere.

    Begins from the documents, not from the staff: there are few of them.  One statement.
    """
    rule = next((rule for rule in aim.duty.rules if rule.days[0] <= day < rule.days[1]), None)
    if rule is None:
        return 0
    posts = (
        select(Post.id)
        .where(Post.person_id == Recognition.person_id, Post.unit_id.in_(select(_below("unit").c.unit_id)), _true_on(Post))
        .correlate(Recognition)
    )
    wanted = {position} if position else set(rule.positions)
    if wanted:
        posts = posts.where(Post.position_code.in_(wanted))
    if rule.unit_kinds:
        posts = posts.where(Post.unit_id.in_(select(Unit.id).where(Unit.kind_code.in_(rule.unit_kinds))))
    if rule.stages:
        posts = posts.where(Post.unit_id.in_(select(Unit.id).where(Unit.stage.in_(rule.stages))))
    if aim.duty.owner_unit_id is not None:
        posts = posts.where(Post.unit_id.in_(select(_below("owner").c.unit_id)))
    documents = (
        select(func.count(Recognition.person_id.distinct()))
        .join(Person, Person.id == Recognition.person_id)
        .where(
            Recognition.programme_id == _PROGRAMME,
            Recognition.state == "approved",
            posts.exists(),
            *_of_state(RECOGNISED),
        )
    )
    values = {"unit": unit_id, "owner": aim.duty.owner_unit_id, "programme": aim.programme_id, "day": day}
    return session.scalar(documents, values) or 0


@dataclass(frozen=True)
class _Shape:
    """What makes one statement differ from another; its values come as parameters."""

    state: str
    of_position: bool
    of_positions: bool
    of_owner: bool
    of_kinds: bool
    of_stages: bool


@cache
def _statement(shape: _Shape) -> Select[Any]:
    # To put it together costs many times what running it does: each shape is made once.
    page = _chosen(_counted(shape)).where(*_of_state(shape.state))
    ordered = page.order_by(Person.sort_key, Person.id).offset(bindparam("first")).limit(bindparam("most"))
    return _with_details(ordered.subquery())


def _counted(shape: _Shape) -> CTE:
    """The persons whose posts oblige them at or below the unit on the day, with the first of these posts."""
    posts = select(Post.person_id.label("person_id"), func.min(Post.id).label("post_id")).where(
        Post.unit_id.in_(select(_below("unit").c.unit_id)), _true_on(Post)
    )
    if shape.of_positions:
        posts = posts.where(Post.position_code.in_(bindparam("positions", expanding=True)))
    if shape.of_position:
        posts = posts.where(Post.position_code == bindparam("position"))
    if shape.of_kinds:
        posts = posts.where(Post.unit_id.in_(select(Unit.id).where(Unit.kind_code.in_(bindparam("unit_kinds", expanding=True)))))
    if shape.of_stages:
        posts = posts.where(Post.unit_id.in_(select(Unit.id).where(Unit.stage.in_(bindparam("stages", expanding=True)))))
    if shape.of_owner:
        posts = posts.where(Post.unit_id.in_(select(_below("owner").c.unit_id)))
    return posts.group_by(Post.person_id).cte("counted")


def _below(name: str) -> CTE:
    here = UnitParent.relation == ADMINISTRATIVE
    top = select(UnitParent.unit_id).where(UnitParent.unit_id == bindparam(name, type_=Integer), here, _true_on(UnitParent))
    start = top.cte(f"below_{name}", recursive=True)
    step = select(UnitParent.unit_id).join(start, UnitParent.parent_id == start.c.unit_id)
    return start.union(step.where(here, _true_on(UnitParent)))


def _chosen(counted: CTE) -> Select[Any]:
    ended = select(func.max(Qualification.until_day)).where(
        *_qualification(), Qualification.state == "valid", Qualification.until_day <= _DAY
    )
    exemption = select(Exemption.reason).where(*_exemption()).limit(1)
    revoked = exists().where(*_qualification(), Qualification.state == "revoked")
    reminder = and_(
        Message.account_id == Account.id, Message.channel == "page", Message.dedupe_key.like(bindparam("reminded", type_=String))
    )
    return (
        select(
            Person.id.label("person_id"),
            Person.family_name,
            Person.given_name,
            Person.sort_key,
            counted.c.post_id,
            Account.id.label("account_id"),
            Account.email,
            Account.last_signin_at,
            _valid().correlate(Person).scalar_subquery().label("valid_until"),
            ended.correlate(Person).scalar_subquery().label("ended_on"),
            exemption.correlate(Person).scalar_subquery().label("exempt_reason"),
            case((revoked.correlate(Person), 1), else_=0).label("revoked"),
            case((_by_course(), 1), else_=0).label("by_course"),
            select(func.count()).where(reminder).correlate(Account).scalar_subquery().label("reminders"),
            select(func.max(Message.created_at)).where(reminder).correlate(Account).scalar_subquery().label("reminded_at"),
        )
        .join(counted, counted.c.person_id == Person.id)
        .outerjoin(Account, and_(Account.person_id == Person.id, Account.disabled.is_(False)))
    )


def _with_details(page: Any) -> Select[Any]:
    """Each person of the page with post, unit, enrolment, and a row for each required quiz of the course."""
    later = aliased(Enrolment)
    last_cycle = (
        select(func.max(later.cycle))
        .where(
            later.person_id == page.c.person_id,
            later.course_id == _COURSE,
            later.state != "cancelled",
            later.enrolled_at < bindparam("end", type_=Moment),
        )
        .correlate(page)
        .scalar_subquery()
    )
    return (
        select(
            page,
            Post.unit_id,
            Post.department,
            Post.position_code,
            Post.from_day.label("since"),
            UnitName.short_name,
            Enrolment.id.label("enrolment_id"),
            Enrolment.started_at,
            Enrolment.active_at,
            Enrolment.completed_at,
            Enrolment.done,
            Enrolment.required,
            Activity.key.label("quiz_key"),
            Result.state.label("quiz_state"),
            Result.share.label("quiz_share"),
            Quiz.pass_share,
        )
        .join(Post, Post.id == page.c.post_id)
        .outerjoin(UnitName, and_(UnitName.unit_id == Post.unit_id, _true_on(UnitName)))
        .outerjoin(
            Enrolment,
            and_(Enrolment.person_id == page.c.person_id, Enrolment.course_id == _COURSE, Enrolment.cycle == last_cycle),
        )
        .outerjoin(Activity, and_(Activity.version_id == Enrolment.version_id, Activity.kind == "quiz", Activity.required.is_(True)))
        .outerjoin(Result, and_(Result.enrolment_id == Enrolment.id, Result.activity_key == Activity.key))
        .outerjoin(Quiz, Quiz.activity_id == Activity.id)
        .order_by(page.c.sort_key, page.c.person_id, Activity.position)
    )


def _line(rows: list[Any], day: date) -> Line:
    row, end = rows[0], _end_of(day)
    quizzes = [each for each in rows if each.quiz_key is not None]
    failed = next((each for each in quizzes if each.quiz_state == "failed"), None)
    standing = Standing(
        is_exempt=row.exempt_reason is not None,
        qualified=row.valid_until is not None,
        revoked=bool(row.revoked),
        ended_on=row.ended_on,
        enrolled=row.enrolment_id is not None,
        completed=row.completed_at is not None and row.completed_at < end,
        started=row.started_at is not None and row.started_at < end,
        done=row.done or 0,
        required=row.required or 0,
        quizzes=len(quizzes),
        quizzes_passed=sum(each.quiz_state == "passed" for each in quizzes),
        quiz_failed=failed is not None,
        signed_in_before=row.last_signin_at is not None and row.last_signin_at < end,
    )
    key = reasons.reason(standing)
    until = _shown(row.valid_until if key == "trained" else row.ended_on if key == "expired" else None)
    exempt_reason = EXEMPT_REASONS.get(row.exempt_reason or "")
    # How far somebody was on a past day is not kept; only that the course was begun.
    is_now = day >= clock.today()
    return Line(
        person_id=row.person_id,
        account_id=row.account_id,
        name=f"{row.family_name} {row.given_name}".strip(),
        unit_id=row.unit_id,
        unit_name=row.short_name or "",
        department=row.department,
        position=row.position_code,
        since=row.since,
        state=key if key in STATES else "missing",
        reason=key,
        said=reasons.say(
            key,
            until=until,
            exempt_reason=str(exempt_reason or ""),
            recognised=not row.by_course,
            done=standing.done if is_now else 0,
            required=standing.required if is_now else 0,
            share=failed.quiz_share if failed else None,
            needed=failed.pass_share if failed else None,
        ),
        until=until,
        active_on=_day(row.active_at) if is_now else None,
        has_address=bool(row.email),
        reminders=row.reminders or 0,
        reminded_on=_day(row.reminded_at),
    )


def _of_state(state: str) -> Iterable[ColumnElement[bool]]:
    exempt = exists().where(*_exemption()).correlate(Person)
    trained = exists().where(*_qualification(), Qualification.state == "valid", _holds(Qualification)).correlate(Person)
    if state == "exempt":
        return [exempt]
    if state == "trained":
        return [~exempt, trained]
    if state == RECOGNISED:
        return [~exempt, trained, ~_by_course()]
    return [~exempt, ~trained] if state == "missing" else []


def _by_course() -> ColumnElement[bool]:
    """Whether a course taken here makes the person trained; otherwise a document from elsewhere does."""
    return (
        exists()
        .where(*_qualification(), Qualification.state == "valid", _holds(Qualification), ~Qualification.evidence.startswith(ELSEWHERE))
        .correlate(Person)
    )


def _valid() -> Select[Any]:
    """The day until which the person is qualified: of several the one that lasts longest."""
    until = func.max(func.coalesce(Qualification.until_day, _NO_END), type_=Qualification.until_day.type)
    return select(until).where(*_qualification(), Qualification.state == "valid", _holds(Qualification))


def _qualification() -> list[ColumnElement[bool]]:
    return [Qualification.person_id == Person.id, Qualification.programme_id == _PROGRAMME]


def _exemption() -> list[ColumnElement[bool]]:
    return [Exemption.person_id == Person.id, Exemption.programme_id == _PROGRAMME, _true_on(Exemption)]


def _true_on(table: Any) -> ColumnElement[bool]:
    return and_(table.replaced_at.is_(None), _holds(table))


def _holds(table: Any) -> ColumnElement[bool]:
    return and_(table.from_day <= _DAY, or_(table.until_day.is_(None), table.until_day > _DAY))


def _shown(until_day: date | None) -> date | None:
    """Return the day as certificates and mails name it; None when there is no end."""
    return until_day if until_day != _NO_END else None


def _end_of(day: date) -> datetime:
    return clock.start_of(day + timedelta(days=1))


def _day(moment: datetime | None) -> date | None:
    return clock.local(moment).date() if moment else None
