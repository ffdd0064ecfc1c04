"""The base of our forms: texts in the reader's language, filled from this request."""

from datetime import UTC
from decimal import Decimal
from typing import Any, Self

from flask import request
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, DecimalField, StringField

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


class MomentField(DateTimeLocalField):
    """A moment to the minute, written and read as a Vietnamese wall clock shows it; ``data`` is aware, in UTC."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = [str(each).strip() for each in valuelist]
        if not any(typed):
            self.data = None
            return
        try:
            super().process_formdata(typed)
        except ValueError as error:
            raise ValueError(i18n.gettext("Write a day and a time, such as 05/10/2026 07:30.")) from error
        if self.data is not None:
            self.data = self.data.replace(tzinfo=clock.LOCAL).astimezone(UTC)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return clock.local(self.data).strftime("%Y-%m-%dT%H:%M") if self.data else ""


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
