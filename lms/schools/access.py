"""The one place that says what a role may do, and how far it reaches: its unit and all below."""

from collections.abc import Iterable

from sqlalchemy import Select, or_, select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.schools.models import Role, UnitReach
from lms.web.signin import Actor

# What each role may do at its unit and below. One line per capability keeps this readable as a table.
CAPABILITIES: dict[str, frozenset[str]] = {
    "administrator": frozenset(
        {"see_units", "see_people", "import_people", "import_units", "manage_units", "manage_roles", "reset_pupil", "reset_staff",
         "print_slips", "see_coverage", "remind", "approve_exemptions", "author", "import_questions", "see_audit", "manage_settings", "mark_staff",
         "override_staff", "give_extra_time", "regrade", "see_statistics", "revoke_staff", "hold_meeting"}
    ),
    "officer": frozenset(
        {"see_units", "see_people", "import_people", "print_slips", "see_coverage", "remind", "approve_exemptions", "reset_staff",
         "mark_staff", "override_staff", "see_statistics", "revoke_staff", "hold_meeting"}
    ),
    "head_teacher": frozenset(
        {"see_units", "see_people", "import_people", "print_slips", "see_coverage", "remind", "approve_exemptions", "reset_pupil", "reset_staff",
         "mark_staff", "mark_pupils", "teach_class", "override_staff", "override_pupils", "give_extra_time", "see_statistics", "revoke_staff",
         "revoke_pupils", "hold_meeting"}
    ),
    "roster_keeper": frozenset({"see_units", "see_people", "import_people", "print_slips", "reset_pupil", "reset_staff", "give_extra_time"}),
    "author": frozenset({"author", "import_questions", "regrade", "see_statistics"}),
    "teacher": frozenset({"see_pupils", "reset_pupil", "mark_pupils", "teach_class", "override_pupils"}),
    "pupil": frozenset(),
    "auditor": frozenset({"see_units", "see_people", "see_coverage", "see_audit"}),
}  # fmt: skip


def may(actor: Actor, capability: str, unit_id: int | None) -> bool:
    """Return whether one of the actor's roles gives the capability at this unit."""
    granting = units_granting(actor, capability)
    if unit_id is None or not granting:
        return False
    if unit_id in granting:
        return True
    reaches = select(UnitReach.unit_id).where(UnitReach.unit_id == unit_id, UnitReach.ancestor_id.in_(granting)).limit(1)
    return session.scalar(reaches) is not None


def may_anywhere(actor: Actor, capability: str) -> bool:
    """Return whether the actor has the capability at some unit."""
    return bool(units_granting(actor, capability))


def units_granting(actor: Actor, capability: str) -> list[int]:
    """Return the units at which the actor's roles give the capability (it reaches all below them)."""
    return [grant.unit_id for grant in actor.grants if capability in CAPABILITIES[grant.role]]


def holders(capability: str, unit_id: int | None) -> list[int]:
    """Return the accounts whose roles give a capability at this unit today, those above it included; at no unit: none."""
    if unit_id is None:
        return []
    roles = [role for role, capabilities in CAPABILITIES.items() if capability in capabilities]
    above = select(UnitReach.ancestor_id).where(UnitReach.unit_id == unit_id)
    today = clock.today()
    held = select(Role.account_id).join(Account, Account.id == Role.account_id)
    return list(
        session.scalars(
            held.where(
                Role.role.in_(roles),
                Role.unit_id.in_(above),
                Role.from_day <= today,
                or_(Role.until_day.is_(None), Role.until_day > today),
                Account.disabled.is_(False),
            ).distinct()
        )
    )


def reach(unit_ids: Iterable[int]) -> Select[int]:
    """Return the query of all units at and below these, on today's map."""
    return select(UnitReach.unit_id).where(UnitReach.ancestor_id.in_(list(unit_ids)))
