"""The base of our forms: texts in the reader's language, filled from this request."""

from typing import Any, Self

from flask import request
from flask_wtf import FlaskForm
from wtforms import StringField

from lms.core import i18n, names


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
