"""Who may see what became of whose answers, mark them, and have them marked again."""

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from lms.core import clock
from lms.core.db import session
from lms.courses.models import Course
from lms.schools import access, facts
from lms.schools.models import Place, Post, SchoolClass, UnitReach
from lms.web.signin import Actor

# Marking whom needs which capability: teachers see their school's pupils, and those above a school its staff; nobody sees both by accident.
MARKING = {"staff": "mark_staff", "pupils": "mark_pupils"}


def may_mark_at(actor: Actor, audience: str) -> list[int]:
    """Return the units at (and below) which somebody sees and marks the answers of staff, or of pupils."""
    return access.units_granting(actor, MARKING[audience])


def learners(actor: Actor, audience: str) -> Select[int]:
    """Return the query of the persons whose answers somebody sees: of those who work or learn there today, never one's own."""
    return _people(may_mark_at(actor, audience), audience).where(_person(audience) != actor.person_id)


def may_mark(actor: Actor, person_id: int, audience: str) -> bool:
    """Return whether somebody may see and mark what this person answered in a course for this audience."""
    if not may_mark_at(actor, audience):
        return False
    return session.scalar(learners(actor, audience).where(_person(audience) == person_id).limit(1)) is not None


def may_look_after(actor: Actor, course: Course) -> bool:
    """Return whether somebody has anything to do with the results of a course."""
    return session.scalar(select(Course.id).where(Course.id == course.id, looked_after(actor))) is not None


def looked_after(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for courses whose results somebody has to do with: of people, or the figures alone."""
    marked = (and_(_near(may_mark_at(actor, audience)), Course.audience == audience) for audience in MARKING)
    return or_(*marked, _near(access.units_granting(actor, "see_statistics")))


def may_see_statistics(actor: Actor, course: Course) -> bool:
    """Return whether somebody may see the figures of a course's quizzes, in which no person can be found."""
    return (
        session.scalar(select(Course.id).where(Course.id == course.id, _near(access.units_granting(actor, "see_statistics")))) is not None
    )


def may_regrade(actor: Actor, course: Course) -> bool:
    """Return whether somebody may have a quiz marked again: who writes for the unit that owns the course.

    What is built in belongs to nobody; there each author does it for the people of the own units.
    """
    if course.owner_unit_id is None:
        return access.may_anywhere(actor, "regrade")
    return access.may(actor, "regrade", course.owner_unit_id)


def learners_to_regrade(actor: Actor, audience: str) -> Select[int]:
    """Return the query of the persons whose attempts somebody may have marked again; that does not show who they are."""
    return _people(access.units_granting(actor, "regrade"), audience)


def may_see_some_results(actor: Actor) -> bool:
    """Return whether somebody has to do with the results of anybody, or with figures about them."""
    return any(access.may_anywhere(actor, capability) for capability in ("see_statistics", *MARKING.values()))


def _people(unit_ids: list[int], audience: str) -> Select[int]:
    """Return the query of the persons who work, or learn, at and below these units today."""
    units, day = access.reach(unit_ids), clock.today()
    if audience == "pupils":
        return (
            select(Place.person_id)
            .join(SchoolClass, SchoolClass.id == Place.class_id)
            .where(SchoolClass.unit_id.in_(units), facts.true_on(Place, day))
        )
    return select(Post.person_id).where(Post.unit_id.in_(units), facts.true_on(Post, day))


def _near(units: list[int]) -> ColumnElement[bool]:
    """Return the condition for built-in courses and those of units above or below these."""
    if not units:
        return false()
    below = select(UnitReach.unit_id).where(UnitReach.ancestor_id.in_(units))
    above = select(UnitReach.ancestor_id).where(UnitReach.unit_id.in_(units))
    return or_(Course.owner_unit_id.is_(None), Course.owner_unit_id.in_(below), Course.owner_unit_id.in_(above))


def _person(audience: str) -> ColumnElement[int]:
    return Place.person_id.expression if audience == "pupils" else Post.person_id.expression
