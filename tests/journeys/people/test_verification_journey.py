"""A contract manager verifies a return: asks about a line, approves, rejects; a decided line is corrected by two."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from secrets import token_hex
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from wpound.core.bids import Commitment as Promise
from wpound.core.claim_counting import EntryKind
from wpound.core.declarations import Declaration
from wpound.core.due_dates import Settlement
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.roles import Role
from wpound.services.access import Person, find_person
from wpound.services.answer_query import answer_query
from wpound.services.change_roles import grant_role
from wpound.services.count_claim import NewEntry
from wpound.services.edit_claim import ClaimContent, edit_claim
from wpound.services.edit_contract import ContractDetails, add_commitment
from wpound.services.enter_contract import ContractTerms
from wpound.services.open_return import open_return
from wpound.services.register_contract import NamedSupplier, register_contract
from wpound.services.submit_return import submit_return
from wpound.store.accounts import get_user
from wpound.store.base import add
from wpound.store.engine import writing
from wpound.store.models.accounts import User
from wpound.store.organisations import get_organisation
from wpound.store.returns import get_claim, get_return

HOST = "a-rather-long-name-of-a-department.example.com"
LIFE = Period(date(2025, 4, 1), date(2028, 3, 31))
WORDS = "Work in the parks of the city; the baseline is 2024, scope 1, factors of 2025."
WORKERS = tuple(NewEntry(EntryKind.PERSON, f"P-{number}", hours=Decimal(35)) for number in (1, 2))
LINES = {
    "local-jobs": (Decimal(8), ClaimContent(entries=WORKERS, narrative=WORDS)),
    "volunteering-hours": (Decimal(80), ClaimContent(amount=Decimal(24), share=Decimal(50), narrative=WORDS)),
    "carbon-fleet": (Decimal(30), ClaimContent(amount=Decimal("12.5"), narrative=WORDS)),
}
QUESTION = "Which people are these, and since when do they work on the contract?"


@dataclass
class Sent:
    """A return that was sent, and what its supplier can still do."""

    app: Flask
    return_id: int
    claims: list[int]

    @property
    def path(self) -> str:
        return f"/buyer/returns/{self.return_id}"

    def answer(self, claim_id: int) -> None:
        """The supplier answers the question about a line."""
        here = self.app.extensions["wpound"]
        with writing(here.engine) as session:
            claim, sam = get_claim(session, claim_id), person(session, "sam")
            about = {"version": claim.version, "catalogue": here.catalogue}
            answer_query(session, sam, self.return_id, claim_id, "Both since April, see the payroll.", **about)


def person(session: Any, name: str) -> Person:
    found = find_person(session, get_user(session, f"{name}@{HOST}").id)
    assert found is not None
    return found


@pytest.fixture
def sent(app: Flask) -> Sent:
    """A return of three lines, under a contract that Mona looks after."""
    here = app.extensions["wpound"]
    with writing(here.engine) as session:
        officer, sam, council = (
            person(session, "maximiliana"),
            person(session, "sam"),
            get_organisation(session, "council"),
        )
        firm = NamedSupplier("Joinery (Example) Ltd", company_number="ZZ000001")
        terms = ContractTerms("C-2025-7", "Parks and verges", Money.from_pounds("640000"), LIFE)
        contract = register_contract(session, officer, firm, terms, ContractDetails(), here.catalogue)
        for code, (quantity, _) in LINES.items():
            year = 2025 if code == "carbon-fleet" else None
            add_commitment(session, officer, contract.id, Promise(code, quantity, year), Settlement(), here.catalogue)
        keys = {"fs_uniquifier": token_hex(32), "fs_webauthn_user_handle": token_hex(32)}
        mona = add(session, User(email=f"mona@{HOST}", name="Mona Manager", **keys))
        grant_role(session, mona, council, Role.CONTRACT_MANAGER, actor="test", contract_id=contract.id)
        opened = open_return(session, sam, contract.id, LIFE.start_on)
        claims = [claim.id for claim in opened.claims]
        for number, (_, content) in zip(claims, LINES.values(), strict=True):
            tools = {"catalogue": here.catalogue, "settings": here.settings}
            version = get_claim(session, number).version
            edit_claim(session, sam, opened.id, number, content, version=version, **tools)
        about = {"version": get_return(session, opened.id).version, "declarations": list(Declaration)}
        submit_return(session, sam, opened.id, catalogue=here.catalogue, **about)
        return Sent(app, opened.id, claims)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def approve(page: Page, *, looked_at: str = "The files, beside the figures.") -> None:
    page.get_by_label("Checked by an officer").check()
    page.get_by_label("What you looked at").fill(looked_at)
    press(page, "Approve")


def test_a_return_is_verified_and_corrected(
    open_as: Callable[..., Page], sent: Sent, check: Callable[[Page], None], walk: Callable[[Page], None]
) -> None:
    page = open_as("mona", "/buyer/returns?status=submitted", 320)
    check(page)
    page.get_by_role("link", name="Parks and verges").click()
    expect(page.get_by_text("0 of 3 lines decided.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Begin with Local people in work").click()
    check(page)
    walk(page)
    press(page, "Send the question")
    expect(page.get_by_text("There is a problem")).to_be_visible()
    check(page)
    page.get_by_label("Your question").fill(QUESTION)
    press(page, "Send the question")

    expect(page.get_by_role("heading", name="Volunteering")).to_be_visible()
    approve(page)
    expect(page.get_by_role("heading", name="Carbon")).to_be_visible()
    page.get_by_label("Why it is rejected").fill("These are the trips of another contract.")
    press(page, "Reject")
    expect(page.get_by_text("2 of 3 lines decided. 1 with the supplier.")).to_be_visible()
    check(page)

    sent.answer(sent.claims[0])
    page.reload()
    page.get_by_role("button", name="Go on with Local people in work").click()
    expect(page.get_by_text("Both since April, see the payroll.")).to_be_visible()
    approve(page)
    expect(page.get_by_text("3 of 3 lines decided.")).to_be_visible()

    page.get_by_role("link", name="Volunteering").click()
    page.get_by_label("What should be claimed, in hours").fill("10")
    page.get_by_label("Why the figure should change").fill("One afternoon was counted twice.")
    press(page, "Propose the correction")
    expect(page.get_by_text("Somebody else decides on it, as you proposed it.")).to_be_visible()
    check(page)
    officer = open_as("maximiliana", f"{sent.path}/claims/{sent.claims[1]}")
    check(officer)
    officer.get_by_label("Confirmed by a third party").check()
    press(officer, "Accept the correction")
    expect(officer.get_by_text("Correction 1: accepted")).to_be_visible()
    check(officer)
    walk(officer)
