"""A certificate speaks for a contract, a supplier or a buyer, can stand in for an older one, and is signed as data."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# What may be written afterwards: the revocation, once.
FREE = ("status", "revoked_at", "revoked_because")
SCOPE = "(scope = 'contract') = (contract_id IS NOT NULL) AND (scope = 'anchor') = (supplier_id IS NULL)"


def upgrade() -> None:
    release()
    with op.batch_alter_table("certificates") as certificates:
        certificates.add_column(sa.Column("scope", sa.Text(), nullable=True))
        certificates.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        certificates.add_column(sa.Column("credential", sa.Text(), nullable=True))
        certificates.alter_column("supplier_id", existing_type=sa.Integer(), nullable=True)
    op.execute("UPDATE certificates SET scope = CASE WHEN contract_id IS NULL THEN 'supplier' ELSE 'contract' END")
    rewrite(to_second_form)
    with op.batch_alter_table("certificates") as certificates:
        certificates.alter_column("scope", existing_type=sa.Text(), nullable=False)
        certificates.create_check_constraint(
            op.f("ck_certificates_scope_known"), "scope IN ('contract', 'supplier', 'anchor')"
        )
        certificates.create_check_constraint(op.f("ck_certificates_scope_named"), SCOPE)
        certificates.create_unique_constraint(op.f("uq_certificates_replaces_id"), ["replaces_id"])
        certificates.create_foreign_key(op.f("fk_certificates_replaces_id"), "certificates", ["replaces_id"], ["id"])
    keep()


def downgrade() -> None:
    release()
    # The earlier form has no place for these; their files stay where they are.
    op.execute("DELETE FROM certificates WHERE scope = 'anchor'")
    rewrite(to_first_form)
    with op.batch_alter_table("certificates") as certificates:
        certificates.drop_constraint(op.f("fk_certificates_replaces_id"), type_="foreignkey")
        certificates.drop_constraint(op.f("uq_certificates_replaces_id"), type_="unique")
        certificates.drop_constraint(op.f("ck_certificates_scope_named"), type_="check")
        certificates.drop_constraint(op.f("ck_certificates_scope_known"), type_="check")
        certificates.alter_column("supplier_id", existing_type=sa.Integer(), nullable=False)
        for name in ("credential", "replaces_id", "scope"):
            certificates.drop_column(name)
    keep()


def rewrite(change: Any) -> None:
    """Bring the facts of every certificate into another form; the file and its fingerprint stay as issued."""
    table = sa.table("certificates", sa.column("id"), sa.column("scope"), sa.column("facts"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(table)).all():
        facts = json.dumps(
            change(json.loads(row.facts), row.scope), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        connection.execute(table.update().where(table.c.id == row.id).values(facts=facts))


def to_second_form(facts: dict[str, Any], scope: str) -> dict[str, Any]:
    """One contract becomes a list of contracts, each with the rules it was won under."""
    if "contract" not in facts:
        return facts
    old = dict(facts)
    contract, supplier, catalogue = old.pop("contract"), old.pop("supplier"), old.pop("catalogue")
    method = old.pop("method_hash")
    for name in ("return_version", "verified_by"):
        old.pop(name)
    return old | {
        "schema": "wpound-certificate/2",
        "replaces": None,
        "issued_by": old.pop("issuer"),
        "scope": scope,
        "holder": supplier,
        "covers": old.pop("scope"),
        "contracts": [
            contract
            | {
                "supplier": supplier["name"],
                "returns": "1",
                "method_hash": method if len(method) == 64 else None,
                "catalogue_fingerprint": catalogue["fingerprint"],
            }
        ],
        "catalogue_edition": catalogue["edition"],
    }


def to_first_form(facts: dict[str, Any], scope: str) -> dict[str, Any]:
    """The first of the contracts alone."""
    if not facts.get("contracts"):
        return facts
    new = dict(facts)
    contract, *_ = new.pop("contracts")
    new.pop("replaces")
    return new | {
        "schema": "wpound-certificate/1",
        "issuer": new.pop("issued_by"),
        "supplier": new.pop("holder"),
        "contract": {"reference": contract["reference"], "title": contract["title"]},
        "scope": new.pop("covers"),
        "return_version": "1",
        "verified_by": "an officer",
        "method_hash": contract["method_hash"] or "not scored here: the contract did not come from a tender",
        "catalogue": {"edition": new.pop("catalogue_edition"), "fingerprint": contract["catalogue_fingerprint"]},
    }


def release() -> None:
    """Let the rows be changed while this migration runs."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for action in ("update", "delete", "truncate") if is_postgresql else ("update", "delete"):
        op.execute(f"DROP TRIGGER keep_certificates_{action}" + (" ON certificates" if is_postgresql else ""))


def keep() -> None:
    """Refuse deletions, and updates but for the one revocation; PostgreSQL's function is there since 0006."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    differs = "IS DISTINCT FROM" if is_postgresql else "IS NOT"
    columns = [c["name"] for c in sa.inspect(op.get_bind()).get_columns("certificates")]
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in columns if name not in FREE)
    message = "append-only: rows of certificates are kept as written"
    body = "EXECUTE FUNCTION keep_row()" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    for action, clause in (("update", f" WHEN ({changed} OR NOT (OLD.revoked_at IS NULL))"), ("delete", "")):
        start = f"CREATE TRIGGER keep_certificates_{action} BEFORE {action.upper()} ON certificates FOR EACH ROW"
        op.execute(f"{start}{clause} {body}")
    if is_postgresql:
        op.execute(f"CREATE TRIGGER keep_certificates_truncate BEFORE TRUNCATE ON certificates {body}")
