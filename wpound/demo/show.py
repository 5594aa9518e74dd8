"""What the demonstration puts before people first: the newest league table, one tender, its certificate."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from wpound.catalogue.model import Catalogue, City
from wpound.config import Settings
from wpound.core.errors import NotFound
from wpound.core.results import TenderResult
from wpound.demo.cast import AWARDED_CONTRACT, AWARDED_OCID, MANAGED_CONTRACT
from wpound.demo.contracts import RETURNS_YEAR
from wpound.demo.suppliers import address_at, email_of
from wpound.demo.verify import read_link, token_of
from wpound.documents.assessment_summary import AssessmentSummary
from wpound.documents.league_report import LeagueReport
from wpound.services.answer_confirmation import view_question
from wpound.services.build_league_table import get_league_report
from wpound.services.evaluate_bids import confirm_result
from wpound.services.summarise_assessment import summarise_assessment
from wpound.store.certificates import list_certificates
from wpound.store.contracts import get_contract, list_contracts
from wpound.store.file_folder import get_file_content
from wpound.store.organisations import list_anchors
from wpound.store.returns import list_returns
from wpound.store.suppliers import get_supplier
from wpound.store.tenders import get_lot, get_tender

NEXT_STEPS = (
    "This is a fictional demonstration: no contract was bought and nobody bid.",
    "After a real assessment summary a standstill period of at least eight working days follows before the contract.",
)


@dataclass(frozen=True)
class Showpieces:
    """The pieces, as stored: nothing here is worked out again with another result."""

    report: LeagueReport
    result: TenderResult
    summary: AssessmentSummary
    certificate: bytes
    serial: str


def find_showpieces(session: Any, settings: Settings, city: City, catalogue: Catalogue) -> Showpieces:
    """Read the showpieces from a database the demonstration was loaded into; raises NotFound from any other."""
    report = get_league_report(session, city, city.localities[0].key, RETURNS_YEAR)
    if report is None:
        raise NotFound("There is no league table of the demonstration here. Load it with: wpound demo")
    tender = get_tender(session, AWARDED_OCID)
    _, result = confirm_result(session, tender, get_lot(session, tender, 1), catalogue)
    [newest], _ = list_certificates(session, organisation_id=tender.organisation_id, limit=1)
    certificate = newest.certificate
    return Showpieces(
        report=replace(report, publisher=f"{report.publisher}: fictional demonstration data"),
        result=result,
        summary=_summarise(session, city, catalogue, tender, result),
        certificate=get_file_content(settings.data_dir / "files", certificate.pdf_sha256),
        serial=certificate.serial,
    )


def list_pages(session: Any, settings: Settings, catalogue: Catalogue) -> dict[str, str]:
    """Pages of returns to look at: what each is, with its address; a link that was answered is left out."""
    base, buyer_id = settings.base_url, get_tender(session, AWARDED_OCID).organisation_id
    reported, checked = (
        list_returns(session, contract_id=get_contract(session, reference, organisation_id=buyer_id).id)
        for reference in (AWARDED_CONTRACT, MANAGED_CONTRACT)
    )
    pages = {
        "A return to fill in, as supplier@demo.example": f"{base}/supplier/returns/{reported[-1].id}",
        "A return to verify, as manager@demo.example": f"{base}/buyer/returns/{checked[-1].id}",
    }
    link = read_link(settings.data_dir / "demo")
    with suppress(NotFound):
        view_question(session, token_of(link), catalogue, settings)
        pages["What those who benefited are asked, without signing in"] = link
    return pages


def _summarise(session: Any, city: City, catalogue: Catalogue, tender: Any, result: TenderResult) -> AssessmentSummary:
    """The summary for the bidder that came second, who will want to know why."""
    anchors = list_anchors(session, city_key=city.key)
    buyer = next(anchor for anchor in anchors if anchor.id == tender.organisation_id)
    contracts = list_contracts(session, organisation_id=buyer.id)
    winner = get_supplier(session, next(one.supplier_id for one in contracts if one.tender_id == tender.id))
    return summarise_assessment(
        session,
        buyer,
        tender,
        get_lot(session, tender, 1),
        catalogue,
        result.bids[1].bidder,
        winner_address=address_at(winner.addresses[0].postcode or ""),
        winner_email=email_of(winner.name),
        next_steps=NEXT_STEPS,
    )
