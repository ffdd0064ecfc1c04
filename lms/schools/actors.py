"""Who a signed-in account is today: one query for the person and the roles."""

from sqlalchemy import ColumnElement, Date, FromClause, Integer, String, and_, bindparam, or_, select

from lms.accounts.models import Account, EndedSession, Person
from lms.core import clock, db
from lms.schools.models import Place, Role, SchoolClass, Unit, UnitName
from lms.web.signin import Actor, Grant

# The role whose unit names the person's pages, first in this order.
_FIRST = ("head_teacher", "roster_keeper", "teacher", "pupil", "officer", "administrator", "auditor", "author")


# Every request asks this.  To put a statement together costs ten times what running it does, so it is made once; and it
# names plain columns, because those of the ORM have to be told apart again each time the statement is looked up.
_account, _person, _role, _ended = Account.__table__, Person.__table__, Role.__table__, EndedSession.__table__
_unit, _name, _place, _class = Unit.__table__, UnitName.__table__, Place.__table__, SchoolClass.__table__
_today = bindparam("today", type_=Date)


def _holds_today(table: FromClause) -> ColumnElement[bool]:
    return and_(table.c.from_day <= _today, or_(table.c.until_day.is_(None), table.c.until_day > _today))


_GRADE = (
    select(_class.c.grade)
    .select_from(_place.join(_class, _class.c.id == _place.c.class_id))
    .where(_place.c.person_id == _person.c.id, _place.c.replaced_at.is_(None), _holds_today(_place))
    .order_by(_place.c.from_day.desc())
    .limit(1)
    .correlate(_person)
    .scalar_subquery()
)
_ACTOR = (
    select(
        _account.c.id,
        _account.c.person_id,
        _account.c.session_epoch,
        _account.c.username,
        _account.c.language,
        _account.c.must_change,
        _person.c.family_name,
        _person.c.given_name,
        _person.c.gender,
        _role.c.role,
        _role.c.unit_id,
        _name.c.short_name,
        _unit.c.code.label("unit_code"),
        _GRADE.label("grade"),
    )
    .select_from(
        _account.join(_person, _person.c.id == _account.c.person_id)
        .outerjoin(_role, and_(_role.c.account_id == _account.c.id, _holds_today(_role)))
        .outerjoin(_unit, _unit.c.id == _role.c.unit_id)
        .outerjoin(_name, and_(_name.c.unit_id == _role.c.unit_id, _name.c.replaced_at.is_(None), _holds_today(_name)))
    )
    .where(
        _account.c.id == bindparam("account_id", type_=Integer),
        _account.c.disabled.is_(False),
        ~select(_ended.c.id).where(_ended.c.key == bindparam("session_key", type_=String)).exists(),
    )
)


def load(account_id: int, session_key: str = "") -> Actor | None:
    """Return the actor of an account; None when there is none, it is disabled, or this session was ended."""
    rows = db.run(_ACTOR, {"today": clock.today(), "account_id": account_id, "session_key": session_key}).all()
    if not rows:
        return None
    held = sorted((row for row in rows if row.role), key=lambda row: _FIRST.index(row.role))
    one = held[0] if held else rows[0]
    return Actor(
        account_id=one.id,
        person_id=one.person_id,
        session_epoch=one.session_epoch,
        username=one.username,
        full_name=f"{one.family_name} {one.given_name}".strip(),
        given_name=one.given_name,
        gender=one.gender,
        language=one.language,
        must_change=one.must_change,
        grants=tuple(Grant(row.role, row.unit_id) for row in held),
        unit_id=one.unit_id,
        unit_name=one.short_name or "",
        unit_code=one.unit_code or "",
        grade=one.grade,
    )
