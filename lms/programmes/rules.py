"""Who may see what training people have, and who may take a pass back."""

from collections.abc import Collection

from lms.schools import access
from lms.web.signin import Actor

# Those above a school look after its staff; pupils are looked after at their school, by nobody above.
SEEING = {"staff": "see_coverage", "pupils": "mark_pupils"}
REVOKING = {"staff": "revoke_staff", "pupils": "revoke_pupils"}


def audiences_seen(actor: Actor, person_id: int, *, works_at: Collection[int], learns_at: Collection[int]) -> set[str]:
    """Return of which programmes somebody may see a person's passes, "staff" and "pupils": all of one's own, others by role and unit."""
    if actor.person_id == person_id:
        return set(SEEING)
    return _audiences(actor, SEEING, works_at, learns_at)


def audiences_revocable(actor: Actor, person_id: int, *, works_at: Collection[int], learns_at: Collection[int]) -> set[str]:
    """Return of which programmes somebody may take a person's passes back and give them again: by role and unit, never one's own."""
    if actor.person_id == person_id:
        return set()
    return _audiences(actor, REVOKING, works_at, learns_at)


def _audiences(actor: Actor, capabilities: dict[str, str], works_at: Collection[int], learns_at: Collection[int]) -> set[str]:
    places = {"staff": works_at, "pupils": learns_at}
    return {audience for audience, units in places.items() if any(access.may(actor, capabilities[audience], unit_id) for unit_id in units)}
