"""Begin a tender: from nothing, a starter, an earlier tender or a file; its identifier is made here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from wpound.catalogue.starters import Starter
from wpound.core.errors import InputError, InputErrors
from wpound.core.method import Method
from wpound.core.particulars import Particulars
from wpound.ingest.tender_file import read_tender_file
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.draft_tender import NewLot, enter_draft
from wpound.services.reach_tender import reach_tender
from wpound.store.engine import lock
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender
from wpound.store.tenders import find_tender, list_lots, list_tenders

# What an earlier tender said that cannot hold for the next one.
OF_ITS_TIME = ("start_on", "warning_reasons")
# What a whole tender file holds beside the method.
BESIDE = ("as_of", "bids")


def start_blank(session: Session, person: Person, title: str, *, prefix: str) -> Tender:
    """A draft with a title and nothing else; ``prefix`` begins its identifier."""
    return _start(session, person, {"title": title, "criteria": []}, prefix=prefix, begun_from="nothing")


def start_from_starter(session: Session, person: Person, title: str, starter: Starter, *, prefix: str) -> Tender:
    """A draft with the method of a starter, to be changed."""
    form = replace(starter.method, title=title).to_dict()
    particulars = Particulars(kind=starter.kind).to_dict()
    about = f"starter {starter.key}"
    return _start(session, person, form, prefix=prefix, particulars=particulars, begun_from=about)


def start_from_tender(session: Session, person: Person, title: str, ocid: str, *, prefix: str) -> Tender:
    """A draft with method, particulars and lots of an earlier tender of the organisation, but its days and reasons.

    Raises NotFound for another organisation's.
    """
    earlier = reach_tender(session, person, ocid, Policy.OFFICER)
    form = {**(earlier.method or {"criteria": []}), "title": title}
    kept = {name: part for name, part in earlier.particulars.items() if name not in OF_ITS_TIME}
    rows = list_lots(session, tender_id=earlier.id)
    lots = [NewLot(row.title, row.contract_value) for row in rows] if len(rows) > 1 else []
    return _start(session, person, form, prefix=prefix, particulars=kept, lots=lots, begun_from=ocid)


def start_from_file(session: Session, person: Person, title: str, content: bytes, *, prefix: str) -> Tender:
    """A draft with the method of a tender file (JSON, TOML or XLSX), whose day and bids are left aside.

    Without a title it has the file's. Raises InputErrors with everything wrong with the method, by place.
    """
    form = read_method_file(content, {"title": title} if title else {}).to_dict()
    return _start(session, person, form, prefix=prefix, begun_from="file")


def list_earlier(session: Session, person: Person) -> dict[str, str]:
    """The tenders an officer can begin a new one from, newest first: their titles by identifier."""
    decide(Policy.OFFICER, person)
    found = list_tenders(session, organisation_id=organisation_of(person))
    return {tender.ocid: f"{tender.title} ({tender.ocid})" for tender in found}


def read_method_file(content: bytes, instead: Mapping[str, str]) -> Method:
    """The method of a tender file, some of it replaced; raises InputErrors with everything wrong with it, by place."""
    file = read_tender_file(content)
    try:
        file.problems.raise_if_any()
        return Method.from_dict({name: part for name, part in file.data.items() if name not in BESIDE} | dict(instead))
    except InputErrors as found:
        places = file.locate(found).errors
        raise InputErrors([InputError("file", f"{error.field}: {error.message}") for error in places]) from None


def _start(
    session: Session,
    person: Person,
    form: Mapping[str, Any],
    *,
    prefix: str,
    particulars: Mapping[str, Any] | None = None,
    lots: Sequence[NewLot] = (),
    begun_from: str,
) -> Tender:
    decide(Policy.OFFICER, person)
    # Held, so that two officers who begin at once do not get one identifier.
    buyer = lock(session, Organisation, organisation_of(person))
    return enter_draft(
        session,
        buyer,
        form,
        ocid=_make_ocid(session, buyer, prefix),
        actor=person.email,
        particulars=Particulars().to_dict() | dict(particulars or {}),
        lots=lots,
        begun_from=begun_from,
    )


def _make_ocid(session: Session, buyer: Organisation, prefix: str) -> str:
    """The next identifier of the buyer that no tender has: prefix, buyer and a running number."""
    number = len(list_tenders(session, organisation_id=buyer.id)) + 1
    while find_tender(session, ocid := f"{prefix}-{buyer.key}-{number:04}") is not None:
        number += 1
    return ocid
