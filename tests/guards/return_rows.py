"""A promise of a contract, a return on it that was sent, and files of the buyer; loaded by path."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from secrets import token_hex

from sqlalchemy.orm import Session

from wpound.catalogue.model import Head
from wpound.core.delivery import ClaimState, Side
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.store.base import add
from wpound.store.file_folder import put_file
from wpound.store.models.contract_links import ContractImport, RegisterShape
from wpound.store.models.contracts import Commitment
from wpound.store.models.evidence import Confirmation, Evidence
from wpound.store.models.returns import Claim, ClaimCorrection, ReturnStatus, SocialValueReturn
from wpound.store.models.spend import Basis, FileStatus, SpendFile, SpendSource

DAY = date(2026, 4, 1)


def enter_promise(session: Session, contract_id: int) -> int:
    promise = Commitment(contract_id=contract_id, measure_code="local-jobs", head=Head.JOBS, unit=Unit.FTE_YEAR)
    promise.quantity, promise.value_kind = Decimal(1), ValueKind.NONE
    return add(session, promise).id


def enter_files(session: Session, organisation_id: int) -> dict[str, int]:
    """A register of contracts and a spend file that the organisation brought in."""
    about = {"file_name": "a.csv", "sha256": "a"}
    register = ContractImport(organisation_id=organisation_id, shape=RegisterShape.TRANSPARENCY_CODE, **about)
    register.row_count, register.records, register.issues, register.read_by = 0, [], [], "test"
    source = add(session, SpendSource(organisation_id=organisation_id, title="Payments", basis=Basis.NET))
    spend = SpendFile(source_id=source.id, status=FileStatus.ACCEPTED, imported_by="test", **about)
    return {"import_id": add(session, register).id, "file_id": add(session, spend).id}


def enter_return(session: Session, folder: Path, contract_id: int, promise_id: int) -> dict[str, int]:
    """A return that was sent with one claim, proved by a file, about which somebody was asked."""
    claim = Claim(commitment_id=promise_id, state=ClaimState.SUBMITTED, claimed=Decimal(1), amount=Decimal(1))
    about = {"contract_id": contract_id, "period_start_on": DAY, "period_end_on": date(2026, 6, 30)}
    sent = SocialValueReturn(**about, due_on=date(2026, 7, 28), status=ReturnStatus.SUBMITTED, claims=[claim])
    sent.submitted_at, sent.submitted_by = datetime.now(UTC), "firm@example.com"
    add(session, sent)
    asked = Confirmation(claim_id=claim.id, token_sha256=token_hex(32), asked_of="Example School", question="True?")
    asked.asked_by, asked.expires_on = "test", date(2099, 3, 31)
    content = f"%PDF-1.7 of {sent.id}".encode()
    sha256 = put_file(folder, content)
    file = Evidence(claim_id=claim.id, sha256=sha256, name="a.pdf", media_type="application/pdf", byte_count=9)
    file.description, file.has_personal_data, file.added_by = "Hours", False, "firm@example.com"
    correction = ClaimCorrection(claim_id=claim.id, number=1, claimed=Decimal(2), reason="More.", proposed_by="test")
    correction.proposed_side = Side.SUPPLIER
    return {
        "return_id": sent.id,
        "claim_id": claim.id,
        "correction_id": add(session, correction).id,
        "evidence_id": add(session, file).id,
        "confirmation_id": add(session, asked).id,
    }
