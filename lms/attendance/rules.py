"""Who holds meetings, and for whom."""

from lms.attendance.models import Meeting
from lms.schools import access
from lms.web.signin import Actor

HOLDING = "hold_meeting"


def holds_some(actor: Actor) -> bool:
    """Return whether somebody holds meetings anywhere."""
    return access.may_anywhere(actor, HOLDING)


def may_hold(actor: Actor, meeting: Meeting) -> bool:
    """Return whether somebody may hold this meeting: at its unit, by role."""
    return access.may(actor, HOLDING, meeting.unit_id)
