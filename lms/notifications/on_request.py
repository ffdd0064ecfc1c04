"""Mails that packages below us ask for, through the queue: a lost password, the first invitation."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import jobs
from lms.core.db import session
from lms.core.jobs import JobKind
from lms.notifications import delivery, outbox


def send_reset(payload: Mapping[str, Any]) -> None:
    """Send a link for a new password to ``account_id``; None stands for a name that nobody has."""
    if payload["account_id"] is None:
        return
    outbox.add(payload["account_id"], "reset", dedupe_key=f"reset:{payload['job_id']}")
    jobs.add(delivery.KIND.key)


def send_invitations(payload: Mapping[str, Any]) -> None:
    """Send activation links to those of ``account_ids`` who have an e-mail address and no password yet."""
    asked = list(payload["account_ids"])
    query = select(Account.id).where(
        Account.id.in_(asked), Account.email.is_not(None), Account.password_hash.is_(None), Account.disabled.is_(False)
    )
    outbox.add_many(session.scalars(query).all(), "activate", dedupe_prefix=f"activate:{payload['job_id']}")


RESET = JobKind("notifications.reset", send_reset)
INVITE = JobKind("notifications.invite", send_invitations)
