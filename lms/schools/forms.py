"""Forms of bringing in lists."""

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it

from lms.core.i18n import lazy_
from lms.web.forms import Form


class ListForm(Form):
    """A list of staff or pupils."""

    people = RadioField(
        lazy_("Who is in the list?"),
        choices=[SelectChoice("staff", lazy_("Managers, teachers and staff")), SelectChoice("pupils", lazy_("Pupils"))],
        default="staff",
    )
    file = FileField(
        lazy_("The file"),
        [FileRequired(lazy_("Choose the file with the list."))],
        description=lazy_("Excel (.xlsx, .xls), OpenDocument (.ods) or .csv, as you keep it. Title rows above the list do no harm."),
    )
