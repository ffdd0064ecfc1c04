"""The outbox: what is to be told to whom, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Model


class Message(Model):
    """One message to one person through one channel."""

    __tablename__ = "notifications_message"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped')", name="state"),
        Index("ix_notifications_message_next", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"), index=True)
    kind: Mapped[str]
    channel: Mapped[str]  # mail, page
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="waiting")
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    created_at: Mapped[datetime]
