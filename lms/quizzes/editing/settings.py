"""The settings of a quiz: all of them while its course is a draft, afterwards those that only organise it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.quizzes import differences, retiming, review
from lms.quizzes.editing import drafts
from lms.quizzes.editing.queries import QuizPlace
from lms.quizzes.review import Item, Phase

# What may change for everybody although people learn from the quiz: exactly what an exception may change for some.
ALWAYS_FREE = frozenset(differences.FIELDS)
COLUMNS = (
    "pass_share", "maximum", "attempts_allowed", "time_limit_seconds", "grace_seconds", "delay_seconds", "later_delay_seconds", "opens_at",
    "closes_at", "when_expired", "behaviour", "grading_method", "navigation", "shuffle_questions", "shuffle_answers", "password",
    "builds_on_last", "classroom", "review", "feedback",
)  # fmt: skip


class WrongSetting(Invalid):
    code = "wrong_setting"
    message = lazy_("This setting does not exist: {name}.")


def change(place: QuizPlace, wanted: Mapping[str, Any], *, by: int) -> list[str]:
    """Change settings of a quiz; return the names of those that changed.

    Open attempts get their new time at once.  Raises Published when the course is
    published and what its learners see would change, WrongSetting.
    """
    if unknown := sorted(set(wanted) - set(COLUMNS)):
        raise WrongSetting(name=unknown[0])
    quiz = place.quiz
    changed = [name for name in COLUMNS if name in wanted and wanted[name] != getattr(quiz, name)]
    if set(changed) - ALWAYS_FREE:
        drafts.must_be_draft(place)
    if not changed:
        return []
    before = {name: getattr(quiz, name) for name in changed}
    for name in changed:
        setattr(quiz, name, wanted[name])
    session.flush()
    drafts.note_change(
        place,
        "changed",
        by=by,
        before={name: _said(name, value) for name, value in before.items()},
        after={name: _said(name, wanted[name]) for name in changed},
    )
    retiming.quiz(quiz.id)
    return changed


def review_settings(shown: Mapping[Phase, frozenset[Item]]) -> dict[str, list[str]]:
    """Return what a quiz keeps of the items shown in each phase; a phase like the defaults is left out."""
    kept = {}
    for phase in Phase:
        items = shown[phase]
        if review.shown({phase: sorted(items)}, phase) != review.shown({}, phase):
            kept[str(phase)] = [str(item) for item in Item if item in items]
    return kept


def _said(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    # The log says that there was another password, not which.
    return "…" if name == "password" and value else value
