"""Give the quiz engine all its tables: sections, overrides, extra time, files, and what behaviours remember.

Existing quizzes keep working as before: they are answered in any order, shown on
the scale of 10, and nobody is asked for a password.  Existing attempts were made
online; their answers have no progress of a behaviour and no comment.

The key by which questions are searched is made here for those that are there:
name, id number and stems without tags and tone marks.  Of the behaviours, only
"deferred" was ever used.  No file was stored before, so core_file is made anew.

Revision ID: 0003
"""

import html
import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

BEHAVIOURS = "behaviour IN ('deferred', 'immediate', 'interactive', 'adaptive', 'adaptive_no_penalty', 'certainty', 'certainty_immediate')"

CHECKS = {
    "quizzes_quiz": {"navigation": "navigation IN ('free', 'sequential')", "behaviour": BEHAVIOURS, "maximum": "maximum > 0"},
    "quizzes_attempt": {"source": "source IN ('online', 'paper', 'classroom')"},
    "quizzes_question_version": {},
    "quizzes_slot": {},
    "quizzes_response": {"certainty": "certainty BETWEEN 1 AND 3"},
}
# Columns that must have a value, with the one that old rows get.
FILLED = {
    "quizzes_quiz": {
        "navigation": (sa.String(), "free"),
        "maximum": (sa.Double(), "10"),
        "builds_on_last": (sa.Boolean(), sa.false()),
        "classroom": (sa.Boolean(), sa.false()),
    },
    "quizzes_attempt": {"reached_page": (sa.Integer(), "1"), "source": (sa.String(), "online")},
    "quizzes_question_version": {"search_key": (sa.String(), "")},
    "quizzes_slot": {"after_previous": (sa.Boolean(), sa.false())},
    "quizzes_response": {"progress": (JSON, "{}"), "comment": (sa.String(), "")},
}
EMPTY = {
    "quizzes_quiz": {"later_delay_seconds": sa.Integer(), "password": sa.String()},
    "quizzes_attempt": {"graded_at": MOMENT, "entered_by_account_id": sa.Integer(), "reopened_at": MOMENT},
    "quizzes_question_version": {},
    "quizzes_slot": {"section_id": sa.Integer()},
    "quizzes_response": {"certainty": sa.Integer(), "marked_by_account_id": sa.Integer(), "marked_at": MOMENT},
}


def upgrade() -> None:
    _new_tables()
    for table in FILLED:
        with op.batch_alter_table(table) as batch_op:
            for name, (kind, value) in FILLED[table].items():
                batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
            for name, kind in EMPTY[table].items():
                batch_op.add_column(sa.Column(name, kind, nullable=True))
        # A default in the database would hide a forgotten value.
        with op.batch_alter_table(table) as batch_op:
            for name in FILLED[table]:
                batch_op.alter_column(name, server_default=None)
            for name, rule in CHECKS[table].items():
                batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)
            if table == "quizzes_slot":
                batch_op.create_index(batch_op.f("ix_quizzes_slot_section_id"), ["section_id"], unique=False)
                batch_op.create_foreign_key(
                    batch_op.f("fk_quizzes_slot_section_id_quizzes_section"), "quizzes_section", ["section_id"], ["id"]
                )
    _fill_search_keys()
    with op.batch_alter_table("core_file") as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_file_sha256"))
        batch_op.add_column(sa.Column("content", sa.LargeBinary(), nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_core_file_sha256"), ["sha256"])
        batch_op.drop_column("name")
        batch_op.drop_column("by_account_id")


def downgrade() -> None:
    with op.batch_alter_table("core_file") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_core_file_sha256"), type_="unique")
        batch_op.create_index(batch_op.f("ix_core_file_sha256"), ["sha256"], unique=False)
        batch_op.add_column(sa.Column("by_account_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("name", sa.String(), nullable=False, server_default=""))
        batch_op.drop_column("content")
    with op.batch_alter_table("core_file") as batch_op:
        batch_op.alter_column("name", server_default=None)
    for table in FILLED:
        with op.batch_alter_table(table) as batch_op:
            if table == "quizzes_slot":
                batch_op.drop_constraint(batch_op.f("fk_quizzes_slot_section_id_quizzes_section"), type_="foreignkey")
                batch_op.drop_index(batch_op.f("ix_quizzes_slot_section_id"))
            for name in CHECKS[table]:
                batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            for name in (*FILLED[table], *EMPTY[table]):
                batch_op.drop_column(name)
    with op.batch_alter_table("quizzes_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quizzes_attachment_response_id"))

    op.drop_table("quizzes_attachment")
    op.drop_table("quizzes_section")
    with op.batch_alter_table("quizzes_override", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_quizzes_override_unit", sqlite_where=sa.text("replaced_at IS NULL"), postgresql_where=sa.text("replaced_at IS NULL")
        )
        batch_op.drop_index(
            "uq_quizzes_override_person", sqlite_where=sa.text("replaced_at IS NULL"), postgresql_where=sa.text("replaced_at IS NULL")
        )
        batch_op.drop_index(
            "uq_quizzes_override_class", sqlite_where=sa.text("replaced_at IS NULL"), postgresql_where=sa.text("replaced_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_quizzes_override_unit_id"))
        batch_op.drop_index(batch_op.f("ix_quizzes_override_person_id"))
        batch_op.drop_index(batch_op.f("ix_quizzes_override_class_id"))

    op.drop_table("quizzes_override")
    with op.batch_alter_table("quizzes_question_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quizzes_question_file_file_id"))

    op.drop_table("quizzes_question_file")
    with op.batch_alter_table("quizzes_extra_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quizzes_extra_time_person_id"))

    op.drop_table("quizzes_extra_time")


def _fill_search_keys() -> None:
    version = sa.table("quizzes_question_version", sa.column("id"), sa.column("question_id"), sa.column("name"), sa.column("search_key"))
    version.append_column(sa.column("texts", JSON))
    question = sa.table("quizzes_question", sa.column("id"), sa.column("id_number"))
    rows = op.get_bind().execute(
        sa.select(version.c.id, version.c.name, version.c.texts, question.c.id_number).join(
            question, question.c.id == version.c.question_id
        )
    )
    for row in rows.all():
        stems = " ".join(html.unescape(re.sub(r"<[/!a-zA-Z][^<>]*>", " ", texts.get("stem", ""))) for texts in row.texts.values())
        words = " ".join(f"{row.name} {row.id_number or ''} {stems}".split()).lower().replace("đ", "d")
        key = "".join(each for each in unicodedata.normalize("NFD", words) if not unicodedata.combining(each))
        op.get_bind().execute(sa.update(version).where(version.c.id == row.id).values(search_key=key))


def _new_tables() -> None:
    op.create_table(
        "quizzes_extra_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("multiplier", sa.Double(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=True),
        sa.CheckConstraint("multiplier > 1 AND multiplier <= 4", name=op.f("ck_quizzes_extra_time_multiplier")),
        sa.CheckConstraint("until_day IS NULL OR until_day > from_day", name=op.f("ck_quizzes_extra_time_days")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_quizzes_extra_time_person_id_accounts_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_extra_time")),
    )
    with op.batch_alter_table("quizzes_extra_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_extra_time_person_id"), ["person_id"], unique=False)

    op.create_table(
        "quizzes_question_file",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["core_file.id"], name=op.f("fk_quizzes_question_file_file_id_core_file")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["quizzes_question_version.id"], name=op.f("fk_quizzes_question_file_version_id_quizzes_question_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "name", name=op.f("pk_quizzes_question_file")),
    )
    with op.batch_alter_table("quizzes_question_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_question_file_file_id"), ["file_id"], unique=False)

    op.create_table(
        "quizzes_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN class_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_quizzes_override_one_target"),
        ),
        sa.ForeignKeyConstraint(["class_id"], ["schools_class.id"], name=op.f("fk_quizzes_override_class_id_schools_class")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_quizzes_override_person_id_accounts_person")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes_quiz.id"], name=op.f("fk_quizzes_override_quiz_id_quizzes_quiz")),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_quizzes_override_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_override")),
    )
    with op.batch_alter_table("quizzes_override", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_override_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quizzes_override_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quizzes_override_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_quizzes_override_class",
            ["quiz_id", "class_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.create_index(
            "uq_quizzes_override_person",
            ["quiz_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.create_index(
            "uq_quizzes_override_unit",
            ["quiz_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "quizzes_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("headings", JSON, nullable=False),
        sa.Column("shuffle", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes_quiz.id"], name=op.f("fk_quizzes_section_quiz_id_quizzes_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_section")),
        sa.UniqueConstraint("quiz_id", "number", name=op.f("uq_quizzes_section_quiz_id_number")),
    )
    op.create_table(
        "quizzes_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["core_file.id"], name=op.f("fk_quizzes_attachment_file_id_core_file")),
        sa.ForeignKeyConstraint(["response_id"], ["quizzes_response.id"], name=op.f("fk_quizzes_attachment_response_id_quizzes_response")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_attachment")),
    )
    with op.batch_alter_table("quizzes_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_attachment_response_id"), ["response_id"], unique=False)
