"""The log of deeds: each entry sealed with the one before, so that a change shows."""

import pytest
from sqlalchemy import delete, select, update

from lms.core import audit
from lms.core.db import session, transaction
from lms.core.models import AuditEntry
from tests.together import at_once


def entries() -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.mark.usefixtures("database")
def test_an_entry_says_who_did_what_to_what():
    audit.record("unit.rename", "unit:12", account_id=7, before="Trường cũ", after="Trường mới")

    (entry,) = entries()
    assert (entry.account_id, entry.action, entry.subject) == (7, "unit.rename", "unit:12")
    assert entry.details == {"before": "Trường cũ", "after": "Trường mới"}


@pytest.mark.usefixtures("database")
def test_each_entry_carries_the_seal_of_the_former():
    for number in range(3):
        audit.record("test", f"unit:{number}", account_id=None)

    first, second, third = entries()
    assert (first.former_hash, second.former_hash, third.former_hash) == ("", first.hash, second.hash)
    assert (audit.broken_at(), audit.count()) == (None, 3)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("change", [{"account_id": 8}, {"action": "other"}, {"subject": "unit:9"}, {"details": {"reason": "another"}}])
def test_a_changed_entry_is_found(change: dict[str, object]):
    for number in range(3):
        audit.record("test", f"unit:{number}", account_id=7, reason="one")
    second = entries()[1].id

    session.execute(update(AuditEntry).where(AuditEntry.id == second).values(**change))
    session.expire_all()

    assert audit.broken_at() == second


@pytest.mark.usefixtures("database")
def test_a_missing_entry_is_found_at_the_next():
    for number in range(3):
        audit.record("test", f"unit:{number}", account_id=None)
    first, second, third = (entry.id for entry in entries())

    session.execute(delete(AuditEntry).where(AuditEntry.id == second))
    session.expire_all()

    assert audit.broken_at() == third
    assert first < third


def test_entries_written_at_the_same_moment_make_one_chain(real_database: str):
    def write() -> None:
        for _ in range(5):
            with transaction():
                audit.record("test", "unit:1", account_id=None)

    assert at_once(write, write, write) == [None, None, None]
    with transaction():
        assert (audit.broken_at(), audit.count()) == (None, 15)
