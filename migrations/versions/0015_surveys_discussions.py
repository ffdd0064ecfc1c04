"""Keep answers of surveys apart from who took part, and what staff write in discussions.

Nothing that is there changes: no course had surveys or discussions before.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "surveys_sheet",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("shown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses_course.id"], name=op.f("fk_surveys_sheet_course_id_courses_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys_sheet")),
    )
    op.create_index("ix_surveys_sheet_activity", "surveys_sheet", ["course_id", "activity_key"])
    op.create_table(
        "surveys_participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["learning_enrolment.id"], name=op.f("fk_surveys_participation_enrolment_id_learning_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys_participation")),
        sa.UniqueConstraint("enrolment_id", "activity_key", name=op.f("uq_surveys_participation_enrolment_id_activity_key")),
    )
    op.create_table(
        "discussions_contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'shown', 'hidden', 'withdrawn')", name=op.f("ck_discussions_contribution_state")),
        sa.CheckConstraint("state <> 'hidden' OR reason <> ''", name=op.f("ck_discussions_contribution_reason")),
        sa.ForeignKeyConstraint(["course_id"], ["courses_course.id"], name=op.f("fk_discussions_contribution_course_id_courses_course")),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["discussions_contribution.id"], name=op.f("fk_discussions_contribution_thread_id_discussions_contribution")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_discussions_contribution_person_id_accounts_person")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts_account.id"], name=op.f("fk_discussions_contribution_decided_by_id_accounts_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussions_contribution")),
    )
    op.create_index("ix_discussions_contribution_thread", "discussions_contribution", ["course_id", "activity_key", "thread_id"])
    op.create_index("ix_discussions_contribution_state", "discussions_contribution", ["state"])
    for column in ("thread_id", "person_id"):
        op.create_index(op.f(f"ix_discussions_contribution_{column}"), "discussions_contribution", [column])
    op.create_table(
        "discussions_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["discussions_contribution.id"],
            name=op.f("fk_discussions_report_contribution_id_discussions_contribution"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_discussions_report_person_id_accounts_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussions_report")),
        sa.UniqueConstraint("contribution_id", "person_id", name=op.f("uq_discussions_report_contribution_id_person_id")),
    )


def downgrade() -> None:
    for table in ("discussions_report", "discussions_contribution", "surveys_participation", "surveys_sheet"):
        op.drop_table(table)
