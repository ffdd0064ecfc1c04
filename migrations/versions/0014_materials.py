"""Keep who confirmed a document, and what of a video was watched; long files are read in parts.

Nothing that is there changes: no course had documents to confirm or videos before.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # What is kept compressed has to be unpacked from its beginning for each part; videos and pictures are compressed by themselves.
        op.execute("ALTER TABLE core_file ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_table(
        "materials_acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_materials_acknowledgement_person_id_accounts_person")),
        sa.ForeignKeyConstraint(["course_id"], ["courses_course.id"], name=op.f("fk_materials_acknowledgement_course_id_courses_course")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["courses_version.id"], name=op.f("fk_materials_acknowledgement_version_id_courses_version")
        ),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["accounts_account.id"], name=op.f("fk_materials_acknowledgement_by_account_id_accounts_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials_acknowledgement")),
        sa.UniqueConstraint(
            "person_id",
            "course_id",
            "activity_key",
            "edition",
            "sha256",
            name=op.f("uq_materials_acknowledgement_person_id_course_id_activity_key_edition_sha256"),
        ),
    )
    op.create_index("ix_materials_acknowledgement_activity", "materials_acknowledgement", ["course_id", "activity_key"])
    op.create_table(
        "materials_watched",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(), nullable=False),
        sa.Column("ranges", JSON, nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("at_second", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("share >= 0 AND share <= 1", name=op.f("ck_materials_watched_share")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["learning_enrolment.id"], name=op.f("fk_materials_watched_enrolment_id_learning_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials_watched")),
        sa.UniqueConstraint("enrolment_id", "activity_key", name=op.f("uq_materials_watched_enrolment_id_activity_key")),
    )


def downgrade() -> None:
    op.drop_table("materials_watched")
    op.drop_table("materials_acknowledgement")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE core_file ALTER COLUMN content SET STORAGE EXTENDED")
