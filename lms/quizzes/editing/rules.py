"""Who may make quizzes, and who may let them differ for whom."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from lms.core.db import session
from lms.courses.models import Course, Version
from lms.schools import access
from lms.schools.models import UnitReach
from lms.web.signin import Actor

# Exceptions for whom need which capability: teachers give them to pupils of their school, those above a school to its staff.
OVERRIDING = {"staff": "override_staff", "pupils": "override_pupils"}


def may_write(actor: Actor, course: Course) -> bool:
    """Return whether somebody makes the quizzes of a course: who writes for its unit; what is built in comes with the program."""
    return access.may(actor, "author", course.owner_unit_id)


def may_preview(actor: Actor, course: Course) -> bool:
    """Return whether somebody may see a quiz whole, with its answers: its authors, and all authors what is built in."""
    return access.may_anywhere(actor, "author") if course.owner_unit_id is None else may_write(actor, course)


def may_override_at(actor: Actor, audience: str, unit_ids: Collection[int]) -> bool:
    """Return whether somebody may give exceptions to the staff, or the pupils, of one of these units."""
    return any(access.may(actor, OVERRIDING[audience], unit_id) for unit_id in unit_ids)


def may_override(actor: Actor, course: Course, version: Version) -> bool:
    """Return whether somebody may give exceptions to anybody at the quizzes of a course."""
    return version.state != "draft" and session.scalar(select(Course.id).where(Course.id == course.id, overridable(actor))) is not None


def may_see(actor: Actor, course: Course, version: Version) -> bool:
    """Return whether somebody has anything to do with the quizzes of a course."""
    return may_preview(actor, course) or may_override(actor, course, version)


def may_see_some(actor: Actor) -> bool:
    """Return whether there are quizzes that somebody makes or looks after."""
    return access.may_anywhere(actor, "author") or any(access.may_anywhere(actor, each) for each in OVERRIDING.values())


def writable(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for courses whose quizzes somebody sees as an author."""
    units = access.units_granting(actor, "author")
    return or_(Course.owner_unit_id.is_(None), Course.owner_unit_id.in_(access.reach(units))) if units else false()


def overridable(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for courses that are meant for people to whom somebody may give exceptions."""
    conditions: list[ColumnElement[bool]] = []
    for audience, capability in OVERRIDING.items():
        units = access.units_granting(actor, capability)
        if units:
            is_near = or_(
                Course.owner_unit_id.is_(None), Course.owner_unit_id.in_(above(units)), Course.owner_unit_id.in_(access.reach(units))
            )
            conditions.append(and_(Course.audience == audience, is_near))
    return or_(*conditions) if conditions else false()


def is_meant_for(course: Course, unit_id: int) -> bool:
    """Return whether a course is for people of this unit: it is built in, or belongs to the unit or one above."""
    if course.owner_unit_id is None:
        return True
    query = select(UnitReach.unit_id).where(UnitReach.unit_id == unit_id, UnitReach.ancestor_id == course.owner_unit_id).limit(1)
    return session.scalar(query) is not None


def above(unit_ids: Collection[int]) -> Select[int]:
    """Return the query of these units and all above them."""
    return select(UnitReach.ancestor_id).where(UnitReach.unit_id.in_(unit_ids))
