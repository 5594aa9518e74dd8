"""Put a tender in as a draft, which can still change: whole, or as far as it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from wpound.core.errors import InputError
from wpound.core.method import Method
from wpound.core.method_drafts import read_draft
from wpound.core.money import Money
from wpound.core.particulars import Particulars
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Lot, Tender
from wpound.store.tenders import find_tender


@dataclass(frozen=True, slots=True)
class NewLot:
    """A part of a tender to be bid for by itself, with its estimated value where there is one."""

    title: str
    contract_value: Money | None = None


def draft_tender(
    session: Session,
    buyer: Organisation,
    form: Mapping[str, Any],
    *,
    ocid: str,
    actor: str,
    particulars: Particulars | None = None,
    lots: Sequence[NewLot] = (),
) -> Tender:
    """Enter a draft from the file form of a method (a tender file without its day and bids).

    Without ``lots`` the tender is not divided: it is its own only lot. Raises InputErrors with every problem of the
    method, InputError where the OCID is blank or taken.
    """
    method = Method.from_dict(form)
    if not ocid.strip():
        raise InputError("ocid", "Give the tender its open contracting identifier (OCID).")
    if find_tender(session, ocid) is not None:
        raise InputError("ocid", f"There is already a tender {ocid}. Give this one an identifier of its own.")
    stored = (particulars or Particulars()).to_dict()
    return enter_draft(session, buyer, method.to_dict(), ocid=ocid, actor=actor, particulars=stored, lots=lots)


def enter_draft(
    session: Session,
    buyer: Organisation,
    form: Mapping[str, Any],
    *,
    ocid: str,
    actor: str,
    particulars: Mapping[str, Any],
    lots: Sequence[NewLot] = (),
    begun_from: str = "",
) -> Tender:
    """Put a draft in as far as it goes; ``begun_from`` says what it was begun from, where that is known."""
    method, _ = read_draft(form)
    tender = add(
        session,
        Tender(
            organisation_id=buyer.id,
            ocid=ocid,
            title=method.title,
            contract_value=method.contract_value,
            years=method.years,
            method=dict(form),
            particulars=dict(particulars),
        ),
    )
    for number, lot in enumerate(lots or [NewLot(method.title, method.contract_value)], start=1):
        add(session, Lot(tender_id=tender.id, number=number, title=lot.title, contract_value=lot.contract_value))
    append_event(
        session,
        actor=actor,
        action="tender.drafted",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": ocid, "title": tender.title, "begun_from": begun_from},
    )
    return tender
