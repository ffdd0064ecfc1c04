"""Who may take a pass back, and give it again."""

from collections.abc import Collection

from lms.schools import access
from lms.web.signin import Actor

# Those above a school look after its staff; pupils are looked after at their school, by nobody above.
REVOKING = {"staff": "revoke_staff", "pupils": "revoke_pupils"}


def revocable(actor: Actor, person_id: int, *, works_at: Collection[int], learns_at: Collection[int]) -> set[str]:
    """Return of which programmes, "staff" and "pupils", somebody may take a person's passes back: by role and unit, never one's own."""
    if actor.person_id == person_id:
        return set()
    places = {"staff": works_at, "pupils": learns_at}
    return {audience for audience, units in places.items() if any(access.may(actor, REVOKING[audience], unit_id) for unit_id in units)}
