"""Review of a draft: its author asks, a second author comments, sends it back or approves it; nothing is taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.courses.editing import drafts
from lms.courses.models import ReviewNote, Version
from lms.notifications import outbox
from lms.schools import access

LONGEST = 2_000
ASKED, COMMENT, SENT_BACK, APPROVED = "asked", "comment", "sent_back", "approved"
REVIEWING = "author"


class NothingSaid(Invalid):
    code = "review_without_words"
    message = lazy_("Write what you think; its author works with that.")


class NotAsked(Conflict):
    code = "review_not_asked"
    message = lazy_("Nobody asks for a review of this draft now.")


class OwnReview(Conflict):
    code = "review_of_ones_own"
    message = lazy_("Who asked for the review cannot give it: a second author does.")


@dataclass(frozen=True)
class Review:
    """How far the review of a version is, with every word of it, the oldest first.

    ``state`` is "" (nobody asked), asked, sent_back, approved, or changed: it was
    approved, but is another now.
    """

    state: str
    asked_by: int | None
    notes: Sequence[ReviewNote]

    @property
    def is_approved(self) -> bool:
        return self.state == APPROVED


def review(version: Version) -> Review:
    """Return how far the review of a version is.  One statement."""
    notes = session.scalars(select(ReviewNote).where(ReviewNote.version_id == version.id).order_by(ReviewNote.id)).all()
    return _read(notes, version.content_hash)


def _read(notes: Sequence[ReviewNote], content_hash: str) -> Review:
    state, asked_by = "", None
    for note in notes:
        if note.what == ASKED:
            asked_by = note.by_account_id
        if note.what != COMMENT:
            state = note.what
    if state == APPROVED and notes and next(each for each in reversed(notes) if each.what == APPROVED).content_hash != content_hash:
        state = "changed"
    return Review(state, asked_by, notes)


def ask(version_id: int, text: str, *, by: int) -> None:
    """Ask for a review of a draft; asked already is asked once.  Raises Published."""
    version = drafts.locked(version_id)
    if review(version).state == ASKED:
        return
    made = _note(version, ASKED, "", text, by)
    reviewers = set(access.holders(REVIEWING, version.course.owner_unit_id)) - {by}
    _tell(version, made, reviewers)


def comment(version_id: int, key: str, text: str, *, by: int) -> None:
    """Say something about a draft or one of its activities.  Raises NothingSaid, Published."""
    version = drafts.locked(version_id)
    if not text.strip():
        raise NothingSaid()
    _note(version, COMMENT, key, text, by)


def send_back(version_id: int, text: str, *, by: int) -> None:
    """Let its author work on a draft again.  Raises NothingSaid, NotAsked, OwnReview, Published."""
    if not text.strip():
        raise NothingSaid()
    _decide(version_id, SENT_BACK, text, by)


def approve(version_id: int, text: str, *, by: int) -> None:
    """Say that a draft may be published as it stands.  Raises NotAsked, OwnReview, Published."""
    _decide(version_id, APPROVED, text, by)


def _decide(version_id: int, what: str, text: str, by: int) -> None:
    version = drafts.locked(version_id)
    known = review(version)
    if known.state != ASKED:
        raise NotAsked()
    if known.asked_by == by:
        raise OwnReview()
    made = _note(version, what, "", text, by)
    _tell(version, made, [known.asked_by] if known.asked_by else [])


def _note(version: Version, what: str, key: str, text: str, by: int) -> ReviewNote:
    made = ReviewNote(
        version_id=version.id,
        what=what,
        activity_key=key,
        text=text.replace("\r\n", "\n").strip()[:LONGEST],
        content_hash=version.content_hash,
        by_account_id=by,
        at=clock.now(),
    )
    session.add(made)
    session.flush()
    audit.record(f"courses.review.{what}", f"version:{version.id}", account_id=by, activity=key)
    return made


def _tell(version: Version, made: ReviewNote, account_ids: Iterable[int]) -> None:
    for channel in ("page", "mail"):
        outbox.add_many(
            account_ids,
            "course_review",
            channel=channel,
            dedupe_prefix=f"course_review:{made.id}:{channel}",
            course_title=version.title,
            slug=version.course.slug,
            what=made.what,
            text=made.text,
        )
