"""Who may make courses."""

from sqlalchemy import ColumnElement, false, or_

from lms.courses.models import Course
from lms.schools import access
from lms.web.signin import Actor


def may_write(actor: Actor, course: Course) -> bool:
    """Return whether somebody changes a course: who writes for its unit; what is built in comes with the program."""
    return access.may(actor, "author", course.owner_unit_id)


def may_write_somewhere(actor: Actor) -> bool:
    """Return whether somebody makes courses at all."""
    return access.may_anywhere(actor, "author")


def may_write_for(actor: Actor, unit_id: int) -> bool:
    """Return whether somebody may make courses of this unit."""
    return access.may(actor, "author", unit_id)


def may_see(actor: Actor, course: Course) -> bool:
    """Return whether somebody may look into a course as an author, and copy it: one's own, and what is built in."""
    return access.may_anywhere(actor, "author") if course.owner_unit_id is None else may_write(actor, course)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for courses that somebody sees as an author."""
    units = access.units_granting(actor, "author")
    return or_(Course.owner_unit_id.is_(None), Course.owner_unit_id.in_(access.reach(units))) if units else false()


def may_move_learners(actor: Actor, course: Course) -> bool:
    """Return whether somebody moves learners between versions: who writes the course; of what is built in, administrators."""
    if course.owner_unit_id is None:
        return access.may_anywhere(actor, "manage_settings")
    return access.may(actor, "author", course.owner_unit_id)


def may_change_law(actor: Actor) -> bool:
    """Return whether somebody writes down changes of the law: administrators; they concern every course."""
    return access.may_anywhere(actor, "manage_settings")
