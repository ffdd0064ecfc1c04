"""What people learn from stays: the database refuses to change a published quiz or the content of a version, whoever tries."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from lms.core import clock, db, files
from lms.core.db import session
from lms.courses import authoring
from lms.courses.immutability import Published
from lms.courses.models import Activity, Version
from lms.quizzes.bank import editing, reading, storing
from lms.quizzes.editing import queries as quiz_places
from lms.quizzes.editing import settings, slots
from lms.quizzes.models.bank import Question, QuestionFile, QuestionVersion
from lms.quizzes.models.quiz import Quiz, QuizSection, Slot
from tests.cast import Cast, make_cast
from tests.factories import save
from tests.factories_quizzes import PICTURE, hand_in, make_attempt, make_quiz, publish
from tests.factories_quizzes_bank import make_category, make_question
from tests.together import at_once

CLOSES = datetime(2026, 12, 1, 8, 0, tzinfo=clock.LOCAL)
FREE = {
    "opens_at": CLOSES,
    "closes_at": CLOSES,
    "time_limit_seconds": 60,
    "attempts_allowed": 3,
    "grace_seconds": 5,
    "password": "hoa sen",
}
OTHER: dict[str, Any] = {
    "pass_share": 0.1,
    "maximum": 3.0,
    "delay_seconds": 9,
    "later_delay_seconds": 9,
    "when_expired": "abandon",
    "behaviour": "immediate",
    "grading_method": "last",
    "navigation": "sequential",
    "shuffle_questions": True,
    "shuffle_answers": False,
    "builds_on_last": True,
    "classroom": True,
    "review": {"later": []},
    "feedback": [{"from": 0.0, "texts": {}}],
}
CONTENT: dict[str, Any] = {
    "number": 9,
    "type": "essay",
    "name": "Khác",
    "default_mark": 2.0,
    "penalty": 0.5,
    "body": {"schema": 1},
    "texts": {"vi": {"stem": "<p>Khác</p>"}},
    "created_at": CLOSES,
}


def refused(change: Callable[[], object]) -> bool:
    """Try it and take it back; return whether the database refused it."""
    trying = session.begin_nested()
    try:
        change()
        session.flush()
    except IntegrityError as error:
        assert "published_stays" in str(error)
        return True
    else:
        return False
    finally:
        if trying.is_active:
            trying.rollback()
        session.expire_all()


def with_section(quiz: Quiz) -> None:
    row = save(QuizSection(quiz_id=quiz.id, number=1, headings={"vi": "Phần một"}))
    for slot in quiz.slots:
        slot.section_id = row.id


def changes_of_parts(quiz_id: int) -> list[Callable[[], object]]:
    """Everything that could be done to the sections and slots of a quiz, past the services."""
    of_slots, of_sections = Slot.quiz_id == quiz_id, QuizSection.quiz_id == quiz_id
    slot = {"quiz_id": quiz_id, "number": 9, "page": 9, "after_previous": False, "max_mark": 1.0}
    return [
        lambda: session.execute(update(Slot).where(of_slots).values(max_mark=2.0)),
        lambda: session.execute(update(Slot).where(of_slots).values(version_number=None)),
        lambda: session.execute(delete(Slot).where(of_slots, Slot.number == 1)),
        lambda: session.execute(insert(Slot.__table__).values(draw={"category_id": 1}, **slot)),  # type: ignore[arg-type]
        lambda: session.execute(update(QuizSection).where(of_sections).values(shuffle=True)),
        lambda: session.execute(insert(QuizSection.__table__).values(quiz_id=quiz_id, number=9, headings={}, shuffle=False)),  # type: ignore[arg-type]
        lambda: db.run(update(Slot.__table__).where(Slot.__table__.c.quiz_id == quiz_id).values(page=7)),  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("state", ["published", "retired"])
def test_parts_of_a_published_quiz_stay_and_those_of_a_draft_do_not(cast: Cast, state: str) -> None:
    draft, quiz = make_quiz(published=False, edit=with_section), make_quiz(edit=with_section)
    if state == "retired":
        authoring.retire(session.get_one(Version, session.get_one(Activity, quiz.activity_id).version_id))

    assert [refused(each) for each in changes_of_parts(quiz.id)] == [True] * 7
    assert [refused(each) for each in changes_of_parts(draft.id)] == [False] * 7


def test_a_slot_does_not_move_from_or_into_a_published_quiz(cast: Cast) -> None:
    draft, quiz = make_quiz(published=False), make_quiz()

    def move(before: Quiz, after: Quiz) -> object:
        return session.execute(update(Slot).where(Slot.quiz_id == before.id, Slot.number == 1).values(quiz_id=after.id, number=20))

    assert (refused(lambda: move(draft, quiz)), refused(lambda: move(quiz, draft))) == (True, True)


@pytest.mark.parametrize("name", OTHER)
def test_what_learners_see_of_a_published_quiz_stays(cast: Cast, name: str) -> None:
    draft, quiz = make_quiz(published=False), make_quiz()

    assert [
        refused(lambda each=each: session.execute(update(Quiz).where(Quiz.id == each.id).values({name: OTHER[name]})))
        for each in (draft, quiz)
    ] == [False, True]


def test_every_setting_is_free_or_stays() -> None:
    assert {*FREE, *OTHER, "id", "activity_id"} == set(Quiz.__table__.columns.keys())
    assert set(FREE) == settings.ALWAYS_FREE


def test_when_and_how_often_a_published_quiz_may_be_taken_is_free(cast: Cast) -> None:
    quiz = make_quiz()

    for name, value in FREE.items():
        setattr(quiz, name, value)
        session.flush()

    assert {name: getattr(quiz, name) for name in FREE} == FREE
    assert refused(lambda: session.execute(delete(Quiz).where(Quiz.id == make_quiz().id)))


@pytest.mark.parametrize("name", CONTENT)
def test_the_content_of_a_version_stays_whether_somebody_was_asked_or_not(cast: Cast, name: str) -> None:
    make_question(make_category())
    hand_in(make_attempt(cast.persons["teacher"]))
    ids = session.scalars(select(QuestionVersion.id).order_by(QuestionVersion.id)).all()

    assert [
        refused(lambda each=each: session.execute(update(QuestionVersion).where(QuestionVersion.id == each).values({name: CONTENT[name]})))
        for each in (ids[0], ids[-1])
    ] == [True, True]


def test_state_and_what_a_version_is_found_by_are_free(cast: Cast) -> None:
    hand_in(make_attempt(cast.persons["teacher"]))
    question = session.scalars(select(Question).order_by(Question.id)).first()
    assert question is not None

    editing.set_state(question.id, "hidden", known=editing.seal(question, reading.latest(question.id)), by=None)
    storing.set_tags(question.id, ["mới"])

    version = reading.latest(question.id)
    assert (version.state, "moi" in version.search_key.split()) == ("hidden", True)


def test_files_of_a_question_stay_once_somebody_was_asked_it(cast: Cast) -> None:
    unasked = reading.latest(make_question(make_category()).id)
    hand_in(make_attempt(cast.persons["teacher"]))
    asked = session.scalars(select(QuestionVersion).where(QuestionVersion.name == "q1")).one()
    file_id = files.keep(PICTURE)
    add = [lambda each=each: save(QuestionFile(version_id=each.id, name="co.png", file_id=file_id)) for each in (unasked, asked)]

    assert [refused(each) for each in add] == [False, True]


def test_files_of_a_question_are_neither_changed_nor_taken_out(cast: Cast) -> None:
    def edit(quiz: Quiz) -> None:
        version = session.scalars(select(QuestionVersion).where(QuestionVersion.name == "q1")).one()
        save(QuestionFile(version_id=version.id, name="co.png", file_id=files.keep(PICTURE)))

    quiz = make_quiz(edit=edit)
    other = files.keep(PICTURE + b"\x00")
    attempts: list[Callable[[], object]] = [
        lambda: session.execute(update(QuestionFile).values(file_id=other)),
        lambda: session.execute(delete(QuestionFile)),
    ]
    before = [refused(each) for each in attempts]
    hand_in(make_attempt(cast.persons["teacher"], quiz))

    assert (before, [refused(each) for each in attempts]) == ([False, False], [True, True])


def test_a_version_that_a_published_quiz_names_is_not_deleted(cast: Cast) -> None:
    published = make_quiz().slots[0]
    unnamed = make_question(make_category())

    assert [
        refused(lambda each=each: session.execute(delete(QuestionVersion).where(QuestionVersion.question_id == each)))
        for each in (published.question_id, unnamed.id)
    ] == [True, False]


def test_all_triggers_are_there() -> None:
    """A later batch on SQLite copies a table and loses its triggers, which nobody would notice."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if session.get_bind().dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    found = [name for name in session.scalars(text(asked)) if name.startswith("published_stays")]

    assert len(found) == (14 if session.get_bind().dialect.name == "sqlite" else 7)


@pytest.mark.real_database
@pytest.mark.parametrize("turn", range(4))
def test_a_question_added_while_somebody_publishes_is_in_the_quiz_before_or_not_at_all(real_database: str, turn: int) -> None:
    with db.transaction():
        make_cast()
        quiz = make_quiz(published=False)
        quiz_id, question_id = quiz.id, make_question(make_category()).id

    def add() -> int:
        place = quiz_places.place(quiz_id)
        assert place is not None
        return slots.add_questions(place, [question_id], by=1)

    def publish_it() -> int:
        publish(session.get_one(Quiz, quiz_id))
        return len(session.scalars(select(Slot.id).where(Slot.quiz_id == quiz_id)).all())

    added, seen = at_once(add, publish_it) if turn % 2 else reversed(at_once(publish_it, add))

    with db.transaction():
        now = len(session.scalars(select(Slot.id).where(Slot.quiz_id == quiz_id)).all())
        assert isinstance(added, Published) or added == 1
        assert now == (5 if added == 1 else 4)
        assert now == seen
