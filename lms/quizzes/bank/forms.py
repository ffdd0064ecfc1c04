"""What pages of the bank send."""

from collections.abc import Sequence

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lms.core import i18n
from lms.core.i18n import lazy_
from lms.quizzes import formats
from lms.quizzes.models.bank import Category
from lms.web.forms import Form, LineField

AUTO = "auto"


class ImportForm(Form):
    """A file of questions, and where they go."""

    file = FileField(
        lazy_("File of questions"),
        [InputRequired(lazy_("Choose a file."))],
        description=lazy_("In any of the formats below. Nothing changes before you have looked at the preview."),
    )
    format = SelectField(lazy_("Format"), default=AUTO)
    language = SelectField(lazy_("Language of the questions"), default=i18n.DEFAULT)
    unit = SelectField(lazy_("Bank of"), [InputRequired(lazy_("Choose whose bank the questions go to."))])
    category = LineField(
        lazy_("Category"),
        [Optional(), Length(max=200, message=lazy_("A category has at most 200 letters."))],
        description=lazy_("The file's own categories come under this one."),
    )

    whole = BooleanField(
        lazy_("Take all or nothing"),
        description=lazy_("The file is refused when a single question cannot be taken."),
    )

    def offer(self, units: dict[int, str]) -> None:
        """Say which formats, languages and units there are to choose from."""
        self.format.choices = {AUTO: str(lazy_("Find out by itself")), **{each.key: str(each.label) for each in formats.known()}}  # type: ignore[assignment]
        self.language.choices = dict(i18n.LANGUAGES)  # type: ignore[assignment]
        self.unit.choices = {str(unit_id): name for unit_id, name in units.items()}  # type: ignore[assignment]


class CategoryForm(Form):
    """A drawer of the bank: its name, where it stands, what is in it."""

    name = LineField(
        lazy_("Name of the category"),
        [InputRequired(lazy_("Give the category a name.")), Length(max=200, message=lazy_("A category has at most 200 letters."))],
    )
    unit = SelectField(lazy_("Bank of"), [Optional()], description=lazy_("Counts only when it stands in no other category."))
    parent = SelectField(lazy_("Stands in"), [Optional()])
    info = TextAreaField(
        lazy_("What is in it"),
        [Optional(), Length(max=5000, message=lazy_("A description has at most 5000 letters."))],
    )

    def offer(self, units: dict[int, str], categories: Sequence[tuple[Category, str, int]]) -> None:
        """Say in which banks and categories it can stand."""
        self.unit.choices = {str(unit_id): name for unit_id, name in units.items()}  # type: ignore[assignment]
        places = {str(category.id): path for category, path, _count in categories}
        self.parent.choices = {"": str(lazy_("In no other category")), **places}  # type: ignore[assignment]
