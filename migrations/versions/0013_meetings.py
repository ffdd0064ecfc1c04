"""Hold meetings of a course, and keep who was there.

Nothing that is there changes: no course had meetings before.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('planned', 'open', 'closed', 'cancelled')", name=op.f("ck_attendance_meeting_state")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_attendance_meeting_times")),
        sa.CheckConstraint("periods >= 0", name=op.f("ck_attendance_meeting_periods")),
        sa.ForeignKeyConstraint(["course_id"], ["courses_course.id"], name=op.f("fk_attendance_meeting_course_id_courses_course")),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_attendance_meeting_unit_id_schools_unit")),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts_account.id"], name=op.f("fk_attendance_meeting_made_by_id_accounts_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_meeting")),
    )
    op.create_index("ix_attendance_meeting_course", "attendance_meeting", ["course_id", "activity_key"])
    op.create_index(op.f("ix_attendance_meeting_unit_id"), "attendance_meeting", ["unit_id"])
    op.create_table(
        "attendance_presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("how IN ('code', 'list')", name=op.f("ck_attendance_presence_how")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["attendance_meeting.id"], name=op.f("fk_attendance_presence_meeting_id_attendance_meeting")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_attendance_presence_person_id_accounts_person")),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["accounts_account.id"], name=op.f("fk_attendance_presence_by_account_id_accounts_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_presence")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_attendance_presence_meeting_id_person_id")),
    )
    op.create_index(op.f("ix_attendance_presence_person_id"), "attendance_presence", ["person_id"])


def downgrade() -> None:
    op.drop_table("attendance_presence")
    op.drop_table("attendance_meeting")
