"""Keep with each attempt how its questions were laid out: sections, what waits for what, and whether there is a way back.

Attempts that were made before have no sections, nothing in them waits, and all of
them may be answered in any order: a page that was reached is only noted from now
on where there is no way back, and 0 says that there is one.  Going down, every
attempt is at page 1 again, as before.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("quizzes_response") as batch_op:
        batch_op.add_column(sa.Column("section", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("after_previous", sa.Boolean(), nullable=False, server_default=sa.false()))
    # A default in the database would hide a forgotten value.
    with op.batch_alter_table("quizzes_response") as batch_op:
        batch_op.alter_column("after_previous", server_default=None)
    op.execute("UPDATE quizzes_attempt SET reached_page = 0")


def downgrade() -> None:
    op.execute("UPDATE quizzes_attempt SET reached_page = 1")
    with op.batch_alter_table("quizzes_response") as batch_op:
        batch_op.drop_column("after_previous")
        batch_op.drop_column("section")
