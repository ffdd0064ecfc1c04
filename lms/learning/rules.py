"""Who may open what: enrolled people, and those whom a course is for."""

from collections.abc import Collection

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.courses.outline import Outline
from lms.courses.steps import Step
from lms.learning.queries import Visit
from lms.schools import access
from lms.schools.models import UnitReach
from lms.web.signin import Actor


class NotOpenYet(Conflict):
    code = "step_not_open"
    message = lazy_("This step is not open yet. {reasons}")


def must_be_open(visit: Visit, step: Step) -> None:
    """Let nobody do a step before its time; raises NotOpenYet, which says what it waits for."""
    if not visit.is_open(step):
        raise NotOpenYet(reasons=" ".join(visit.why_closed(step)))


def may_open(actor: Actor, visit: Visit) -> bool:
    """Return whether somebody may read and take a course: who is enrolled may, whom it is for, and staff what their pupils learn."""
    return visit.enrolled or is_for(actor, visit.outline) or _is_of_pupils_of(actor, visit.outline)


def is_for(actor: Actor, outline: Outline) -> bool:
    """Return whether a course is meant for somebody: staff or pupils, the right grade, the right place in the tree."""
    if outline.audience != audience_of(actor):
        return False
    if outline.grades and actor.is_pupil and actor.grade not in outline.grades:
        return False
    return _reaches(actor, outline)


def _is_of_pupils_of(actor: Actor, outline: Outline) -> bool:
    """Return whether somebody of the staff may take a course for pupils; nobody who is not staff may."""
    return outline.audience == "pupils" and audience_of(actor) == "staff" and _reaches(actor, outline)


def _reaches(actor: Actor, outline: Outline) -> bool:
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


def may_decide(actor: Actor, person_id: int, *, works_at: Collection[int], learns_at: Collection[int]) -> bool:
    """Return whether somebody ticks and grants steps of this person's courses: by role and unit, never one's own."""
    if actor.person_id == person_id:
        return False
    places = {"override_staff": works_at, "override_pupils": learns_at}
    return any(access.may(actor, capability, unit_id) for capability, units in places.items() for unit_id in units)
