"""Keep training from elsewhere with its document, and the name of a copy behind an exemption.

Exemptions that are there have no copy, so its name is empty; nothing else changes.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without a copy of the table: on SQLite its triggers would be lost.
    op.add_column("programmes_exemption", sa.Column("file_name", sa.String(), server_default="", nullable=False))
    op.create_table(
        "programmes_recognition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'refused')", name=op.f("ck_programmes_recognition_state")),
        sa.CheckConstraint("until_day IS NULL OR until_day > from_day", name=op.f("ck_programmes_recognition_days")),
        sa.CheckConstraint("(state = 'proposed') = (decided_by_id IS NULL)", name=op.f("ck_programmes_recognition_decided")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_programmes_recognition_second_person")
        ),
        sa.CheckConstraint("state <> 'refused' OR reason <> ''", name=op.f("ck_programmes_recognition_reason")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programme.id"], name=op.f("fk_programmes_recognition_programme_id_programmes_programme")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_programmes_recognition_person_id_accounts_person")),
        sa.ForeignKeyConstraint(["file_id"], ["core_file.id"], name=op.f("fk_programmes_recognition_file_id_core_file")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["accounts_account.id"], name=op.f("fk_programmes_recognition_proposed_by_id_accounts_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts_account.id"], name=op.f("fk_programmes_recognition_decided_by_id_accounts_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_recognition")),
    )
    op.create_index(op.f("ix_programmes_recognition_person_id"), "programmes_recognition", ["person_id"])
    op.create_index("ix_programmes_recognition_state", "programmes_recognition", ["state"])
    op.create_index(
        "uq_programmes_recognition_proposed",
        "programmes_recognition",
        ["person_id", "programme_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )


def downgrade() -> None:
    op.drop_table("programmes_recognition")
    op.drop_column("programmes_exemption", "file_name")
