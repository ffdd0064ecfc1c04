"""Secrets that open a door once: activation by mail, a new password, the QR code of a slip or card."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select, update

from lms.accounts.models import Account, Link
from lms.core import clock
from lms.core.db import session
from lms.core.errors import Gone
from lms.core.i18n import lazy_

RESET = timedelta(hours=2)
ACTIVATE = timedelta(days=30)
CARD = timedelta(days=90)


class LinkGone(Gone):
    code = "link_gone"
    message = lazy_(
        "This link was used before or is too old. If it was you, simply sign in. Else ask for a new link, or your school for a new slip."
    )


def make(account: Account, purpose: str, *, valid: timedelta) -> str:
    """Return a new secret for one purpose ("activate", "reset", "card"); only its hash is kept."""
    # 144 bits: short enough for a small QR code, far too many to try.
    secret = secrets.token_urlsafe(18)
    session.add(
        Link(account_id=account.id, purpose=purpose, secret_hash=_hash(secret), created_at=clock.now(), expires_at=clock.now() + valid)
    )
    return secret


def holder(secret: str, purpose: str) -> Account:
    """Return whose link it is, without using it up.

    Raises LinkGone when it was used, is too old, or never was.
    """
    account = session.scalar(
        select(Account)
        .join(Link, Link.account_id == Account.id)
        .where(Link.secret_hash == _hash(secret), Link.purpose == purpose, Link.used_at.is_(None), Link.expires_at > clock.now())
    )
    if account is None or account.disabled:
        raise LinkGone()
    return account


def redeem(secret: str, purpose: str) -> Account:
    """Use the link up and return whose it is; of two at the same time one gets through.

    Raises LinkGone when it was used, is too old, or never was.
    """
    moment = clock.now()
    account_id = session.scalar(
        update(Link)
        .where(Link.secret_hash == _hash(secret), Link.purpose == purpose, Link.used_at.is_(None), Link.expires_at > moment)
        .values(used_at=moment)
        .returning(Link.account_id)
    )
    account = session.get(Account, account_id) if account_id is not None else None
    if account is None or account.disabled:
        raise LinkGone()
    return account


def withdraw(account: Account, *purposes: str) -> None:
    """Let the account's unused links (of these purposes, else all) open nothing any more."""
    query = update(Link).where(Link.account_id == account.id, Link.used_at.is_(None))
    if purposes:
        query = query.where(Link.purpose.in_(purposes))
    session.execute(query.values(used_at=clock.now()))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
