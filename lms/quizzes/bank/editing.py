"""Writing questions: each change is a new version, two authors at once are told, nothing is lost."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import delete, select

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.quizzes.bank import reading, storing
from lms.quizzes.content import QuestionDraft
from lms.quizzes.models.attempt import Response
from lms.quizzes.models.bank import Question, QuestionFile, QuestionTag, QuestionVersion
from lms.quizzes.models.quiz import Slot

STATES = ("draft", "ready", "hidden")


class ChangedMeanwhile(Conflict):
    code = "question_changed"
    message = lazy_(
        "Somebody else changed this question while you were writing. Nothing was overwritten, and what you wrote is still here."
    )


class IdTaken(Invalid):
    code = "question_id_taken"
    message = lazy_("Another question of this category has the id “{id}”.")


class QuestionInUse(Conflict):
    code = "question_in_use"
    message = lazy_("This question is part of a quiz or was answered. It stays; it can be put out of use.")


@dataclass(frozen=True)
class Saved:
    """Where a question is after saving; ``is_new_version`` is False when nothing of its content changed."""

    question_id: int
    number: int
    is_new_version: bool


def seal(question: Question, version: QuestionVersion) -> str:
    """Return what a page keeps of the question that it shows, to notice changes by others."""
    tags = storing.tags_of(question.id)
    parts = [version.number, version.state, question.category_id, question.id_number, tags]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:20]


def create(draft: QuestionDraft, *, category_id: int, state: str, by: int | None) -> Saved:
    """Put a new question into a category.  Raises IdTaken."""
    _check_id(draft.id_number, category_id, None)
    question = Question(category_id=category_id, id_number=draft.id_number or None, created_at=clock.now())
    session.add(question)
    session.flush()
    storing.set_tags(question.id, draft.tags)
    _add(question, draft, 1, state, by)
    audit.record("question.created", f"question:{question.id}", account_id=by)
    return Saved(question.id, 1, True)


def revise(question_id: int, draft: QuestionDraft, *, category_id: int, state: str, known: str, by: int | None) -> Saved:
    """Save a question that somebody wrote on; ``known`` is the seal of what was in front of the author.

    The content becomes a new version when it is another one; id, tags and category
    belong to the question through all its versions.

    Raises ChangedMeanwhile when the question is no longer what the author saw, IdTaken.
    """
    question = _held(question_id)
    version = reading.latest(question_id)
    if seal(question, version) != known:
        raise ChangedMeanwhile()
    _check_id(draft.id_number, category_id, question_id)
    question.id_number, question.category_id = draft.id_number or None, category_id
    session.flush()
    storing.set_tags(question_id, draft.tags)
    if storing.content_hash(_in_state(draft, state)) == version.content_hash:
        if version.state != state:
            _set_state(version, state, by)
        storing.refresh_search_key(question_id)
        return Saved(question_id, version.number, False)
    _add(question, draft, version.number + 1, state, by)
    audit.record("question.revised", f"question:{question_id}", account_id=by, version=version.number + 1)
    return Saved(question_id, version.number + 1, True)


def restore(question_id: int, number: int, *, known: str, by: int | None) -> Saved:
    """Go back to an older version, as a new one in the state of the newest.  Raises ChangedMeanwhile."""
    newest = reading.latest(question_id)
    old = session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == question_id, QuestionVersion.number == number)).one()
    question = session.get_one(Question, question_id)
    return revise(question_id, reading.draft_of(old), category_id=question.category_id, state=newest.state, known=known, by=by)


def set_state(question_id: int, state: str, *, known: str, by: int | None) -> None:
    """Make the newest version a draft, ready, or hidden.

    What is put out of use is drawn by no quiz: no older version takes its place.
    Quizzes that name a version, and attempts, keep theirs.  Raises ChangedMeanwhile.
    """
    question = _held(question_id)
    version = reading.latest(question_id)
    if seal(question, version) != known:
        raise ChangedMeanwhile()
    change_state(version, state, by)


def change_state(version: QuestionVersion, state: str, by: int | None) -> list[int]:
    """Change the state of a newest version; return the ids of the older ones that were put out of use with it."""
    others = []
    if state == "hidden":
        others = list(
            session.scalars(
                select(QuestionVersion).where(
                    QuestionVersion.question_id == version.question_id, QuestionVersion.id != version.id, QuestionVersion.state == "ready"
                )
            )
        )
    for each in others:
        _set_state(each, "hidden", by)
    _set_state(version, state, by)
    return [each.id for each in others]


def change_state_of_one(version: QuestionVersion, state: str, by: int | None) -> None:
    """Change the state of one version and leave the others alone."""
    _set_state(version, state, by)


def delete_unused(question_ids: Iterable[int], *, by: int | None) -> None:
    """Delete questions that no quiz names and nobody was asked.  Raises QuestionInUse."""
    ids = list(question_ids)
    for question_id in ids:
        audit.record("question.deleted", f"question:{question_id}", account_id=by)
    if in_use(ids):
        raise QuestionInUse()
    versions = select(QuestionVersion.id).where(QuestionVersion.question_id.in_(ids))
    session.execute(delete(QuestionFile).where(QuestionFile.version_id.in_(versions)).execution_options(synchronize_session=False))
    for table in (QuestionVersion, QuestionTag):
        session.execute(delete(table).where(table.question_id.in_(ids)).execution_options(synchronize_session=False))
    session.execute(delete(Question).where(Question.id.in_(ids)).execution_options(synchronize_session=False))
    session.expire_all()


def in_use(question_ids: Iterable[int]) -> set[int]:
    """Return those of the questions that a quiz names or somebody was asked.  Two statements."""
    ids = list(question_ids)
    answered = (
        select(QuestionVersion.question_id)
        .join(Response, Response.question_version_id == QuestionVersion.id)
        .where(QuestionVersion.question_id.in_(ids))
        .distinct()
    )
    named = select(Slot.question_id).where(Slot.question_id.in_(ids)).distinct()
    return {each for query in (answered, named) for each in session.scalars(query) if each is not None}


def _held(question_id: int) -> Question:
    """Return the question and let nobody else change it until the end of the transaction."""
    return session.scalars(
        select(Question).where(Question.id == question_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _add(question: Question, draft: QuestionDraft, number: int, state: str, by: int | None) -> None:
    version_id = storing.add_version(_in_state(draft, state), question.id, number, by, state=state)
    if version_id is None:
        raise ChangedMeanwhile()
    session.expire(question)


def _set_state(version: QuestionVersion, state: str, by: int | None) -> None:
    version.state = state
    version.content_hash = storing.content_hash(reading.draft_of(version))
    session.flush()
    audit.record("question.state", f"question:{version.question_id}", account_id=by, version=version.number, state=state)


def _in_state(draft: QuestionDraft, state: str) -> QuestionDraft:
    return replace(draft, hidden=state == "hidden")


def _check_id(id_number: str, category_id: int, question_id: int | None) -> None:
    if not id_number:
        return
    other = session.scalar(select(Question.id).where(Question.category_id == category_id, Question.id_number == id_number))
    if other is not None and other != question_id:
        raise IdTaken(id=id_number)
