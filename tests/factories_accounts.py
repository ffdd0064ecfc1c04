"""make_...: accounts with passwords, and links."""

from datetime import timedelta

from lms.accounts import links
from lms.accounts.models import Account
from lms.core.db import session
from tests import factories
from tests.cast import PASSWORD, password_hash

__all__ = ["PASSWORD", "make_link", "make_user"]


def make_user(
    username: str = "nguyen.van.mau", *, email: str | None = None, password: bool = True, full_name: str = "Nguyễn Văn Mẫu", **more: object
) -> Account:
    """Make a person with an account that PASSWORD opens, or one without a password."""
    return factories.make_account(
        factories.make_person(full_name), username, email=email, password_hash=password_hash() if password else None, **more
    )


def make_link(account: Account, purpose: str, *, valid: timedelta = timedelta(days=1)) -> str:
    """Make a link and return its secret."""
    secret = links.make(account, purpose, valid=valid)
    session.flush()
    return secret
