"""Who takes part in a discussion, and who moderates it."""

from sqlalchemy import ColumnElement, false, or_

from lms.courses.models import Course
from lms.learning.queries import Visit
from lms.schools import access
from lms.web.signin import Actor

MODERATING = "author"


def may_take_part(actor: Actor, visit: Visit) -> bool:
    """Return whether somebody reads and writes here: staff at a course for staff; pupils never, and nobody at a course of theirs."""
    return not actor.is_pupil and visit.outline.audience == "staff"


def may_moderate_some(actor: Actor) -> bool:
    """Return whether somebody moderates anything."""
    return access.may_anywhere(actor, MODERATING)


def may_moderate(actor: Actor, course: Course) -> bool:
    """Return whether somebody moderates the discussions of a course: who writes it; of what is built in, any author."""
    return may_moderate_some(actor) if course.owner_unit_id is None else access.may(actor, MODERATING, course.owner_unit_id)


def moderated(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for courses whose discussions somebody moderates."""
    units = access.units_granting(actor, MODERATING)
    return or_(Course.owner_unit_id.is_(None), Course.owner_unit_id.in_(access.reach(units))) if units else false()
