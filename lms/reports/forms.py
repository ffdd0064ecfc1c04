"""What the reader of a unit page may ask for."""

from datetime import date, datetime
from typing import Any, Self

from flask import request
from wtforms import SelectField
from wtforms.validators import ValidationError

from lms.core import clock
from lms.core.db import month_later
from lms.core.i18n import lazy_
from lms.web.forms import Form, LineField

FIRST_DAY = date(2015, 1, 1)


class DayField(LineField):
    """A day as people write it, 05/10/2026, or as links carry it, 2026-10-05; ``day`` is None when it is neither."""

    day: date | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.day = read_day(self.data or "")
        if self.day:
            self.data = self.day.strftime("%d/%m/%Y")

    def pre_validate(self, _form: Any) -> None:
        if self.data and self.day is None:
            raise ValidationError(lazy_("Write the day like 05/10/2026."))
        if self.day and not FIRST_DAY <= self.day <= month_later(clock.today(), 36):
            raise ValidationError(lazy_("There are no figures for that day. Choose one between 2015 and three years from now."))


class DayForm(Form):
    """The day that a page is about, what it is compared with, and which units are shown."""

    as_of = DayField(lazy_("As of"))
    compare = SelectField(lazy_("Compared with"), validate_choice=False)
    stage = SelectField(lazy_("School level"), validate_choice=False)
    programme = SelectField(lazy_("Programme"), validate_choice=False)

    @classmethod
    def from_request(cls, **kwargs: Any) -> Self:
        """Return the form filled from the address: it only reads."""
        return cls(formdata=request.args, **kwargs)

    def asked_day(self) -> date:
        """Return the day asked for, today without one or when it is no day."""
        right = self.validate()
        return self.as_of.day if right and self.as_of.day else clock.today()

    def compare_day(self) -> date | None:
        """Return the day to compare with; None when none was chosen."""
        return read_day(self.compare.data or "")


def read_day(text: str) -> date | None:
    """Return the day that a text names, written the Vietnamese way or the technical way."""
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
