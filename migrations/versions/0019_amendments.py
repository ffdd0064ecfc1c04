"""Keep changes of the law, and which lessons cite what was amended.

Nothing that is there changes: no change of the law was written down before.

Revision ID: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "courses_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("note", JSON, nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("by_account_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["courses_course.id"], name=op.f("fk_courses_amendment_course_id_courses_course")),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["accounts_account.id"], name=op.f("fk_courses_amendment_by_account_id_accounts_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_amendment")),
    )
    op.create_table(
        "courses_amendment_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amendment_id"], ["courses_amendment.id"], name=op.f("fk_courses_amendment_mark_amendment_id_courses_amendment")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["courses_version.id"], name=op.f("fk_courses_amendment_mark_version_id_courses_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_amendment_mark")),
        sa.UniqueConstraint(
            "amendment_id", "version_id", "activity_key", name=op.f("uq_courses_amendment_mark_amendment_id_version_id_activity_key")
        ),
    )
    op.create_index(op.f("ix_courses_amendment_mark_version_id"), "courses_amendment_mark", ["version_id"])


def downgrade() -> None:
    op.drop_table("courses_amendment_mark")
    op.drop_table("courses_amendment")
