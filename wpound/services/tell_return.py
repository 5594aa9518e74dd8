"""Tell the audit trail, and the people of the supplier, what was done about a return."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from wpound.core.periods import Period
from wpound.services.access import Person
from wpound.services.queue_mail import queue_mail
from wpound.store.audit import append_event
from wpound.store.awards import list_people_of
from wpound.store.contracts import list_contract_suppliers
from wpound.store.models.contracts import Contract
from wpound.store.models.returns import Claim, SocialValueReturn


def tell_audit(
    session: Session,
    sent: SocialValueReturn,
    contract: Contract,
    person: Person,
    action: str,
    detail: Mapping[str, Any],
    claim: Claim | None = None,
) -> None:
    """Write an event about a return, or about one line of it, with its contract and period."""
    session.flush()
    kind, number = ("return", sent.id) if claim is None else ("claim", claim.id)
    told = {"contract": contract.reference, "period": period_of(sent).format(), **detail}
    append_event(session, actor=person.email, action=action, object_kind=kind, object_id=number, detail=told)


def tell_supplier(
    session: Session,
    sent: SocialValueReturn,
    contract: Contract,
    person: Person,
    template: str,
    facts: Mapping[str, Any],
) -> None:
    """Write a mail to everybody who acts for a supplier of the contract; these mails always come."""
    suppliers = list_contract_suppliers(session, [contract.id])[contract.id]
    addresses = [address for one in suppliers for address in list_people_of(session, supplier_id=one.id)]
    told = {"title": contract.title, "period": period_of(sent).format(), **facts}
    for address in dict.fromkeys(addresses):
        queue_mail(session, address, template, told, asked_by_id=person.user_id)


def period_of(sent: SocialValueReturn) -> Period:
    """The days a return is about."""
    return Period(sent.period_start_on, sent.period_end_on)
