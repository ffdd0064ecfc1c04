"""How often one may try: sign-in, resets and public look-ups are limited."""

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from lms.core import names


class RouteLimiter(Limiter):
    """Limits stand on routes only; the look for limits of the app before every request is left out."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = RouteLimiter(get_remote_address, strategy="moving-window", headers_enabled=True)


def who_is_named() -> str:
    """Return the account named in the sign-in form, so that one name cannot be tried from many addresses."""
    return names.clean(request.form.get("username", "")[:200]).lower() or get_remote_address()
