"""Making accounts, giving them passwords, closing them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from lms.accounts import links, passwords, usernames
from lms.accounts.models import Account, EndedSession, Person
from lms.core import audit, clock, names
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.rows import insert_new

LONGEST_SESSION = timedelta(days=14)  # after the last day of use

# Words that every child can read, say and type without tone marks.
_WORDS_TEXT = """
    ao ba be bi bo bong ca cam cau cay chanh chim chuoi co cua cung dao dat dau den do dua em ga gao gio go hat hoa
    hong kem khi la lan lua mai may me meo mia mo mua na nai nam nga ngo ngua nho nui oc ong qua que rau rua sao sen
    so soc song suoi sua tao tau tho thu tom tranh trang tre trung vit voi vui xanh xe xoai
"""
# Three of them and a number make 42 million passwords: enough where only a few tries are let through.
_WORDS = tuple(_WORDS_TEXT.split())


@dataclass(frozen=True)
class CardPassword:
    """A password ready to be given; to hash it is slow on purpose."""

    text: str
    hash: str


class EmailTaken(Conflict):
    code = "email_taken"
    message = lazy_("Another account has this e-mail address already.")


class BadUsername(Invalid):
    code = "bad_username"
    message = lazy_("A username has 2 to 60 small letters without tone marks, digits, dots and hyphens.")


class AccountExists(Conflict):
    code = "account_exists"
    message = lazy_("This person has an account already.")


def create(
    person: Person, *, email: str | None = None, language: str = "vi", import_id: int | None = None, username: str | None = None
) -> Account:
    """Make the person's account, without a password yet.

    Without ``username`` it gets a free one made from the name.  Raises
    AccountExists, BadUsername and EmailTaken.
    """
    if session.scalar(select(Account.id).where(Account.person_id == person.id)) is not None:
        raise AccountExists()
    chosen = username.strip().lower() if username else usernames.free([person.full_name])[0]
    if not usernames.is_well_formed(chosen):
        raise BadUsername()
    address = _address(email)
    if address is not None and by_email(address) is not None:
        raise EmailTaken()
    account = _new(person, chosen, email=address, language=language, import_id=import_id)
    session.add(account)
    session.flush()
    return account


def create_many(persons: Sequence[Person], *, language: str = "vi", import_id: int | None = None) -> list[Account]:
    """Make accounts for persons who have none, in order, in few queries; without e-mail and password."""
    chosen = usernames.free([person.full_name for person in persons])
    made = [_new(person, name, email=None, language=language, import_id=import_id) for person, name in zip(persons, chosen, strict=True)]
    session.add_all(made)
    session.flush()
    return made


def by_email(address: str) -> Account | None:
    """Return the account with this e-mail address."""
    return session.scalar(select(Account).where(Account.email == _address(address)))


def set_password(account: Account, text: str, *, by: int | None = None) -> None:
    """Give the account the password that its holder chose; every session and link from before ends.

    ``by`` is the account that did it, when it was not the holder.  Raises
    WeakPassword.
    """
    passwords.check_strength(text, account.username)
    _store(account, passwords.hash_password(text), must_change=False)
    audit.record("account.password_set", f"account:{account.id}", account_id=by or account.id)


def card_passwords(count: int) -> list[CardPassword]:
    """Make short passwords that can be said and typed; for many, before anything is written that others wait for."""
    texts = [_speakable() for _ in range(count)]
    return [CardPassword(text, passwords.hash_password(text)) for text in texts]


def give_card_password(account: Account, *, by: int | None = None, ready: CardPassword | None = None) -> str:
    """Give a pupil a short password, and return it; it may stay."""
    given = ready or card_passwords(1)[0]
    _store(account, given.hash, must_change=False)
    audit.record("account.password_given", f"account:{account.id}", account_id=by)
    return given.text


def give_first_password(account: Account, *, by: int | None = None) -> str:
    """Give a member of staff a short first password, and return it; it must be changed at once."""
    text = _speakable()
    _store(account, passwords.hash_password(text), must_change=True)
    audit.record("account.password_given", f"account:{account.id}", account_id=by)
    return text


def end_session(key: str) -> None:
    """End one session for good, wherever its cookie may be by now; ending it twice changes nothing."""
    insert_new(EndedSession, [{"key": key, "ended_at": clock.now()}])


def forget_ended_sessions(payload: Mapping[str, Any]) -> None:
    """Forget ended sessions whose cookies are too old to be taken; a job."""
    session.execute(delete(EndedSession).where(EndedSession.ended_at < clock.now() - 2 * LONGEST_SESSION))


def end_sessions(account: Account) -> None:
    """End every session of the account, on every device."""
    account.session_epoch = session.scalars(
        update(Account).where(Account.id == account.id).values(session_epoch=Account.session_epoch + 1).returning(Account.session_epoch)
    ).one()


def disable(account: Account, *, by: int | None = None) -> None:
    """Close the account: nobody gets in, and whoever is in is out."""
    account.disabled = True
    end_sessions(account)
    links.withdraw(account)
    audit.record("account.disabled", f"account:{account.id}", account_id=by)


def choose_language(account: Account, language: str) -> None:
    """Remember the language in which the account wants pages and mails."""
    account.language = language
    session.flush()


def _new(person: Person, username: str, *, email: str | None, language: str, import_id: int | None) -> Account:
    return Account(
        person_id=person.id,
        username=username,
        email=email,
        password_hash=None,
        language=language,
        import_id=import_id,
        created_at=clock.now(),
    )


def _address(email: str | None) -> str | None:
    return names.clean(email).lower() or None if email else None


def _store(account: Account, hashed: str, *, must_change: bool) -> None:
    account.password_hash = hashed
    account.must_change = must_change
    end_sessions(account)
    links.withdraw(account)
    session.flush()


def _speakable() -> str:
    words = [secrets.choice(_WORDS) for _ in range(3)]
    return "-".join([*words, str(secrets.randbelow(90) + 10)])
