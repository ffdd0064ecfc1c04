"""Let a class do a quiz together on one screen.

A run, the hands that were counted, and who was there; nobody's answer is kept.

The tables are new, so there are no old rows; going back loses what was done with
classes, but not the results that came of it.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "quizzes_class_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("version_ids", JSON, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'finished', 'stopped')", name=op.f("ck_quizzes_class_session_state")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_quizzes_class_session_position")),
        sa.ForeignKeyConstraint(["class_id"], ["schools_class.id"], name=op.f("fk_quizzes_class_session_class_id_schools_class")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes_quiz.id"], name=op.f("fk_quizzes_class_session_quiz_id_quizzes_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_class_session")),
    )
    with op.batch_alter_table("quizzes_class_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_class_session_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quizzes_class_session_quiz_id"), ["quiz_id"], unique=False)
        batch_op.create_index(
            "uq_quizzes_class_session_open",
            ["quiz_id", "class_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "quizzes_class_count",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hands", sa.Integer(), nullable=False),
        sa.CheckConstraint("hands >= 0 AND hands <= 500", name=op.f("ck_quizzes_class_count_hands")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["quizzes_class_session.id"], name=op.f("fk_quizzes_class_count_session_id_quizzes_class_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "position", "key", name=op.f("pk_quizzes_class_count")),
    )
    op.create_table(
        "quizzes_class_presence",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_quizzes_class_presence_person_id_accounts_person")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["quizzes_class_session.id"], name=op.f("fk_quizzes_class_presence_session_id_quizzes_class_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_quizzes_class_presence")),
    )
    with op.batch_alter_table("quizzes_class_presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_class_presence_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("quizzes_class_presence")
    op.drop_table("quizzes_class_count")
    op.drop_table("quizzes_class_session")
