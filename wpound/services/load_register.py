"""Load a supplier register: who the suppliers are, where they are, and what is known of them."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from wpound.core.errors import Issue
from wpound.core.supplier_size import SupplierSize
from wpound.ingest.suppliers.register import RegisterEntry, read_register
from wpound.store.audit import append_event
from wpound.store.models.suppliers import Supplier, SupplierAddress
from wpound.store.suppliers import list_suppliers


@dataclass(frozen=True, slots=True)
class RegisterLoad:
    """What became of a register: suppliers entered, suppliers known before, and the problems met."""

    entered: int
    known: int
    issues: tuple[Issue, ...]


def load_register(session: Session, path: Path, *, actor: str) -> RegisterLoad:
    """Enter the suppliers of a register that are not known yet; known ones gain the addresses they lacked.

    A supplier is known by an identifier, else by its name and source. Raises InputError where the file is no register.
    """
    register = read_register(path)
    suppliers = list_suppliers(session)
    known = {key: supplier for supplier in suppliers for key in _keys_of(supplier)}
    entered = 0
    for entry in register.entries:
        supplier = next((known[key] for key in _keys(entry) if key in known), None)
        if supplier is None:
            supplier = _enter(session, entry)
            entered += 1
        _add_addresses(supplier, entry)
        known.update(dict.fromkeys(_keys(entry), supplier))
    session.flush()
    detail = {"file": path.name, "entered": entered, "rows": register.rows, "issues": len(register.issues)}
    append_event(
        session, actor=actor, action="register.loaded", object_kind="register", object_id=path.name, detail=detail
    )
    return RegisterLoad(entered, len(register.entries) - entered, register.issues)


def _keys(entry: RegisterEntry) -> list[str]:
    return [*entry.identifiers, f"{entry.name.upper()}|{entry.source}"]


def _keys_of(supplier: Supplier) -> list[str]:
    return [key for key in (supplier.identifier, f"{supplier.name.upper()}|{supplier.source}") if key]


def _enter(session: Session, entry: RegisterEntry) -> Supplier:
    supplier = Supplier(
        name=entry.name,
        identifier=entry.identifiers[0] if entry.identifiers else None,
        size=entry.size or SupplierSize.UNKNOWN,
        is_vcse=entry.is_vcse,
        is_public_body=entry.is_public_body,
        is_individual=None,
        sic=entry.sic,
        group_name=entry.group,
        source=entry.source,
        seen_on=entry.seen_on,
        addresses=[],
    )
    session.add(supplier)
    return supplier


def _add_addresses(supplier: Supplier, entry: RegisterEntry) -> None:
    """Add the addresses that this source has not given of the supplier before."""
    held = {(held.kind, held.source, held.postcode, held.country) for held in supplier.addresses}
    for address in entry.addresses:
        if (address.kind, entry.source, address.postcode, address.country) not in held:
            supplier.addresses.append(
                SupplierAddress(
                    kind=address.kind,
                    postcode=address.postcode,
                    country=address.country,
                    source=entry.source,
                    seen_on=entry.seen_on,
                )
            )
