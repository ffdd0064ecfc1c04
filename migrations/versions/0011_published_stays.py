"""Let the database refuse changes to what people learn from: published quizzes and versions of questions.

Of a quiz whose course is published only when and how often it may be taken can
still be changed; its sections and slots stay as they are.  The content of a version of a
question never changes, published or not: whoever writes on it makes a new
version; its state and what it is found by are free.  Files of a version stay once
somebody was asked it.  Old rows stay as they are.

A batch change of one of these tables on SQLite must make the triggers again, because a
batch copies the table.

Revision ID: 0011
"""

from collections.abc import Iterator

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Everything but opening and closing, time, attempts, grace and password.
QUIZ = (
    "activity_id", "pass_share", "maximum", "delay_seconds", "later_delay_seconds", "when_expired", "behaviour", "grading_method", "navigation",
    "shuffle_questions", "shuffle_answers", "builds_on_last", "classroom", "review", "feedback",
)  # fmt: skip
VERSION = ("question_id", "number", "type", "name", "default_mark", "penalty", "body", "texts", "created_at")
SAYS = "published_stays"

PUBLISHED = """EXISTS (
    SELECT 1 FROM courses_activity AS a JOIN courses_version AS v ON v.id = a.version_id
    WHERE a.id = {activity} AND v.published_at IS NOT NULL)"""
OF_PUBLISHED = """EXISTS (
    SELECT 1 FROM quizzes_quiz AS q JOIN courses_activity AS a ON a.id = q.activity_id JOIN courses_version AS v ON v.id = a.version_id
    WHERE q.id = {quiz} AND v.published_at IS NOT NULL)"""
NAMED = """EXISTS (
    SELECT 1 FROM quizzes_slot AS s JOIN quizzes_quiz AS q ON q.id = s.quiz_id
    JOIN courses_activity AS a ON a.id = q.activity_id JOIN courses_version AS v ON v.id = a.version_id
    WHERE s.question_id = OLD.question_id AND s.version_number = OLD.number AND v.published_at IS NOT NULL)"""
ASKED = "EXISTS (SELECT 1 FROM quizzes_response AS r WHERE r.question_version_id = {version})"

# PostgreSQL: the row of the course's version is held, so that nobody publishes it between the look and the end of the change.
FUNCTIONS = {
    "quizzes_is_published(activity integer) RETURNS boolean": """
        DECLARE moment timestamptz;
        BEGIN
            SELECT v.published_at INTO moment FROM courses_activity AS a JOIN courses_version AS v ON v.id = a.version_id
            WHERE a.id = activity FOR NO KEY UPDATE OF v;
            RETURN moment IS NOT NULL;
        END""",
    "quizzes_refuse() RETURNS trigger": f"""
        BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END""",
    "quizzes_refuse_published_quiz() RETURNS trigger": f"""
        BEGIN
            IF (TG_OP <> 'INSERT' AND quizzes_is_published(OLD.activity_id)) OR (TG_OP <> 'DELETE' AND quizzes_is_published(NEW.activity_id)) THEN
                RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END""",
    "quizzes_refuse_published_part() RETURNS trigger": f"""
        BEGIN
            IF (TG_OP <> 'INSERT' AND quizzes_is_published((SELECT activity_id FROM quizzes_quiz WHERE id = OLD.quiz_id)))
                OR (TG_OP <> 'DELETE' AND quizzes_is_published((SELECT activity_id FROM quizzes_quiz WHERE id = NEW.quiz_id))) THEN
                RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END""",
    "quizzes_refuse_named() RETURNS trigger": f"""
        BEGIN
            IF {NAMED} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN OLD;
        END""",
    "quizzes_refuse_asked() RETURNS trigger": f"""
        BEGIN
            IF (TG_OP <> 'INSERT' AND {ASKED.format(version="OLD.version_id")}) OR (TG_OP <> 'DELETE' AND {ASKED.format(version="NEW.version_id")}) THEN
                RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END""",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for head, body in FUNCTIONS.items():
            op.execute(f"CREATE FUNCTION {head} LANGUAGE plpgsql AS $${body}; $$")
        for name, (table, when, changed, function) in _postgresql_triggers().items():
            differs = f"WHEN ({changed})" if changed else ""
            op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW {differs} EXECUTE FUNCTION {function}()")
        return
    for name, moment, table, condition in _sqlite_triggers():
        op.execute(f"CREATE TRIGGER {name} BEFORE {moment} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, (table, *_rest) in _postgresql_triggers().items():
            op.execute(f"DROP TRIGGER {name} ON {table}")
        for head in reversed(FUNCTIONS):
            op.execute(f"DROP FUNCTION {head.partition(' RETURNS')[0]}")
        return
    for name, *_rest in _sqlite_triggers():
        op.execute(f"DROP TRIGGER {name}")


def _postgresql_triggers() -> dict[str, tuple[str, str, str, str]]:
    """Return name -> table, when, what has to differ, function."""
    new = {column: f"NEW.{column}" for column in (*QUIZ, *VERSION)}
    quiz, version = (
        f"ROW({', '.join(f'OLD.{column}' for column in columns)}) IS DISTINCT FROM ROW({', '.join(new[column] for column in columns)})"
        for columns in (QUIZ, VERSION)
    )
    return {
        f"{SAYS}_quiz": ("quizzes_quiz", "UPDATE", quiz, "quizzes_refuse_published_quiz"),
        f"{SAYS}_quiz_whole": ("quizzes_quiz", "INSERT OR DELETE", "", "quizzes_refuse_published_quiz"),
        f"{SAYS}_section": ("quizzes_section", "INSERT OR UPDATE OR DELETE", "", "quizzes_refuse_published_part"),
        f"{SAYS}_slot": ("quizzes_slot", "INSERT OR UPDATE OR DELETE", "", "quizzes_refuse_published_part"),
        f"{SAYS}_version": ("quizzes_question_version", "UPDATE", version, "quizzes_refuse"),
        f"{SAYS}_version_named": ("quizzes_question_version", "DELETE", "", "quizzes_refuse_named"),
        f"{SAYS}_file": ("quizzes_question_file", "INSERT OR UPDATE OR DELETE", "", "quizzes_refuse_asked"),
    }


def _sqlite_triggers() -> Iterator[tuple[str, str, str, str]]:
    """Yield name, moment, table and condition."""
    for moment, rows in (("insert", ("NEW",)), ("update", ("OLD", "NEW")), ("delete", ("OLD",))):
        quiz = " OR ".join(PUBLISHED.format(activity=f"{row}.activity_id") for row in rows)
        yield f"{SAYS}_quiz_{moment}", moment.upper(), "quizzes_quiz", f"({quiz}){_differs(QUIZ) if moment == 'update' else ''}"
        part = " OR ".join(OF_PUBLISHED.format(quiz=f"{row}.quiz_id") for row in rows)
        yield f"{SAYS}_section_{moment}", moment.upper(), "quizzes_section", part
        yield f"{SAYS}_slot_{moment}", moment.upper(), "quizzes_slot", part
        asked = " OR ".join(ASKED.format(version=f"{row}.version_id") for row in rows)
        yield f"{SAYS}_file_{moment}", moment.upper(), "quizzes_question_file", asked
    yield f"{SAYS}_version_update", "UPDATE", "quizzes_question_version", f"1{_differs(VERSION)}"
    yield f"{SAYS}_version_delete", "DELETE", "quizzes_question_version", NAMED


def _differs(columns: tuple[str, ...]) -> str:
    return f" AND ({' OR '.join(f'OLD.{column} IS NOT NEW.{column}' for column in columns)})"
