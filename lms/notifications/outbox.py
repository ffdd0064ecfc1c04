"""What is to be told to whom: written in the transaction of the fact itself, sent later."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update

from lms.core import clock
from lms.core.db import session
from lms.core.rows import insert_new
from lms.notifications import kinds
from lms.notifications.models import Message


def add(account_id: int, kind: str, *, channel: str = "mail", dedupe_key: str, **payload: Any) -> None:
    """Put one message into the outbox, unless one with the same key is or was there.

    ``channel`` is "mail" or "page".  Raises ValueError for a kind that we
    cannot write.
    """
    kinds.check(kind, payload)
    insert_new(Message, [_row(account_id, kind, channel, dedupe_key, payload)])


def add_many(account_ids: Iterable[int], kind: str, *, channel: str = "mail", dedupe_prefix: str, **payload: Any) -> int:
    """Tell many accounts the same; return to how many it is new.

    The key of each message is the prefix and the account's id.
    """
    kinds.check(kind, payload)
    return len(insert_new(Message, [_row(one, kind, channel, f"{dedupe_prefix}:{one}", payload) for one in account_ids]))


def unread(account_id: int) -> Sequence[Message]:
    """Return the messages on the page that the account has not read, the newest first."""
    query = select(Message).where(Message.account_id == account_id, Message.channel == "page", Message.read_at.is_(None))
    return session.scalars(query.order_by(Message.id.desc())).all()


def mark_read(account_id: int, *, up_to: int | None = None) -> None:
    """Note that the account has seen its messages on the page, all of them or those up to the one with this id."""
    unread = update(Message).where(Message.account_id == account_id, Message.channel == "page", Message.read_at.is_(None))
    if up_to is not None:
        unread = unread.where(Message.id <= up_to)
    session.execute(unread.values(read_at=clock.now()))


def _row(account_id: int, kind: str, channel: str, dedupe_key: str, payload: dict[str, Any]) -> dict[str, Any]:
    moment = clock.now()
    return {
        "account_id": account_id,
        "kind": kind,
        "channel": channel,
        "payload": payload,
        "state": "waiting" if channel == "mail" else "sent",
        "dedupe_key": dedupe_key,
        "due_at": moment,
        "sent_at": None if channel == "mail" else moment,
        "created_at": moment,
    }
