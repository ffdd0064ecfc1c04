"""Putting messages into the outbox."""

import pytest

from lms.core.db import session
from lms.notifications import outbox
from lms.notifications.models import Message
from tests.factories_accounts import make_user
from tests.together import at_once

CERTIFICATE = {"title": {"vi": "CB1", "en": "CB1"}, "code": "K7M2-9QXF"}


def test_a_message_waits_with_what_it_needs(database: None):
    account = make_user()

    outbox.add(account.id, "certificate", dedupe_key="certificate:1", **CERTIFICATE)

    message = session.query(Message).one()
    assert (message.account_id, message.kind, message.channel, message.state, message.payload, message.tries) == (
        account.id, "certificate", "mail", "waiting", CERTIFICATE, 0,
    )  # fmt: skip


def test_the_same_key_twice_is_one_message(database: None):
    account = make_user()

    for _turn in range(2):
        outbox.add(account.id, "certificate", dedupe_key="certificate:1", **CERTIFICATE)

    assert session.query(Message).count() == 1


def test_the_same_key_in_the_same_instant_is_one_message(real_database: str):
    account_id = make_user().id
    session.commit()
    session.remove()

    came = at_once(*[lambda: outbox.add(account_id, "certificate", dedupe_key="certificate:1", **CERTIFICATE)] * 4)

    assert (came, session.query(Message).count()) == ([None] * 4, 1)


def test_many_are_told_once_each(database: None):
    ids = [make_user(f"ten{number}").id for number in range(3)]
    duties = [{"title": {"vi": "CB1"}, "day": None}]

    new = [
        outbox.add_many(ids[:2], "reminder", dedupe_prefix="r1", duties=duties),
        outbox.add_many(ids, "reminder", dedupe_prefix="r1", duties=duties),
    ]

    assert (new, session.query(Message).count()) == ([2, 1], 3)


def test_nobody_is_told_nothing(database: None):
    assert outbox.add_many([], "reminder", dedupe_prefix="r1", duties=[]) == 0


def test_a_kind_that_we_cannot_write_is_refused(database: None):
    with pytest.raises(ValueError, match="no message of kind 'poem'"):
        outbox.add(make_user().id, "poem", dedupe_key="x")


def test_a_payload_that_lacks_something_is_refused(database: None):
    with pytest.raises(ValueError, match="needs code"):
        outbox.add(make_user().id, "certificate", dedupe_key="x", title={"vi": "CB1"})


def test_messages_on_the_page_are_unread_until_seen(database: None):
    mine, other = make_user("a.a"), make_user("b.b")
    for number, account in enumerate((mine, other, mine)):
        outbox.add(account.id, "certificate", channel="page", dedupe_key=f"c:{number}", **CERTIFICATE)
    outbox.add(mine.id, "certificate", dedupe_key="by mail", **CERTIFICATE)

    unread = [message.dedupe_key for message in outbox.unread(mine.id)]
    outbox.mark_read(mine.id)

    assert (unread, list(outbox.unread(mine.id)), len(outbox.unread(other.id))) == (["c:2", "c:0"], [], 1)
