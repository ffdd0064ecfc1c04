"""Who a signed-in account is today: one query for the person and the roles."""

from sqlalchemy import Date, Integer, and_, bindparam, or_, select

from lms.accounts.models import Account, Person
from lms.core import clock
from lms.core.db import session
from lms.schools.models import Place, Role, SchoolClass, Unit, UnitName
from lms.web.signin import Actor, Grant

# The role whose unit names the person's pages, first in this order.
_FIRST = ("head_teacher", "roster_keeper", "teacher", "pupil", "officer", "administrator", "auditor", "author")


_TODAY = bindparam("today", type_=Date)

_GRADE = (
    select(SchoolClass.grade)
    .join(Place, Place.class_id == SchoolClass.id)
    .where(
        Place.person_id == Person.id,
        Place.replaced_at.is_(None),
        Place.from_day <= _TODAY,
        or_(Place.until_day.is_(None), Place.until_day > _TODAY),
    )
    .order_by(Place.from_day.desc())
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)

# Every request asks this, and to put a statement together costs ten times what running it does: it is made once.
_ACTOR = (
    select(
        Account.id,
        Account.person_id,
        Account.session_epoch,
        Account.username,
        Account.language,
        Account.must_change,
        Person.family_name,
        Person.given_name,
        Person.gender,
        Role.role,
        Role.unit_id,
        UnitName.short_name,
        Unit.code.label("unit_code"),
        _GRADE.label("grade"),
    )
    .join(Person, Person.id == Account.person_id)
    .outerjoin(
        Role,
        and_(Role.account_id == Account.id, Role.from_day <= _TODAY, or_(Role.until_day.is_(None), Role.until_day > _TODAY)),
    )
    .outerjoin(Unit, Unit.id == Role.unit_id)
    .outerjoin(
        UnitName,
        and_(
            UnitName.unit_id == Role.unit_id,
            UnitName.replaced_at.is_(None),
            UnitName.from_day <= _TODAY,
            or_(UnitName.until_day.is_(None), UnitName.until_day > _TODAY),
        ),
    )
    .where(Account.id == bindparam("account_id", type_=Integer), Account.disabled.is_(False))
)


def load(account_id: int) -> Actor | None:
    """Return the actor of an account, or None when there is none or it is disabled."""
    # Straight to the connection: there are no objects here for the session to look after.
    rows = session.connection().execute(_ACTOR, {"today": clock.today(), "account_id": account_id}).all()
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
