"""Checking a name and a password, in the same time whether or not the name is known."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from lms.accounts import passwords
from lms.accounts.models import Account
from lms.core import clock, names
from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_


class WrongCredentials(Invalid):
    code = "wrong_credentials"
    message = lazy_("The name or the password is not right. Look at capital letters and the Vietnamese keyboard, then try again.")


@dataclass(frozen=True)
class Claim:
    """Whom somebody says to be: nobody that we know when there is no account id."""

    account_id: int | None
    stored: str


@dataclass(frozen=True)
class Proof:
    """A claim that a password proved; ``fresh`` is a new hash when the stored one was too cheap."""

    account_id: int
    stored: str
    fresh: str | None


def named(text: str) -> str:
    """Return the name as it counts in signing in: a username or e-mail address, in lower case."""
    return names.clean(text).lower()


def claim(text: str) -> Claim:
    """Look up who is named, by username or e-mail address; a stranger's claim looks the same."""
    name = named(text)
    account = session.execute(
        select(Account.id, Account.password_hash).where(
            _column(name) == name, Account.disabled.is_(False), Account.password_hash.is_not(None)
        )
    ).first()
    return Claim(account.id, account.password_hash) if account else Claim(None, passwords.NOBODY)


def prove(claimed: Claim, password: str) -> Proof:
    """Check the password.  Slow on purpose, so it touches no database; raises WrongCredentials."""
    if not passwords.matches(claimed.stored, password) or claimed.account_id is None:
        raise WrongCredentials()
    fresh = passwords.hash_password(password) if passwords.needs_rehash(claimed.stored) else None
    return Proof(claimed.account_id, claimed.stored, fresh)


def admit(proof: Proof) -> Account:
    """Note that the person came in and return the account.

    Raises WrongCredentials when the password was changed or the account closed
    since the proof.
    """
    account = session.get(Account, proof.account_id, options=[joinedload(Account.person)])
    if account is None or account.disabled or account.password_hash != proof.stored:
        raise WrongCredentials()
    if proof.fresh is not None:
        account.password_hash = proof.fresh
    note_arrival(account)
    return account


def note_arrival(account: Account) -> None:
    """Note that the person came in just now."""
    account.last_signin_at = clock.now()
    session.flush()


def known(text: str) -> int | None:
    """Return the id of the account that is named by username or e-mail address."""
    return session.scalar(select(Account.id).where(_column(named(text)) == named(text), Account.disabled.is_(False)))


def _column(name: str) -> InstrumentedAttribute[str] | InstrumentedAttribute[str | None]:
    return Account.email if "@" in name else Account.username
