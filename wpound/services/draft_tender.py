"""Start a tender: its method is checked as a whole and can still change."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from wpound.core.errors import InputError
from wpound.core.method import Method
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender
from wpound.store.tenders import find_tender


def draft_tender(session: Session, buyer: Organisation, form: Mapping[str, Any], *, ocid: str, actor: str) -> Tender:
    """Enter a draft from the file form of a method (a tender file without its day and bids).

    Raises InputErrors with every problem of the method, InputError where the OCID is blank or taken.
    """
    method = Method.from_dict(form)
    if not ocid.strip():
        raise InputError("ocid", "Give the tender its open contracting identifier (OCID).")
    if find_tender(session, ocid) is not None:
        raise InputError("ocid", f"There is already a tender {ocid}. Give this one an identifier of its own.")
    tender = add(
        session,
        Tender(
            organisation_id=buyer.id,
            ocid=ocid,
            title=method.title,
            contract_value=method.contract_value,
            years=method.years,
            method=method.to_dict(),
        ),
    )
    append_event(
        session,
        actor=actor,
        action="tender.drafted",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": ocid, "title": tender.title, "method_hash": method.method_hash},
    )
    return tender
