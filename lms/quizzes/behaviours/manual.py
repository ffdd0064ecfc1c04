"""What a person marks after the attempt is over, whatever the behaviour of the quiz."""

from lms.core.i18n import lazy_
from lms.quizzes.behaviours.deferred import Deferred


class Manual(Deferred):
    """Nothing is told during the attempt, and a given answer waits to be marked after it."""

    key = "manual"
    label = lazy_("Marked by a person")
