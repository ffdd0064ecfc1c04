"""Forms of signing in and of choosing a password."""

from typing import Self

from wtforms import PasswordField, ValidationError
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from lms.accounts import passwords
from lms.core.i18n import lazy_
from lms.web.forms import Form, LineField


class SignInForm(Form):
    """A name and its password."""

    username = LineField(lazy_("Username or e-mail"), [DataRequired(lazy_("Type your username or e-mail address.")), Length(max=200)])
    password = PasswordField(lazy_("Password"), [InputRequired(lazy_("Type your password.")), Length(max=2000)])


class ForgotForm(Form):
    """Whose password is lost."""

    username = LineField(lazy_("Username or e-mail"), [DataRequired(lazy_("Type your username or e-mail address.")), Length(max=200)])


class NewPasswordForm(Form):
    """A new password, typed twice."""

    password = PasswordField(
        lazy_("New password"),
        [InputRequired(lazy_("Type a new password."))],
        description=lazy_("At least 8 characters. Three or four words are easy to remember and hard to guess."),
    )
    again = PasswordField(
        lazy_("New password, once more"), [EqualTo("password", lazy_("This is not the same as above. Type both once more."))]
    )

    username = ""

    @classmethod
    def for_username(cls, username: str) -> Self:
        """Return the form for the holder of this username, filled from this request."""
        form = cls.from_request()
        form.username = username
        return form

    def validate_password(self, field: PasswordField) -> None:
        """Say while the form is open what makes the password too easy."""
        try:
            passwords.check_strength(field.data or "", self.username)
        except passwords.WeakPassword as weak:
            raise ValidationError(str(weak)) from None


class ChangePasswordForm(NewPasswordForm):
    """A new password in exchange for the present one."""

    present = PasswordField(lazy_("Present password"), [InputRequired(lazy_("Type the password that you use now.")), Length(max=2000)])
