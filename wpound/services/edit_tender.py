"""Change a draft: everything about it may be unfinished, and whoever saves second is told (D5)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from wpound.core.errors import InputError, StateError
from wpound.core.method import AwardMethod
from wpound.core.method_drafts import MethodForm, read_draft, set_award
from wpound.core.particulars import Particulars
from wpound.services.access import Person, Policy
from wpound.services.draft_tender import NewLot
from wpound.services.reach_tender import hold_tender
from wpound.services.send_for_approval import require_draft
from wpound.store.audit import append_event
from wpound.store.base import require_version
from wpound.store.models.tenders import Lot, Tender
from wpound.store.tenders import list_lots

# What the particulars page asks of the method: its words and sums, not its criteria.
BASICS = ("title", "contract_value", "years")
RULES = ("ties", "rounding", "threshold")


def edit_basics(
    session: Session,
    person: Person,
    ocid: str,
    version: int,
    *,
    basics: Mapping[str, str],
    particulars: Mapping[str, Any],
) -> Tender:
    """Save the title, value and years (``basics``, as in the file form) and particulars of a draft.

    What ``particulars`` does not name stays as it was. Raises NotFound, StaleEdit, StateError where the draft is with
    a second officer, and InputErrors for what is there and wrong.
    """
    tender = hold_draft(session, person, ocid, version)
    kept = {name: part for name, part in (tender.method or {}).items() if name not in BASICS}
    tender.particulars = Particulars.from_dict({**tender.particulars, **particulars}).to_dict()
    _set_method(session, tender, {**kept, **basics})
    return note_edit(session, tender, person, "particulars")


def edit_lots(session: Session, person: Person, ocid: str, version: int, lots: Sequence[NewLot]) -> Tender:
    """Divide a draft into other lots; one without lots is its own only lot.

    Raises as :func:`edit_basics` does, and InputError where two have the same title.
    """
    tender = hold_draft(session, person, ocid, version)
    if len({lot.title.casefold() for lot in lots}) < len(lots):
        raise InputError("lots", "Two lots have the same title. Give each a title of its own.")
    put_lots(session, tender, lots)
    return note_edit(session, tender, person, "lots")


def put_lots(session: Session, tender: Tender, lots: Sequence[NewLot]) -> None:
    """Make the lots of a draft these, by number from 1; without any, the tender is its own only lot."""
    wanted = lots or [NewLot(tender.title, tender.contract_value)]
    standing = list_lots(session, tender_id=tender.id)
    for row in standing[len(wanted) :]:
        session.delete(row)
    for number, lot in enumerate(wanted, start=1):
        row = standing[number - 1] if number <= len(standing) else Lot(tender_id=tender.id, number=number)
        row.title, row.contract_value = lot.title, lot.contract_value
        session.add(row)
    session.flush()


def edit_particulars(
    session: Session, person: Person, ocid: str, version: int, particulars: Mapping[str, Any], *, what: str
) -> Tender:
    """Save some of the particulars, such as the priorities or the reasons for warnings; ``what`` names them."""
    tender = hold_draft(session, person, ocid, version)
    tender.particulars = Particulars.from_dict({**tender.particulars, **particulars}).to_dict()
    return note_edit(session, tender, person, what)


def edit_criteria(
    session: Session, person: Person, ocid: str, version: int, change: Callable[[MethodForm], MethodForm]
) -> Tender:
    """Save what a change makes of the criteria of a draft; raises as :func:`edit_basics` does, and as the change."""
    tender = hold_draft(session, person, ocid, version)
    _set_method(session, tender, change(tender.method or {}))
    return note_edit(session, tender, person, "criteria")


def edit_rules(
    session: Session, person: Person, ocid: str, version: int, *, award: AwardMethod, rules: Mapping[str, Any]
) -> Tender:
    """Save how the winner is found: the award method, ties, rounding and the threshold on the whole bid."""
    tender = hold_draft(session, person, ocid, version)
    form = set_award(tender.method or {}, award)
    _set_method(session, tender, {name: part for name, part in form.items() if name not in RULES} | dict(rules))
    return note_edit(session, tender, person, "rules")


def hold_draft(session: Session, person: Person, ocid: str, version: int) -> Tender:
    """A draft, held to be changed; raises NotFound, StaleEdit, and StateError where it cannot be changed any more."""
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    require_draft(tender)
    if tender.sent_for_approval_by is not None:
        raise StateError(f"{tender.sent_for_approval_by} has sent this draft for approval. Take it back to change it.")
    require_version(tender, version)
    return tender


def _set_method(session: Session, tender: Tender, form: Mapping[str, Any]) -> None:
    """Keep the form, and beside it what lists show of it; a lot that is the whole tender is called as it is."""
    method, _ = read_draft(form)
    tender.method = dict(form)
    tender.title = method.title or tender.title
    tender.contract_value, tender.years = method.contract_value, method.years
    lots = list_lots(session, tender_id=tender.id)
    if len(lots) == 1:
        lots[0].title, lots[0].contract_value = tender.title, tender.contract_value


def note_edit(session: Session, tender: Tender, person: Person, what: str) -> Tender:
    """Write the change down with the version it made; whatever was saved, the version rises."""
    flag_modified(tender, "particulars")
    session.flush()
    append_event(
        session,
        actor=person.email,
        action="tender.edited",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "what": what, "version": tender.version},
    )
    return tender
