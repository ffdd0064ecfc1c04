"""Refuse facts that overlap in time.

A unit has one name and one parent per relation on any day, a person one post
per unit and position, and one place in one class.  PostgreSQL has exclusion
constraints for this; on SQLite triggers do the same.  There are no old rows.
A later batch change of one of these tables on SQLite must make the triggers
again, because a batch copies the table.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# table -> the columns that must not have two rows on one day
KEYS = {
    "schools_unit_name": ("unit_id",),
    "schools_unit_parent": ("unit_id", "relation"),
    "schools_post": ("person_id", "unit_id", "position_code"),
    "schools_place": ("person_id", "class_id"),
    "schools_role": ("account_id", "role", "unit_id"),
    "programmes_exemption": ("person_id", "programme_id"),
}
# These have no replaced_at: every row counts.
WITHOUT_REPLACEMENT = {"schools_role"}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for table, columns in KEYS.items():
            same = ", ".join(f"{column} WITH =" for column in columns)
            where = "" if table in WITHOUT_REPLACEMENT else " WHERE (replaced_at IS NULL)"
            op.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT no_overlap_{table} "
                f"EXCLUDE USING gist ({same}, daterange(from_day, until_day) WITH &&){where}"
            )
        return
    for table, columns in KEYS.items():
        for moment in ("INSERT", "UPDATE"):
            op.execute(_trigger(table, columns, moment))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in KEYS:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT no_overlap_{table}")
        return
    for table in KEYS:
        for moment in ("INSERT", "UPDATE"):
            op.execute(f"DROP TRIGGER no_overlap_{table}_{moment.lower()}")


def _trigger(table: str, columns: tuple[str, ...], moment: str) -> str:
    same = " AND ".join(f"other.{column} = NEW.{column}" for column in columns)
    replaced = table not in WITHOUT_REPLACEMENT
    counts = "NEW.replaced_at IS NULL" if replaced else "1"
    other_counts = "other.replaced_at IS NULL AND " if replaced else ""
    # AFTER, so that the row has its id; the statement is undone all the same.
    return f"""
        CREATE TRIGGER no_overlap_{table}_{moment.lower()} AFTER {moment} ON {table}
        WHEN {counts} AND EXISTS (
            SELECT 1 FROM {table} AS other
            WHERE {other_counts}{same} AND other.id <> NEW.id
              AND (NEW.until_day IS NULL OR other.from_day < NEW.until_day)
              AND (other.until_day IS NULL OR NEW.from_day < other.until_day)
        )
        BEGIN SELECT RAISE(ABORT, 'no_overlap_{table}'); END
    """
