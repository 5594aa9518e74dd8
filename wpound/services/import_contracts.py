"""Bring a register file in: read and shown first, entered when its person says so, each contract once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.contract_words import ChangeKind, ContractType
from wpound.core.errors import Issue, Severity, StateError
from wpound.core.money import Money
from wpound.core.particulars import CPV
from wpound.core.periods import Period
from wpound.core.register_files import FileContract
from wpound.core.reproportion import Rule
from wpound.ingest.contracts_file import ContractsFile, read_contracts_file
from wpound.services.access import Person, Policy, Target, decide, organisation_of
from wpound.services.change_contract import NewTerms, apply_change
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.reach_contract import catalogue_of, life_of
from wpound.services.register_contract import NamedSupplier, SupplierFinder
from wpound.store.audit import append_event
from wpound.store.base import add, require_version
from wpound.store.contract_imports import find_import, find_same_import, list_imports
from wpound.store.contracts import get_contract_of, list_contracts
from wpound.store.engine import lock
from wpound.store.models.contract_links import ContractImport, RegisterShape
from wpound.store.models.contracts import Contract, ContractPartner
from wpound.store.models.organisations import Organisation

SHAPE_TITLES = {
    RegisterShape.TRANSPARENCY_CODE: "Transparency Code register",
    RegisterShape.OPEN_CONTRACTING: "Open contracting releases",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One contract of a file beside what the register has: ``now`` is None for one that is new.

    ``repeats`` is the place of an earlier entry of the file with the same reference.
    """

    contract: FileContract
    now: tuple[Money, Period] | None

    @property
    def is_new(self) -> bool:
        """Whether the register does not have it."""
        return self.now is None

    @property
    def is_changed(self) -> bool:
        """Whether its value or days are others than the register's."""
        return self.now is not None and self.now != (self.contract.value, self.contract.life)


@dataclass(frozen=True, slots=True)
class ImportPage:
    """A file as it was read: every row is a contract or was kept out with an issue."""

    file: ContractImport
    readings: Sequence[Reading]
    issues: Sequence[Issue]

    @property
    def new(self) -> int:
        """How many contracts would be entered."""
        return sum(one.is_new for one in self.readings)

    @property
    def changed(self) -> int:
        """How many contracts would get a change."""
        return sum(one.is_changed for one in self.readings)

    @property
    def kept_out(self) -> int:
        """How many rows are no contract of ours, or cannot be read."""
        return self.file.row_count - len(self.readings)


def read_register_file(
    session: Session, person: Person, path: Path, file_name: str, named_as: str = ""
) -> tuple[ContractImport, bool]:
    """Read a file and keep what it says; nothing is entered yet. Also whether the same file was read before.

    ``named_as`` is what the file calls this organisation, where that is another name. Raises InputError for a file
    that cannot be read.
    """
    decide(Policy.OFFICER, person)
    buyer = session.get_one(Organisation, organisation_of(person))
    named_as = named_as.strip()
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    same = find_same_import(session, organisation_id=buyer.id, sha256=sha256, named_as=named_as)
    if same is not None:
        return same, True
    names = frozenset(name.casefold() for name in (buyer.name, buyer.identifier, buyer.key, named_as) if name)
    found, shape = read_contracts_file(path, names)
    kept = _once_each(found)
    return _keep(session, person, buyer, found, kept, file_name, named_as, RegisterShape(shape)), False


def _once_each(found: ContractsFile) -> list[FileContract]:
    """The contracts by reference; a later entry of the same reference stands for the process as it is now."""
    kept: dict[str, FileContract] = {}
    for contract in found.contracts:
        before = kept.pop(contract.reference, None)
        if before is not None:
            words = f"{contract.reference} stands at {before.place} too; the later entry counts."
            found.keep_out("repeated", words, before.place, "reference", contract.reference)
        kept[contract.reference] = contract
    return list(kept.values())


def _keep(
    session: Session,
    person: Person,
    buyer: Organisation,
    found: ContractsFile,
    kept: Sequence[FileContract],
    file_name: str,
    named_as: str,
    shape: RegisterShape,
) -> ContractImport:
    if found.rows != len(kept) + found.kept_out:
        raise StateError("The rows of the file do not add up; nothing was read.")
    stored = add(
        session,
        ContractImport(
            organisation_id=buyer.id,
            file_name=file_name,
            sha256=found.sha256,
            named_as=named_as,
            shape=shape,
            row_count=found.rows,
            records=[contract.to_dict() for contract in kept],
            issues=[_write_issue(issue) for issue in found.issues],
            read_by=person.email,
        ),
    )
    _audit(session, person, stored, "contracts_file.read", {"rows": found.rows, "contracts": len(kept)})
    return stored


def show_import(session: Session, person: Person, import_id: int) -> ImportPage:
    """A file that was read, beside the register as it is now; raises NotFound for another organisation's."""
    stored = find_import(session, import_id)
    decide(Policy.OFFICER, person, Target(stored.organisation_id))
    known = {one.reference: one for one in list_contracts(session, organisation_id=stored.organisation_id)}
    readings = []
    for record in stored.records:
        contract = FileContract.from_dict(record)
        same = known.get(contract.reference)
        readings.append(Reading(contract, (same.contract_value, life_of(same)) if same else None))
    return ImportPage(stored, readings, [_read_issue(issue) for issue in stored.issues])


def enter_import(
    session: Session,
    person: Person,
    import_id: int,
    catalogue: Catalogue,
    *,
    version: int,
    clock: Clock = database_clock,
) -> dict[str, int]:
    """Enter what a file holds: new contracts, and a change for each whose value or days are others; counts by word.

    Raises StateError where it was entered before, StaleEdit where a colleague was faster. Nothing is overwritten.
    """
    stored = lock(session, ContractImport, find_import(session, import_id).id)
    page = show_import(session, person, stored.id)
    require_version(stored, version)
    if stored.entered_at is not None:
        raise StateError("The contracts of this file are in the register already.")
    finder, today = SupplierFinder(session, stored.file_name, clock), day_of(clock(session))
    known = {one.reference: one.id for one in list_contracts(session, organisation_id=stored.organisation_id)}
    counts = {"entered": 0, "changed": 0, "same": 0}
    for reading in page.readings:
        if reading.is_new:
            _enter(session, stored, reading.contract, finder)
        elif reading.is_changed:
            held = get_contract_of(session, lock(session, Contract, known[reading.contract.reference]).id)
            _change(session, person, stored, held, reading.contract, catalogue, today)
        counts["entered" if reading.is_new else "changed" if reading.is_changed else "same"] += 1
    stored.entered_at, stored.entered_by, stored.outcome = clock(session), person.email, dict(counts)
    session.flush()
    _audit(session, person, stored, "contracts_file.entered", counts)
    return counts


def _enter(session: Session, stored: ContractImport, said: FileContract, finder: SupplierFinder) -> None:
    suppliers = [finder.find(NamedSupplier(one.name, identifier=one.identifier)) for one in said.suppliers]
    details: dict[str, Any] = dict(said.details)
    if "contract_type" in details:
        details["contract_type"] = ContractType(details["contract_type"])
    if "review_on" in details:
        details["review_on"] = date.fromisoformat(details["review_on"])
    if not CPV.fullmatch(details.get("cpv_code", "")):
        details.pop("cpv_code", None)
    contract = Contract(
        organisation_id=stored.organisation_id,
        supplier_id=suppliers[0].id,
        reference=said.reference,
        ocid=said.ocid,
        title=said.title,
        contract_value=said.value,
        start_on=said.life.start_on,
        end_on=said.life.end_on,
        reported={**said.said, "file": stored.file_name, "place": said.place},
        commitments=[],
        **details,
    )
    add(session, contract)
    for supplier_id in sorted({one.id for one in suppliers[1:]} - {suppliers[0].id}):
        session.add(ContractPartner(contract_id=contract.id, supplier_id=supplier_id))
    session.flush()


def _change(
    session: Session,
    person: Person,
    stored: ContractImport,
    contract: Contract,
    said: FileContract,
    catalogue: Catalogue,
    today: date,
) -> None:
    """A change that the file tells of; whether promises follow it is for the officer, so they stay as they are."""
    new = NewTerms(
        kind=ChangeKind.REPORTED,
        reason=f"{stored.file_name}, {said.place}, says so.",
        effective_on=today,
        value=said.value,
        end_on=said.life.end_on,
        rule=Rule.KEEP,
        start_on=said.life.start_on,
    )
    apply_change(session, contract, new, catalogue_of(session, contract, catalogue), actor=person.email)


def _write_issue(issue: Issue) -> dict[str, str | None]:
    said = {"code": issue.code, "severity": issue.severity.value, "message": issue.message, "place": issue.sheet}
    return said | {"column": issue.column, "value": issue.value}


def _read_issue(data: Mapping[str, Any]) -> Issue:
    return Issue(
        data["code"],
        Severity(data["severity"]),
        data["message"],
        sheet=data["place"],
        column=data["column"],
        value=data["value"],
    )


def _audit(session: Session, person: Person, stored: ContractImport, action: str, counts: Mapping[str, int]) -> None:
    detail = {"file": stored.file_name, "sha256": stored.sha256, **counts}
    append_event(
        session, actor=person.email, action=action, object_kind="contracts_file", object_id=stored.id, detail=detail
    )


def list_read_files(session: Session, person: Person, limit: int = 10) -> list[ContractImport]:
    """The files read last for the organisation this person acts for."""
    return list_imports(session, organisation_id=organisation_of(person), limit=limit)
