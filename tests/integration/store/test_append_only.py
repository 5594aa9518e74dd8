"""What was written stays as it was written: through a model and through plain SQL."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wpound.core.errors import Severity, StateError
from wpound.core.money import Money
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.certificates import revoke_certificate
from wpound.store.engine import now_in, writing
from wpound.store.files import record_file
from wpound.store.models.league import LeagueSnapshotRank, LeagueSnapshotRing, LeagueSnapshotRow
from wpound.store.models.spend import FileStatus, SpendIssue, SpendLine
from wpound.store.spend import withdraw_file

# A row of each kind, and a column of it that somebody might like to change.
WRITERS: dict[str, tuple[Callable[[Session, Any], Any], str, Any]] = {
    "spend_lines": (lambda s, make: _line(s, make), "net_pence", Money(1)),
    "spend_files": (lambda s, make: _file(s, make), "file_name", "other.csv"),
    "spend_issues": (lambda s, make: _issue(s, make), "message", "All is well"),
    "evaluations": (lambda s, make: _evaluation(s, make), "result_hash", "b" * 64),
    "evaluation_bids": (lambda s, make: _evaluation(s, make).bids[0], "rank", 2),
    "score_lines": (lambda s, make: _evaluation(s, make).bids[0].lines[0], "contribution", Decimal(40)),
    "certificates": (lambda s, make: _certificate(s, make), "facts", {"serial": "other"}),
    "league_snapshots": (lambda s, make: make.snapshot(s), "definition", "Wherever"),
    "league_snapshot_rows": (lambda s, make: _league_row(s, make), "share_high", Decimal("0.99")),
    "league_snapshot_rings": (lambda s, make: _league_row(s, make).rings[0], "ring", "uk"),
    "league_snapshot_ranks": (lambda s, make: _league_row(s, make).ranks[0], "low", 1),
    "audit_events": (lambda s, make: _event(s), "actor", "nobody"),
    "stored_files": (lambda s, make: _stored(s), "original_name", "other.pdf"),
}


def _file(session: Session, make: Any) -> Any:
    source = make.source(session, make.organisation(session))
    return make.spend_file(session, source, [("Example Joinery", date(2026, 4, 1), 100)])


def _line(session: Session, make: Any) -> Any:
    return session.get(SpendLine, (_file(session, make).id, "", 2))


def _issue(session: Session, make: Any) -> Any:
    file = _file(session, make)
    return add(session, SpendIssue(file_id=file.id, code="no_day", severity=Severity.WARNING, message="No day"))


def _evaluation(session: Session, make: Any) -> Any:
    tender = make.tender(session, make.organisation(session))
    return make.evaluation(session, make.bid(session, tender, make.supplier(session)))


def _certificate(session: Session, make: Any) -> Any:
    return make.certificate(session, make.organisation(session), make.supplier(session))


def _league_row(session: Session, make: Any) -> Any:
    zero = Money(0)
    row = LeagueSnapshotRow(
        snapshot_id=make.snapshot(session).id,
        organisation_id=make.organisation(session).id,
        position=1,
        anchor="council",
        name="Council",
        anchor_kind="council",
        total=zero,
        local_low=zero,
        local_high=zero,
        unknown=zero,
        transfers=zero,
        transfer_lines=0,
        ranks=[LeagueSnapshotRank(ranked_by="share", low=2, high=3, shared=False)],
        rings=[LeagueSnapshotRing(ring="city", spend=zero, lines=0)],
    )
    return add(session, row)


def _event(session: Session) -> Any:
    return append_event(session, actor="a", action="b", object_kind="c", object_id=1, detail={})


def _stored(session: Session) -> Any:
    return record_file(session, sha256="c" * 64, media_type="application/pdf", byte_count=1, original_name="a.pdf")


@pytest.mark.parametrize("table", WRITERS)
def test_a_model_refuses_to_change_it(engine: Engine, make, table: str) -> None:
    write, column, value = WRITERS[table]
    with pytest.raises(StateError, match=column), writing(engine) as session:
        row = write(session, make)
        setattr(row, column, value)


@pytest.mark.parametrize("table", WRITERS)
def test_a_model_refuses_to_delete_it(engine: Engine, make, table: str) -> None:
    with pytest.raises(StateError, match="kept"), writing(engine) as session:
        row = WRITERS[table][0](session, make)
        session.delete(row)


@pytest.mark.parametrize("table", WRITERS)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = {column} || '1'", "DELETE FROM {table}"])
def test_the_database_refuses_plain_sql(engine: Engine, make, table: str, statement: str) -> None:
    write, column, _ = WRITERS[table]
    with writing(engine) as session:
        write(session, make)
    if engine.dialect.name == "postgresql" and column in ("net_pence", "rank", "low"):
        statement = statement.replace("|| '1'", "+ 1")
    with pytest.raises(IntegrityError, match="append-only"), writing(engine) as session:
        session.execute(text(statement.format(table=table, column=column)))


def test_the_database_refuses_truncate(postgresql_engine: Engine) -> None:
    with pytest.raises(IntegrityError, match="append-only"), postgresql_engine.begin() as connection:
        connection.execute(text("TRUNCATE audit_events"))


def test_the_database_refuses_replace(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        _event(session)
    with pytest.raises(IntegrityError, match="append-only"), writing(sqlite_engine) as session:
        session.execute(text("INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events"))


def test_a_certificate_is_revoked_once_and_never_restored(engine: Engine, make) -> None:
    with writing(engine) as session:
        _certificate(session, make)
    with writing(engine) as session:
        assert revoke_certificate(session, "SV-2026-0001", because="Wrong quantity").revoked_because == "Wrong quantity"

    with pytest.raises(StateError, match="revoked already"), writing(engine) as session:
        revoke_certificate(session, "SV-2026-0001", because="Again")
    with pytest.raises(IntegrityError, match="append-only"), writing(engine) as session:
        session.execute(text("UPDATE certificates SET status = 'issued', revoked_at = NULL, revoked_because = NULL"))


def test_a_withdrawal_is_final(engine: Engine, make) -> None:
    with writing(engine) as session:
        file = _file(session, make)
        withdraw_file(session, file.id, by="finance", because="Wrong year")

    with pytest.raises(StateError, match="withdrawn_because"), writing(engine) as session:
        session.add(file)
        file.withdrawn_because = "Another reason"
    with pytest.raises(IntegrityError, match="append-only"), writing(engine) as session:
        session.execute(
            text("UPDATE spend_files SET withdrawn_at = NULL, withdrawn_by = NULL, withdrawn_because = NULL")
        )


def test_an_accepted_file_does_not_go_back_to_importing(engine: Engine, make) -> None:
    with pytest.raises(StateError, match="status"), writing(engine) as session:
        _file(session, make).status = FileStatus.IMPORTING


def test_withdrawing_needs_a_reason(engine: Engine, make) -> None:
    with pytest.raises(IntegrityError, match="withdrawal_explained"), writing(engine) as session:
        file = _file(session, make)
        file.withdrawn_at = now_in(session)
