"""A quiz as the folder of its course has it: settings with every slot, and the questions it asks or may draw."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.core.i18n import in_each
from lms.courses.kinds import Source
from lms.courses.models import Activity, Course, Version
from lms.quizzes import course_questions, putting_together, queries
from lms.quizzes.bank import reading, storing
from lms.quizzes.content import QuestionDraft
from lms.quizzes.models.bank import Category, Question, QuestionVersion
from lms.quizzes.models.quiz import Quiz, QuizSection, Slot
from lms.quizzes.queries_draws import Draw
from lms.quizzes.quiz_settings import QuizSettings

_USUAL = QuizSettings()


@dataclass(frozen=True)
class _Asked:
    """What the slots of a quiz need: the rule of each drawn one, and all questions as drafts."""

    draws: Mapping[int, Draw]  # by the id of the slot
    drafts: Mapping[int, QuestionDraft]  # by the id of the question
    paths: Mapping[int, tuple[str, ...]]  # by the id of the category


def source(activity: Activity, quiz: Quiz) -> Source:
    """Return the quiz of an activity; brought in again, here or elsewhere, it asks the same."""
    version = session.get_one(Version, activity.version_id)
    asked = _asked(quiz, version)
    path = course_questions.path_for(activity.key)
    settings = _settings(quiz, version.languages) | _slots(quiz, asked, version.languages) | {"questions": path}
    return Source(settings, texts={path: course_questions.write(list(asked.drafts.values()))})


def _asked(quiz: Quiz, version: Version) -> _Asked:
    slots = putting_together.slots_of(quiz.id)
    fixed = putting_together.fixed_versions(slots)
    drawn = {version_id for ids in putting_together.fits_of(slots).values() for version_id in ids}
    versions = {each.question_id: each for each in session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(drawn)))}
    versions |= {each.question_id: each for each in fixed.values()}
    draws = {slot.id: Draw.read(slot.draw) for slot in slots if slot.draw is not None}
    paths = _paths(version)
    rows = session.execute(select(Question.id, Question.category_id).where(Question.id.in_(versions)))
    categories: dict[int, int] = {row[0]: row[1] for row in rows}
    order = sorted(versions, key=lambda question_id: (paths[categories[question_id]], question_id))
    drafts = reading.drafts_of_versions(
        [versions[question_id] for question_id in order], {question_id: paths[categories[question_id]] for question_id in order}
    )
    return _Asked(draws, dict(zip(order, _named(drafts), strict=True)), paths)


def _paths(version: Version) -> dict[int, tuple[str, ...]]:
    """Return the categories of all quizzes of a version with their paths, below the course where all of them lie there.

    What is brought in comes below the course; only what lay there before may lose its name, so that draws find the same.
    """
    slug = session.scalar(select(Course.slug).where(Course.id == version.course_id)) or ""
    of_version = select(Quiz.id).join(Activity, Activity.id == Quiz.activity_id).where(Activity.version_id == version.id)
    slots = session.scalars(select(Slot).where(Slot.quiz_id.in_(of_version))).all()
    drawn = {Draw.read(slot.draw).category_id for slot in slots if slot.draw is not None}
    named = select(Question.category_id).join(Slot, Slot.question_id == Question.id).where(Slot.quiz_id.in_(of_version))
    used = drawn | set(session.scalars(named))
    inside = used | {each for category_id in drawn for each in queries.category_with_inner(category_id)}
    paths = {category_id: reading.path(category_id) for category_id in inside}
    units = set(session.scalars(select(Category.unit_id).where(Category.id.in_(inside))))
    owner = session.scalar(select(Course.owner_unit_id).where(Course.id == version.course_id))
    if units <= {owner} and all(path[:1] == (slug,) for path in paths.values()):
        return {category_id: path[1:] for category_id, path in paths.items()}
    return paths


def _named(drafts: Iterable[QuestionDraft]) -> list[QuestionDraft]:
    """Return the questions each with an id of its own; slots name them by it."""
    taken: set[str] = set()
    named = []
    for draft in drafts:
        name = draft.id_number
        if not name or name in taken:
            said = f"{storing.content_hash(draft)} {draft.category}"
            name = f"q-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
        while name in taken:
            name += "-2"
        taken.add(name)
        named.append(replace(draft, id_number=name))
    return named


def _settings(quiz: Quiz, languages: Iterable[str]) -> dict[str, Any]:
    settings = {
        "pass_share": quiz.pass_share,
        "maximum": quiz.maximum,
        "attempts": quiz.attempts_allowed,
        "time_limit_minutes": _minutes(quiz.time_limit_seconds),
        "grace_minutes": _minutes(quiz.grace_seconds),
        "delay_minutes": _minutes(quiz.delay_seconds),
        "later_delay_minutes": _minutes(quiz.later_delay_seconds),
        "opens_at": _moment(quiz.opens_at),
        "closes_at": _moment(quiz.closes_at),
        "when_expired": quiz.when_expired,
        "behaviour": quiz.behaviour,
        "grading_method": quiz.grading_method,
        "navigation": quiz.navigation,
        "shuffle_questions": quiz.shuffle_questions,
        "shuffle_answers": quiz.shuffle_answers,
        "password": quiz.password,
        "builds_on_last": quiz.builds_on_last,
        "classroom": quiz.classroom,
    }
    said: dict[str, Any] = {name: value for name, value in settings.items() if value != getattr(_USUAL, name)}
    if quiz.review:
        said["review"] = dict(quiz.review)
    if quiz.feedback:
        said["feedback"] = [{"share": band["from"], "text": in_each(band["texts"], languages)} for band in quiz.feedback]
    return said


def _slots(quiz: Quiz, asked: _Asked, languages: Iterable[str]) -> dict[str, Any]:
    """Return the slots before any section, and the sections with theirs, as settings name them."""
    rows = putting_together.slots_of(quiz.id)
    sections = session.scalars(select(QuizSection).where(QuizSection.quiz_id == quiz.id).order_by(QuizSection.number)).all()
    said: dict[str, Any] = {"per_page": 0}
    if loose := [each for each in rows if each.section_id is None]:
        said["slots"] = _in_section(loose, asked)
    if sections:
        said["sections"] = [
            {"title": in_each(each.headings, languages), "shuffle": each.shuffle}
            | {"slots": _in_section([row for row in rows if row.section_id == each.id], asked)}
            for each in sections
        ]
    return said


def _in_section(rows: Iterable[Slot], asked: _Asked) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    before: Slot | None = None
    for row in rows:
        one: dict[str, Any] = {"mark": row.max_mark}
        if row.id in asked.draws:
            rule = asked.draws[row.id]
            one["draw"] = {"category": list(asked.paths[rule.category_id]), "inner": rule.inner, "tags": list(rule.tags)}
        elif row.question_id is not None and row.question_id in asked.drafts:
            one["question"] = asked.drafts[row.question_id].id_number
            one |= {"latest": True} if row.version_number is None else {}
        if row.after_previous:
            one["after_previous"] = True
        if before is not None and row.page != before.page:
            one["new_page"] = True
        said.append(one)
        before = row
    return said


def _minutes(seconds: int | None) -> int | None:
    """Return whole minutes, upwards; the pages of authors know no other."""
    return None if seconds is None else -(-seconds // 60)


def _moment(moment: Any) -> str | None:
    return None if moment is None else moment.astimezone(clock.LOCAL).replace(tzinfo=None).isoformat(timespec="minutes")
