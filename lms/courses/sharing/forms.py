"""What the pages of course packages send."""

from collections.abc import Mapping

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import InputRequired, Length, Regexp

from lms.core.i18n import lazy_
from lms.courses.editing.making import LONGEST_SLUG
from lms.web.forms import Form, LineField


class PackageForm(Form):
    """A package, and whose course it becomes."""

    file = FileField(
        lazy_("Course package"),
        [InputRequired(lazy_("Choose a file."))],
        description=lazy_("A .zip file that another installation gave out, or the folder of a course as .zip."),
    )
    unit = SelectField(lazy_("Belongs to"), validate_choice=True)

    def offer(self, units: Mapping[int, str]) -> None:
        """Say which units the course may belong to."""
        self.unit.choices = [SelectChoice(str(unit_id), name) for unit_id, name in units.items()]


class BringInForm(Form):
    """Under which address the course comes in, and whether the key was compared."""

    slug = LineField(
        lazy_("Address"),
        [
            InputRequired(lazy_("Give an address.")),
            Length(max=LONGEST_SLUG, message=lazy_("At most 60 letters.")),
            Regexp(r"[a-z0-9]+(-[a-z0-9]+)*$", message=lazy_("Small letters without accents, digits and hyphens: online-safety.")),
        ],
        description=lazy_("It stays the same for ever: small letters without accents, digits and hyphens, such as online-safety."),
    )
    compared = BooleanField(
        lazy_("I compared the signs of the key with the sender, by phone or face to face"),
        description=lazy_("From then on packages with this key are shown as known."),
    )
