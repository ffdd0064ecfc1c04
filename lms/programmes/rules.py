"""Who may take a pass back, and give it again."""

from collections.abc import Collection

from lms.programmes.models import Programme
from lms.schools import access
from lms.web.signin import Actor

# Those above a school look after its staff; pupils are looked after at their school, by nobody above.
REVOKING = {"staff": "revoke_staff", "pupils": "revoke_pupils"}
SEEING = "see_coverage"
CHANGING = "manage_settings"
EXCEPTING = "approve_exemptions"


def revocable(actor: Actor, person_id: int, *, works_at: Collection[int], learns_at: Collection[int]) -> set[str]:
    """Return of which programmes, "staff" and "pupils", somebody may take a person's passes back: by role and unit, never one's own."""
    if actor.person_id == person_id:
        return set()
    places = {"staff": works_at, "pupils": learns_at}
    return {audience for audience, units in places.items() if any(access.may(actor, REVOKING[audience], unit_id) for unit_id in units)}


def may_see_programmes(actor: Actor) -> bool:
    """Return whether somebody sees who must be trained in what: whoever sees figures anywhere."""
    return access.may_anywhere(actor, SEEING)


def may_begin_programmes(actor: Actor) -> bool:
    """Return whether somebody begins programmes, for units of one's own."""
    return access.may_anywhere(actor, CHANGING)


def may_change_programmes(actor: Actor, programme: Programme) -> bool:
    """Return whether somebody sets targets, deadlines and rules: at the unit that owns the programme; a built-in one anywhere."""
    if programme.owner_unit_id is None:
        return access.may_anywhere(actor, CHANGING)
    return access.may(actor, CHANGING, programme.owner_unit_id)


def may_except(actor: Actor, person_id: int, works_at: Collection[int]) -> bool:
    """Return whether somebody exempts a person, and decides on training from elsewhere: by role and unit, never for oneself."""
    return actor.person_id != person_id and any(access.may(actor, EXCEPTING, unit_id) for unit_id in works_at)


def may_propose(actor: Actor, person_id: int, works_at: Collection[int]) -> bool:
    """Return whether somebody brings in a document of training from elsewhere: one's own as staff, or that of people one looks after."""
    return bool(works_at) and (actor.person_id == person_id or may_except(actor, person_id, works_at))


def may_except_some(actor: Actor) -> bool:
    """Return whether there is anybody whom somebody may exempt."""
    return access.may_anywhere(actor, EXCEPTING)


def units_excepted(actor: Actor) -> list[int]:
    """Return the units at which, and below, somebody decides on exceptions."""
    return access.units_granting(actor, EXCEPTING)
