"""Forms around passes."""

from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from lms.core.i18n import lazy_
from lms.programmes import revoking
from lms.web.forms import Form, LineField


class ReasonForm(Form):
    """Why a pass is taken back or given again, and how much of its history the page showed."""

    reason = LineField(
        lazy_("Reason"),
        [
            InputRequired(lazy_("Say why. The person concerned reads it.")),
            Length(max=revoking.LONGEST_REASON, message=lazy_("A reason has at most 500 letters.")),
        ],
        description=lazy_("The person reads this sentence. Name nobody else, and nothing about health."),
    )
    known = HiddenField()

    def seen(self) -> int:
        """Return how many changes of the pass the page showed; -1, which fits none, for anything that is no number."""
        sent = str(self.known.data or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else -1
