"""Enters the demonstration's contracts and the returns made under them, at the dates they were made."""

from typing import Any

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.bids import Commitment
from wpound.demo.cast import OFFICER
from wpound.demo.contracts import DemoContract
from wpound.demo.load_award import award
from wpound.demo.load_tenders import get_firm
from wpound.demo.people import enter_firm
from wpound.demo.report import begin_return, open_desk, send_return
from wpound.demo.verify import check_return
from wpound.services.enter_contract import ContractTerms, enter_contract
from wpound.store.organisations import get_organisation
from wpound.store.tenders import get_lot


def load_contract(session: Any, settings: Settings, catalogue: Catalogue, contract: DemoContract, tender: Any) -> Any:
    """Enter a contract, by the award of its stored tender where it has one, with its returns; gives the stored one."""
    stored = _enter(session, catalogue, contract) if tender is None else _award(session, catalogue, contract, tender)
    buyer = get_organisation(session, contract.buyer.key)
    firm = enter_firm(session, get_firm(session, contract.supplier))
    desk = open_desk(session, settings, catalogue, contract, stored, buyer, firm)
    for quarter in contract.returns:
        check_return(desk, quarter, send_return(desk, quarter))
    if tender is not None:
        begin_return(desk)
    return stored


def _enter(session: Any, catalogue: Catalogue, contract: DemoContract) -> Any:
    return enter_contract(
        session,
        get_organisation(session, contract.buyer.key),
        get_firm(session, contract.supplier),
        ContractTerms(contract.reference, contract.title, contract.value, contract.life),
        [Commitment(promise.measure.code, promise.quantity, promise.year) for promise in contract.commitments],
        catalogue,
        actor=OFFICER,
    )


def _award(session: Any, catalogue: Catalogue, contract: DemoContract, tender: Any) -> Any:
    lot = get_lot(session, tender, 1)
    return award(session, catalogue, tender, lot, contract.supplier, contract.reference, contract.life)
