"""The one family of errors: a stable code, an HTTP status and a sentence for people."""

from typing import Any

from lms.core.i18n import lazy_


class LmsError(Exception):
    """Something that a person did or met and can be told about.

    ``code`` is stable for programs; ``message`` says what happened and how to
    mend it, in the reader's language; ``values`` fill its {placeholders}.
    """

    code = "error"
    status = 400
    message: Any = lazy_("Something went wrong. Nothing was changed.")

    def __init__(self, message: Any = None, **values: Any) -> None:
        super().__init__()
        if message is not None:
            self.message = message
        self.values = values

    def __str__(self) -> str:
        text = str(self.message)
        return text.format(**self.values) if self.values else text


class Invalid(LmsError):
    code = "invalid"
    status = 422


class NotFound(LmsError):
    code = "not_found"
    status = 404
    message = lazy_("This page does not exist, or it is not meant for this account.")


class Forbidden(LmsError):
    code = "forbidden"
    status = 403
    message = lazy_("This account may not do that. Ask the person who keeps the accounts of your school.")


class SignInNeeded(LmsError):
    code = "sign_in_needed"
    status = 401
    message = lazy_("Please sign in first.")


class Conflict(LmsError):
    code = "conflict"
    status = 409
    message = lazy_("Somebody changed this at the same time. Look at it again, then repeat.")


class Gone(LmsError):
    code = "gone"
    status = 410
    message = lazy_("This link was used before or is too old. Ask for a new one.")


class TooLarge(LmsError):
    code = "too_large"
    status = 413
    message = lazy_("The file is too large. At most {limit} MB can be taken.")


class TooMany(LmsError):
    code = "too_many"
    status = 429
    message = lazy_("Too many tries. Please wait a little, then try again.")
