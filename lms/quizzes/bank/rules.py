"""Who may do what in the bank."""

from sqlalchemy import select

from lms.core.db import session
from lms.quizzes.bank.queries import Units
from lms.quizzes.models.bank import Category
from lms.schools import access
from lms.schools.models import UnitReach
from lms.web.signin import Actor

CAPABILITY = "import_questions"


def may_see_category(actor: Actor, category: Category) -> bool:
    """Authors see what is built in, the banks of the units that they write for, and those that offices above share with them."""
    granting = access.units_granting(actor, CAPABILITY)
    if category.unit_id is None or not granting:
        return bool(granting)
    if may_write_in(actor, category):
        return True
    shared = select(UnitReach.unit_id).where(UnitReach.ancestor_id == category.unit_id, UnitReach.unit_id.in_(granting)).limit(1)
    return session.scalar(shared) is not None


def may_write_in(actor: Actor, category: Category) -> bool:
    """Authors write in the banks of their units and those below; what is built in comes with the program."""
    return access.may(actor, CAPABILITY, category.unit_id)


def may_write_anywhere(actor: Actor) -> bool:
    """Whether there is any bank that the actor writes in."""
    return access.may_anywhere(actor, CAPABILITY)


def may_import_into(actor: Actor, unit_id: int | None) -> bool:
    """Questions are brought into a unit's bank; what is built in comes with the program."""
    return access.may(actor, "import_questions", unit_id)


def may_see_files(actor: Actor) -> bool:
    """Whoever is signed in and knows the address, which is told only with the question that the file belongs to."""
    return actor.account_id > 0


def units_of(actor: Actor) -> Units:
    """Return for which units somebody writes questions."""
    return Units(tuple(access.units_granting(actor, CAPABILITY)))
