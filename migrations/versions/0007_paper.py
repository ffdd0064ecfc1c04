"""Let a quiz be written on paper.

What was printed, variant by variant, and whose sheet was brought in.

The tables are new, so there are no old rows; going back loses which attempt came
from which sheet, but not the attempts.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "quizzes_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("variants", JSON, nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes_quiz.id"], name=op.f("fk_quizzes_paper_quiz_id_quizzes_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_paper")),
    )
    with op.batch_alter_table("quizzes_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_paper_quiz_id"), ["quiz_id"], unique=False)

    op.create_table(
        "quizzes_paper_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("written", sa.String(), nullable=False),
        sa.Column("entered_by_account_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["quizzes_attempt.id"], name=op.f("fk_quizzes_paper_sheet_attempt_id_quizzes_attempt")),
        sa.ForeignKeyConstraint(["paper_id"], ["quizzes_paper.id"], name=op.f("fk_quizzes_paper_sheet_paper_id_quizzes_paper")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_quizzes_paper_sheet_person_id_accounts_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_paper_sheet")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_quizzes_paper_sheet_attempt_id")),
        sa.UniqueConstraint("paper_id", "person_id", name=op.f("uq_quizzes_paper_sheet_paper_id_person_id")),
    )
    with op.batch_alter_table("quizzes_paper_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_paper_sheet_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("quizzes_paper_sheet")
    op.drop_table("quizzes_paper")
