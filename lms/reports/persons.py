"""Who is behind a figure: every person counted at a unit, each with one reason.  One statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Account, Person
from lms.core import clock
from lms.core.db import session
from lms.courses.models import Activity
from lms.learning.models import Enrolment, Result
from lms.notifications.models import Message
from lms.programmes.exemptions import REASONS as EXEMPT_REASONS
from lms.programmes.models import Exemption, Qualification
from lms.quizzes.models.quiz import Quiz
from lms.reports import reasons
from lms.reports.aims import Aim
from lms.reports.reasons import Standing
from lms.schools.models import Post, UnitName, UnitParent
from lms.schools.tree import ADMINISTRATIVE

STATES = ("missing", "trained", "exempt")
PAGE = 100
# Reminders of coverage carry this before programme, day and account, so that nobody is reminded twice a day.
REMINDED = "reminder:coverage"
_NO_END = date.max


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

    ``state`` is one of STATES, "" for all; ``first`` is how many to leave out.
    """
    counted = _counted(unit_id, aim, day, position)
    chosen = _chosen(counted, aim, day).where(*_of_state(state, aim, day))
    page = chosen.order_by(Person.sort_key, Person.id).offset(first).limit(most + 1).subquery()
    people: dict[int, list[Any]] = {}
    for row in session.execute(_with_details(page, aim, day)):
        people.setdefault(row.person_id, []).append(row)
    made = [_line(rows, day) for rows in people.values()]
    return made[:most], len(made) > most


def _counted(unit_id: int, aim: Aim, day: date, position: str) -> CTE:
    """The persons whose posts oblige them at or below the unit on the day, with the first of these posts."""
    posts = select(Post.person_id.label("person_id"), func.min(Post.id).label("post_id")).where(
        Post.unit_id.in_(select(_below(unit_id, day, "below").c.unit_id)), _true_on(Post, day)
    )
    rule = next((rule for rule in aim.duty.rules if rule.days[0] <= day < rule.days[1]), None)
    if rule is None:
        posts = posts.where(literal(0) == 1)
    elif rule.positions:
        posts = posts.where(Post.position_code.in_(rule.positions))
    if position:
        posts = posts.where(Post.position_code == position)
    if aim.duty.owner_unit_id is not None:
        posts = posts.where(Post.unit_id.in_(select(_below(aim.duty.owner_unit_id, day, "owned").c.unit_id)))
    return posts.group_by(Post.person_id).cte("counted")


def _below(unit_id: int, day: date, name: str) -> CTE:
    top = select(UnitParent.unit_id).where(UnitParent.unit_id == unit_id, UnitParent.relation == ADMINISTRATIVE, _true_on(UnitParent, day))
    start = top.cte(name, recursive=True)
    step = select(UnitParent.unit_id).join(start, UnitParent.parent_id == start.c.unit_id)
    return start.union(step.where(UnitParent.relation == ADMINISTRATIVE, _true_on(UnitParent, day)))


def _chosen(counted: CTE, aim: Aim, day: date) -> Select[Any]:
    valid = _valid(aim, day)
    ended = select(func.max(Qualification.until_day)).where(
        *_qualification(aim), Qualification.state == "valid", Qualification.until_day <= day
    )
    exemption = select(Exemption.reason).where(*_exemption(aim, day)).limit(1)
    revoked = exists().where(*_qualification(aim), Qualification.state == "revoked")
    key = f"{REMINDED}:{aim.programme_id}:"
    reminder = and_(Message.account_id == Account.id, Message.channel == "page", Message.dedupe_key.startswith(key))
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
            valid.correlate(Person).scalar_subquery().label("valid_until"),
            ended.correlate(Person).scalar_subquery().label("ended_on"),
            exemption.correlate(Person).scalar_subquery().label("exempt_reason"),
            case((revoked.correlate(Person), 1), else_=0).label("revoked"),
            select(func.count()).where(reminder).correlate(Account).scalar_subquery().label("reminders"),
            select(func.max(Message.created_at)).where(reminder).correlate(Account).scalar_subquery().label("reminded_at"),
        )
        .join(counted, counted.c.person_id == Person.id)
        .outerjoin(Account, and_(Account.person_id == Person.id, Account.disabled.is_(False)))
    )


def _with_details(page: Any, aim: Aim, day: date) -> Select[Any]:
    """Each person of the page with post, unit, enrolment, and a row for each required quiz of the course."""
    later = aliased(Enrolment)
    last_cycle = (
        select(func.max(later.cycle))
        .where(
            later.person_id == page.c.person_id,
            later.course_id == aim.course_id,
            later.state != "cancelled",
            later.enrolled_at < _end_of(day),
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
        .outerjoin(UnitName, and_(UnitName.unit_id == Post.unit_id, _true_on(UnitName, day)))
        .outerjoin(
            Enrolment,
            and_(Enrolment.person_id == page.c.person_id, Enrolment.course_id == aim.course_id, Enrolment.cycle == last_cycle),
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


def _of_state(state: str, aim: Aim, day: date) -> Iterable[ColumnElement[bool]]:
    exempt = exists().where(*_exemption(aim, day)).correlate(Person)
    trained = exists().where(*_qualification(aim), Qualification.state == "valid", _holds(Qualification, day)).correlate(Person)
    if state == "exempt":
        return [exempt]
    if state == "trained":
        return [~exempt, trained]
    return [~exempt, ~trained] if state == "missing" else []


def _valid(aim: Aim, day: date) -> Select[Any]:
    """The day until which the person is qualified: of several the one that lasts longest."""
    until = func.max(func.coalesce(Qualification.until_day, _NO_END), type_=Qualification.until_day.type)
    return select(until).where(*_qualification(aim), Qualification.state == "valid", _holds(Qualification, day))


def _qualification(aim: Aim) -> list[ColumnElement[bool]]:
    return [Qualification.person_id == Person.id, Qualification.programme_id == aim.programme_id]


def _exemption(aim: Aim, day: date) -> list[ColumnElement[bool]]:
    return [Exemption.person_id == Person.id, Exemption.programme_id == aim.programme_id, _true_on(Exemption, day)]


def _true_on(table: Any, day: date) -> ColumnElement[bool]:
    return and_(table.replaced_at.is_(None), _holds(table, day))


def _holds(table: Any, day: date) -> ColumnElement[bool]:
    return and_(table.from_day <= day, or_(table.until_day.is_(None), table.until_day > day))


def _shown(until_day: date | None) -> date | None:
    """Return the day as certificates and mails name it; None when there is no end."""
    return until_day if until_day != _NO_END else None


def _end_of(day: date) -> datetime:
    return clock.start_of(day + timedelta(days=1))


def _day(moment: datetime | None) -> date | None:
    return clock.local(moment).date() if moment else None
