"""Checking a name and a password, in the same time whether or not the name is known."""

from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute

from lms.accounts import passwords
from lms.accounts.models import Account, Person
from lms.core import clock, db, names
from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.web.signin import Actor

# A whole school signs in within the same minutes: see db.run.
_accounts, _persons = cast(Table, Account.__table__), cast(Table, Person.__table__)
_CLAIM = (
    select(
        _accounts.c.id,
        _accounts.c.person_id,
        _accounts.c.session_epoch,
        _accounts.c.username,
        _accounts.c.language,
        _accounts.c.must_change,
        _accounts.c.password_hash,
        _persons.c.family_name,
        _persons.c.given_name,
        _persons.c.gender,
    )
    .select_from(_accounts.join(_persons, _persons.c.id == _accounts.c.person_id))
    .where(_accounts.c.disabled.is_(False), _accounts.c.password_hash.is_not(None))
)
_CLAIM_BY_USERNAME = _CLAIM.where(_accounts.c.username == bindparam("name"))
_CLAIM_BY_EMAIL = _CLAIM.where(_accounts.c.email == bindparam("name"))
_ADMIT = (
    update(_accounts)
    .where(_accounts.c.id == bindparam("account_id"), _accounts.c.password_hash == bindparam("stored"), _accounts.c.disabled.is_(False))
    .values(last_signin_at=bindparam("moment"), password_hash=bindparam("fresh"))
    .returning(_accounts.c.session_epoch)
)


class WrongCredentials(Invalid):
    code = "wrong_credentials"
    message = lazy_("The name or the password is not right. Look at capital letters and the Vietnamese keyboard, then try again.")


@dataclass(frozen=True)
class Claim:
    """Whom somebody says to be, and the hash to check it against; nobody that we know when there is no actor."""

    actor: Actor | None
    stored: str


@dataclass(frozen=True)
class Proof:
    """A claim that a password proved; ``fresh`` is a new hash when the stored one was too cheap."""

    actor: Actor
    stored: str
    fresh: str | None


def named(text: str) -> str:
    """Return the name as it counts in signing in: a username or e-mail address, in lower case."""
    return names.clean(text).lower()


def claim(text: str) -> Claim:
    """Look up who is named, by username or e-mail address; a stranger's claim looks the same."""
    name = named(text)
    row = db.run(_CLAIM_BY_EMAIL if "@" in name else _CLAIM_BY_USERNAME, {"name": name}).first()
    if row is None:
        return Claim(None, passwords.NOBODY)
    actor = Actor(
        account_id=row.id,
        person_id=row.person_id,
        session_epoch=row.session_epoch,
        username=row.username,
        full_name=f"{row.family_name} {row.given_name}".strip(),
        given_name=row.given_name,
        gender=row.gender,
        language=row.language,
        must_change=row.must_change,
    )
    return Claim(actor, row.password_hash)


def prove(claimed: Claim, password: str) -> Proof:
    """Check the password.  Slow on purpose, so it touches no database; raises WrongCredentials."""
    if not passwords.matches(claimed.stored, password) or claimed.actor is None:
        raise WrongCredentials()
    fresh = passwords.hash_password(password) if passwords.needs_rehash(claimed.stored) else None
    return Proof(claimed.actor, claimed.stored, fresh)


def admit(proof: Proof) -> Actor:
    """Note that the person came in, and return the actor; the next request loads the roles too.

    Raises WrongCredentials when the password was changed or the account closed
    since the proof.
    """
    known = {"account_id": proof.actor.account_id, "stored": proof.stored}
    epoch = db.run(_ADMIT, known | {"moment": clock.now(), "fresh": proof.fresh or proof.stored}).scalar()
    if epoch is None:
        raise WrongCredentials()
    return replace(proof.actor, session_epoch=epoch)


def is_own(account: Account, password: str) -> bool:
    """Return whether this is the account's present password."""
    return account.password_hash is not None and passwords.matches(account.password_hash, password)


def arrive(account: Account) -> Actor:
    """Note that the holder of the account came in by another way, and return the actor."""
    account.last_signin_at = clock.now()
    session.flush()
    return actor_of(account)


def actor_of(account: Account) -> Actor:
    """Return the account's holder as one who is signed in; the next request loads the roles too."""
    person = account.person
    return Actor(
        account_id=account.id,
        person_id=account.person_id,
        session_epoch=account.session_epoch,
        username=account.username,
        full_name=person.full_name,
        given_name=person.given_name,
        gender=person.gender,
        language=account.language,
        must_change=account.must_change,
    )


def known(text: str) -> int | None:
    """Return the id of the account that is named by username or e-mail address."""
    return session.scalar(select(Account.id).where(_column(named(text)) == named(text), Account.disabled.is_(False)))


def _column(name: str) -> InstrumentedAttribute[str] | InstrumentedAttribute[str | None]:
    return Account.email if "@" in name else Account.username
