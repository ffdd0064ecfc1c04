"""Reads around attempts and the bank, each with its number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Integer, Table, Text, bindparam, func, select

from lms.core import db
from lms.core.db import session
from lms.core.models import File
from lms.courses.models import Activity, Course, Version
from lms.learning.models import Enrolment
from lms.quizzes import file_links, queries_rules, timing
from lms.quizzes.behaviours.progress import Progress
from lms.quizzes.content import Texts
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.bank import Category, QuestionFile, QuestionTag, QuestionVersion
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.timing import Rules, State, Try


@dataclass(frozen=True)
class Sitting:
    """An attempt with everything around it: whose, at which quiz, of which course."""

    attempt: Attempt
    quiz: Quiz
    activity: Activity
    enrolment: Enrolment
    course: Course

    @property
    def state(self) -> State:
        return State(self.attempt.state)

    @cached_property
    def rules(self) -> Rules:
        """Return what the quiz allows to the learner.  One statement, when it is first asked."""
        return queries_rules.of(self.quiz, self.enrolment.person_id)


@dataclass(frozen=True)
class Seat:
    """The slot of an attempt that an answer is meant for, with what is needed to take it."""

    attempt_id: int
    learner_id: int
    state: State
    due_at: datetime | None
    response_id: int
    slot: int
    sequence: int
    answer: Mapping[str, Any] | None
    flagged: bool
    saved_at: datetime | None
    page: int
    reached_page: int
    after_previous: bool
    progress: Mapping[str, Any]
    certainty: int | None
    type: str
    body: str  # as JSON; the type reads it
    penalty: float


@dataclass(frozen=True)
class Asked:
    """A slot with the question that is asked in it."""

    response: Response
    type: str
    body: Mapping[str, Any]
    texts: Mapping[str, Any]
    question_id: int
    penalty: float


def quiz_of(activity_id: int) -> Quiz | None:
    """Return the quiz of an activity.  One statement."""
    return session.scalar(select(Quiz).where(Quiz.activity_id == activity_id))


def question_count(quiz_id: int) -> int:
    """Return how many slots a quiz has.  One statement."""
    return session.scalar(select(func.count(Slot.id)).where(Slot.quiz_id == quiz_id)) or 0


def enrolment_for(person_id: int, activity_id: int) -> Enrolment | None:
    """Return the person's enrolment in the version that the activity belongs to.  One statement."""
    return session.scalar(
        select(Enrolment)
        .join(Activity, Activity.version_id == Enrolment.version_id)
        .where(Activity.id == activity_id, Enrolment.person_id == person_id, Enrolment.state != "cancelled")
        .order_by(Enrolment.cycle.desc())
        .limit(1)
    )


def attempts_of(enrolment_id: int, quiz_id: int) -> Sequence[Attempt]:
    """Return the attempts of a learner at a quiz, in order.  One statement."""
    return session.scalars(
        select(Attempt).where(Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == quiz_id).order_by(Attempt.number)
    ).all()


def tries(attempts: Sequence[Attempt]) -> list[Try]:
    """Return those that are over, in order."""
    return [Try(each.started_at, each.finished_at or each.started_at) for each in attempts if each.state not in timing.OPEN]


def sitting(attempt_id: int) -> Sitting | None:
    """Return an attempt with everything around it.  One statement."""
    row = session.execute(
        select(Attempt, Quiz, Activity, Enrolment, Course)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Activity, Activity.id == Quiz.activity_id)
        .join(Version, Version.id == Activity.version_id)
        .join(Course, Course.id == Version.course_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.id == attempt_id)
    ).first()
    return Sitting(*row) if row else None


def responses(attempt_id: int) -> Sequence[Response]:
    """Return all slots of an attempt, in order, without their questions.  One statement."""
    return session.scalars(select(Response).where(Response.attempt_id == attempt_id).order_by(Response.slot)).all()


def rows(attempt_id: int) -> list[tuple[Response, str]]:
    """Return all slots of an attempt, in order, each with the type of its question.  One statement."""
    found = session.execute(
        select(Response, QuestionVersion.type)
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .where(Response.attempt_id == attempt_id)
        .order_by(Response.slot)
    )
    return [(row[0], row[1]) for row in found]


def asked(attempt_id: int, page: int | None = None) -> list[Asked]:
    """Return all slots of an attempt, or of one page of it, in order, with their questions as pages show them.

    One statement, and one more when texts link to files.
    """
    query = (
        select(
            Response,
            QuestionVersion.type,
            QuestionVersion.body,
            QuestionVersion.texts,
            QuestionVersion.question_id,
            QuestionVersion.penalty,
        )
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .where(Response.attempt_id == attempt_id)
        .order_by(Response.slot)
    )
    if page is not None:
        query = query.where(Response.page == page)
    found = session.execute(query).all()
    texts = _with_addresses([(row[0].question_version_id, row[3]) for row in found])
    return [Asked(row[0], row[1], row[2], shown, row[4], row[5]) for row, shown in zip(found, texts, strict=True)]


# Every answer of a whole school asks this: see db.run.
_attempt, _enrolment, _response, _version = (cast(Table, model.__table__) for model in (Attempt, Enrolment, Response, QuestionVersion))
_SEAT = (
    select(
        _attempt.c.id.label("attempt_id"),
        _enrolment.c.person_id.label("learner_id"),
        _attempt.c.state,
        _attempt.c.due_at,
        _response.c.id.label("response_id"),
        _response.c.slot,
        _response.c.sequence,
        _response.c.answer,
        _response.c.flagged,
        _response.c.saved_at,
        _response.c.page,
        _attempt.c.reached_page,
        _response.c.after_previous,
        _response.c.progress,
        _response.c.certainty,
        _version.c.type,
        # As text, by which the worker knows what it has read before.
        _version.c.body.cast(Text).label("body"),
        _version.c.penalty,
    )
    .select_from(
        _attempt.join(_enrolment, _enrolment.c.id == _attempt.c.enrolment_id)
        .join(_response, _response.c.attempt_id == _attempt.c.id)
        .join(_version, _version.c.id == _response.c.question_version_id)
    )
    .where(_attempt.c.id == bindparam("attempt_id", type_=Integer))
    .with_for_update(read=True, of=_attempt)
)
_ONE_SEAT = _SEAT.where(_response.c.slot == bindparam("slot", type_=Integer))
_beside = _response.alias()
_SEATS_OF_PAGE = _SEAT.where(
    _response.c.page
    == select(_beside.c.page)
    .where(_beside.c.attempt_id == _attempt.c.id, _beside.c.slot == bindparam("slot", type_=Integer))
    .scalar_subquery()
).order_by(_response.c.slot)


def seat(attempt_id: int, slot: int) -> Seat | None:
    """Return a slot for an answer that arrives, and hold the attempt in its state.  One statement.

    While the lock is held nobody can hand the attempt in, so that an answer that
    was acknowledged is always among those that are graded.
    """
    row = db.run(_ONE_SEAT, {"attempt_id": attempt_id, "slot": slot}).first()
    return Seat(**{**row._mapping, "state": State(row.state)}) if row else None


def seats_beside(attempt_id: int, slot: int) -> list[Seat]:
    """Return all slots on the page of a slot, as ``seat`` does, in order.  One statement."""
    found = db.run(_SEATS_OF_PAGE, {"attempt_id": attempt_id, "slot": slot})
    return [Seat(**{**row._mapping, "state": State(row.state)}) for row in found]


def is_finished(attempt_id: int, slot: int) -> bool:
    """Say whether nothing more can be changed at a question, although the attempt is open.  One statement."""
    found = session.scalar(select(Response.progress).where(Response.attempt_id == attempt_id, Response.slot == slot))
    return Progress.from_json(found).is_done


def step_with_key(response_id: int, client_key: str) -> Step | None:
    return session.scalar(select(Step).where(Step.response_id == response_id, Step.client_key == client_key))


def step_data(response_id: int, sequence: int) -> Mapping[str, Any]:
    """Return what a step of a slot holds; {} before the first."""
    return session.scalar(select(Step.data).where(Step.response_id == response_id, Step.sequence == sequence)) or {}


def last_step(response_id: int) -> Step | None:
    return session.scalar(select(Step).where(Step.response_id == response_id).order_by(Step.sequence.desc()).limit(1))


def due_attempts(now: datetime, most: int) -> Sequence[int]:
    """Return attempts that time may have changed, the longest waiting first.  One statement."""
    return session.scalars(select(Attempt.id).where(Attempt.check_at < now).order_by(Attempt.check_at, Attempt.id).limit(most)).all()


def law_tags(question_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the legal references of questions, as their tags "law 116/2025/QH15 Đ42.2" name them.  One statement."""
    found: dict[int, list[str]] = {}
    rows = session.execute(
        select(QuestionTag.question_id, QuestionTag.tag)
        .where(QuestionTag.question_id.in_(question_ids), QuestionTag.tag.startswith("law ", autoescape=True))
        .order_by(QuestionTag.tag)
    )
    for question_id, tag in rows:
        found.setdefault(question_id, []).append(tag.removeprefix("law "))
    return found


def category_with_inner(category_id: int) -> list[int]:
    """Return a category and all below it."""
    found, edge = [category_id], [category_id]
    while edge:
        edge = list(session.scalars(select(Category.id).where(Category.parent_id.in_(edge), Category.id.not_in(found))))
        found += edge
    return found


def texts_of(version: QuestionVersion) -> Texts:
    """Return the texts of a version as a page shows them: links to files lead to addresses.

    One statement when there are such links, else none.
    """
    return Texts.from_json(_with_addresses([(version.id, version.texts)])[0])


def _with_addresses(of_versions: Sequence[tuple[int, Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    linking = {version_id for version_id, texts in of_versions if file_links.has_links(texts)}
    if not linking:
        return [texts for _id, texts in of_versions]
    addresses: dict[int, dict[str, str]] = {}
    rows = session.execute(
        select(QuestionFile.version_id, QuestionFile.name, File.sha256)
        .join(File, File.id == QuestionFile.file_id)
        .where(QuestionFile.version_id.in_(linking))
    )
    for version_id, name, sha256 in rows:
        addresses.setdefault(version_id, {})[name] = file_links.address(sha256, name)
    return [file_links.shown(texts, addresses.get(version_id, {})) if version_id in linking else texts for version_id, texts in of_versions]
