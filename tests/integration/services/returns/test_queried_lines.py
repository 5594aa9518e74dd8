"""What a supplier writes into a queried line is its own until it has answered: nobody counts or shows it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from wpound.core.claim_content import NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.core.delivery import VerificationLevel
from wpound.core.errors import InputErrors
from wpound.core.periods import Period
from wpound.documents.return_record import return_record_json
from wpound.services.answer_query import answer_query
from wpound.services.approve_line import Approval
from wpound.services.ask_beneficiary import show_confirmations
from wpound.services.check_claim import approve_claim, query_claim
from wpound.services.check_file import check_file
from wpound.services.export_return import export_return
from wpound.services.gather_delivery import cover_contract, gather_facts
from wpound.services.keep_evidence import add_evidence
from wpound.services.show_delivery import show_delivery
from wpound.services.show_return import show_buyers_return, show_own_return
from wpound.store.models.returns import SocialValueReturn

# SQL differs in what the lists show alone, which every test of them runs on both.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
FAIR = "Careers fair, town hall, 12 May 2026"


def fair(share: str) -> NewEntry:
    return NewEntry(EntryKind.EVENT, FAIR, amount=Decimal(9), share=Decimal(share))


def worker(reference: str, hours: str = "35", **more: Any) -> NewEntry:
    return NewEntry(EntryKind.PERSON, reference, hours=Decimal(hours), **more)


def query(reporting: Any, sent: SocialValueReturn, measure: str) -> None:
    claim, about = reporting.claim(sent, measure), {"base_url": "", "clock": reporting.clock}
    reply_by = date(2026, 8, 1)
    query_claim(
        reporting.session, reporting.olga, sent.id, claim.id, "Whose?", reply_by, version=claim.version, **about
    )


def test_figures_not_sent_again_are_on_no_page_and_no_certificate(reporting: Any) -> None:
    sent, session = reporting.send(), reporting.session
    carbon, hours = (reporting.claim(sent, code) for code in ("carbon-fleet", "volunteering-hours"))
    some = Approval(Decimal("2.5"), VerificationLevel.OFFICER_CHECKED, checked="Fuel cards.")
    about = {"version": carbon.version, "base_url": "", "clock": reporting.clock}
    approve_claim(session, reporting.olga, sent.id, carbon.id, some, **about)
    query(reporting, sent, "volunteering-hours")
    reporting.write(sent, "volunteering-hours", amount=Decimal(7777))

    assert told(session, reporting, sent, hours.id) == [12] * 3
    rewritten = reporting.claim(sent, "volunteering-hours").version
    answer_query(session, reporting.ann, sent.id, hours.id, "Ours.", version=rewritten, catalogue=reporting.catalogue)
    assert told(session, reporting, sent, hours.id) == [7777] * 3


def told(session: Session, reporting: Any, sent: SocialValueReturn, claim_id: int) -> list[Decimal]:
    """What the dashboard, a certificate and the question to those who benefited say of volunteering."""
    catalogue, clock, contract = reporting.catalogue, reporting.clock, reporting.contract
    lines = show_delivery(session, contract, catalogue, clock)
    [line] = [one for one in lines if one.commitment.measure_code == "volunteering-hours"]
    period, today = Period(sent.period_start_on, sent.period_end_on), clock(session).date()
    facts = gather_facts(session, catalogue, cover_contract(session, contract), period, today)
    [certified] = [one for one in facts.lines if one.measure == "volunteering-hours"]
    asked = show_confirmations(session, reporting.olga, sent.id, claim_id, catalogue, clock=clock)
    return [line.progress.claimed, certified.claimed.amount, asked.words.quantity.amount]


@ON_SQLITE
def test_what_was_not_sent_again_takes_nothing_from_another_contract(reporting: Any) -> None:
    mine = reporting.send()
    other = reporting.fill(reporting.open(contract_id=reporting.enter("C-2")))
    reporting.write(other, "local-jobs", entries=(worker("P-9"),))
    reporting.write(other, "volunteering-hours", entries=(fair("100"),))
    query(reporting, mine, "volunteering-hours")
    claim = reporting.write(mine, "volunteering-hours", entries=(fair("100"),))

    reporting.submit(other)

    args = (reporting.session, reporting.ann, mine.id, claim.id, "Ours.")
    with pytest.raises(InputErrors, match="Nothing is left"):
        answer_query(*args, version=claim.version, catalogue=reporting.catalogue)


@ON_SQLITE
def test_a_buyer_is_warned_of_nothing_that_was_not_sent_again(reporting: Any) -> None:
    days = [date(2026, 4, 1), date(2026, 5, 1)]
    other = reporting.fill(reporting.open(contract_id=reporting.enter("C-2")))
    reporting.write(other, "local-jobs", entries=(worker("P-1", "10", started_on=days[0]),))
    reporting.submit(other)
    mine = reporting.fill(reporting.open())
    reporting.write(mine, "local-jobs", entries=(worker("P-1", "10", started_on=days[0]),))
    reporting.submit(mine)
    query(reporting, mine, "local-jobs")
    reporting.write(mine, "local-jobs", entries=(worker("P-1", "10", started_on=days[1]),))

    def codes(show: Any, who: Any) -> list[str]:
        page = show(reporting.session, who, mine.id, reporting.catalogue, clock=reporting.clock)
        return [one.code for one in page.lines[0].warnings]

    assert "start_moved" in codes(show_own_return, reporting.ann)
    assert "start_moved" not in codes(show_buyers_return, reporting.olga)


@ON_SQLITE
def test_the_buyers_record_tells_of_no_file_that_was_not_sent(reporting: Any) -> None:
    sent, session = reporting.send(), reporting.session
    query(reporting, sent, "volunteering-hours")
    claim, file = reporting.claim(sent, "volunteering-hours"), check_file(reporting.settings, "a.csv", b"hours\n12\n")
    about = {"description": "Hours", "has_personal_data": False, "settings": reporting.settings}
    add_evidence(session, reporting.ann, sent.id, claim.id, file, **about)

    def told() -> bool:
        record = export_return(session, reporting.olga, sent.id, reporting.catalogue)
        return file.sha256 in return_record_json(record).decode()

    assert not told()
    answered = {"version": claim.version, "catalogue": reporting.catalogue}
    answer_query(session, reporting.ann, sent.id, claim.id, "Ours: see the list.", **answered)
    assert told()
