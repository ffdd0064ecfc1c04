"""Changing a quiz: while its course is a draft everything, afterwards only when and how often."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.core.models import AuditEntry
from lms.courses import authoring
from lms.courses.authoring import NotReady
from lms.courses.immutability import Published
from lms.courses.models import Activity, Version
from lms.quizzes import putting_together
from lms.quizzes.editing import queries, settings, slots
from lms.quizzes.editing.layout import PAGE_BREAK, Element, Kind
from lms.quizzes.editing.queries import QuizPlace
from lms.quizzes.editing.slots import OtherOrder, SectionChange, SlotChange, TooFewFit, WrongMark
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.quiz import Quiz, QuizSection
from lms.quizzes.queries_draws import Draw
from tests.cast import Cast
from tests.factories_quizzes import make_attempt, make_quiz, rewrite
from tests.factories_quizzes_bank import make_category, make_question

START = datetime(2026, 11, 24, 3, 0, tzinfo=clock.LOCAL)
MINUTE = timedelta(minutes=1)
BY = 1


def place_of(quiz: Quiz) -> QuizPlace:
    place = queries.place(quiz.id)
    assert place is not None
    return place


def draft_quiz(**more: Any) -> QuizPlace:
    return place_of(make_quiz(published=False, **more))


def laid_out(place: QuizPlace) -> list[tuple[int, int, int | None]]:
    """The slots by number: id, page, section."""
    session.expire_all()
    return [(slot.id, slot.page, slot.section_id) for slot in putting_together.slots_of(place.quiz.id)]


def slot(slot_id: int) -> Element:
    return Element(Kind.SLOT, slot_id)


# --- settings


def test_a_draft_can_be_changed_and_is_then_another_than_its_files(cast: Cast) -> None:
    place = draft_quiz()
    before = place.version.content_hash

    assert settings.change(place, {"behaviour": "immediate", "pass_share": 0.5, "shuffle_answers": True}, by=BY) == [
        "pass_share",
        "behaviour",
    ]

    assert (place.quiz.behaviour, place.quiz.pass_share, place.version.content_hash == before) == ("immediate", 0.5, False)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.details) == (
        "quizzes.quiz.changed",
        {"before": {"pass_share": 0.8, "behaviour": "deferred"}, "after": {"pass_share": 0.5, "behaviour": "immediate"}},
    )


def test_of_a_published_quiz_only_when_and_how_often_change_and_open_attempts_follow(cast: Cast) -> None:
    quiz = make_quiz(time_limit_minutes=30)
    with clock.at(START):
        make_attempt(cast.persons["teacher"], quiz)
        place = place_of(quiz)
        hash_before = place.version.content_hash

        with pytest.raises(Published):
            settings.change(place, {"time_limit_seconds": 3600, "pass_share": 0.1}, by=BY)
        settings.change(place, {"time_limit_seconds": 3600, "pass_share": 0.8}, by=BY)

    session.expire_all()
    assert session.scalars(select(Attempt.due_at)).all() == [START + 60 * MINUTE]
    assert (place.quiz.pass_share, place.version.content_hash) == (0.8, hash_before)


def test_nothing_changed_leaves_no_trace(cast: Cast) -> None:
    place = draft_quiz()
    before = place.version.content_hash

    assert settings.change(place, {"pass_share": 0.8}, by=BY) == []
    assert (place.version.content_hash, session.scalars(select(AuditEntry)).all()) == (before, [])


# --- slots


def test_questions_are_added_at_the_end_once_and_at_the_version_of_today(cast: Cast) -> None:
    place, category = draft_quiz(), make_category()
    new = make_question(category, versions=("ready", "ready", "draft"))
    never_ready = make_question(category, versions=("draft",))
    known = putting_together.slots_of(place.quiz.id)[0].question_id

    assert slots.add_questions(place, [new.id, known or 0, never_ready.id], by=BY) == 1
    assert slots.add_questions(place, [new.id], by=BY) == 0

    last = putting_together.slots_of(place.quiz.id)[-1]
    assert (last.number, last.page, last.question_id, last.version_number) == (5, 5, new.id, 2)


def test_a_draw_that_cannot_be_made_is_refused_and_says_how_many_fit(cast: Cast) -> None:
    place, category = draft_quiz(), make_category()
    make_question(category)
    make_question(category)
    before = laid_out(place)

    with pytest.raises(TooFewFit, match="2"):
        slots.add_draw(place, Draw(category.id), count=3, max_mark=1.0, by=BY)
    assert laid_out(place) == before

    slots.add_draw(place, Draw(category.id), count=2, max_mark=0.5, by=BY)
    assert slots.how_many_fit(place, Draw(category.id)) == 2
    with pytest.raises(TooFewFit):
        slots.add_draw(place, Draw(category.id), count=1, max_mark=1.0, by=BY)
    assert [(slot.draw, slot.max_mark) for slot in putting_together.slots_of(place.quiz.id)[4:]] == [(Draw(category.id).write(), 0.5)] * 2


def test_the_whole_list_is_put_into_another_order_with_pages_and_sections(cast: Cast) -> None:
    place = draft_quiz()
    one, two, three, four = [each[0] for each in laid_out(place)]
    section = slots.add_section(place, by=BY)
    heading = Element(Kind.SECTION, section.id)

    slots.arrange(
        place,
        [slot(four), slot(one), PAGE_BREAK, slot(two), heading, slot(three)],
        {four: SlotChange(2.5, version_number=None, after_previous=False), one: SlotChange(1.0, version_number=1, after_previous=True)},
        {section.id: SectionChange({"vi": "Phần cuối", "en": ""}, shuffle=True)},
        by=BY,
    )

    assert laid_out(place) == [(four, 1, None), (one, 1, None), (two, 2, None), (three, 3, section.id)]
    first, second = putting_together.slots_of(place.quiz.id)[:2]
    assert (first.max_mark, first.version_number, second.after_previous) == (2.5, None, True)
    assert [(each.headings, each.shuffle) for each in session.scalars(select(QuizSection))] == [({"vi": "Phần cuối"}, True)]
    assert slots.elements_of(place) == [slot(four), slot(one), PAGE_BREAK, slot(two), heading, slot(three)]


def test_a_heading_and_a_question_can_be_taken_out(cast: Cast) -> None:
    place = draft_quiz()
    one, two, three, four = [each[0] for each in laid_out(place)]
    heading = Element(Kind.SECTION, slots.add_section(place, by=BY).id)
    slots.arrange(place, [slot(one), heading, slot(two), slot(three), slot(four)], {}, {}, by=BY)

    slots.arrange(place, [slot(one), heading, slot(two), slot(three), slot(four)], {}, {}, remove=heading, by=BY)
    slots.arrange(place, [slot(one), slot(two), slot(three), slot(four)], {}, {}, remove=slot(two), by=BY)

    assert [(each[0], each[2]) for each in laid_out(place)] == [(one, None), (three, None), (four, None)]
    assert session.scalars(select(QuizSection)).all() == []


def test_a_list_that_somebody_else_changed_meanwhile_changes_nothing(cast: Cast) -> None:
    place = draft_quiz()
    seen = slots.elements_of(place)
    slots.add_questions(place, [make_question(make_category()).id], by=BY)
    before = laid_out(place)

    with pytest.raises(OtherOrder):
        slots.arrange(place, seen[::-1], {}, {}, by=BY)
    assert laid_out(place) == before


def test_marks_are_numbers_that_can_be(cast: Cast) -> None:
    place = draft_quiz()

    for wrong in (-1.0, 1001.0, float("nan")):
        with pytest.raises(WrongMark):
            slots.arrange(place, slots.elements_of(place), {laid_out(place)[0][0]: SlotChange(wrong)}, {}, by=BY)


def test_the_questions_of_a_published_quiz_stay(cast: Cast) -> None:
    place = place_of(make_quiz())
    category = make_category()
    make_question(category)
    before = laid_out(place)

    for act in (
        lambda: slots.add_questions(place, [make_question(category).id], by=BY),
        lambda: slots.add_draw(place, Draw(category.id), count=1, max_mark=1.0, by=BY),
        lambda: slots.add_section(place, by=BY),
        lambda: slots.arrange(place, slots.elements_of(place)[::-1], {}, {}, by=BY),
    ):
        with pytest.raises(Published):
            act()
    assert laid_out(place) == before


# --- publishing


def test_a_course_whose_quiz_cannot_be_put_together_is_not_published(cast: Cast) -> None:
    place, category = draft_quiz(), make_category()
    question = make_question(category)
    slots.add_draw(place, Draw(category.id), count=1, max_mark=1.0, by=BY)
    version = session.get_one(Version, session.get_one(Activity, place.quiz.activity_id).version_id)
    question.versions[0].state = "draft"
    session.flush()

    with pytest.raises(NotReady):
        authoring.publish(version)
    assert version.state == "draft"

    question.versions[0].state = "ready"
    session.flush()
    assert authoring.publish(version).state == "published"


def test_a_course_whose_quiz_has_no_marks_to_earn_is_not_published(cast: Cast) -> None:
    place = draft_quiz()
    version = session.get_one(Version, session.get_one(Activity, place.quiz.activity_id).version_id)
    ids = [each[0] for each in laid_out(place)]

    def worth(first: float, second: float) -> None:
        marks = [first, second, 0.0, 0.0]
        changes = {slot_id: SlotChange(mark, version_number=1) for slot_id, mark in zip(ids, marks, strict=True)}
        slots.arrange(place, slots.elements_of(place), changes, {}, by=BY)

    worth(0.0, 0.0)
    with pytest.raises(NotReady, match="điểm"):
        authoring.publish(version)

    # A text to read earns nothing, whatever stands beside it.
    rewrite(putting_together.slots_of(place.quiz.id)[1], type="description", body={"schema": 1})
    changes = {ids[1]: SlotChange(5.0, version_number=2)}
    slots.arrange(place, slots.elements_of(place), changes, {}, by=BY)
    with pytest.raises(NotReady, match="điểm"):
        authoring.publish(version)

    slots.arrange(place, slots.elements_of(place), {ids[0]: SlotChange(1.0, version_number=1)}, {}, by=BY)
    assert authoring.publish(version).state == "published"
