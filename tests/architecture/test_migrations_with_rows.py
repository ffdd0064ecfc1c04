"""Migrations on a database that is in use: rows stay, and keep pointing at each other."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, event, text

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
