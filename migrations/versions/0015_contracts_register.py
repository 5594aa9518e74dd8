"""Contracts have changes, partners, classification, KPIs, remedies and payments; old promises stay beside new ones."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = (
    "contract_changes",
    "contract_partners",
    "contract_imports",
    "contract_payments",
    "kpis",
    "kpi_assessments",
    "kpi_ratings",
    "remedies",
)
# Written once, whole, but for the columns named while the condition holds.
KEPT = {"contract_changes": None, "kpi_ratings": None, "kpi_assessments": "OLD.noticed_on IS NULL"}
FREE = ("noticed_on", "noticed_by")
TEXTS = (
    "description", "contract_type", "regime", "lot", "department", "manager", "cpv_code", "cpv_label", "process",
    "extension_terms", "thresholds", "reported",
)  # fmt: skip
DAYS = ("review_on", "ended_on")
TYPES = "contract_type IN ('single_award', 'multiple_award', 'framework', 'dynamic_purchasing', 'grant', 'other')"
REGIMES = "regime IN ('works', 'goods', 'services', 'light_touch', 'concession')"
IN_FORCE = "ended_with_id IS NULL"
WHOLE = "year IS NULL"
OF_YEAR = "uq_commitments_contract_id_measure_code_year"


def upgrade() -> None:
    widen_contracts()
    create_contract_changes()
    create_contract_partners()
    create_contract_imports()
    create_contract_payments()
    create_kpis()
    create_kpi_assessments()
    create_kpi_ratings()
    create_remedies()
    keep_old_commitments()
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, while_true in KEPT.items():
        keep(table, while_true, is_postgresql)


def downgrade() -> None:
    # What a change took out would stand beside what came in its place.
    op.execute("DELETE FROM commitments WHERE ended_with_id IS NOT NULL")
    op.drop_index("uq_commitments_whole", "commitments")
    op.drop_index("uq_commitments_of_year", "commitments")
    op.drop_index("ix_commitments_contract_id", "commitments")
    with op.batch_alter_table("commitments") as commitments:
        for name in ("came_with_id", "ended_with_id"):
            commitments.drop_constraint(op.f(f"fk_commitments_{name}"), type_="foreignkey")
            commitments.drop_column(name)
        commitments.create_unique_constraint(op.f(OF_YEAR), ["contract_id", "measure_code", "year"])
    unique_where("uq_commitments_whole", ["contract_id", "measure_code"], WHOLE)
    for table in reversed(TABLES):
        op.drop_table(table)
    narrow_contracts()


def widen_contracts() -> None:
    with op.batch_alter_table("contracts") as contracts:
        for name in TEXTS:
            contracts.add_column(sa.Column(name, sa.Text(), nullable=True))
        for name in DAYS:
            contracts.add_column(sa.Column(name, sa.Date(), nullable=True))
        # A register lists contracts of no value too, such as concessions.
        contracts.drop_constraint(op.f("ck_contracts_contract_value_above_nothing"), type_="check")
        contracts.create_check_constraint(op.f("ck_contracts_contract_value_not_negative"), "contract_value >= 0")
        contracts.create_check_constraint(op.f("ck_contracts_contract_type_known"), TYPES)
        contracts.create_check_constraint(op.f("ck_contracts_regime_known"), REGIMES)


def narrow_contracts() -> None:
    op.execute("UPDATE contracts SET contract_value = 1 WHERE contract_value = 0")
    with op.batch_alter_table("contracts") as contracts:
        for name in ("contract_value_not_negative", "contract_type_known", "regime_known"):
            contracts.drop_constraint(op.f(f"ck_contracts_{name}"), type_="check")
        contracts.create_check_constraint(op.f("ck_contracts_contract_value_above_nothing"), "contract_value > 0")
        for name in (*TEXTS, *DAYS):
            contracts.drop_column(name)


def keep_old_commitments() -> None:
    op.drop_index("uq_commitments_whole", "commitments")
    with op.batch_alter_table("commitments") as commitments:
        commitments.drop_constraint(op.f(OF_YEAR), type_="unique")
        for name in ("came_with_id", "ended_with_id"):
            commitments.add_column(sa.Column(name, sa.Integer(), nullable=True))
            commitments.create_foreign_key(op.f(f"fk_commitments_{name}"), "contract_changes", [name], ["id"])
    op.create_index("ix_commitments_contract_id", "commitments", ["contract_id"])
    unique_where("uq_commitments_of_year", ["contract_id", "measure_code", "year"], IN_FORCE)
    unique_where("uq_commitments_whole", ["contract_id", "measure_code"], f"{WHOLE} AND {IN_FORCE}")


def unique_where(name: str, columns: list[str], where: str) -> None:
    rule = sa.text(where)
    op.create_index(name, "commitments", columns, unique=True, sqlite_where=rule, postgresql_where=rule)


def keep(table: str, while_true: str | None, is_postgresql: bool) -> None:
    """Refuse updates (but of the free columns while the condition holds) and deletions."""
    clause = ""
    if while_true:
        differs = "IS DISTINCT FROM" if is_postgresql else "IS NOT"
        columns = [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table)]
        changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in columns if name not in FREE)
        clause = f" WHEN ({changed} OR NOT ({while_true}))"
    message = f"append-only: rows of {table} are kept as written"
    body = "EXECUTE FUNCTION keep_row()" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    for action, condition in (("update", clause), ("delete", "")):
        start = f"CREATE TRIGGER keep_{table}_{action} BEFORE {action.upper()} ON {table} FOR EACH ROW"
        op.execute(f"{start}{condition} {body}")
    if is_postgresql:
        op.execute(f"CREATE TRIGGER keep_{table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION keep_row()")


def create_contract_changes() -> None:
    op.create_table(
        "contract_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("value_before", sa.BigInteger(), nullable=False),
        sa.Column("value_after", sa.BigInteger(), nullable=False),
        sa.Column("starts_before", sa.Date(), nullable=False),
        sa.Column("starts_after", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=False),
        sa.Column("ends_after", sa.Date(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('variation', 'extension', 'termination', 'reported')", name=op.f("ck_contract_changes_kind_known")
        ),
        sa.CheckConstraint("rule IN ('time', 'value', 'keep')", name=op.f("ck_contract_changes_rule_known")),
        sa.CheckConstraint(
            "ends_before >= starts_before AND ends_after >= starts_after",
            name=op.f("ck_contract_changes_ends_after_start"),
        ),
        sa.CheckConstraint("value_after >= 0", name=op.f("ck_contract_changes_value_after_not_negative")),
        sa.CheckConstraint("value_before >= 0", name=op.f("ck_contract_changes_value_before_not_negative")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_changes_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_changes")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_contract_changes_contract_id_number")),
    )


def create_contract_partners() -> None:
    op.create_table(
        "contract_partners",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_partners_contract_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_contract_partners_supplier_id")),
        sa.PrimaryKeyConstraint("contract_id", "supplier_id", name=op.f("pk_contract_partners")),
    )
    op.create_index(op.f("ix_contract_partners_supplier_id"), "contract_partners", ["supplier_id"], unique=False)


def create_contract_imports() -> None:
    op.create_table(
        "contract_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("named_as", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        sa.Column("issues", sa.Text(), nullable=False),
        sa.Column("read_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "shape IN ('transparency_code', 'open_contracting')", name=op.f("ck_contract_imports_shape_known")
        ),
        sa.CheckConstraint(
            "(entered_at IS NULL) = (entered_by IS NULL) AND (entered_at IS NULL) = (outcome IS NULL)",
            name=op.f("ck_contract_imports_entered_at_complete"),
        ),
        sa.CheckConstraint("row_count >= 0", name=op.f("ck_contract_imports_row_count_not_negative")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_contract_imports_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_imports")),
        sa.UniqueConstraint(
            "organisation_id", "sha256", "named_as", name=op.f("uq_contract_imports_organisation_id_sha256_named_as")
        ),
    )


def create_contract_payments() -> None:
    op.create_table(
        "contract_payments",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column(
            "confirmed_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "linked_by IN ('reference', 'supplier_and_dates', 'person')",
            name=op.f("ck_contract_payments_linked_by_known"),
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_payments_contract_id")),
        sa.ForeignKeyConstraint(
            ["file_id", "sheet", "line_number"],
            ["spend_lines.file_id", "spend_lines.sheet", "spend_lines.line_number"],
            name=op.f("fk_contract_payments_file_id_sheet_line_number"),
        ),
        sa.PrimaryKeyConstraint("file_id", "sheet", "line_number", name=op.f("pk_contract_payments")),
    )
    op.create_index(op.f("ix_contract_payments_contract_id"), "contract_payments", ["contract_id"], unique=False)


def create_kpis() -> None:
    op.create_table(
        "kpis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("better", sa.Text(), nullable=False),
        sa.Column("measure_code", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("better IN ('higher', 'lower')", name=op.f("ck_kpis_better_known")),
        sa.CheckConstraint("target NOT LIKE '-%'", name=op.f("ck_kpis_target_not_negative")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_kpis_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpis")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_kpis_contract_id_number")),
    )


def create_kpi_assessments() -> None:
    op.create_table(
        "kpi_assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("period_start_on", sa.Date(), nullable=False),
        sa.Column("period_end_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("thresholds", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessed_by", sa.Text(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("noticed_by", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(noticed_on IS NULL) = (noticed_by IS NULL)", name=op.f("ck_kpi_assessments_noticed_on_complete")
        ),
        sa.CheckConstraint("period_end_on >= period_start_on", name=op.f("ck_kpi_assessments_ends_after_start")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_kpi_assessments_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_assessments")),
        sa.UniqueConstraint(
            "contract_id",
            "period_start_on",
            "number",
            name=op.f("uq_kpi_assessments_contract_id_period_start_on_number"),
        ),
    )


def create_kpi_ratings() -> None:
    op.create_table(
        "kpi_ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("measured", sa.Text(), nullable=True),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("rating", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "proposed IN ('good', 'approaching_target', 'requires_improvement', 'inadequate', 'other')",
            name=op.f("ck_kpi_ratings_proposed_known"),
        ),
        sa.CheckConstraint(
            "rating IN ('good', 'approaching_target', 'requires_improvement', 'inadequate', 'other')",
            name=op.f("ck_kpi_ratings_rating_known"),
        ),
        sa.CheckConstraint("target NOT LIKE '-%'", name=op.f("ck_kpi_ratings_target_not_negative")),
        sa.ForeignKeyConstraint(["assessment_id"], ["kpi_assessments.id"], name=op.f("fk_kpi_ratings_assessment_id")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_kpi_ratings_kpi_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_ratings")),
        sa.UniqueConstraint("assessment_id", "kpi_id", name=op.f("uq_kpi_ratings_assessment_id_kpi_id")),
    )


def create_remedies() -> None:
    op.create_table(
        "remedies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("measure_code", sa.Text(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (outcome IS NULL) AND (closed_on IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_remedies_closed_on_complete"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_remedies_amount_not_negative")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_remedies_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedies")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_remedies_contract_id_number")),
    )
