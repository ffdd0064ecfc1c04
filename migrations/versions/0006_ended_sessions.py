"""Remember which sessions were ended by signing out, so that a copy of their cookie opens nothing; find enrolments by person.

Nobody is signed out by this: sessions begun before have no key of their own, and
end as before, with their browser's cookie or when all of an account's are ended.

The index of enrolments by version gets the person as well: to begin a quiz looked
through everybody in the same version of the course.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts_ended_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_ended_session")),
        sa.UniqueConstraint("key", name=op.f("uq_accounts_ended_session_key")),
    )
    op.create_index(op.f("ix_accounts_ended_session_ended_at"), "accounts_ended_session", ["ended_at"])
    op.drop_index("ix_learning_enrolment_version", "learning_enrolment")
    op.create_index("ix_learning_enrolment_version", "learning_enrolment", ["version_id", "person_id"])


def downgrade() -> None:
    op.drop_index("ix_learning_enrolment_version", "learning_enrolment")
    op.create_index("ix_learning_enrolment_version", "learning_enrolment", ["version_id"])
    op.drop_table("accounts_ended_session")
