"""The log of what people did: append-only, each entry sealed with the hash of the former one."""

import hashlib
import json
from typing import Any

from sqlalchemy import func, select, text

from lms.core import clock
from lms.core.db import session
from lms.core.models import AuditEntry


def record(action: str, subject: str, *, account_id: int | None, **details: Any) -> None:
    """Add an entry; ``subject`` is "kind:id", ``details`` plain values (before, after, reason)."""
    _one_at_a_time()
    former = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or ""
    moment = clock.now()
    body = {"at": moment.isoformat(), "account": account_id, "action": action, "subject": subject, "details": details}
    session.add(
        AuditEntry(
            at=moment,
            account_id=account_id,
            action=action,
            subject=subject,
            details=details,
            former_hash=former,
            hash=_seal(former, body),
        )
    )
    session.flush()


def broken_at() -> int | None:
    """Return the id of the first entry whose seal does not fit, or None when all fit."""
    former = ""
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        body = {
            "at": entry.at.isoformat(),
            "account": entry.account_id,
            "action": entry.action,
            "subject": entry.subject,
            "details": entry.details,
        }
        if entry.former_hash != former or entry.hash != _seal(former, body):
            return entry.id
        former = entry.hash
    return None


def count() -> int:
    """Return how many entries there are."""
    return session.scalar(select(func.count(AuditEntry.id))) or 0


def _seal(former: str, body: dict[str, Any]) -> str:
    return hashlib.sha256((former + json.dumps(body, sort_keys=True, ensure_ascii=False)).encode()).hexdigest()


def _one_at_a_time() -> None:
    # SQLite has one writer anyway; PostgreSQL needs a lock so that two entries do not follow the same former one.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7201)"))
