"""What the pages of exemptions and of training from elsewhere send."""

from collections.abc import Iterable

from wtforms import FileField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import InputRequired, Length, Optional

from lms.core.i18n import lazy_, localised
from lms.programmes.exemptions import REASONS
from lms.programmes.models import Programme
from lms.programmes.recognising import LONGEST
from lms.web.forms import DayField, Form, LineField

_COPY = lazy_("PDF or picture, at most 10 MB.")


class _OfProgramme(Form):
    programme = SelectField(lazy_("Programme"), validate_choice=True)

    def offer(self, programmes: Iterable[Programme]) -> None:
        """Say which programmes can be chosen."""
        self.programme.choices = [SelectChoice(str(each.id), localised(each.title)) for each in programmes]


class ExemptionForm(_OfProgramme):
    """Who need not be trained for some time."""

    reason = SelectField(lazy_("Reason"), choices=[SelectChoice(code, title) for code, title in REASONS.items()], validate_choice=True)
    from_day = DayField(lazy_("From this day on"), [InputRequired(lazy_("Write a day, such as 31/12/2027."))])
    last_day = DayField(lazy_("Last day"), [Optional()], description=lazy_("Empty: until somebody ends it."))
    note = LineField(
        lazy_("Document or remark"),
        [Optional(), Length(max=LONGEST, message=lazy_("At most 200 letters."))],
        description=lazy_("Such as the number of a decision. Nothing about health."),
    )
    copy = FileField(lazy_("Copy of the document"), description=_COPY)


class EndForm(Form):
    """When an exemption ends."""

    last_day = DayField(lazy_("Last day"), [InputRequired(lazy_("Write a day, such as 31/12/2027."))])


class RecognitionForm(_OfProgramme):
    """A document of training from elsewhere."""

    document = LineField(
        lazy_("What the document is called, with its number"),
        [InputRequired(lazy_("Say what the document is called.")), Length(max=LONGEST, message=lazy_("At most 200 letters."))],
    )
    issuer = LineField(
        lazy_("Who gave it"),
        [InputRequired(lazy_("Say who gave it.")), Length(max=LONGEST, message=lazy_("At most 200 letters."))],
    )
    from_day = DayField(lazy_("Day of the document"), [InputRequired(lazy_("Write a day, such as 31/12/2027."))])
    valid_until = DayField(lazy_("Valid until"), [Optional()], description=lazy_("As it says. Empty: as long as the programme says."))
    copy = FileField(lazy_("Copy of the document"), description=_COPY)
