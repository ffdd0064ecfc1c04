"""Sending what waits in the outbox: each letter in its own small transactions, none open while a server answers."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from lms.accounts import links
from lms.accounts.models import Account
from lms.core import clock
from lms.core.config import Settings
from lms.core.db import session, transaction
from lms.core.jobs import JobKind
from lms.notifications import mail
from lms.notifications.models import Message
from lms.notifications.postboxes import Delayed, Postbox, Refused, Unreachable, open_postbox

log = logging.getLogger(__name__)

MOST_TRIES = 6
AT_ONCE = 100  # letters in one run, so that other jobs have their turn
LEASE = timedelta(minutes=10)  # after that a letter whose sender died is sent again

_settings: list[Settings] = []


@dataclass(frozen=True)
class Outcome:
    """What became of the letters of one run."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    dropped: int = 0


class NoAddress(Exception):
    """The account has no e-mail address, or is closed."""


def configure(settings: Settings) -> None:
    """Say where mails go, who sends them, and at what address people find us."""
    _settings[:] = [settings]


def run(_payload: Mapping[str, Any]) -> None:
    """Send what is due."""
    outcome = send_due()
    if outcome != Outcome():
        log.info("mails: %s", outcome)


KIND = JobKind("notifications.deliver", run, every=timedelta(seconds=20))


def send_due(*, most: int = AT_ONCE) -> Outcome:
    """Send the letters that are due, at most so many; return what became of them."""
    settings = _settings[0]
    postbox = open_postbox(settings.mail)
    became: Counter[str] = Counter()
    try:
        for _turn in range(most):
            message_id = _claim()
            if message_id is None:
                break
            try:
                became[_send(message_id, postbox, settings)] += 1
            except Unreachable as error:
                # The next letter would only wait for the same silence.
                log.warning("no mail can be sent: %s", error)
                became[_put_back(message_id, str(error))] += 1
                break
    finally:
        postbox.close()
    return Outcome(**became)


def delay_after(tries: int) -> timedelta:
    """Return how long a letter waits after so many tries: 1, 4, 16, 64, 256 minutes."""
    return timedelta(minutes=4 ** (tries - 1))


def _claim() -> int | None:
    """Take the next letter that is due; of two runners one gets it."""
    moment = clock.now()
    with transaction():
        candidate = (
            select(Message.id)
            .where(Message.state == "waiting", Message.channel == "mail", Message.due_at <= moment)
            .order_by(Message.due_at, Message.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        return session.scalar(
            update(Message).where(Message.id == candidate).values(tries=Message.tries + 1, due_at=moment + LEASE).returning(Message.id)
        )


def _send(message_id: int, postbox: Postbox, settings: Settings) -> str:
    """Write and post one letter; return what became of it.  Raises Unreachable."""
    try:
        with transaction():
            letter = _letter(session.get_one(Message, message_id), settings)
        postbox.post(letter, str(message_id))
    except NoAddress:
        return _finish(message_id, "dropped")
    except Refused as error:
        return _finish(message_id, "failed", str(error))
    except Delayed as error:
        return _put_back(message_id, str(error))
    except Unreachable:
        raise
    except Exception as error:  # a letter that cannot be written must not stop the others
        log.exception("message %s could not be sent", message_id)
        return _put_back(message_id, repr(error))
    return _finish(message_id, "sent")


def _letter(message: Message, settings: Settings) -> EmailMessage:
    account = session.get_one(Account, message.account_id, options=[joinedload(Account.person)])
    if account.email is None or account.disabled:
        raise NoAddress()
    values = {
        **message.payload,
        "name": account.person.full_name,
        "username": account.username,
        "site": settings.base_url,
        "url": _url(message.kind, account, settings),
    }
    letter = mail.write(message.kind, account.language, values)
    return mail.envelope(letter, to_name=account.person.full_name, to_address=account.email, sender=settings.mail_from)


def _url(kind: str, account: Account, settings: Settings) -> str:
    """Return where the letter sends its reader; a secret is made now and stands nowhere but in the letter."""
    if kind == "reset":
        return f"{settings.base_url}/password/reset/{links.make(account, 'reset', valid=links.RESET)}"
    if kind == "activate":
        return f"{settings.base_url}/welcome/{links.make(account, 'activate', valid=links.ACTIVATE)}"
    return settings.base_url


def _finish(message_id: int, state: str, error: str | None = None) -> str:
    with transaction():
        message = session.get_one(Message, message_id)
        message.state, message.error = state, error[:2000] if error else None
        if state == "sent":
            message.sent_at = clock.now()
    return state


def _put_back(message_id: int, error: str) -> str:
    with transaction():
        message = session.get_one(Message, message_id)
        message.error = error[:2000]
        if message.tries >= MOST_TRIES:
            message.state = "failed"
            return "failed"
        message.due_at = clock.now() + delay_after(message.tries)
    return "later"
