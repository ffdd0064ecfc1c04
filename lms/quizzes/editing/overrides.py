"""Letting a quiz differ for a person, a class or the staff of a unit; every change stays as history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from lms.core import audit, clock, names
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.quizzes import differences, retiming
from lms.quizzes.editing import targets
from lms.quizzes.editing.targets import Kind, Target
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.models.rules import Override

_MOST = 500  # in a list
_COLUMNS = {Kind.PERSON: Override.person_id, Kind.CLASS: Override.class_id, Kind.UNIT: Override.unit_id}


class NothingDiffers(Invalid):
    code = "nothing_differs"
    message = lazy_("This is what the quiz allows to everybody. Change at least one line.")


class ChangedMeanwhile(Conflict):
    code = "override_changed_meanwhile"
    message = lazy_("Somebody else changed this exception at the same moment. Look at it again, then change it.")


@dataclass(frozen=True)
class OverrideLine:
    """An exception in a list: for whom, what differs, why, by whom; open or replaced."""

    id: int
    kind: str
    target_id: int
    name: str
    changes: Mapping[str, Any]
    reason: str
    by_account_id: int | None
    recorded_at: datetime
    replaced_at: datetime | None


def of_everybody(quiz: Quiz) -> dict[str, Any]:
    """Return what the quiz allows to everybody, under the names of what can differ; None is no limit."""
    values = {name: getattr(quiz, name) for name in differences.FIELDS}
    return values | {"attempts_allowed": values["attempts_allowed"] or None}


def give(quiz: Quiz, target: Target, wanted: Mapping[str, Any], *, reason: str, by: int) -> Override:
    """Let the quiz differ for the target from now on, as far as ``wanted`` differs from what everybody is allowed.

    A former exception for the same target is replaced and stays as history.  Open
    attempts of the people concerned get their new time at once.

    Raises NothingDiffers, differences.WrongChange, ChangedMeanwhile.
    """
    changes = differences.write({name: value for name, value in wanted.items() if value != of_everybody(quiz)[name]})
    if not changes:
        raise NothingDiffers()
    _retire(quiz, target)
    row = {"quiz_id": quiz.id, "changes": changes, "reason": names.clean(reason), "by_account_id": by, "recorded_at": clock.now()}
    target_ids = {f"{kind}_id": target.id if kind is target.kind else None for kind in Kind}
    # The database lets one open exception be for each quiz and target.
    made = insert_new(Override, [row | target_ids])
    if not made:
        raise ChangedMeanwhile()
    audit.record(
        "quizzes.override.given",
        f"quiz:{quiz.id}",
        account_id=by,
        target=f"{target.kind}:{target.id}",
        changes=_without_password(changes),
        reason=row["reason"],
    )
    retiming.quiz(quiz.id, person_ids=targets.people_in(target))
    return session.get_one(Override, made[0])


def take_back(quiz: Quiz, target: Target, *, by: int) -> None:
    """Let the quiz be for the target as for everybody again.  Doing it twice changes nothing."""
    if not _retire(quiz, target):
        return
    audit.record("quizzes.override.taken_back", f"quiz:{quiz.id}", account_id=by, target=f"{target.kind}:{target.id}")
    retiming.quiz(quiz.id, person_ids=targets.people_in(target))


def open_one(quiz: Quiz, target: Target) -> Override | None:
    """Return the exception that holds for exactly this target.  One statement."""
    return session.scalar(
        select(Override).where(Override.quiz_id == quiz.id, _COLUMNS[target.kind] == target.id, Override.replaced_at.is_(None))
    )


def lines(quiz: Quiz, within: ColumnElement[bool]) -> list[OverrideLine]:
    """Return the exceptions of a quiz that fit the condition, also those that were replaced, the newest first."""
    rows: Sequence[Override] = session.scalars(
        select(Override).where(Override.quiz_id == quiz.id, within).order_by(Override.id.desc()).limit(_MOST)
    ).all()
    keys = [_key(row) for row in rows]
    called = targets.named(keys)
    return [
        OverrideLine(
            row.id,
            kind,
            target_id,
            called.get((kind, target_id), ""),
            differences.read(row.changes),
            row.reason,
            row.by_account_id,
            row.recorded_at,
            row.replaced_at,
        )
        for row, (kind, target_id) in zip(rows, keys, strict=True)
    ]


def _key(row: Override) -> tuple[str, int]:
    for kind in Kind:
        target_id: int | None = getattr(row, f"{kind}_id")
        if target_id is not None:
            return kind, target_id
    raise LookupError(f"override {row.id} is for nobody")


def _retire(quiz: Quiz, target: Target) -> bool:
    retired = session.scalar(
        update(Override)
        .where(Override.quiz_id == quiz.id, _COLUMNS[target.kind] == target.id, Override.replaced_at.is_(None))
        .values(replaced_at=clock.now())
        .returning(Override.id)
        .execution_options(synchronize_session="fetch")
    )
    return retired is not None


def _without_password(changes: Mapping[str, Any]) -> dict[str, Any]:
    # The log says that there was another password, not which.
    return {name: ("…" if value else None) if name == "password" else value for name, value in changes.items()}
