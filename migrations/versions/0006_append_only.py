"""Triggers that keep what was written: the third depth of append-only, below the services and the models."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Written once, whole.
KEPT = (
    "spend_lines",
    "spend_issues",
    "evaluations",
    "evaluation_bids",
    "score_lines",
    "league_snapshots",
    "league_snapshot_rows",
    "league_snapshot_ranks",
    "league_snapshot_rings",
    "audit_events",
    "stored_files",
)
# Written once but for the columns named, which may be written while the condition holds.
KEPT_BUT_FOR = {
    "spend_files": (("withdrawn_at", "withdrawn_by", "withdrawn_because"), "OLD.withdrawn_at IS NULL"),
    "certificates": (("status", "revoked_at", "revoked_because"), "OLD.revoked_at IS NULL"),
}
# While a file is being imported, its figures are still being written.
OPEN = {"spend_files": "OLD.status = 'importing'"}


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute(
            "CREATE FUNCTION keep_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'append-only: rows of % are kept as written', TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END $$"
        )
    for table in KEPT:
        keep(table, None, is_postgresql)
    for table in KEPT_BUT_FOR:
        keep(table, refusal(table, "IS DISTINCT FROM" if is_postgresql else "IS NOT"), is_postgresql)


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in (*KEPT, *KEPT_BUT_FOR):
        for action in ("update", "delete", "truncate") if is_postgresql else ("update", "delete"):
            on_table = f" ON {table}" if is_postgresql else ""
            op.execute(f"DROP TRIGGER keep_{table}_{action}{on_table}")
    if is_postgresql:
        op.execute("DROP FUNCTION keep_row()")


def refusal(table: str, differs: str) -> str:
    """The condition under which an update of a row is refused."""
    free, while_true = KEPT_BUT_FOR[table]
    columns = [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table)]
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in columns if name not in free)
    refused = f"({changed} OR NOT ({while_true}))"
    return f"{refused} AND NOT ({OPEN[table]})" if table in OPEN else refused


def keep(table: str, when: str | None, is_postgresql: bool) -> None:
    """Refuse updates (all, or those of the condition) and deletions."""
    for action, condition in (("update", when), ("delete", None)):
        clause = f" WHEN ({condition})" if condition else ""
        start = f"CREATE TRIGGER keep_{table}_{action} BEFORE {action.upper()} ON {table} FOR EACH ROW{clause}"
        message = f"append-only: rows of {table} are kept as written"
        body = "EXECUTE FUNCTION keep_row()" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        op.execute(f"{start} {body}")
    if is_postgresql:
        op.execute(f"CREATE TRIGGER keep_{table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION keep_row()")
