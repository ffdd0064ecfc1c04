"""Who may do what in the bank."""

from lms.quizzes.models.bank import Category
from lms.schools import access
from lms.web.signin import Actor


def may_see_category(actor: Actor, category: Category) -> bool:
    """Authors see what is built in, and the questions of the units that they write for."""
    if category.unit_id is None:
        return access.may_anywhere(actor, "import_questions")
    return access.may(actor, "import_questions", category.unit_id)


def may_import_into(actor: Actor, unit_id: int | None) -> bool:
    """Questions are brought into a unit's bank; what is built in comes with the program."""
    return access.may(actor, "import_questions", unit_id)


def may_see_files(actor: Actor) -> bool:
    """Whoever is signed in and knows the address, which is told only with the question that the file belongs to."""
    return actor.account_id > 0
