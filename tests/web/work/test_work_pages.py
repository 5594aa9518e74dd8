"""The page of each group says what needs them now, of their own organisation and nobody else's."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from wpound.core.delivery import ClaimState, Side
from wpound.core.errors import Issue, Severity
from wpound.core.periods import Period, quarter_of
from wpound.core.reporting import list_reports, next_report
from wpound.services.access import Role
from wpound.store.base import add
from wpound.store.engine import writing
from wpound.store.models.bids import MarkKind
from wpound.store.models.clarifications import Clarification
from wpound.store.models.returns import Claim, ClaimCorrection, ClaimVersion, VersionKind
from wpound.store.models.spend import FileStatus, SpendFile
from wpound.store.models.tenders import TenderStage
from wpound.store.spend import add_issues

Q2, Q3 = date(2024, 4, 1), date(2024, 7, 1)
EVERYBODY = {
    "officer": ("council", Role.OFFICER, "/buyer"),
    "supplier": ("firm", Role.SUPPLIER, "/supplier"),
    "anchor": ("council", Role.ANCHOR, "/anchor"),
    "admin": ("council", Role.ADMIN, "/admin"),
}
LISTS = {
    "/buyer/tenders": ("council", Role.OFFICER, "No tenders yet"),
    "/buyer/returns": ("council", Role.OFFICER, "No returns yet"),
    "/supplier/returns": ("firm", Role.SUPPLIER, "You have sent no return yet."),
    "/supplier/tenders": ("firm", Role.SUPPLIER, "No open tenders"),
    "/anchor/files": ("council", Role.ANCHOR, "No spend files yet"),
}


def tiles(page: Any) -> dict[str, str]:
    """The figures at the top of a page of work, by what they count; each must lead to a part of the page."""
    found = {}
    for link in page.all(".//li[@class]/a"):
        count, _, text = " ".join("".join(link.itertext()).split()).partition(" ")
        assert not count.isdigit() or link.get("href", "").startswith("#")
        if count.isdigit():
            found[text] = count
    return found


@pytest.mark.parametrize("who", EVERYBODY)
def test_home_leads_to_the_work_of_a_person_and_an_empty_one_says_so(act_as, fetch, who: str) -> None:
    organisation, role, address = EVERYBODY[who]
    client = act_as(organisation, role)
    response = client.get("/home")
    assert (response.status_code, response.headers["Location"]) == (302, address)
    page = fetch(client, address)
    assert f"Example {organisation}" in page.text
    assert all(count == "0" for count in tiles(page).values())
    assert page.headers["Cache-Control"] == "private, no-store"


def test_whoever_belongs_nowhere_is_led_to_the_page_that_says_so(act_as) -> None:
    assert act_as("council").get("/home").headers["Location"] == "/account/organisations"


def test_an_officer_sees_what_waits_and_nothing_of_another_buyer(town, act_as, fetch) -> None:
    for buyer in ("council", "hospital"):
        for stage in TenderStage:
            town.enter_tender(buyer, f"{buyer} {stage}", stage, closes_in_days=-1 if stage != "published" else 2)
    town.enter_tender("council", "council forgotten", TenderStage.PUBLISHED, closes_in_days=-2)
    page = fetch(act_as("council", Role.OFFICER), "/buyer")
    assert tiles(page)["tenders to open"] == "2"
    assert "council closed" in page.text and "council forgotten" in page.text
    assert "hospital" not in page.text
    assert page.links()["2 tenders: Open for bids"] == "/buyer/tenders?stage=published"


def test_scores_missing_count_every_bid_and_every_criterion_that_people_mark(town, act_as, fetch) -> None:
    tender = town.enter_tender("council", "Grounds", TenderStage.EVALUATION, closes_in_days=-9)
    town.enter_bid(tender, "Ash", plan=MarkKind.CONSENSUS, staff=MarkKind.CONSENSUS)
    town.enter_bid(tender, "Birch", plan=MarkKind.INDIVIDUAL)
    page = fetch(act_as("council", Role.OFFICER), "/buyer")
    assert tiles(page)["agreed marks missing"] == "2"
    assert "2 of 4" in page.text
    assert "Ash" not in page.text, "who bid is not for a list"


def test_an_evaluator_sees_the_own_scoring_of_the_own_tender_alone(town, act_as, fetch) -> None:
    own, other = (town.enter_tender("council", title, TenderStage.EVALUATION, -9) for title in ("Own", "Other"))
    town.enter_bid(own, "Ash", plan=MarkKind.INDIVIDUAL, staff=MarkKind.CONSENSUS)
    town.enter_bid(other, "Birch")
    page = fetch(act_as("council", Role.EVALUATOR, tender_id=own), "/buyer")
    assert tiles(page) == {"of your marks missing": "1"}
    assert "1 of 2" in page.text and "Other" not in page.text


def test_returns_to_verify_and_returns_overdue(town, act_as, fetch) -> None:
    first, second = (town.enter_contract("council", reference, date(2024, 4, 1)) for reference in ("C1", "C2"))
    town.enter_contract("hospital", "H1", date(2024, 4, 1))
    town.enter_return(first, date(2024, 4, 1))
    town.enter_return(second, date(2024, 7, 1), sent=False)
    page = fetch(act_as("council", Role.OFFICER), "/buyer")
    today = datetime.now(UTC).date()
    owed = list_reports(Period(date(2024, 4, 1), date(2029, 3, 31)), date(2024, 6, 30), today)
    late = sum(report.is_overdue(today) for report in owed)
    found = tiles(page)
    assert found["return to verify"] == "1"
    assert int(found["returns overdue"]) in (late + 1, late + 2), "a draft, and perhaps the last quarter of the other"
    assert "1 July 2024 to 30 September 2024" in page.text and "H1" not in page.text
    town.enter_return(first, date(2024, 7, 1), sent=False)
    assert "1 return" in fetch(act_as("council", Role.OFFICER), "/buyer/returns").text, "a draft is the supplier's own"
    page = fetch(act_as("council", Role.CONTRACT_MANAGER, contract_id=second), "/buyer")
    assert "C1" not in page.text and "C2" in page.text


def test_a_contract_that_has_just_begun_is_not_overdue(town, act_as, fetch) -> None:
    town.enter_contract("council", "C1", quarter_of(datetime.now(UTC).date()).start_on)
    assert tiles(fetch(act_as("council", Role.OFFICER), "/buyer"))["returns overdue"] == "0"


def test_lines_that_wait_lead_to_where_they_are_decided_and_answered(town, act_as, fetch) -> None:
    contract = town.enter_contract("council", "C1", date(2024, 4, 1))
    waiting = {state: town.enter_return(contract, day) for state, day in (("queried", Q2), ("answered", Q3))}
    town.enter_return(contract, date(2024, 10, 1), verified="8.5")
    with writing(town.engine) as session:
        queried, answered, decided = session.scalars(select(Claim).order_by(Claim.id))
        queried.state, queried.reason, queried.reply_by = ClaimState.QUERIED, "Which jobs?", date(2024, 8, 1)
        made = {"number": 1, "claimed": Decimal(9)}
        said = {"kind": VersionKind.ANSWERED, "level": answered.level, "content": {}, "made_by": "firm"}
        add(session, ClaimVersion(claim_id=answered.id, **made, **said))
        proposed = {"reason": "Counted anew", "proposed_side": Side.SUPPLIER, "proposed_by": "firm"}
        add(session, ClaimCorrection(claim_id=decided.id, **made, **proposed))
        lines = {"queried": queried.id, "answered": answered.id}

    page = fetch(act_as("council", Role.CONTRACT_MANAGER, contract_id=contract), "/buyer")
    shown = tiles(page)
    assert {text: shown[text] for text in ("query answered", "query with a supplier", "correction to decide")} == {
        "query answered": "1",
        "query with a supplier": "1",
        "correction to decide": "1",
    }
    hrefs = [link.get("href") for link in page.all(".//table//a")]
    assert all(f"/buyer/returns/{waiting[key]}/claims/{lines[key]}" in hrefs for key in waiting)
    page = fetch(act_as("firm", Role.SUPPLIER), "/supplier")
    assert tiles(page)["query to answer"] == "1"
    assert f"/supplier/returns/{waiting['queried']}/claims/{lines['queried']}" in page.links().values()
    assert "Overdue" in page.text, "the day to answer by has passed"


def test_a_question_about_a_tender_waits_for_an_officer(town, act_as, fetch) -> None:
    for buyer in ("council", "hospital"):
        tender = town.enter_tender(buyer, f"{buyer} meals", TenderStage.PUBLISHED)
        with writing(town.engine) as session:
            asked = {"asked": "How many?", "asked_by": "a@firm.example", "asked_at": datetime(2026, 1, 1, tzinfo=UTC)}
            add(session, Clarification(tender_id=tender, organisation_id=town.ids["firm"], **asked))
    page = fetch(act_as("council", Role.OFFICER), "/buyer")
    assert tiles(page)["question about a tender"] == "1"
    assert page.links()["council meals"] == "/buyer/tenders/ocds-council%20meals/clarifications"
    assert "hospital" not in page.text and "How many?" not in page.text


@pytest.mark.parametrize(
    ("reported_until", "due_on"),
    [(None, date(2026, 7, 28)), (date(2026, 6, 30), date(2026, 10, 28)), (date(2027, 3, 31), None)],
)
def test_the_next_report_is_of_the_first_quarter_not_reported(reported_until: date | None, due_on: date | None) -> None:
    due = next_report(Period(date(2026, 5, 10), date(2027, 3, 31)), reported_until)
    assert (due and due.due_on) == due_on
    if due:
        assert not due.is_overdue(due.due_on)
        assert not due.is_open(due.period.end_on)


def test_a_supplier_sees_open_tenders_of_every_buyer_and_the_own_bids(town, act_as, fetch) -> None:
    town.enter_tender("council", "Later", TenderStage.PUBLISHED, 9)
    town.enter_tender("hospital", "Sooner", TenderStage.PUBLISHED, 2)
    town.enter_tender("council", "Passed", TenderStage.PUBLISHED, -1)
    town.enter_tender("council", "Secret", TenderStage.DRAFT)
    page = fetch(act_as("firm", Role.SUPPLIER), "/supplier")
    assert tiles(page)["open tenders"] == "2"
    assert page.text.index("Sooner") < page.text.index("Later")
    assert "Passed" not in page.text and "Secret" not in page.text
    assert page.text.count("Not started") == 2


def test_a_supplier_sees_reports_due_drafts_and_what_was_cut_back(town, act_as, fetch) -> None:
    contract = town.enter_contract("council", "C1", date(2024, 4, 1))
    town.enter_return(contract, date(2024, 4, 1), verified="8.5")
    town.enter_return(contract, date(2024, 7, 1), verified="8.4")
    town.enter_return(contract, date(2024, 10, 1), sent=False)
    page = fetch(act_as("firm", Role.SUPPLIER), "/supplier")
    sent = list_reports(Period(date(2024, 4, 1), date(2029, 3, 31)), date(2024, 9, 30), datetime.now(UTC).date())
    assert tiles(page) == {
        "open tenders": "0",
        "questions to answer": "0",
        "returns to send": str(len(sent)),
        "queries to answer": "0",
        "corrections decided": "0",
    }
    assert "Overdue" in page.text
    cut_back = ["".join(row[-1].itertext()) for row in page.all(".//table//tr") if "2024" in "".join(row.itertext())]
    assert cut_back[-2:] == ["1", "0"], "8.5 is not less than 8.50"


def test_a_firm_no_register_knows_is_told_what_is_missing(act_as, fetch) -> None:
    assert "not linked to this account yet" in fetch(act_as("stranger", Role.SUPPLIER), "/supplier").text


def test_an_anchor_sees_its_files_with_what_is_wrong_with_them(town, act_as, fetch) -> None:
    town.enter_file("council", "april.csv", loaded_rows=1, row_count=1)
    town.enter_file("council", "may.csv", status=FileStatus.REFUSED, refused_because="It holds no amounts.")
    town.enter_file("hospital", "other.csv")
    page = fetch(act_as("council", Role.ANCHOR), "/anchor")
    assert "No spend imported yet" in page.text
    assert "It holds no amounts." in page.text and "other.csv" not in page.text


def test_an_anchor_reads_row_by_row_what_was_found_in_a_file(town, act_as, fetch) -> None:
    file = town.enter_file("council", "april.csv", loaded_rows=29, row_count=30, totals_rows=1)
    found = [
        Issue("no_day", Severity.WARNING, "The day cannot be read.", "", n, "Date", "32/04/2026") for n in range(2, 23)
    ]
    with writing(town.engine) as session:
        add_issues(session, session.get_one(SpendFile, file), found)
    client = act_as("council", Role.ANCHOR)
    address = fetch(client, "/anchor/files").links()["april.csv"]
    page = fetch(client, address)
    assert page.title.startswith("april.csv") and "Rows to look at 1 to 20 of 21" in page.text
    row = [" ".join("".join(cell.itertext()).split()) for cell in page.all(".//tbody/tr")[0]]
    assert row == ["2", "The day cannot be read.", "32/04/2026Date", "Warning"]
    assert "Rows left out as totals" in page.text
    assert len(fetch(client, f"{address}?page=2").all(".//tbody/tr")) == 1
    fetch(act_as("hospital", Role.ANCHOR), address, 404)


@pytest.mark.parametrize("address", LISTS)
def test_an_empty_list_says_why(act_as, fetch, address: str) -> None:
    organisation, role, words = LISTS[address]
    assert words in fetch(act_as(organisation, role), address).text


def test_a_list_is_filtered_by_its_address(town, act_as, fetch) -> None:
    town.enter_tender("council", "Begun", TenderStage.DRAFT)
    town.enter_tender("council", "Out", TenderStage.PUBLISHED)
    client = act_as("council", Role.OFFICER)
    page = fetch(client, "/buyer/tenders?stage=draft")
    assert "Begun" in page.text and "Out" not in page.text and "1 tender" in page.text
    assert "Begun" in fetch(client, "/buyer/tenders?stage=").text
    fetch(client, "/buyer/tenders?stage=perhaps", 404)


def test_a_long_list_is_in_pages_that_keep_the_filter(town, act_as, fetch) -> None:
    for number in range(41):
        town.enter_tender("council", f"Number {number:02d}", TenderStage.DRAFT)
    client = act_as("council", Role.OFFICER)
    page = fetch(client, "/buyer/tenders?stage=draft&page=2")
    assert page.title.startswith("Tenders, page 2 of 3")
    assert "Tenders 21 to 40 of 41" in page.text
    assert page.links()["Next page"] == "/buyer/tenders?stage=draft&page=3"
    assert page.links()["1"] == "/buyer/tenders?stage=draft"
    assert [link.get("aria-current") for link in page.all(".//nav[@aria-label='Pages of the list']//li/a")] == [
        None,
        "page",
        None,
    ]
    assert "Number 00" in fetch(client, "/buyer/tenders?page=3").text


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "1e9", "٢", "99999999999", ""])
def test_a_page_there_is_not_is_not_found(act_as, fetch, page: str) -> None:
    fetch(act_as("council", Role.OFFICER), f"/buyer/tenders?page={page}", 404)


@pytest.mark.parametrize("name", ["_external", "_scheme", "_anchor", "endpoint", "self", "values"])
def test_words_added_to_an_address_are_carried_and_do_nothing(town, act_as, fetch, name: str) -> None:
    for number in range(21):
        town.enter_tender("council", f"Number {number}", TenderStage.DRAFT)
    links = fetch(act_as("council", Role.OFFICER), f"/buyer/tenders?{name}=1").links()
    assert links["Next page"] == f"/buyer/tenders?{name}=1&page=2"


def test_a_page_of_work_and_a_list_cost_the_same_queries_however_long_they_are(
    town, act_as, count_queries: Callable[..., int]
) -> None:
    def measure() -> dict[str, int]:
        counts = {}
        for organisation, role, *_, address in [
            *EVERYBODY.values(),
            *((place, role, address) for address, (place, role, _) in LISTS.items()),
        ]:
            client = act_as(organisation, role)
            counts[address] = count_queries(lambda client=client, address=address: client.get(address))
        return counts

    def grow(few: range) -> None:
        for number in few:
            town.enter_tender("council", f"Open {number}", TenderStage.PUBLISHED)
            tender = town.enter_tender("council", f"Marked {number}", TenderStage.EVALUATION, -1)
            town.enter_bid(tender, f"Firm {number}", plan=MarkKind.CONSENSUS)
            contract = town.enter_contract("council", f"C{number}", date(2024, 4, 1))
            town.enter_return(contract, date(2024, 4, 1))
            town.enter_file("council", f"{number}.csv")

    grow(range(1))
    measure()  # the first page, and the first after a change, reads what is then remembered
    before = measure()
    grow(range(1, 12))
    measure()
    assert measure() == before
    assert max(before.values()) < 20
