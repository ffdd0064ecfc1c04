"""Create the first tables.

There are no old rows.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("former_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_core_audit_hash")),
    )
    op.create_table(
        "core_cursor",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_core_cursor")),
    )
    op.create_table(
        "core_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_file")),
    )
    with op.batch_alter_table("core_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "core_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("plan", JSON, nullable=False),
        sa.Column("result", JSON, nullable=True),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('planned', 'applied', 'undone', 'cancelled')", name=op.f("ck_core_import_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_import")),
    )
    with op.batch_alter_table("core_import", schema=None) as batch_op:
        batch_op.create_index("ix_core_import_unit", ["unit_id", "kind", "applied_at"], unique=False)

    op.create_table(
        "core_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_parts", sa.Integer(), nullable=False),
        sa.Column("all_parts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_core_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_job")),
        sa.UniqueConstraint("kind", "period", name=op.f("uq_core_job_kind_period")),
    )
    with op.batch_alter_table("core_job", schema=None) as batch_op:
        batch_op.create_index("ix_core_job_next", ["state", "due_at"], unique=False)

    op.create_table(
        "core_journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("ref_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_journal")),
    )
    with op.batch_alter_table("core_journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_journal_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "core_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_mark")),
    )
    with op.batch_alter_table("core_mark", schema=None) as batch_op:
        batch_op.create_index("ix_core_mark_name", ["name"], unique=True)

    op.create_table(
        "reports_coverage_seen",
        sa.Column("note_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_reports_coverage_seen")),
    )
    op.create_table(
        "schools_position",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_schools_position")),
    )
    op.create_table(
        "schools_unit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("legal_act", sa.String(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('opened', 'closed', 'renamed', 'moved', 'merged', 'split', 'level_abolished', 'undone')",
            name=op.f("ck_schools_unit_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["schools_unit_event.id"], name=op.f("fk_schools_unit_event_undone_by_id_schools_unit_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools_unit_event")),
    )
    op.create_table(
        "schools_unit_kind",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_school", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_schools_unit_kind")),
    )
    op.create_table(
        "accounts_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("search_key", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("gender IN ('F', 'M')", name=op.f("ck_accounts_person_gender")),
        sa.ForeignKeyConstraint(["import_id"], ["core_import.id"], name=op.f("fk_accounts_person_import_id_core_import")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["accounts_person.id"], name=op.f("fk_accounts_person_merged_into_id_accounts_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_person")),
    )
    with op.batch_alter_table("accounts_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_person_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_accounts_person_name_birth", ["search_key", "birth_date"], unique=False)

    op.create_table(
        "schools_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind_code", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["core_import.id"], name=op.f("fk_schools_unit_import_id_core_import")),
        sa.ForeignKeyConstraint(["kind_code"], ["schools_unit_kind.code"], name=op.f("fk_schools_unit_kind_code_schools_unit_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_schools_unit_code")),
    )
    with op.batch_alter_table("schools_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schools_unit_import_id"), ["import_id"], unique=False)

    op.create_table(
        "accounts_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_signin_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["core_import.id"], name=op.f("fk_accounts_account_import_id_core_import")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_account_person_id_accounts_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_account")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_account_email")),
        sa.UniqueConstraint("person_id", name=op.f("uq_accounts_account_person_id")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_account_username")),
    )
    with op.batch_alter_table("accounts_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_account_import_id"), ["import_id"], unique=False)

    op.create_table(
        "accounts_identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("last_characters", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('staff_code', 'learner_code', 'sector_code', 'personal_id', 'external')", name=op.f("ck_accounts_identifier_kind")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["core_import.id"], name=op.f("fk_accounts_identifier_import_id_core_import")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_identifier_person_id_accounts_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_identifier")),
        sa.UniqueConstraint("kind", "scope", "hash", name=op.f("uq_accounts_identifier_kind_scope_hash")),
    )
    with op.batch_alter_table("accounts_identifier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_identifier_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accounts_identifier_person_id"), ["person_id"], unique=False)

    op.create_table(
        "certificates_issuer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_name", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("signer_title", sa.String(), nullable=False),
        sa.Column("signer_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_certificates_issuer_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_issuer")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_issuer_code")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_certificates_issuer_unit_id")),
    )
    op.create_table(
        "courses_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("owner_unit_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("audience IN ('staff', 'pupils')", name=op.f("ck_courses_course_audience")),
        sa.ForeignKeyConstraint(["owner_unit_id"], ["schools_unit.id"], name=op.f("fk_courses_course_owner_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_course")),
        sa.UniqueConstraint("slug", name=op.f("uq_courses_course_slug")),
    )
    op.create_table(
        "programmes_programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("legal_basis", JSON, nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("owner_unit_id", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("certificate", sa.Boolean(), nullable=False),
        sa.CheckConstraint("audience IN ('staff', 'pupils')", name=op.f("ck_programmes_programme_audience")),
        sa.ForeignKeyConstraint(["owner_unit_id"], ["schools_unit.id"], name=op.f("fk_programmes_programme_owner_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programmes_programme_slug")),
    )
    op.create_table(
        "quizzes_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("info", sa.String(), nullable=False),
        sa.Column("id_number", sa.String(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["core_import.id"], name=op.f("fk_quizzes_category_import_id_core_import")),
        sa.ForeignKeyConstraint(["parent_id"], ["quizzes_category.id"], name=op.f("fk_quizzes_category_parent_id_quizzes_category")),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_quizzes_category_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_category")),
    )
    with op.batch_alter_table("quizzes_category", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_category_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_quizzes_category_parent", ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quizzes_category_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "schools_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("grade BETWEEN 0 AND 12", name=op.f("ck_schools_class_grade")),
        sa.ForeignKeyConstraint(["import_id"], ["core_import.id"], name=op.f("fk_schools_class_import_id_core_import")),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_schools_class_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools_class")),
        sa.UniqueConstraint("unit_id", "school_year", "name", name=op.f("uq_schools_class_unit_id_school_year_name")),
    )
    with op.batch_alter_table("schools_class", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schools_class_import_id"), ["import_id"], unique=False)

    op.create_table(
        "schools_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("position_code", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until_day IS NULL OR until_day > from_day", name=op.f("ck_schools_post_days")),
        sa.ForeignKeyConstraint(["import_id"], ["core_import.id"], name=op.f("fk_schools_post_import_id_core_import")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_schools_post_person_id_accounts_person")),
        sa.ForeignKeyConstraint(["position_code"], ["schools_position.code"], name=op.f("fk_schools_post_position_code_schools_position")),
        sa.ForeignKeyConstraint(["replaces_id"], ["schools_post.id"], name=op.f("fk_schools_post_replaces_id_schools_post")),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_schools_post_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools_post")),
    )
    with op.batch_alter_table("schools_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schools_post_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_schools_post_person", ["person_id", "from_day"], unique=False)
        batch_op.create_index("ix_schools_post_unit", ["unit_id", "until_day"], unique=False)

    op.create_table(
        "schools_unit_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until_day IS NULL OR until_day > from_day", name=op.f("ck_schools_unit_name_days")),
        sa.ForeignKeyConstraint(["event_id"], ["schools_unit_event.id"], name=op.f("fk_schools_unit_name_event_id_schools_unit_event")),
        sa.ForeignKeyConstraint(["replaces_id"], ["schools_unit_name.id"], name=op.f("fk_schools_unit_name_replaces_id_schools_unit_name")),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_schools_unit_name_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools_unit_name")),
    )
    with op.batch_alter_table("schools_unit_name", schema=None) as batch_op:
        batch_op.create_index("ix_schools_unit_name_unit", ["unit_id", "from_day"], unique=False)

    op.create_table(
        "schools_unit_parent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("relation IN ('administrative', 'professional')", name=op.f("ck_schools_unit_parent_relation")),
        sa.CheckConstraint("until_day IS NULL OR until_day > from_day", name=op.f("ck_schools_unit_parent_days")),
        sa.ForeignKeyConstraint(["event_id"], ["schools_unit_event.id"], name=op.f("fk_schools_unit_parent_event_id_schools_unit_event")),
        sa.ForeignKeyConstraint(["parent_id"], ["schools_unit.id"], name=op.f("fk_schools_unit_parent_parent_id_schools_unit")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["schools_unit_parent.id"], name=op.f("fk_schools_unit_parent_replaces_id_schools_unit_parent")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_schools_unit_parent_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools_unit_parent")),
    )
    with op.batch_alter_table("schools_unit_parent", schema=None) as batch_op:
        batch_op.create_index("ix_schools_unit_parent_parent", ["parent_id", "relation"], unique=False)
        batch_op.create_index("ix_schools_unit_parent_unit", ["unit_id", "relation", "from_day"], unique=False)

    op.create_table(
        "schools_unit_reach",
        sa.Column("ancestor_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ancestor_id"], ["schools_unit.id"], name=op.f("fk_schools_unit_reach_ancestor_id_schools_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_schools_unit_reach_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("ancestor_id", "unit_id", name=op.f("pk_schools_unit_reach")),
    )
    with op.batch_alter_table("schools_unit_reach", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schools_unit_reach_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "accounts_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('activate', 'reset', 'card')", name=op.f("ck_accounts_link_purpose")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts_account.id"], name=op.f("fk_accounts_link_account_id_accounts_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_accounts_link_secret_hash")),
    )
    with op.batch_alter_table("accounts_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_link_account_id"), ["account_id"], unique=False)

    op.create_table(
        "certificates_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("facts_schema", sa.Integer(), nullable=False),
        sa.Column("facts_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('valid', 'superseded', 'revoked')", name=op.f("ck_certificates_certificate_state")),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["certificates_issuer.id"], name=op.f("fk_certificates_certificate_issuer_id_certificates_issuer")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_certificates_certificate_person_id_accounts_person")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["certificates_certificate.id"],
            name=op.f("fk_certificates_certificate_supersedes_id_certificates_certificate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_certificate_code")),
        sa.UniqueConstraint("issuer_id", "year", "number", name=op.f("uq_certificates_certificate_issuer_id_year_number")),
        sa.UniqueConstraint("serial", name=op.f("uq_certificates_certificate_serial")),
    )
    with op.batch_alter_table("certificates_certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_certificate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_certificates_certificate_cycle",
            ["person_id", "source", "cycle"],
            unique=True,
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )

    op.create_table(
        "certificates_series",
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["certificates_issuer.id"], name=op.f("fk_certificates_series_issuer_id_certificates_issuer")
        ),
        sa.PrimaryKeyConstraint("issuer_id", "year", name=op.f("pk_certificates_series")),
    )
    op.create_table(
        "courses_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("summary", JSON, nullable=False),
        sa.Column("outcomes", JSON, nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("grades", JSON, nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'published', 'retired')", name=op.f("ck_courses_version_state")),
        sa.ForeignKeyConstraint(["course_id"], ["courses_course.id"], name=op.f("fk_courses_version_course_id_courses_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_version")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_courses_version_course_id_number")),
    )
    op.create_table(
        "notifications_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped')", name=op.f("ck_notifications_message_state")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts_account.id"], name=op.f("fk_notifications_message_account_id_accounts_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_notifications_message_dedupe_key")),
    )
    with op.batch_alter_table("notifications_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notifications_message_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_notifications_message_next", ["state", "due_at"], unique=False)

    op.create_table(
        "programmes_deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programme.id"], name=op.f("fk_programmes_deadline_programme_id_programmes_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_deadline")),
        sa.UniqueConstraint("programme_id", "day", name=op.f("uq_programmes_deadline_programme_id_day")),
    )
    op.create_table(
        "programmes_exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("until_day IS NULL OR until_day > from_day", name=op.f("ck_programmes_exemption_days")),
        sa.ForeignKeyConstraint(["file_id"], ["core_file.id"], name=op.f("fk_programmes_exemption_file_id_core_file")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_programmes_exemption_person_id_accounts_person")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programme.id"], name=op.f("fk_programmes_exemption_programme_id_programmes_programme")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["programmes_exemption.id"], name=op.f("fk_programmes_exemption_replaces_id_programmes_exemption")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_exemption")),
    )
    with op.batch_alter_table("programmes_exemption", schema=None) as batch_op:
        batch_op.create_index("ix_programmes_exemption_person", ["person_id", "programme_id"], unique=False)

    op.create_table(
        "programmes_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("positions", JSON, nullable=False),
        sa.Column("grades", JSON, nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.CheckConstraint("until_day IS NULL OR until_day > from_day", name=op.f("ck_programmes_rule_days")),
        sa.ForeignKeyConstraint(["course_id"], ["courses_course.id"], name=op.f("fk_programmes_rule_course_id_courses_course")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programme.id"], name=op.f("fk_programmes_rule_programme_id_programmes_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_rule")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_programmes_rule_programme_id_number")),
    )
    op.create_table(
        "programmes_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_programmes_target_share")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programme.id"], name=op.f("fk_programmes_target_programme_id_programmes_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_target")),
        sa.UniqueConstraint("programme_id", "day", name=op.f("uq_programmes_target_programme_id_day")),
    )
    op.create_table(
        "quizzes_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("id_number", sa.String(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["quizzes_category.id"], name=op.f("fk_quizzes_question_category_id_quizzes_category")),
        sa.ForeignKeyConstraint(["import_id"], ["core_import.id"], name=op.f("fk_quizzes_question_import_id_core_import")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_question")),
        sa.UniqueConstraint("category_id", "id_number", name=op.f("uq_quizzes_question_category_id_id_number")),
    )
    with op.batch_alter_table("quizzes_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_question_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quizzes_question_import_id"), ["import_id"], unique=False)

    op.create_table(
        "reports_coverage_change",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("position_code", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("obliged", sa.Integer(), nullable=False),
        sa.Column("trained", sa.Integer(), nullable=False),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programme.id"], name=op.f("fk_reports_coverage_change_programme_id_programmes_programme")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_reports_coverage_change_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("programme_id", "unit_id", "position_code", "day", "recorded_on", name=op.f("pk_reports_coverage_change")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reports_coverage_contribution",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_reports_coverage_contribution_person_id_accounts_person")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programme.id"], name=op.f("fk_reports_coverage_contribution_programme_id_programmes_programme")
        ),
        sa.PrimaryKeyConstraint("programme_id", "person_id", name=op.f("pk_reports_coverage_contribution")),
    )
    with op.batch_alter_table("reports_coverage_contribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_coverage_contribution_person_id"), ["person_id"], unique=False)

    op.create_table(
        "reports_coverage_month",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("position_code", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("obliged", sa.Integer(), nullable=False),
        sa.Column("trained", sa.Integer(), nullable=False),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programme.id"], name=op.f("fk_reports_coverage_month_programme_id_programmes_programme")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_reports_coverage_month_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("programme_id", "unit_id", "position_code", "month", name=op.f("pk_reports_coverage_month")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "schools_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until_day IS NULL OR until_day > from_day", name=op.f("ck_schools_place_days")),
        sa.ForeignKeyConstraint(["class_id"], ["schools_class.id"], name=op.f("fk_schools_place_class_id_schools_class")),
        sa.ForeignKeyConstraint(["import_id"], ["core_import.id"], name=op.f("fk_schools_place_import_id_core_import")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_schools_place_person_id_accounts_person")),
        sa.ForeignKeyConstraint(["replaces_id"], ["schools_place.id"], name=op.f("fk_schools_place_replaces_id_schools_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools_place")),
    )
    with op.batch_alter_table("schools_place", schema=None) as batch_op:
        batch_op.create_index("ix_schools_place_class", ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_schools_place_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_schools_place_person", ["person_id", "from_day"], unique=False)

    op.create_table(
        "schools_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "role IN ('administrator', 'officer', 'head_teacher', 'roster_keeper', 'author', 'teacher', 'pupil', 'auditor')",
            name=op.f("ck_schools_role_role"),
        ),
        sa.CheckConstraint("until_day IS NULL OR until_day > from_day", name=op.f("ck_schools_role_days")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts_account.id"], name=op.f("fk_schools_role_account_id_accounts_account")),
        sa.ForeignKeyConstraint(["import_id"], ["core_import.id"], name=op.f("fk_schools_role_import_id_core_import")),
        sa.ForeignKeyConstraint(["unit_id"], ["schools_unit.id"], name=op.f("fk_schools_role_unit_id_schools_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools_role")),
        sa.UniqueConstraint("account_id", "role", "unit_id", "from_day", name=op.f("uq_schools_role_account_id_role_unit_id_from_day")),
    )
    with op.batch_alter_table("schools_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schools_role_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_schools_role_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "certificates_state_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('valid', 'superseded', 'revoked')", name=op.f("ck_certificates_state_change_state")),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates_certificate.id"],
            name=op.f("fk_certificates_state_change_certificate_id_certificates_certificate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_state_change")),
    )
    with op.batch_alter_table("certificates_state_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_state_change_certificate_id"), ["certificate_id"], unique=False)

    op.create_table(
        "courses_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["courses_version.id"], name=op.f("fk_courses_section_version_id_courses_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_section")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_courses_section_version_id_key")),
    )
    op.create_table(
        "learning_enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_activity_key", sa.String(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'completed', 'cancelled')", name=op.f("ck_learning_enrolment_state")),
        sa.ForeignKeyConstraint(["course_id"], ["courses_course.id"], name=op.f("fk_learning_enrolment_course_id_courses_course")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_learning_enrolment_person_id_accounts_person")),
        sa.ForeignKeyConstraint(["version_id"], ["courses_version.id"], name=op.f("fk_learning_enrolment_version_id_courses_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_enrolment")),
        sa.UniqueConstraint("person_id", "course_id", "cycle", name=op.f("uq_learning_enrolment_person_id_course_id_cycle")),
    )
    with op.batch_alter_table("learning_enrolment", schema=None) as batch_op:
        batch_op.create_index("ix_learning_enrolment_version", ["version_id"], unique=False)

    op.create_table(
        "programmes_qualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('valid', 'revoked')", name=op.f("ck_programmes_qualification_state")),
        sa.CheckConstraint("until_day IS NULL OR until_day > from_day", name=op.f("ck_programmes_qualification_days")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_programmes_qualification_person_id_accounts_person")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programme.id"], name=op.f("fk_programmes_qualification_programme_id_programmes_programme")
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["programmes_rule.id"], name=op.f("fk_programmes_qualification_rule_id_programmes_rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_qualification")),
        sa.UniqueConstraint("person_id", "programme_id", "cycle", name=op.f("uq_programmes_qualification_person_id_programme_id_cycle")),
    )
    with op.batch_alter_table("programmes_qualification", schema=None) as batch_op:
        batch_op.create_index("ix_programmes_qualification_programme", ["programme_id", "person_id"], unique=False)

    op.create_table(
        "quizzes_question_tag",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["quizzes_question.id"], name=op.f("fk_quizzes_question_tag_question_id_quizzes_question")
        ),
        sa.PrimaryKeyConstraint("question_id", "tag", name=op.f("pk_quizzes_question_tag")),
    )
    with op.batch_alter_table("quizzes_question_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_question_tag_tag"), ["tag"], unique=False)

    op.create_table(
        "quizzes_question_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("default_mark", sa.Double(), nullable=False),
        sa.Column("penalty", sa.Double(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'ready', 'hidden')", name=op.f("ck_quizzes_question_version_state")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["quizzes_question.id"], name=op.f("fk_quizzes_question_version_question_id_quizzes_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_question_version")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_quizzes_question_version_question_id_number")),
    )
    with op.batch_alter_table("quizzes_question_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_question_version_content_hash"), ["content_hash"], unique=False)

    op.create_table(
        "courses_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.ForeignKeyConstraint(["section_id"], ["courses_section.id"], name=op.f("fk_courses_activity_section_id_courses_section")),
        sa.ForeignKeyConstraint(["version_id"], ["courses_version.id"], name=op.f("fk_courses_activity_version_id_courses_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_activity")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_courses_activity_version_id_key")),
    )
    op.create_table(
        "learning_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('started', 'completed', 'passed', 'failed')", name=op.f("ck_learning_result_state")),
        sa.CheckConstraint("share IS NULL OR (share >= 0 AND share <= 1)", name=op.f("ck_learning_result_share")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["learning_enrolment.id"], name=op.f("fk_learning_result_enrolment_id_learning_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_result")),
        sa.UniqueConstraint("enrolment_id", "activity_key", name=op.f("uq_learning_result_enrolment_id_activity_key")),
    )
    op.create_table(
        "programmes_qualification_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["programmes_qualification.id"],
            name=op.f("fk_programmes_qualification_change_qualification_id_programmes_qualification"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_qualification_change")),
    )
    with op.batch_alter_table("programmes_qualification_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programmes_qualification_change_qualification_id"), ["qualification_id"], unique=False)

    op.create_table(
        "courses_page_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("head", JSON, nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["courses_activity.id"], name=op.f("fk_courses_page_text_activity_id_courses_activity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_page_text")),
        sa.UniqueConstraint("activity_id", "language", name=op.f("uq_courses_page_text_activity_id_language")),
    )
    op.create_table(
        "quizzes_quiz",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("pass_share", sa.Double(), nullable=False),
        sa.Column("attempts_allowed", sa.Integer(), nullable=False),
        sa.Column("time_limit_seconds", sa.Integer(), nullable=True),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("delay_seconds", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("when_expired", sa.String(), nullable=False),
        sa.Column("behaviour", sa.String(), nullable=False),
        sa.Column("grading_method", sa.String(), nullable=False),
        sa.Column("shuffle_questions", sa.Boolean(), nullable=False),
        sa.Column("shuffle_answers", sa.Boolean(), nullable=False),
        sa.Column("review", JSON, nullable=False),
        sa.Column("feedback", JSON, nullable=False),
        sa.CheckConstraint("grading_method IN ('highest', 'average', 'first', 'last')", name=op.f("ck_quizzes_quiz_grading_method")),
        sa.CheckConstraint("when_expired IN ('submit', 'grace', 'abandon')", name=op.f("ck_quizzes_quiz_when_expired")),
        sa.CheckConstraint("pass_share >= 0 AND pass_share <= 1", name=op.f("ck_quizzes_quiz_pass_share")),
        sa.ForeignKeyConstraint(["activity_id"], ["courses_activity.id"], name=op.f("fk_quizzes_quiz_activity_id_courses_activity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_quiz")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_quizzes_quiz_activity_id")),
    )
    op.create_table(
        "quizzes_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mark", sa.Double(), nullable=True),
        sa.Column("max_mark", sa.Double(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("state IN ('in_progress', 'overdue', 'finished', 'abandoned')", name=op.f("ck_quizzes_attempt_state")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["learning_enrolment.id"], name=op.f("fk_quizzes_attempt_enrolment_id_learning_enrolment")
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes_quiz.id"], name=op.f("fk_quizzes_attempt_quiz_id_quizzes_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_attempt")),
        sa.UniqueConstraint("enrolment_id", "quiz_id", "number", name=op.f("uq_quizzes_attempt_enrolment_id_quiz_id_number")),
    )
    with op.batch_alter_table("quizzes_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_quizzes_attempt_check", ["check_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_quizzes_attempt_quiz_id"), ["quiz_id"], unique=False)
        batch_op.create_index(
            "uq_quizzes_attempt_open",
            ["enrolment_id", "quiz_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('in_progress', 'overdue')"),
            postgresql_where=sa.text("state IN ('in_progress', 'overdue')"),
        )

    op.create_table(
        "quizzes_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("version_number", sa.Integer(), nullable=True),
        sa.Column("draw", JSON, nullable=True),
        sa.Column("max_mark", sa.Double(), nullable=False),
        sa.CheckConstraint("(question_id IS NULL) <> (draw IS NULL)", name=op.f("ck_quizzes_slot_one_source")),
        sa.ForeignKeyConstraint(["question_id"], ["quizzes_question.id"], name=op.f("fk_quizzes_slot_question_id_quizzes_question")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes_quiz.id"], name=op.f("fk_quizzes_slot_quiz_id_quizzes_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_slot")),
        sa.UniqueConstraint("quiz_id", "number", name=op.f("uq_quizzes_slot_quiz_id_number")),
    )
    op.create_table(
        "quizzes_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("question_version_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("max_mark", sa.Double(), nullable=False),
        sa.Column("order", JSON, nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("answer", JSON, nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fraction", sa.Double(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["quizzes_attempt.id"], name=op.f("fk_quizzes_response_attempt_id_quizzes_attempt")),
        sa.ForeignKeyConstraint(
            ["question_version_id"],
            ["quizzes_question_version.id"],
            name=op.f("fk_quizzes_response_question_version_id_quizzes_question_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_response")),
        sa.UniqueConstraint("attempt_id", "slot", name=op.f("uq_quizzes_response_attempt_id_slot")),
    )
    with op.batch_alter_table("quizzes_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_response_question_version_id"), ["question_version_id"], unique=False)

    op.create_table(
        "quizzes_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("client_key", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["quizzes_response.id"], name=op.f("fk_quizzes_step_response_id_quizzes_response")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_step")),
        sa.UniqueConstraint("response_id", "client_key", name=op.f("uq_quizzes_step_response_id_client_key")),
        sa.UniqueConstraint("response_id", "sequence", name=op.f("uq_quizzes_step_response_id_sequence")),
    )


def downgrade() -> None:
    op.drop_table("quizzes_step")
    with op.batch_alter_table("quizzes_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quizzes_response_question_version_id"))

    op.drop_table("quizzes_response")
    op.drop_table("quizzes_slot")
    with op.batch_alter_table("quizzes_attempt", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_quizzes_attempt_open",
            sqlite_where=sa.text("state IN ('in_progress', 'overdue')"),
            postgresql_where=sa.text("state IN ('in_progress', 'overdue')"),
        )
        batch_op.drop_index(batch_op.f("ix_quizzes_attempt_quiz_id"))
        batch_op.drop_index("ix_quizzes_attempt_check")

    op.drop_table("quizzes_attempt")
    op.drop_table("quizzes_quiz")
    op.drop_table("courses_page_text")
    with op.batch_alter_table("programmes_qualification_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programmes_qualification_change_qualification_id"))

    op.drop_table("programmes_qualification_change")
    op.drop_table("learning_result")
    op.drop_table("courses_activity")
    with op.batch_alter_table("quizzes_question_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quizzes_question_version_content_hash"))

    op.drop_table("quizzes_question_version")
    with op.batch_alter_table("quizzes_question_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quizzes_question_tag_tag"))

    op.drop_table("quizzes_question_tag")
    with op.batch_alter_table("programmes_qualification", schema=None) as batch_op:
        batch_op.drop_index("ix_programmes_qualification_programme")

    op.drop_table("programmes_qualification")
    with op.batch_alter_table("learning_enrolment", schema=None) as batch_op:
        batch_op.drop_index("ix_learning_enrolment_version")

    op.drop_table("learning_enrolment")
    op.drop_table("courses_section")
    with op.batch_alter_table("certificates_state_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificates_state_change_certificate_id"))

    op.drop_table("certificates_state_change")
    with op.batch_alter_table("schools_role", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schools_role_unit_id"))
        batch_op.drop_index(batch_op.f("ix_schools_role_import_id"))

    op.drop_table("schools_role")
    with op.batch_alter_table("schools_place", schema=None) as batch_op:
        batch_op.drop_index("ix_schools_place_person")
        batch_op.drop_index(batch_op.f("ix_schools_place_import_id"))
        batch_op.drop_index("ix_schools_place_class")

    op.drop_table("schools_place")
    op.drop_table("reports_coverage_month")
    with op.batch_alter_table("reports_coverage_contribution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_coverage_contribution_person_id"))

    op.drop_table("reports_coverage_contribution")
    op.drop_table("reports_coverage_change")
    with op.batch_alter_table("quizzes_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quizzes_question_import_id"))
        batch_op.drop_index(batch_op.f("ix_quizzes_question_category_id"))

    op.drop_table("quizzes_question")
    op.drop_table("programmes_target")
    op.drop_table("programmes_rule")
    with op.batch_alter_table("programmes_exemption", schema=None) as batch_op:
        batch_op.drop_index("ix_programmes_exemption_person")

    op.drop_table("programmes_exemption")
    op.drop_table("programmes_deadline")
    with op.batch_alter_table("notifications_message", schema=None) as batch_op:
        batch_op.drop_index("ix_notifications_message_next")
        batch_op.drop_index(batch_op.f("ix_notifications_message_account_id"))

    op.drop_table("notifications_message")
    op.drop_table("courses_version")
    op.drop_table("certificates_series")
    with op.batch_alter_table("certificates_certificate", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificates_certificate_cycle", sqlite_where=sa.text("state = 'valid'"), postgresql_where=sa.text("state = 'valid'")
        )
        batch_op.drop_index(batch_op.f("ix_certificates_certificate_person_id"))

    op.drop_table("certificates_certificate")
    with op.batch_alter_table("accounts_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_link_account_id"))

    op.drop_table("accounts_link")
    with op.batch_alter_table("schools_unit_reach", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schools_unit_reach_unit_id"))

    op.drop_table("schools_unit_reach")
    with op.batch_alter_table("schools_unit_parent", schema=None) as batch_op:
        batch_op.drop_index("ix_schools_unit_parent_unit")
        batch_op.drop_index("ix_schools_unit_parent_parent")

    op.drop_table("schools_unit_parent")
    with op.batch_alter_table("schools_unit_name", schema=None) as batch_op:
        batch_op.drop_index("ix_schools_unit_name_unit")

    op.drop_table("schools_unit_name")
    with op.batch_alter_table("schools_post", schema=None) as batch_op:
        batch_op.drop_index("ix_schools_post_unit")
        batch_op.drop_index("ix_schools_post_person")
        batch_op.drop_index(batch_op.f("ix_schools_post_import_id"))

    op.drop_table("schools_post")
    with op.batch_alter_table("schools_class", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schools_class_import_id"))

    op.drop_table("schools_class")
    with op.batch_alter_table("quizzes_category", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quizzes_category_unit_id"))
        batch_op.drop_index("ix_quizzes_category_parent")
        batch_op.drop_index(batch_op.f("ix_quizzes_category_import_id"))

    op.drop_table("quizzes_category")
    op.drop_table("programmes_programme")
    op.drop_table("courses_course")
    op.drop_table("certificates_issuer")
    with op.batch_alter_table("accounts_identifier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_identifier_person_id"))
        batch_op.drop_index(batch_op.f("ix_accounts_identifier_import_id"))

    op.drop_table("accounts_identifier")
    with op.batch_alter_table("accounts_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_account_import_id"))

    op.drop_table("accounts_account")
    with op.batch_alter_table("schools_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schools_unit_import_id"))

    op.drop_table("schools_unit")
    with op.batch_alter_table("accounts_person", schema=None) as batch_op:
        batch_op.drop_index("ix_accounts_person_name_birth")
        batch_op.drop_index(batch_op.f("ix_accounts_person_import_id"))

    op.drop_table("accounts_person")
    op.drop_table("schools_unit_kind")
    op.drop_table("schools_unit_event")
    op.drop_table("schools_position")
    op.drop_table("reports_coverage_seen")
    with op.batch_alter_table("core_mark", schema=None) as batch_op:
        batch_op.drop_index("ix_core_mark_name")

    op.drop_table("core_mark")
    with op.batch_alter_table("core_journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_journal_recorded_at"))

    op.drop_table("core_journal")
    with op.batch_alter_table("core_job", schema=None) as batch_op:
        batch_op.drop_index("ix_core_job_next")

    op.drop_table("core_job")
    with op.batch_alter_table("core_import", schema=None) as batch_op:
        batch_op.drop_index("ix_core_import_unit")

    op.drop_table("core_import")
    with op.batch_alter_table("core_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_file_sha256"))

    op.drop_table("core_file")
    op.drop_table("core_cursor")
    op.drop_table("core_audit")
