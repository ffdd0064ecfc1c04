"""Roles at units: granting and withdrawing them; each change is in the audit log."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import insert, or_, select

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.schools.models import Role, Unit


def grant(account: Account, role: str, unit: Unit, *, by: int | None, from_day: date | None = None) -> Role:
    """Let the account act in the role at the unit and below; a role held already stays as it is."""
    day = from_day or clock.today()
    held = session.scalar(
        select(Role).where(
            Role.account_id == account.id, Role.role == role, Role.unit_id == unit.id, or_(Role.until_day.is_(None), Role.until_day > day)
        )
    )
    if held is not None:
        return held
    row = Role(account_id=account.id, role=role, unit_id=unit.id, from_day=day, granted_by_id=by)
    session.add(row)
    session.flush()
    audit.record("role.granted", f"account:{account.id}", account_id=by, role=role, unit=unit.code)
    return row


def grant_many(account_ids: Iterable[int], role: str, unit: Unit, *, by: int | None, from_day: date, import_id: int | None = None) -> int:
    """Give the role to accounts that do not hold it yet; one audit entry for all. Returns how many."""
    rows = [
        {"account_id": account_id, "role": role, "unit_id": unit.id, "from_day": from_day, "granted_by_id": by, "import_id": import_id}
        for account_id in account_ids
    ]
    if rows:
        session.execute(insert(Role), rows)
        audit.record("role.granted_many", f"unit:{unit.id}", account_id=by, role=role, unit=unit.code, accounts=len(rows))
    return len(rows)


def withdraw(role: Role, *, by: int | None) -> None:
    """Take the role away from today on; one that was given today is as if never given."""
    today = clock.today()
    audit.record("role.withdrawn", f"account:{role.account_id}", account_id=by, role=role.role, unit_id=role.unit_id)
    if role.from_day >= today:
        session.delete(role)
    else:
        role.until_day = today
    session.flush()


def held(account_id: int, day: date) -> list[Role]:
    """Return the roles that the account holds on the day."""
    return list(
        session.scalars(
            select(Role)
            .where(Role.account_id == account_id, Role.from_day <= day, or_(Role.until_day.is_(None), Role.until_day > day))
            .order_by(Role.id)
        )
    )
