"""What messages there are, and what each must be told to be written."""

from collections.abc import Mapping
from typing import Any

# Kind -> names that its payload must have. Texts in a payload are {language: text}, days are ISO.
# Activation and reset carry nothing: their secret link is made when the mail is written, and stands nowhere but in it.
NEEDED: dict[str, frozenset[str]] = {
    "activate": frozenset(),
    "reset": frozenset(),
    "certificate": frozenset({"title", "code"}),  # may have: serial, valid_until
    "course_moved": frozenset({"course_title", "slug"}),
    "course_review": frozenset({"course_title", "slug", "what", "text"}),  # what: asked, sent_back, approved
    "pass_restored": frozenset({"programme_title", "reason", "audience"}),  # audience: staff, pupils
    "pass_revoked": frozenset({"programme_title", "reason", "audience"}),
    "programme_fulfilled": frozenset({"programme_title", "from_day"}),  # may have: cycle, until_day
    "quiz_marked": frozenset({"quiz_title", "attempt_id", "passed"}),
    "quiz_regraded": frozenset({"quiz_title", "attempt_id", "passed"}),  # may have: undone
    "recognition_decided": frozenset({"programme_title", "document", "approved", "reason"}),
    "reminder": frozenset({"duties"}),  # [{"title": {...}, "day": ISO day or None}]; may have: from_name
}


def check(kind: str, payload: Mapping[str, Any]) -> None:
    """Raise ValueError for a kind that we cannot write, or a payload that lacks something."""
    if kind not in NEEDED:
        raise ValueError(f"there is no message of kind {kind!r}: add it to notifications/kinds.py, with its templates")
    if missing := NEEDED[kind] - payload.keys():
        raise ValueError(f"a message of kind {kind!r} needs {', '.join(sorted(missing))}")
