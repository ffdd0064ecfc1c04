"""Forms around certificates."""

from flask_wtf.file import FileField
from wtforms.validators import Length, Optional

from lms.core.i18n import lazy_
from lms.web.forms import Form, LineField


class VerifyForm(Form):
    """What somebody holds in the hand: a code, a number, or the PDF."""

    text = LineField(
        lazy_("Code or number"),
        [Optional(), Length(max=80, message=lazy_("A code has 12 letters and digits; this is too long."))],
        description=lazy_("Printed beside the square code, such as 7QK2-MX9D-04TC"),
    )
    file = FileField(lazy_("Or the PDF itself"), [Optional()], description=lazy_("It is checked and not kept."))
