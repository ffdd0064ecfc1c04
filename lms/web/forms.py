"""The base of our forms: texts in the reader's language, filled from this request."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self

from flask import request
from flask_wtf import FlaskForm
from wtforms import DecimalField, SelectMultipleField, StringField, widgets

from lms.core import clock, i18n, names


class _Texts:
    """WTForms' own messages come out of our texts."""

    def gettext(self, string: str) -> str:
        return i18n.gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return i18n.translations(i18n.language()).ngettext(singular, plural, n)


class Form(FlaskForm):
    """A form of ours: from_request() then accepted() in the view."""

    class Meta(FlaskForm.Meta):
        # CSRF is checked once for every writing request by web.csrf, also where there is no form.
        csrf = False

        def get_translations(self, form: Any) -> _Texts:
            return _Texts()

    @classmethod
    def from_request(cls, **kwargs: Any) -> Self:
        """Return the form filled from this request, else from ``obj`` or ``data``."""
        return cls(**kwargs)

    def accepted(self) -> bool:
        """Return whether the form was sent and everything in it is right."""
        return request.method == "POST" and bool(self.validate())


class LineField(StringField):
    """One line of text in NFC, with single spaces."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = names.clean(str(valuelist[0]))


class Ticks(SelectMultipleField):
    """Several of a list, each with a box of its own."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class MomentField(StringField):
    """A moment to the minute, written and read as a Vietnamese wall clock shows it; ``data`` is aware, in UTC.

    A plain field: what browsers draw for moments follows their own language, month
    first, and takes six presses of the tab key.
    """

    data: datetime | None  # type: ignore[assignment]

    def process_data(self, value: datetime | None) -> None:  # type: ignore[override]
        self.data = value

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = names.clean(str(valuelist[0])) if valuelist else ""
        self.data = _read(typed, _MOMENTS, i18n.gettext("Write a day and a time, such as 05/10/2026 07:30.")) if typed else None
        if self.data is not None:
            self.data = self.data.astimezone(UTC)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return clock.local(self.data).strftime(_MOMENTS[0]) if self.data else ""


class DayField(StringField):
    """A day, written and read as 05/10/2026."""

    data: date | None  # type: ignore[assignment]

    def process_data(self, value: date | None) -> None:  # type: ignore[override]
        self.data = value

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = names.clean(str(valuelist[0])) if valuelist else ""
        self.data = _read(typed, _DAYS, i18n.gettext("Write a day, such as 05/10/2026.")).date() if typed else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime(_DAYS[0]) if self.data else ""


# The first is how it is written; the others are understood as well.
_MOMENTS = ("%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M", "%H:%M %d/%m/%Y", "%d-%m-%Y %H:%M")
_DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y")


def _read(typed: str, formats: tuple[str, ...], complaint: str) -> datetime:
    for each in formats:
        try:
            return datetime.strptime(typed, each).replace(tzinfo=clock.LOCAL)
        except ValueError:
            continue
    raise ValueError(complaint)


class NumberField(DecimalField):
    """A number, typed with a comma or a point before its decimals."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = [str(each).strip().replace(",", ".") for each in valuelist]
        if not any(typed):
            self.data = None
            return
        try:
            super().process_formdata(typed)
        except ValueError as error:
            raise ValueError(i18n.gettext("Write a number, such as 7.5.")) from error
        if self.data is not None and not self.data.is_finite():
            self.data = None
            raise ValueError(i18n.gettext("Write a number, such as 7.5."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        written = f"{self.data:f}" if isinstance(self.data, Decimal) else f"{self.data:g}"
        return written.replace(".", ",") if i18n.language() == "vi" else written
