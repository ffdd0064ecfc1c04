"""Who may run a quiz with a class, and see how it went."""

from lms.courses.outline import Outline
from lms.quizzes.models.classroom import ClassSession
from lms.schools import access
from lms.schools.models import SchoolClass
from lms.web.signin import Actor


def may_teach(actor: Actor, school_class: SchoolClass) -> bool:
    """Return whether the actor may run a quiz with this class: those who teach at its school."""
    return access.may(actor, "teach_class", school_class.unit_id)


def may_see(actor: Actor, run: ClassSession) -> bool:
    """Return whether the actor may see a run of a class."""
    return may_teach(actor, run.school_class)


def suits(outline: Outline, school_class: SchoolClass) -> bool:
    """Return whether a course is meant for the pupils of this grade."""
    return outline.audience == "pupils" and (not outline.grades or school_class.grade in outline.grades)
