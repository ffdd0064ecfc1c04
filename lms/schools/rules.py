"""Who may see and do what with units, people and lists."""

from collections.abc import Callable, Collection, Sequence
from functools import cache

from sqlalchemy import or_, select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.core.models import Import
from lms.schools import access
from lms.schools.models import Role
from lms.schools.tree import UnitLine
from lms.web.signin import Actor

# Whoever opens another's account acts as that person, so nobody may do it upwards or sideways.
RANK = {"administrator": 5, "officer": 4, "auditor": 4, "author": 4, "head_teacher": 3, "roster_keeper": 2, "teacher": 1, "pupil": 0}

# Those above a school look after its staff; pupils are looked after at their school, by nobody above.
SEEING_TRAINING = {"staff": "see_coverage", "pupils": "mark_pupils"}


def may_see_staff(actor: Actor, unit_id: int) -> bool:
    """Return whether the actor may see who works in the unit."""
    return access.may(actor, "see_people", unit_id)


def may_see_pupils(actor: Actor, unit_id: int) -> bool:
    """Return whether the actor may see the classes and pupils of the school."""
    return access.may(actor, "see_people", unit_id) or access.may(actor, "see_pupils", unit_id)


def may_see_person(actor: Actor, person_id: int, *, works_at: Collection[int], learns_at: Collection[int]) -> bool:
    """Return whether the actor may see what is kept about the person: one's own, or of people in reach."""
    if actor.person_id == person_id:
        return True
    return any(may_see_staff(actor, unit_id) for unit_id in works_at) or any(may_see_pupils(actor, unit_id) for unit_id in learns_at)


def may_give_extra_time(actor: Actor, person_id: int, *, works_at: Collection[int], learns_at: Collection[int]) -> bool:
    """Return whether the actor may see and give the extra time of a person in quizzes: who keeps the list of the person's unit, never one's own."""
    if actor.person_id == person_id:
        return False
    return any(access.may(actor, "give_extra_time", unit_id) for unit_id in {*works_at, *learns_at})


def may_give_exceptions(actor: Actor, person_id: int, *, works_at: Collection[int], learns_at: Collection[int]) -> bool:
    """Return whether the actor may let quizzes differ for the person: as a pupil, or as one of the staff; never one's own."""
    if actor.person_id == person_id:
        return False
    if any(access.may(actor, "override_pupils", unit_id) for unit_id in learns_at):
        return True
    return not learns_at and any(access.may(actor, "override_staff", unit_id) for unit_id in works_at)


def training_seen(actor: Actor, person_id: int, *, works_at: Collection[int], learns_at: Collection[int]) -> set[str]:
    """Return of which programmes the actor may see what a person completed, "staff" and "pupils": all of one's own, others by role and unit."""
    if actor.person_id == person_id:
        return set(SEEING_TRAINING)
    places = {"staff": works_at, "pupils": learns_at}
    return {who for who, units in places.items() if any(access.may(actor, SEEING_TRAINING[who], unit_id) for unit_id in units)}


def may_import(actor: Actor, unit_id: int) -> bool:
    """Return whether the actor may bring in lists for the unit."""
    return access.may(actor, "import_people", unit_id)


def may_see_import(actor: Actor, row: Import) -> bool:
    """Return whether the actor may see, apply and undo this list."""
    return row.kind.startswith("people.") and row.unit_id is not None and may_import(actor, row.unit_id)


def may_print_slips(actor: Actor, unit_id: int) -> bool:
    """Return whether the actor may print login slips at the unit; for whom, manageable says."""
    return access.may(actor, "print_slips", unit_id) or access.may(actor, "reset_pupil", unit_id)


def within_reach(actor: Actor, path: Sequence[UnitLine]) -> list[UnitLine]:
    """Return the part of a way from the top that the actor may see: from the first unit of a role on, else the last alone."""
    granted = set(access.units_granting(actor, "see_units"))
    start = next((place for place, one in enumerate(path) if one.id in granted), len(path) - 1)
    return list(path[start:])


def releases(actor: Actor) -> Callable[[int], bool]:
    """Return what says for another unit whether the actor may end posts there."""

    @cache
    def may_there(unit_id: int) -> bool:
        return may_import(actor, unit_id)

    return may_there


def manageable(actor: Actor, account_ids: Collection[int], *, staff_capability: str = "reset_staff") -> set[int]:
    """Return those of the accounts that the actor may open to their holders anew, by password or slip.

    Every role of the account must lie in the actor's reach and be lower than
    the actor's own there; an account without any role is nobody's to open.
    """
    today = clock.today()
    held = session.execute(
        select(Role.account_id, Role.role, Role.unit_id).where(
            Role.account_id.in_(account_ids), Role.from_day <= today, or_(Role.until_day.is_(None), Role.until_day > today)
        )
    ).all()
    reach = _ranks(actor, staff_capability), _ranks(actor, "reset_pupil")
    allowed = {row.account_id for row in held}
    for row in held:
        ranks = reach[row.role == "pupil"].get(row.unit_id, -1)
        if RANK[row.role] >= ranks and ranks != RANK["administrator"]:
            allowed.discard(row.account_id)
    allowed.discard(actor.account_id)
    return allowed


def may_open_account(actor: Actor, account: Account) -> bool:
    """Return whether the actor may give this account a new password."""
    return not account.disabled and account.id in manageable(actor, [account.id])


def _ranks(actor: Actor, capability: str) -> dict[int, int]:
    """Return the actor's highest rank with the capability at each unit in reach."""
    ranks: dict[int, int] = {}
    for grant in actor.grants:
        if capability not in access.CAPABILITIES[grant.role]:
            continue
        for unit_id in session.scalars(access.reach([grant.unit_id])):
            ranks[unit_id] = max(ranks.get(unit_id, -1), RANK[grant.role])
    return ranks
