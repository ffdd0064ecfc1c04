"""Building the quiz of an activity from its settings and questions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.core.db import session
from lms.courses.models import Activity, Course, Version
from lms.quizzes import quiz_settings
from lms.quizzes.bank import storing
from lms.quizzes.bank.storing import Made, Stored
from lms.quizzes.content import QuestionDraft
from lms.quizzes.models.bank import Category
from lms.quizzes.models.quiz import Quiz, QuizSection, Slot
from lms.quizzes.queries_draws import Draw
from lms.quizzes.quiz_settings import QuizSettings, SlotSettings


@dataclass(frozen=True)
class _Bank:
    """Where the questions of the course are now."""

    unit_id: int | None
    path: tuple[str, ...]
    by_id: Mapping[str, tuple[QuestionDraft, Stored]]


def build(activity: Activity, drafts: Sequence[QuestionDraft], settings: QuizSettings, made: Made | None = None) -> Quiz:
    """Return the quiz of the activity, built now when it has none.

    The questions go to the category of their course.  Each slot keeps the version
    of its question, unless it says "always the latest": what people learnt from does
    not change under them.  What is drawn is drawn from the bank as it is then.
    ``made`` notes what is new in the bank.
    """
    known = session.scalar(select(Quiz).where(Quiz.activity_id == activity.id))
    if known is not None:
        return known
    course = session.scalars(select(Course).join(Version, Version.course_id == Course.id).where(Version.id == activity.version_id)).one()
    stored = storing.store(drafts, unit_id=course.owner_unit_id, into=(course.slug,), made=made)
    quiz = _quiz(activity, settings)
    session.add(quiz)
    session.flush()
    if settings.names_slots:
        by_id = {draft.id_number: (draft, each) for draft, each in zip(drafts, stored, strict=True) if draft.id_number}
        session.add_all(_named(quiz, settings, _Bank(course.owner_unit_id, (course.slug,), by_id)))
    else:
        session.add_all(_all(quiz, settings, drafts, stored))
    session.flush()
    return quiz


def _quiz(activity: Activity, settings: QuizSettings) -> Quiz:
    return Quiz(
        activity_id=activity.id,
        pass_share=settings.pass_share,
        maximum=settings.maximum,
        attempts_allowed=settings.attempts,
        time_limit_seconds=settings.time_limit_minutes * 60 if settings.time_limit_minutes else None,
        grace_seconds=settings.grace_minutes * 60,
        delay_seconds=settings.delay_minutes * 60,
        later_delay_seconds=None if settings.later_delay_minutes is None else settings.later_delay_minutes * 60,
        opens_at=quiz_settings.moment(settings.opens_at, "opens_at"),
        closes_at=quiz_settings.moment(settings.closes_at, "closes_at"),
        when_expired=settings.when_expired,
        behaviour=settings.behaviour,
        grading_method=settings.grading_method,
        navigation=settings.navigation,
        shuffle_questions=settings.shuffle_questions,
        shuffle_answers=settings.shuffle_answers,
        password=settings.password,
        builds_on_last=settings.builds_on_last,
        classroom=settings.classroom,
        review=settings.review.by_phase(),
        feedback=[
            {"from": band.share, "texts": band.text.by_language()} for band in sorted(settings.feedback, key=lambda band: band.share)
        ],
    )


def _all(quiz: Quiz, settings: QuizSettings, drafts: Sequence[QuestionDraft], stored: Sequence[Stored]) -> Iterator[Slot]:
    for number, (draft, each) in enumerate(zip(drafts, stored, strict=True), start=1):
        yield Slot(
            quiz_id=quiz.id,
            number=number,
            page=(number - 1) // settings.per_page + 1 if settings.per_page else 1,
            question_id=each.question_id,
            version_number=each.number,
            max_mark=draft.default_mark,
        )


def _named(quiz: Quiz, settings: QuizSettings, bank: _Bank) -> Iterator[Slot]:
    number, page = 0, 0
    for section_number, section in enumerate(settings.every_section(), start=1):
        section_id = None
        if section is not None:
            row = QuizSection(quiz_id=quiz.id, number=section_number, headings=section.title.by_language(), shuffle=section.shuffle)
            session.add(row)
            session.flush()
            section_id = row.id
        on_page = 0
        for slot in settings.slots_of(section):
            for _ in range(slot.count):
                is_full = on_page >= settings.per_page > 0
                if on_page == 0 or (is_full if slot.new_page is None else slot.new_page):
                    page, on_page = page + 1, 0
                number, on_page = number + 1, on_page + 1
                made = _slot(slot, bank)
                made.quiz_id, made.number, made.page, made.section_id = quiz.id, number, page, section_id
                made.after_previous = slot.after_previous
                yield made


def _slot(slot: SlotSettings, bank: _Bank) -> Slot:
    if slot.draw is not None:
        draw = Draw(_category(bank, slot.draw.category), slot.draw.inner, slot.draw.tags)
        return Slot(draw=draw.write(), max_mark=1.0 if slot.mark is None else slot.mark)
    draft, stored = bank.by_id[slot.question or ""]
    return Slot(
        question_id=stored.question_id,
        version_number=None if slot.latest else stored.number,
        max_mark=draft.default_mark if slot.mark is None else slot.mark,
    )


def _category(bank: _Bank, inner: tuple[str, ...]) -> int:
    """Return the category of the course, or one inside it; questions of the file were just put there."""
    parent_id: int | None = None
    for name in bank.path + inner:
        is_below = Category.parent_id.is_(None) if parent_id is None else Category.parent_id == parent_id
        is_own = Category.unit_id.is_(None) if bank.unit_id is None else Category.unit_id == bank.unit_id
        parent_id = session.scalars(select(Category.id).where(Category.name == name, is_below, is_own)).one()
    return parent_id or 0
