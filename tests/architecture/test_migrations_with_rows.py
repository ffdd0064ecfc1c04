"""Migrations on a database that is in use: rows stay, and keep pointing at each other."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    create_engine,
    event,
    insert,
    text,
)

from tests.architecture.test_migrations import move
from tests.conftest import KIND, Databases

ROWS = (
    "INSERT INTO quizzes_category (id, name, info) VALUES (1, 'Chung', '')",
    "INSERT INTO quizzes_question (id, category_id, id_number, created_at) VALUES (1, 1, 'Q-1', '2026-09-05')",
    (
        "INSERT INTO quizzes_question_version (id, question_id, number, state, type, name, default_mark, penalty, body, texts, content_hash, created_at) "
        "VALUES (1, 1, 1, 'ready', 'true_false', 'Mật khẩu', 1, 0, '{}', '{\"vi\": {\"stem\": \"<p>Đúng hay sai?</p>\"}}', 'h', '2026-09-05')"
    ),
)


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    made = create_engine(databases.empty())
    if KIND == "sqlite":
        event.listen(made, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys=ON"))
    yield made
    made.dispose()


def test_questions_that_are_there_can_be_searched_and_keep_what_points_at_them(engine: Engine) -> None:
    move(engine, "0002")
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))

    move(engine, "head")

    with engine.connect() as connection:
        assert connection.execute(text("SELECT search_key, question_id FROM quizzes_question_version")).all() == [
            ("mat khau q-1 dung hay sai?", 1)
        ]
        if KIND == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def put(connection: Connection, table: str, **values: Any) -> None:
    """Insert a row into a table as it is at this step; columns that need something and are not named get something."""
    reflected = Table(table, MetaData(), autoload_with=connection)
    for column in reflected.columns:
        if column.name not in values and not column.nullable and column.server_default is None:
            values[column.name] = _something(column.type)
    connection.execute(insert(reflected).values(values))


def _something(kind: Any) -> Any:
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, DateTime):
        return datetime(2026, 9, 5, tzinfo=UTC)
    if isinstance(kind, Date):
        return date(2026, 9, 5)
    if isinstance(kind, Integer | Float | Numeric):
        return 1
    return "x" if isinstance(kind, String) else {}


def test_lines_of_former_regrades_get_the_state_that_their_answers_had(engine: Engine) -> None:
    move(engine, "0009")
    before = [
        (1, 1.0, True, "right"),
        (2, 0.5, True, "partial"),
        (3, 0.0, True, "wrong"),
        (4, 0.0, False, "gaveup"),
        (5, None, True, "needs_marking"),
    ]
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.replace("body, texts", "search_key, body, texts").replace("0, '{}'", "0, '', '{}'")))
        put(connection, "courses_course", id=1, audience="staff")
        put(connection, "courses_version", id=1, course_id=1, state="published")
        put(connection, "courses_section", id=1, version_id=1)
        put(connection, "courses_activity", id=1, version_id=1, section_id=1)
        quiz = {"grading_method": "highest", "when_expired": "submit", "navigation": "free", "behaviour": "deferred"}
        put(connection, "quizzes_quiz", id=1, activity_id=1, **quiz)
        put(connection, "accounts_person", id=1)
        put(connection, "learning_enrolment", id=1, person_id=1, course_id=1, version_id=1, state="completed")
        put(connection, "quizzes_attempt", id=1, quiz_id=1, enrolment_id=1, state="finished", source="online")
        put(connection, "quizzes_regrade", id=1, quiz_id=1, state="committed")
        for number, fraction, answered, _state in before:
            put(connection, "quizzes_response", id=number, attempt_id=1, slot=number, question_version_id=1, answered=answered)
            line = {"regrade_id": 1, "attempt_id": 1, "response_id": number, "old_version_id": 1, "new_version_id": 1}
            put(connection, "quizzes_regrade_line", id=number, old_fraction=fraction, **line)

    move(engine, "head")

    with engine.connect() as connection:
        states = connection.execute(text("SELECT old_state FROM quizzes_regrade_line ORDER BY id")).scalars().all()
        assert states == [each[3] for each in before]
        assert connection.execute(text("SELECT undoes_id FROM quizzes_regrade")).scalars().all() == [None]
