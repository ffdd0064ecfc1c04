"""Keep the files that a course was made of, and whether its lessons are read aloud.

Courses that are there have no files, and are not read aloud; bringing one in
again, changed, makes a version that has them.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("courses_version") as batch_op:
        batch_op.add_column(sa.Column("read_aloud", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "courses_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["core_file.id"], name=op.f("fk_courses_file_file_id_core_file")),
        sa.ForeignKeyConstraint(["version_id"], ["courses_version.id"], name=op.f("fk_courses_file_version_id_courses_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_file")),
        sa.UniqueConstraint("version_id", "path", name=op.f("uq_courses_file_version_id_path")),
    )
    with op.batch_alter_table("courses_file") as batch_op:
        batch_op.create_index(batch_op.f("ix_courses_file_file_id"), ["file_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("courses_file") as batch_op:
        batch_op.drop_index(batch_op.f("ix_courses_file_file_id"))
    op.drop_table("courses_file")
    with op.batch_alter_table("courses_version") as batch_op:
        batch_op.drop_column("read_aloud")
