"""Who sees what came of a survey."""

from lms.schools import access
from lms.web.signin import Actor


def may_see_results(actor: Actor) -> bool:
    """Return whether somebody sees results: whoever sees statistics of quizzes; they name nobody."""
    return access.may_anywhere(actor, "see_statistics")
