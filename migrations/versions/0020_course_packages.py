"""Keep the keys that courses are signed with, whose keys were compared, and where a version came from.

Nothing that is there changes: every version that is there was made here, and nothing was signed before.

Revision ID: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "core_signing_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_signing_key")),
        sa.UniqueConstraint("public_key", name=op.f("uq_core_signing_key_public_key")),
    )
    op.create_index(
        "ix_core_signing_key_in_use",
        "core_signing_key",
        ["purpose"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "courses_sender",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_account_id"], ["accounts_account.id"], name=op.f("fk_courses_sender_by_account_id_accounts_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_sender")),
        sa.UniqueConstraint("public_key", name=op.f("uq_courses_sender_public_key")),
    )
    op.add_column("courses_version", sa.Column("origin", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("courses_version", "origin")
    op.drop_table("courses_sender")
    op.drop_table("core_signing_key")
