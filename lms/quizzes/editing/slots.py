"""What a quiz asks: adding questions and draws, arranging them in pages and sections, marks; only while its course is a draft."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.quizzes import putting_together
from lms.quizzes.editing import drafts, layout
from lms.quizzes.editing.layout import PAGE_BREAK, Element, Kind, Placed
from lms.quizzes.editing.queries import QuizPlace
from lms.quizzes.models.bank import Question, QuestionVersion
from lms.quizzes.models.quiz import QuizSection, Slot
from lms.quizzes.queries_draws import Draw

MOST = 200  # slots of a quiz
MOST_MARKS = 1_000.0


class OtherOrder(Conflict):
    code = "other_order"
    message = lazy_("Somebody else changed this quiz at the same moment. Nothing was changed; look at it again.")


class TooManySlots(Invalid):
    code = "too_many_slots"
    message = lazy_("A quiz has at most {most} questions.")


class TooFewFit(Conflict):
    code = "too_few_fit"
    message = lazy_(
        "Too few questions fit: {fit} are there beside those that the quiz asks anyway, and together with its other draws that does "
        "not suffice. Widen the category, take a tag away, or draw fewer."
    )


class WrongMark(Invalid):
    code = "wrong_mark"
    message = lazy_("Marks are a number from 0 to {most}.")


@dataclass(frozen=True)
class SlotChange:
    """What the page says about a slot; ``version_number`` None is always the latest that is ready."""

    max_mark: float
    version_number: int | None = None
    after_previous: bool = False


@dataclass(frozen=True)
class SectionChange:
    """What the page says about a section."""

    headings: Mapping[str, str]
    shuffle: bool = False


def add_questions(place: QuizPlace, question_ids: Collection[int], *, by: int) -> int:
    """Put questions at the end of a quiz, each with the mark that it brings along; return how many were new to it.

    They stay at the version that is the latest ready one now.  Raises Published, TooManySlots.
    """
    drafts.must_be_draft(place)
    slots = putting_together.slots_of(place.quiz.id)
    known = {slot.question_id for slot in slots}
    newest = (
        select(QuestionVersion.question_id, func.max(QuestionVersion.number).label("number"))
        .where(QuestionVersion.question_id.in_(question_ids), QuestionVersion.state == "ready")
        .group_by(QuestionVersion.question_id)
        .subquery()
    )
    rows = session.execute(
        select(QuestionVersion.question_id, QuestionVersion.number, QuestionVersion.default_mark)
        .join(newest, (newest.c.question_id == QuestionVersion.question_id) & (newest.c.number == QuestionVersion.number))
        .join(Question, Question.id == QuestionVersion.question_id)
        .order_by(Question.id)
    ).all()
    new = [
        Slot(question_id=row.question_id, version_number=row.number, max_mark=row.default_mark)
        for row in rows
        if row.question_id not in known
    ]
    _append(place, slots, new)
    if new:
        drafts.note_change(place, "questions_added", by=by, questions=[slot.question_id for slot in new])
    return len(new)


def add_draw(place: QuizPlace, draw: Draw, *, count: int, max_mark: float, by: int) -> None:
    """Let a quiz draw so many questions by a rule.

    Raises TooFewFit when then not all of its draws could be made, Published, TooManySlots, WrongMark.
    """
    drafts.must_be_draft(place)
    _check_mark(max_mark)
    slots = putting_together.slots_of(place.quiz.id)
    new = [Slot(draw=draw.write(), max_mark=max_mark) for _ in range(count)]
    with session.begin_nested() as trying:
        _append(place, slots, new)
        every = putting_together.slots_of(place.quiz.id)
        if putting_together.unserved(every):
            fit = len(putting_together.fits_of(every)[new[0].id])
            trying.rollback()
            raise TooFewFit(fit=fit)
    drafts.note_change(place, "draw_added", by=by, draw=draw.write(), count=count)


def how_many_fit(place: QuizPlace, draw: Draw) -> int:
    """Return how many questions fit a draw, without those that the quiz asks anyway."""
    slots = putting_together.slots_of(place.quiz.id)
    return putting_together.fitting_beside(slots, draw)


def arrange(
    place: QuizPlace,
    elements: Sequence[Element],
    slot_changes: Mapping[int, SlotChange],
    section_changes: Mapping[int, SectionChange],
    *,
    remove: Element | None = None,
    by: int,
) -> None:
    """Put a quiz into this order, with these marks, versions and headings; and take one element out of it.

    Raises OtherOrder when the list is not about the slots and sections that the quiz
    has now, Published, WrongMark.
    """
    drafts.must_be_draft(place)
    slots = {slot.id: slot for slot in putting_together.slots_of(place.quiz.id)}
    sections = {section.id: section for section in sections_of(place.quiz.id)}
    told = sorted(str(each) for each in elements if each != PAGE_BREAK)
    there = sorted(str(Element(Kind.SLOT, each)) for each in slots) + sorted(str(Element(Kind.SECTION, each)) for each in sections)
    if told != sorted(there):
        raise OtherOrder()
    for slot_id, slot_change in slot_changes.items():
        if slot_id in slots:
            _change_slot(slots[slot_id], slot_change)
    for section_id, section_change in section_changes.items():
        if section_id in sections:
            row = sections[section_id]
            row.headings = {code: text for code, text in section_change.headings.items() if text}
            row.shuffle = section_change.shuffle
    kept = [each for each in elements if each != remove or each == PAGE_BREAK]
    _write(place, kept)
    if remove is not None and remove.kind is Kind.SLOT:
        session.execute(delete(Slot).where(Slot.id == remove.id, Slot.quiz_id == place.quiz.id))
    if remove is not None and remove.kind is Kind.SECTION:
        session.execute(delete(QuizSection).where(QuizSection.id == remove.id, QuizSection.quiz_id == place.quiz.id))
    session.expire_all()
    drafts.note_change(place, "arranged", by=by, order=[str(each) for each in layout.tidy(kept)])


def add_section(place: QuizPlace, *, by: int) -> QuizSection:
    """Put a heading at the end of a quiz, to be moved where it belongs.  Raises Published."""
    drafts.must_be_draft(place)
    last = max((section.number for section in sections_of(place.quiz.id)), default=0)
    section = QuizSection(quiz_id=place.quiz.id, number=last + 1, headings={}, shuffle=False)
    session.add(section)
    session.flush()
    drafts.note_change(place, "section_added", by=by)
    return section


def question_ids(place: QuizPlace) -> set[int]:
    """Return the questions that a quiz names."""
    return {slot.question_id for slot in putting_together.slots_of(place.quiz.id) if slot.question_id is not None}


def elements_of(place: QuizPlace) -> list[Element]:
    """Return the list of a quiz as it is now."""
    placed = [Placed(slot.id, slot.number, slot.page, slot.section_id) for slot in putting_together.slots_of(place.quiz.id)]
    return layout.of(placed, [section.id for section in sections_of(place.quiz.id)])


def sections_of(quiz_id: int) -> Sequence[QuizSection]:
    """Return the sections of a quiz, in order.  One statement."""
    return session.scalars(select(QuizSection).where(QuizSection.quiz_id == quiz_id).order_by(QuizSection.number)).all()


def _append(place: QuizPlace, slots: Sequence[Slot], new: Sequence[Slot]) -> None:
    if len(slots) + len(new) > MOST:
        raise TooManySlots(most=MOST)
    last = slots[-1] if slots else None
    page = last.page if last else 0
    # A quiz that asks one question on a page goes on like that.
    is_single = len({slot.page for slot in slots}) == len(slots)
    sections = sections_of(place.quiz.id)
    begins_section = bool(sections) and (last is None or last.section_id != sections[-1].id)
    for place_in_new, slot in enumerate(new):
        page += 1 if is_single or page == 0 or (begins_section and place_in_new == 0) else 0
        slot.quiz_id, slot.number, slot.page = place.quiz.id, len(slots) + place_in_new + 1, page
        slot.section_id = sections[-1].id if sections else None
        session.add(slot)
    session.flush()


def _change_slot(slot: Slot, change: SlotChange) -> None:
    _check_mark(change.max_mark)
    slot.max_mark, slot.after_previous = change.max_mark, change.after_previous
    if slot.question_id is not None:
        slot.version_number = change.version_number


def _check_mark(mark: float) -> None:
    if not 0 <= mark <= MOST_MARKS:
        raise WrongMark(most=round(MOST_MARKS))


def _write(place: QuizPlace, elements: Sequence[Element]) -> None:
    session.flush()
    quiz_id = place.quiz.id
    # First out of the way, so that no two have the same number meanwhile.
    session.execute(update(Slot).where(Slot.quiz_id == quiz_id).values(number=-Slot.number).execution_options(synchronize_session=False))
    session.execute(
        update(QuizSection)
        .where(QuizSection.quiz_id == quiz_id)
        .values(number=-QuizSection.number)
        .execution_options(synchronize_session=False)
    )
    placed = layout.placed(elements)
    for each in placed:
        session.execute(
            update(Slot)
            .where(Slot.id == each.slot_id, Slot.quiz_id == quiz_id)
            .values(number=each.number, page=each.page, section_id=each.section_id)
            .execution_options(synchronize_session=False)
        )
    headings = [element.id for element in elements if element.kind is Kind.SECTION]
    for number, section_id in enumerate(headings, start=1):
        session.execute(
            update(QuizSection)
            .where(QuizSection.id == section_id, QuizSection.quiz_id == quiz_id)
            .values(number=number)
            .execution_options(synchronize_session=False)
        )
