"""Say when an activity is done and when it may be done, and keep what was met of it.

Activities that are there ask for what is usual of their kind, and may always be
done.  What was met of old results follows from their state and source: a page that was
read was opened and read, a quiz that was passed was handed in and passed.
What somebody decides in a single case is a row that nobody changes.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# Which conditions follow from a state and a source, and since when.
FORMER = (
    ("state IN ('completed', 'passed') AND source IN ('recognised', 'override')", {"granted": "completed_at"}),
    ("state = 'completed' AND source NOT IN ('recognised', 'override')", {"viewed": "started_at", "read": "completed_at"}),
    ("state = 'passed' AND source NOT IN ('recognised', 'override')", {"submitted": "completed_at", "passed": "completed_at"}),
    ("state = 'failed'", {"submitted": "started_at"}),
)


def upgrade() -> None:
    with op.batch_alter_table("courses_version") as table:
        table.add_column(sa.Column("needed", sa.Integer(), nullable=True))
    with op.batch_alter_table("courses_activity") as table:
        table.add_column(sa.Column("completion", JSON, nullable=True))
        table.add_column(sa.Column("available", JSON, nullable=True))
        table.add_column(sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("learning_result") as table:
        table.add_column(sa.Column("met", JSON, server_default=sa.text("'{}'"), nullable=False))
    make = "jsonb_build_object" if op.get_bind().dialect.name == "postgresql" else "json_object"
    for condition, moments in FORMER:
        values = ", ".join(f"'{name}', {column}" for name, column in moments.items())
        op.execute(f"UPDATE learning_result SET met = {make}({values}) WHERE {condition}")  # our own words
    op.create_table(
        "learning_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('marked', 'granted', 'taken_back')", name=op.f("ck_learning_decision_kind")),
        sa.CheckConstraint("kind = 'marked' OR reason <> ''", name=op.f("ck_learning_decision_reason")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["learning_enrolment.id"], name=op.f("fk_learning_decision_enrolment_id_learning_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["accounts_account.id"], name=op.f("fk_learning_decision_by_account_id_accounts_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_decision")),
    )
    op.create_index(op.f("ix_learning_decision_enrolment_id"), "learning_decision", ["enrolment_id"])


def downgrade() -> None:
    op.drop_table("learning_decision")
    with op.batch_alter_table("learning_result") as table:
        table.drop_column("met")
    with op.batch_alter_table("courses_activity") as table:
        table.drop_column("hidden")
        table.drop_column("available")
        table.drop_column("completion")
    with op.batch_alter_table("courses_version") as table:
        table.drop_column("needed")
