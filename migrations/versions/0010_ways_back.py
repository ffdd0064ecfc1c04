"""Let marks that were given again be taken back.

A regrade may name the one that it takes back; old ones take back nothing.  A line
keeps in which state the answer was before: of old lines that follows from the
fraction, and from whether anything was answered.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NOT_DROPPED = sa.text("state <> 'cancelled'")
FORMER_STATE = """
    UPDATE quizzes_regrade_line SET old_state = CASE
        WHEN old_fraction IS NULL THEN 'needs_marking'
        WHEN old_fraction > 0.999999 THEN 'right'
        WHEN old_fraction >= 0.000001 THEN 'partial'
        WHEN (SELECT answered FROM quizzes_response WHERE quizzes_response.id = response_id) THEN 'wrong'
        ELSE 'gaveup' END
"""


def upgrade() -> None:
    with op.batch_alter_table("quizzes_regrade") as table:
        table.add_column(sa.Column("undoes_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_quizzes_regrade_undoes_id_quizzes_regrade"), "quizzes_regrade", ["undoes_id"], ["id"])
        table.create_index("uq_quizzes_regrade_undoes", ["undoes_id"], unique=True, sqlite_where=NOT_DROPPED, postgresql_where=NOT_DROPPED)
    with op.batch_alter_table("quizzes_regrade_line") as table:
        table.add_column(sa.Column("old_state", sa.String(), nullable=True))
    op.execute(FORMER_STATE)
    with op.batch_alter_table("quizzes_regrade_line") as table:
        table.alter_column("old_state", existing_type=sa.String(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("quizzes_regrade_line") as table:
        table.drop_column("old_state")
    with op.batch_alter_table("quizzes_regrade") as table:
        table.drop_index("uq_quizzes_regrade_undoes")
        table.drop_constraint(op.f("fk_quizzes_regrade_undoes_id_quizzes_regrade"), type_="foreignkey")
        table.drop_column("undoes_id")
