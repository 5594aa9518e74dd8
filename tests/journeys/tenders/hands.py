"""What people do with the pages of a tender: find their way, fill in, press, and read what they are told."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import Page, expect

WORKBOOKS = Path(__file__).parents[2] / "web" / "bids" / "test_bid_workbook_pages.py"
TITLE = "Grounds maintenance of parks and verges"
NARROW, WIDE = {"width": 320, "height": 900}, {"width": 1280, "height": 900}
PASSPHRASES = {"ophelia": "copper kettle on a hill", "otto": "seven grey herons fly", "olga": "a boat full of lamps"}
PRICES = {"alma": "100,000", "bruno": "110,000", "cora": "90,000"}


@dataclass
class Journey:
    """The town with its tender, once there is one."""

    town: Any
    check: Callable[[Page], None]
    ocid: str = ""

    def officer(self, name: str, step: str = "") -> Page:
        """The tender's own page, or the page of one of its steps as it is listed there."""
        page: Page = self.town.open_as(name, f"/buyer/tenders/{self.ocid}")
        if step:
            page.get_by_role("main").get_by_role("link", name=step, exact=True).click()
            expect(page).not_to_have_url(f"{self.town.address}/buyer/tenders/{self.ocid}")
        return page

    def bidder(self, name: str) -> Page:
        """A firm's bid, found in the list of open tenders."""
        page: Page = self.town.open_as(name, "/supplier/tenders")
        follow(page, TITLE)
        return page

    def look(self, page: Page) -> None:
        """The page is for everyone, on a screen and on a telephone."""
        self.check(page)
        page.set_viewport_size(NARROW)
        self.check(page)
        page.set_viewport_size(WIDE)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("alert").get_by_text(words)).to_be_visible()


def fill_day(page: Page, group: str, day: date) -> None:
    boxes = page.get_by_role("group", name=group)
    for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(part, exact=True).fill(str(number))


def write_bid(journey: Journey, name: str, posts: str) -> Page:
    """All of a bid in its task list, part by part; what is written is a draft."""
    page = journey.bidder(name)
    expect(page.get_by_role("heading", name="Not submitted yet")).to_be_visible()
    entries = {
        "About your company": {"headcount": "6"},
        "Price": {"price": PRICES[name], "fte": "3"},
        "Pass or fail questions": {},
        "What you promise": {"promise-local-jobs": posts, "promise-local-supply-chain-spend": "9,000"},
        "How you will deliver it": {
            "plan-local-jobs": "Two posts from the first day.",
            "plan-local-supply-chain-spend": "Hire of tools in town.",
        },
        "How you would do the work": {"answer": "A crew for six parks each, with a check every Friday."},
        "How you would keep your promises": {"answer": "The college sends us people; we keep the payslips."},
    }
    for title, fields in entries.items():
        follow(page, title)
        for field, text in fields.items():
            page.locator(f"[name='{field}']").fill(text)
        if not fields:
            page.get_by_label("Yes", exact=True).check()
        press(page, "Save as draft")
        told(page, "Saved as a draft. Nothing is submitted yet.")
    return page


def submit(page: Page, button: str = "Submit the bid", *, warned: bool = False) -> str:
    """Read the bid through and submit it; gives the number of the receipt."""
    follow(page, "Read it through")
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    press(page, "Continue to submit")
    if warned:
        page.get_by_label("I have read the warning").check()
    page.get_by_label("I may submit this bid").check()
    press(page, button)
    told(page, "Your bid was submitted.")
    return page.get_by_role("heading", level=1).inner_text()


def check_receipt(page: Page) -> None:
    """What a careful bidder does: download the bid and compare its fingerprint with the receipt's."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="download the bid as it was submitted").click()
    content = waiting.value.path().read_bytes()
    expect(page.get_by_text(hashlib.sha256(content).hexdigest(), exact=True)).to_be_visible()
    assert json.loads(content)["price"] == "98000.00"


def workbooks() -> ModuleType:
    """How the page tests write into a workbook."""
    spec = spec_from_file_location("workbooks", WORKBOOKS)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_keys(journey: Journey) -> None:
    for name, passphrase in PASSPHRASES.items():
        page = journey.town.open_as(name, "/account/opening-key")
        page.get_by_label("Opening passphrase").fill(passphrase)
        page.get_by_label("The same passphrase again").fill(passphrase)
        page.get_by_label("I understand that nobody can find or replace").check()
        press(page, "Make the key")
        told(page, "Your opening key is made.")


def act_as_openers(journey: Journey, first: str, second: str, heading: str) -> None:
    for name in (first, second):
        page = journey.officer(name, "Opening of bids")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        page.get_by_label("Your opening passphrase").fill(PASSPHRASES[name])
        press(page, "Do my part")
        expect(page.get_by_label("Your opening passphrase")).to_have_count(0)
