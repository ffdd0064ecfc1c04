"""Changing many questions at once: planned first, applied once, undone while nothing depends on it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.core import imports
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.models import Import
from lms.quizzes.bank import editing, reading, storing
from lms.quizzes.models.bank import Category, Question, QuestionVersion

KIND = "questions.change"  # of the rows in core_import
MOST = 2_000
ACTS = ("move", "tag", "untag", "state", "delete")


class NothingChosen(Invalid):
    code = "no_questions_chosen"
    message = lazy_("Choose at least one question, and what is to be done with them.")


class TooManyChosen(Invalid):
    code = "too_many_questions_chosen"
    message = lazy_("At most {most} questions can be changed at once. Narrow the list first.")


class CannotUndo(Conflict):
    code = "change_not_undoable"
    message = lazy_("{number} of these questions were changed since, so that going back would lose something. Nothing was changed.")


@dataclass(frozen=True)
class Change:
    """What is to be done: ``act`` of ACTS, and to what: a category's id, a tag, a state; nothing when deleting."""

    act: str
    to: str = ""


def plan(question_ids: Sequence[int], change: Change, *, unit_id: int, by: int | None) -> Import:
    """Keep what would be changed; nothing is changed yet.  Raises NothingChosen, TooManyChosen."""
    if not question_ids or change.act not in ACTS or (change.act == "state" and change.to not in editing.STATES):
        raise NothingChosen()
    if change.act != "delete" and not change.to:
        raise NothingChosen()
    if len(question_ids) > MOST:
        raise TooManyChosen(most=MOST)
    items = _items(question_ids, change)
    made = {"schema": 1, "act": change.act, "to": change.to, "said": _said(change), "items": items}
    return imports.plan(KIND, unit_id=unit_id, file_name=str(_said(change))[:200], content=b"", plan=made, by=by)


def counts(plan_: dict[str, Any]) -> Counter[str]:
    """Return how many questions have which fate: change, same, kept (in use, so not deleted), twin (the id is taken there)."""
    return Counter(item["fate"] for item in plan_["items"])


def apply(row: Import, *, by: int | None) -> None:
    """Change the questions of a plan.  What the plan said is looked at again: somebody may have changed them meanwhile.

    Raises imports.NotPlanned.
    """
    imports.begin_apply(row, by=by)
    imports.one_at_a_time()
    change = Change(row.plan["act"], row.plan["to"])
    wanted = [item["id"] for item in row.plan["items"] if item["fate"] == "change"]
    there = [item for item in _items(wanted, change) if item["fate"] == "change"]
    before: dict[str, Any] = {}
    for item in there:
        before[str(item["id"])] = _do(item["id"], change, by)
    if change.act == "delete":
        editing.delete_unused([item["id"] for item in there], by=by)
    imports.finish(row, {"changed": len(there), "before": before}, by=by)


def undo(row: Import, *, by: int | None) -> None:
    """Set the questions back as they were, all or nothing.  What was deleted does not come back.

    Raises imports.NotApplied, imports.TooLate, CannotUndo.
    """
    imports.begin_undo(row, by=by)
    imports.one_at_a_time()
    change, before = Change(row.plan["act"], row.plan["to"]), (row.result or {})["before"]
    changed_since = 0
    for question_id, was in before.items():
        changed_since += not _set_back(int(question_id), change, was, by)
    if changed_since or change.act == "delete":
        raise CannotUndo(number=changed_since or len(before))


def _items(question_ids: Sequence[int], change: Change) -> list[dict[str, Any]]:
    used = editing.in_use(question_ids) if change.act == "delete" else set()
    taken: set[str | None] = set()
    if change.act == "move":
        taken = set(
            session.scalars(select(Question.id_number).where(Question.category_id == int(change.to), Question.id_number.is_not(None)))
        )
    items = []
    for question in session.scalars(select(Question).where(Question.id.in_(question_ids)).order_by(Question.category_id, Question.id)):
        version = reading.latest(question.id)
        items.append({"id": question.id, "name": version.name, "type": version.type, "fate": _fate(question, version, change, used, taken)})
        if change.act == "move" and question.id_number:
            taken.add(question.id_number)
    return items


def _fate(question: Question, version: QuestionVersion, change: Change, used: set[int], taken: set[str | None]) -> str:
    if change.act == "delete":
        return "kept" if question.id in used else "change"
    if change.act == "move":
        if question.category_id == int(change.to):
            return "same"
        return "twin" if question.id_number and question.id_number in taken else "change"
    if change.act == "state":
        return "same" if version.state == change.to else "change"
    has = change.to in storing.tags_of(question.id)
    return "same" if has is (change.act == "tag") else "change"


def _do(question_id: int, change: Change, by: int | None) -> Any:
    """Do it to one question; return what it was before, to be set back."""
    question = session.get_one(Question, question_id)
    if change.act == "move":
        was = question.category_id
        question.category_id = int(change.to)
        session.flush()
        return was
    if change.act == "state":
        version = reading.latest(question_id)
        state = version.state
        others = editing.change_state(version, change.to, by)
        return {"version": version.id, "state": state, "others": others}
    if change.act in ("tag", "untag"):
        tags = storing.tags_of(question_id)
        storing.set_tags(question_id, [*tags, change.to] if change.act == "tag" else [tag for tag in tags if tag != change.to])
        return None
    return None


def _set_back(question_id: int, change: Change, was: Any, by: int | None) -> bool:
    """Set one question back; return False when somebody changed the same thing since."""
    question = session.get(Question, question_id)
    if question is None:
        return False
    if change.act == "move":
        if question.category_id != int(change.to) or session.get(Category, was) is None:
            return False
        question.category_id = was
        session.flush()
        return True
    if change.act == "state":
        version = reading.latest(question_id)
        if version.id != was["version"] or version.state != change.to:
            return False
        editing.change_state(version, was["state"], by)
        for each in session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(was["others"]))):
            editing.change_state_of_one(each, "ready", by)
        return True
    tags = storing.tags_of(question_id)
    if (change.to in tags) is not (change.act == "tag"):
        return False
    storing.set_tags(question_id, [tag for tag in tags if tag != change.to] if change.act == "tag" else [*tags, change.to])
    return True


def _said(change: Change) -> str:
    if change.act == "move":
        return f"→ {' / '.join(reading.path(int(change.to)))}"
    return {"tag": f"+ {change.to}", "untag": f"− {change.to}", "state": f"= {change.to}", "delete": "×"}[change.act]
