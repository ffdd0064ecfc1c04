"""Keep what is said of a draft before it is published.

Nothing that is there changes: versions that were published had no review.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courses_review_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("activity_key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("what IN ('asked', 'comment', 'sent_back', 'approved')", name=op.f("ck_courses_review_note_what")),
        sa.CheckConstraint("what IN ('asked', 'approved') OR text <> ''", name=op.f("ck_courses_review_note_text")),
        sa.ForeignKeyConstraint(["version_id"], ["courses_version.id"], name=op.f("fk_courses_review_note_version_id_courses_version")),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["accounts_account.id"], name=op.f("fk_courses_review_note_by_account_id_accounts_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_review_note")),
    )
    op.create_index(op.f("ix_courses_review_note_version_id"), "courses_review_note", ["version_id"])


def downgrade() -> None:
    op.drop_table("courses_review_note")
