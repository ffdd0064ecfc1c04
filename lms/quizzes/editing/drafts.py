"""Whether a quiz may still be changed, and noting that it was."""

import hashlib
from typing import Any

from lms.core import audit, clock
from lms.core.db import session
from lms.courses.immutability import Published
from lms.quizzes.editing.queries import QuizPlace


def must_be_draft(place: QuizPlace) -> None:
    """Raises Published when people learn from the quiz already; until this transaction ends, nobody publishes it."""
    session.refresh(place.version, with_for_update={"key_share": True})
    if not place.is_draft:
        raise Published()


def note_change(place: QuizPlace, what: str, *, by: int, **details: Any) -> None:
    """Write down that a quiz was changed; a draft is from now on another than the files that it came from."""
    audit.record(f"quizzes.quiz.{what}", f"quiz:{place.quiz.id}", account_id=by, **details)
    if place.is_draft:
        former = f"{place.version.content_hash} {clock.now().isoformat()}"
        place.version.content_hash = hashlib.sha256(former.encode()).hexdigest()
    session.flush()
