"""What the pages of papers send."""

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import InputRequired, NumberRange, ValidationError

from lms.core import clock
from lms.core.i18n import lazy_
from lms.quizzes.paper.entering import Entry
from lms.quizzes.paper.layout import MOST_VARIANTS
from lms.web.forms import Form

LONGEST_LINE = 400


class PaperForm(Form):
    """How a quiz is printed."""

    variants = IntegerField(
        lazy_("How many variants?"),
        [
            InputRequired(lazy_("How many variants?")),
            NumberRange(1, MOST_VARIANTS, lazy_("From 1 to {most} variants can be made.", most=MOST_VARIANTS)),
        ],
        default=2,
        description=lazy_("All ask the same questions, in another order: neighbours cannot copy letters from each other."),
    )
    language = RadioField(lazy_("Language"), choices=[SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English")], default="vi")


class DayForm(Form):
    """When a paper was written; the sheets themselves are read by ``read_entries``."""

    day = DateField(lazy_("Written on"), [InputRequired(lazy_("On which day was it written?"))], default=clock.today)

    def validate_day(self, field: DateField) -> None:
        """Nobody has written it tomorrow."""
        if field.data and field.data > clock.today():
            raise ValidationError(lazy_("This day is still to come."))


def read_entries(form: MultiDict[str, str], person_ids: Iterable[int]) -> list[Entry]:
    """Return what was typed for each person."""
    return [
        Entry(person_id, form.get(f"variant.{person_id}", "")[:5], form.get(f"line.{person_id}", "")[:LONGEST_LINE])
        for person_id in person_ids
    ]
