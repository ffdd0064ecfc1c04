"""What the site itself tells somebody: the unread messages on the page, without what the page says anyway."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.notifications import outbox

# Kinds that are told on the page by a sentence.  Reminders are not: home itself says what is due, and by when.
TOLD = ("pass_revoked", "pass_restored", "quiz_regraded", "recognition_decided", "course_review", "course_moved")


@dataclass(frozen=True)
class Notice:
    """One message on the page; ``payload`` is what its kind must be told, see ``kinds``."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    at: datetime


def unread(account_id: int) -> list[Notice]:
    """Return what somebody has not yet said to have read, the newest first.  One statement."""
    return [Notice(each.id, each.kind, each.payload, each.created_at) for each in outbox.unread(account_id) if each.kind in TOLD]
