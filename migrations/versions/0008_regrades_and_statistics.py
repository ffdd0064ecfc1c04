"""Keep what is marked again, and the figures about questions.

New tables; no old row changes.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "quizzes_regrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("question_ids", JSON, nullable=False),
        sa.Column("attempt_ids", JSON, nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_parts", sa.Integer(), nullable=False),
        sa.Column("committed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('computing', 'computed', 'committing', 'committed', 'cancelled')", name=op.f("ck_quizzes_regrade_state")
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes_quiz.id"], name=op.f("fk_quizzes_regrade_quiz_id_quizzes_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_regrade")),
    )
    with op.batch_alter_table("quizzes_regrade") as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_regrade_quiz_id"), ["quiz_id"], unique=False)
    op.create_table(
        "quizzes_regrade_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("old_version_id", sa.Integer(), nullable=False),
        sa.Column("new_version_id", sa.Integer(), nullable=False),
        sa.Column("old_fraction", sa.Double(), nullable=True),
        sa.Column("new_fraction", sa.Double(), nullable=True),
        sa.Column("new_state", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["quizzes_attempt.id"], name=op.f("fk_quizzes_regrade_line_attempt_id_quizzes_attempt")),
        sa.ForeignKeyConstraint(
            ["new_version_id"],
            ["quizzes_question_version.id"],
            name=op.f("fk_quizzes_regrade_line_new_version_id_quizzes_question_version"),
        ),
        sa.ForeignKeyConstraint(
            ["old_version_id"],
            ["quizzes_question_version.id"],
            name=op.f("fk_quizzes_regrade_line_old_version_id_quizzes_question_version"),
        ),
        sa.ForeignKeyConstraint(["regrade_id"], ["quizzes_regrade.id"], name=op.f("fk_quizzes_regrade_line_regrade_id_quizzes_regrade")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["quizzes_response.id"], name=op.f("fk_quizzes_regrade_line_response_id_quizzes_response")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_regrade_line")),
        sa.UniqueConstraint("regrade_id", "response_id", name=op.f("uq_quizzes_regrade_line_regrade_id_response_id")),
    )
    with op.batch_alter_table("quizzes_regrade_line") as batch_op:
        batch_op.create_index("ix_quizzes_regrade_line_response", ["response_id"], unique=False)
    op.create_table(
        "quizzes_regrade_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("old_mark", sa.Double(), nullable=True),
        sa.Column("new_mark", sa.Double(), nullable=True),
        sa.Column("old_passed", sa.Boolean(), nullable=True),
        sa.Column("new_passed", sa.Boolean(), nullable=True),
        sa.Column("committed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["quizzes_attempt.id"], name=op.f("fk_quizzes_regrade_attempt_attempt_id_quizzes_attempt")),
        sa.ForeignKeyConstraint(["regrade_id"], ["quizzes_regrade.id"], name=op.f("fk_quizzes_regrade_attempt_regrade_id_quizzes_regrade")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_regrade_attempt")),
        sa.UniqueConstraint("regrade_id", "attempt_id", name=op.f("uq_quizzes_regrade_attempt_regrade_id_attempt_id")),
    )
    with op.batch_alter_table("quizzes_regrade_attempt") as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_regrade_attempt_attempt_id"), ["attempt_id"], unique=False)
    op.create_table(
        "quizzes_statistic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.CheckConstraint("scope IN ('first', 'all')", name=op.f("ck_quizzes_statistic_scope")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes_quiz.id"], name=op.f("fk_quizzes_statistic_quiz_id_quizzes_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_statistic")),
        sa.UniqueConstraint("quiz_id", "scope", name=op.f("uq_quizzes_statistic_quiz_id_scope")),
    )


def downgrade() -> None:
    op.drop_table("quizzes_statistic")
    with op.batch_alter_table("quizzes_regrade_attempt") as batch_op:
        batch_op.drop_index(batch_op.f("ix_quizzes_regrade_attempt_attempt_id"))
    op.drop_table("quizzes_regrade_attempt")
    with op.batch_alter_table("quizzes_regrade_line") as batch_op:
        batch_op.drop_index("ix_quizzes_regrade_line_response")
    op.drop_table("quizzes_regrade_line")
    with op.batch_alter_table("quizzes_regrade") as batch_op:
        batch_op.drop_index(batch_op.f("ix_quizzes_regrade_quiz_id"))
    op.drop_table("quizzes_regrade")
