"""Select the missing words: a list in each gap of a text."""

from markupsafe import Markup, escape

from lms.core.i18n import gettext, lazy_
from lms.quizzes.bodies.gaps import GapSelectBody
from lms.quizzes.types.missing_words import MissingWords


class GapSelect(MissingWords[GapSelectBody]):
    """A word may be chosen in any number of gaps."""

    key = "gap_select"
    label = lazy_("Select missing words")

    def _todo(self) -> Markup:
        return Markup(escape(gettext("Choose the missing words.")))
