"""What the pages of course packages send."""

from flask_wtf.file import FileField
from wtforms import BooleanField
from wtforms.validators import InputRequired

from lms.core.i18n import lazy_
from lms.courses.editing.forms import AddressForm, OwnerForm


class PackageForm(OwnerForm):
    """A package, and whose course it becomes."""

    file = FileField(
        lazy_("Course package"),
        [InputRequired(lazy_("Choose a file."))],
        description=lazy_("A .zip file that another installation gave out, or the folder of a course as .zip."),
    )


class BringInForm(AddressForm):
    """Under which address the course comes in, and whether the key was compared."""

    compared = BooleanField(
        lazy_("I compared the signs of the key with the sender, by phone or face to face"),
        description=lazy_("From then on packages with this key are shown as known."),
    )
