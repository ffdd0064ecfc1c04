"""Let rules of programmes name kinds of units, levels of schools, further courses, a shorter course to renew, and days after the beginning.

Rules that are there go on as before: everywhere, one course, renewed by itself
from three months before the end, with the deadlines of the programme.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
CHECKS = {
    "needed": "needed > 0",
    "due_days": "due_days IS NULL OR due_days > 0",
    "renewal_months": "renewal_months >= 0",
}
RENEWED_BY = "fk_programmes_rule_renewed_by_id_courses_course"


def upgrade() -> None:
    with op.batch_alter_table("programmes_rule") as table:
        for name in ("unit_kinds", "stages", "further"):
            table.add_column(sa.Column(name, JSON, server_default=sa.text("'[]'"), nullable=False))
        table.add_column(sa.Column("needed", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("renewed_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("renewal_months", sa.Integer(), server_default="3", nullable=False))
        table.add_column(sa.Column("due_days", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(RENEWED_BY), "courses_course", ["renewed_by_id"], ["id"])
        for name, condition in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_programmes_rule_{name}"), condition)


def downgrade() -> None:
    with op.batch_alter_table("programmes_rule") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_programmes_rule_{name}"), type_="check")
        table.drop_constraint(op.f(RENEWED_BY), type_="foreignkey")
        for name in ("due_days", "renewal_months", "renewed_by_id", "needed", "further", "stages", "unit_kinds"):
            table.drop_column(name)
