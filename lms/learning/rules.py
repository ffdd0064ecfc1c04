"""Who may open what: enrolled people, and those whom a course is for."""

from sqlalchemy import select

from lms.core.db import session
from lms.courses.outline import Outline
from lms.learning.queries import Visit
from lms.schools import access
from lms.schools.models import UnitReach
from lms.web.signin import Actor


def may_open(actor: Actor, visit: Visit) -> bool:
    """Return whether somebody may read a course: who is enrolled may, and who is of its audience."""
    return visit.enrolled or is_for(actor, visit.outline)


def is_for(actor: Actor, outline: Outline) -> bool:
    """Return whether a course is meant for somebody: staff or pupils, the right grade, the right place in the tree."""
    if outline.audience != audience_of(actor):
        return False
    if outline.grades and actor.is_pupil and actor.grade not in outline.grades:
        return False
    return outline.owner_unit_id is None or _stands_below(actor, outline.owner_unit_id)


def may_look_after_quizzes(actor: Actor, outline: Outline) -> bool:
    """Return whether somebody makes the quizzes of a course, or gives exceptions at them."""
    overriding = "override_pupils" if outline.audience == "pupils" else "override_staff"
    return access.may_anywhere(actor, overriding) or access.may(actor, "author", outline.owner_unit_id)


def audience_of(actor: Actor) -> str:
    """Return for which courses somebody is: "staff", "pupils", or "" without any role."""
    if actor.is_pupil:
        return "pupils"
    return "staff" if actor.grants else ""


def _stands_below(actor: Actor, unit_id: int) -> bool:
    own = [grant.unit_id for grant in actor.grants]
    reach = select(UnitReach.unit_id).where(UnitReach.ancestor_id == unit_id, UnitReach.unit_id.in_(own)).limit(1)
    return session.scalar(reach) is not None
