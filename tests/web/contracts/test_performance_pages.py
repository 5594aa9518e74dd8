"""What follows a contract in the browser: KPIs and their notice, remedies, payments, and a register as a file."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from wpound.services.import_spend import import_spend, open_source
from wpound.store.base import add
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.suppliers import DecidedBy, Decision, decide, list_payees

KPI = {"title": "Grass cut on time", "target": "95", "unit": "per cent"}
HEADINGS = (
    "OrganisationLabel,ContractReference,ContractTitle,StartDate,EndDate,ContractValue,SupplierName,"
    "CompaniesHouseRegistrationNumber"
)


def find(page: Any, part: str) -> str:
    """Where the first link with this in its address leads."""
    return str(next(href for href in page.links().values() if part in href))


def test_kpis_are_assessed_and_their_notice_is_published(officer: Any, running: Callable[..., str]) -> None:
    contract = running("local-jobs")
    address = f"{contract}/assess"
    assert "Set a KPI of the contract first" in officer.get(address).text
    officer.send(f"{contract}/kpis/new", **KPI)
    page = officer.send(f"{contract}/kpis/new", title="Jobs", target="100", measure_code="local-jobs")
    assert "at least 95 per cent" in page.text and "per cent of what was due" in page.text

    entered = {"ratings__0__measured": "90", "ratings__0__rating": "good", "ratings__1__measured": "100"}
    page = officer.send(address, 400, **entered, summary="")
    assert "Say how the contract was performed" in page.errors()["summary"]
    page = officer.send(address, 400, **entered, summary="Well.")
    [(box, words)] = page.errors().items()
    assert (
        box == "ratings-0-reason"
        and words == "KPI 1: By the thresholds this is Approaching target, so say why it is rated Good."
    )
    assert "Well." in page.text and "90" in [one.get("value") for one in page.all(".//input")]

    page = officer.send(address, **entered, ratings__0__reason="A storm.", summary="Well.")
    notice = find(page, "/assessments/")
    page = officer.get(notice)
    assert "This is a draft." in page.text and "A storm." in page.text and "1 April 2024 to 31 March 2025" in page.text
    assert officer.raw(f"{notice}/notice.json").get_json()["releases"]
    assert officer.raw(f"{notice}/notice.pdf").get_data().startswith(b"%PDF-")
    day = {"noticed_on-day": "1", "noticed_on-month": "4", "noticed_on-year": "2020"}
    assert "between the assessment and today" in officer.send(notice, 400, **day).errors()["noticed_on-day"]
    send_today(officer, notice)
    assert "Published on" in officer.get(notice).text


def test_nobody_assesses_a_period_or_a_kpi_they_were_not_shown(
    officer: Any, browse: Callable[..., Any], running: Callable[..., str]
) -> None:
    contract, mia = running("local-jobs"), browse(name="mia")
    address, given = f"{contract}/assess", {"ratings__0__measured": "99", "summary": "Mine."}
    officer.send(f"{contract}/kpis/new", **KPI)
    before = mia.fields(address)
    officer.send(f"{contract}/kpis/new", **(KPI | {"title": "Complaints"}))
    assert "Mine." in mia.post(address, before, 409, **given).text

    before = mia.fields(address)
    both = {"ratings__0__measured": "95", "ratings__1__measured": "95", "summary": "Theirs."}
    officer.send(address, **both)
    assert "Mine." in mia.post(address, before, 409, **given).text
    assert officer.get(contract).text.count("draft notice") == 1, "the second click did not rate the next year"
    assert "1 April 2025 to 31 March 2026" in officer.get(address).text
    page = mia.post(address, mia.fields(address), 400, ratings__7__measured="1", summary="x")
    assert "ratings-0-reason" in page.errors(), "a row that is no KPI is no rating"


def test_an_assessment_is_corrected_beside_the_one_there_is(
    officer: Any, browse: Callable[..., Any], running: Callable[..., str]
) -> None:
    contract, mia = running("local-jobs"), browse(name="mia")
    officer.send(f"{contract}/kpis/new", **KPI)
    entered = {"ratings__0__measured": "90", "ratings__0__rating": "good", "ratings__0__reason": "A storm."}
    notice = find(officer.send(f"{contract}/assess", **entered, summary="Well."), "/assessments/")
    address = f"{notice}/correct"
    assert "No notice of this period is on record" in officer.get(address).text
    send_today(officer, notice)
    page = officer.get(address)
    assert "was published on" in page.text and "rated Good" in page.text and "90 per cent" in page.text
    opened = officer.fields(address)
    assert opened["ratings-0-reason"] == "A storm." and opened["summary"] == "Well."

    page = officer.send(address, 400, ratings__0__rating="", ratings__0__measured="70", ratings__0__reason="")
    assert page.errors() == {"because": "Say why the assessment is corrected"}
    page = officer.send(
        address,
        400,
        ratings__0__rating="good",
        ratings__0__measured="70",
        ratings__0__reason="",
        because="Counted twice.",
    )
    assert list(page.errors()) == ["ratings-0-reason"]
    late = mia.fields(address)
    mine = {"ratings__0__measured": "70", "ratings__0__rating": "", "ratings__0__reason": ""}
    page = officer.send(address, **mine, because="Counted twice.")
    assert "Inadequate" in page.text and page.text.count("corrected since") == 1 and "Good" not in page.text
    page = mia.post(address, late, 409, because="Mine too.", ratings__0__measured="71")
    assert "Mine too." in page.text, "the second of two corrections is not entered beside the first"

    page = officer.get(notice)
    assert "This assessment was corrected on" in page.text and "A storm." in page.text and "Published on" in page.text
    correction = find(page, "/assessments/")
    page = officer.get(correction)
    assert "Counted twice." in page.text and "This is a draft." in page.text
    assert "70 per cent" in officer.get(address).text, "an older address leads to the correction of what counts"
    assert "1 April 2025 to 31 March 2026" in officer.get(f"{contract}/assess").text, "the next year waits as before"
    assert browse("trust").raw(address).status_code == 404


def send_today(browser: Any, address: str) -> Any:
    """Put today on record as the day of a notice."""
    today = datetime.now(UTC).date()
    parts = {"day": today.day, "month": today.month, "year": today.year}
    return browser.send(address, **{f"noticed_on-{part}": str(number) for part, number in parts.items()})


def test_a_remedy_is_asked_for_and_closed_once(
    officer: Any, browse: Callable[..., Any], running: Callable[..., str]
) -> None:
    contract, mia = running("local-jobs"), browse(name="mia")
    asked = {"problem": "Nobody was hired.", "action": "A plan.", "amount": "1,200", "measure_code": "local-jobs"}
    days = {"due_on-day": "1", "due_on-month": "4", "due_on-year": "2099"}
    page = officer.send(f"{contract}/remedies/new", **asked, **days)
    assert "Nobody was hired." in page.text and "£1,200" in page.text
    remedy = page.links()["Close remedy 1"]
    opened = mia.fields(remedy)
    assert "Say how it ended" in officer.send(remedy, 400, outcome=" ").errors()["outcome"]
    assert "Closed on" in officer.send(remedy, outcome="Hired.").text
    page = officer.get(remedy)
    assert "Hired." in page.text and "£1,200.00" in page.text and not page.all(".//main//form"), "once is enough"
    again = mia.post(remedy, opened, 400, outcome="Paid.")
    assert "closed already" in again.text and "Paid." in again.text


@pytest.fixture
def paid(desk: Any, running: Callable[..., str], tmp_path: Path) -> str:
    """A contract of whose supplier two payments are known, and one payment to somebody else."""
    contract = running("local-jobs")
    with desk.session() as session:
        firm = Supplier(name="Cedar Ltd", size=SupplierSize.UNKNOWN, source="test", seen_on=date(2026, 4, 1))
        session.get_one(Contract, int(contract.rpartition("/")[2])).supplier_id = add(session, firm).id
        organisation = session.get_one(Organisation, desk.ids["council"])
        path = tmp_path / "payments.csv"
        rows = ["01/05/2025,Cedar Ltd,1000.00", "01/06/2025,Cedar Ltd,200.00", "01/05/2025,Birch Ltd,4.00"]
        path.write_text("\n".join(["Payment Date,Supplier Name,Net Amount", *rows]), "utf-8")
        import_spend(session, open_source(session, organisation, "Payments"), path, [], actor="test")
        [payee] = [one for one in list_payees(session, organisation_id=organisation.id) if one.name == "Cedar Ltd"]
        taken = Decision(firm.id, DecidedBy.PERSON, None, ["The same firm."], is_transfer=False)
        decide(session, {payee.id: taken}, actor="test")
    return contract


def test_payments_are_linked_and_taken_out_again(officer: Any, browse: Callable[..., Any], paid: str) -> None:
    address = f"{paid}/payments"
    assert "Paid so far: £0.00" in officer.get(address).text and "2 payments that fit" in officer.get(address).text
    page = officer.send(address, 400, payments=[])
    assert page.errors() == {"fitting-1": "Choose between 1 and 200 payments."}
    assert ticks_of(page) == [], "what was sent is what is ticked"
    mia = browse(name="mia")
    late, opened, tick = mia.fields(address), officer.fields(address), ticks_of(officer.get(address))[:1]
    page = officer.post(address, opened, payments=tick)
    assert "£1,000.00 by the payments linked" in page.text or "£200.00 by the payments linked" in page.text
    page = mia.post(address, late, 400, payments=tick)
    assert "A colleague linked some of these already" in page.errors()["fitting-1"]
    made_up = ["1.999999.", "x.y.z", "-1.2."]
    assert "linked some of these already" in officer.post(address, opened, 400, payments=made_up).text

    page = officer.get("/buyer/contracts/spend?year=2025")
    assert "Payees nobody has identified yet" in page.text and "£4.00" in page.text
    officer.get("/buyer/contracts/spend?year=1999", 404)
    page = officer.post(f"{address}/take-out", opened, 400, payments=[])
    assert page.errors() == {"linked-1": "Choose between 1 and 200 payments."}
    taken = officer.post(f"{address}/take-out", opened, payments=tick)
    page = officer.post(f"{address}/take-out", opened, 400, payments=[])
    assert list(page.errors()) == ["linked"], "where no box is left, the heading"
    assert "No payments linked yet" in taken.text


def ticks_of(page: Any) -> list[str]:
    """The rows of payments that fit."""
    return [one.get("value") for one in page.all(".//input[@name='payments']") if one.get("checked") is not None]


def test_a_register_file_is_looked_at_before_it_is_entered(officer: Any, browse: Callable[..., Any]) -> None:
    rows = [
        "council,A1,Grass,01/04/2026,31/03/2027,125123.00,Ash Ltd,01234567",
        "council,A2,Trees,yesterday,31/03/2027,abc,Birch Ltd,",
        "another,A3,Verges,01/04/2026,31/03/2027,5,Birch Ltd,",
    ]

    def send(status: int = 303, *more: str, name: str = "register.csv") -> Any:
        content = BytesIO("\n".join([HEADINGS, *rows, *more]).encode())
        return officer.send("/buyer/contracts/import", status, file=(content, name))

    assert "Choose the file" in officer.send("/buyer/contracts/import", 400, named_as="Us").errors()["file"]
    page = send()
    assert "Left out." in page.text and "Row 3, StartDate" in page.text and "yesterday" in page.text
    assert "3 rows were read; nothing is entered yet." in page.text and "2 left out, for the reasons below" in page.text
    assert ["".join(one.itertext()) for one in page.all(".//main//form//button")] == ["Enter 1 contract"]
    assert "Grass" not in officer.get("/buyer/contracts?words=A1").text
    assert "This file was read before" in send().text
    address = find(officer.get("/buyer/contracts/import"), "/buyer/contracts/imports/")
    opened = officer.fields(address)
    assert "1 new, 0 changed" in officer.send(address).text
    assert "Grass" in officer.get("/buyer/contracts?words=A1").text
    assert officer.raw(address, method="POST", data=opened).status_code in (400, 409)
    assert browse("trust").raw(address).status_code == 404
