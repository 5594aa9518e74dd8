"""Certificates: only what was verified, numbered without gaps, and an honest answer to whoever asks later."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, City
from wpound.config import Settings
from wpound.core.bids import Commitment as Promise
from wpound.core.delivery import VerificationLevel as Level
from wpound.core.errors import InputError, StateError
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import write_credential
from wpound.documents.signing import open_keys, seal
from wpound.services import issue_certificate as issuing
from wpound.services import verify_certificate
from wpound.services.clock import Clock, fixed_clock
from wpound.services.enter_contract import ContractTerms, enter_contract
from wpound.services.gather_delivery import cover_contract
from wpound.services.issue_certificate import (
    Desk,
    IssuedCertificate,
    Order,
    Wanted,
    issue_certificate,
    issue_within,
)
from wpound.services.keep_certificate_keys import find_key_ring, rotate_signing_key
from wpound.services.revoke_certificate import revoke_certificate
from wpound.services.verify_certificate import Outcome, read_register, verify_by_file, verify_by_serial
from wpound.store.audit import ChainHead, append_event, list_events, verify_chain
from wpound.store.certificates import RegisterEntry, find_entry, find_entry_of_file, list_certificates
from wpound.store.contracts import get_contract
from wpound.store.engine import reading, writing
from wpound.store.models.certificates import Certificate
from wpound.store.models.contracts import Contract

Deliver = Callable[..., None]
QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
LATER = fixed_clock(datetime(2026, 10, 20, 9, tzinfo=UTC))
# Half past midnight in London, where clocks are an hour ahead in summer.
SUMMER_NIGHT = fixed_clock(datetime(2026, 7, 31, 23, 30, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path / "data")})


def enter(buying: Any, reference: str = "C-1", firm: str = "Ash") -> Contract:
    """10 FTE-years over eight quarters and 20 tonnes in 2026, of which three quarters are the contract's."""
    terms = ContractTerms(reference, "Grounds", Money(48_000_000), Period(date(2026, 4, 1), date(2028, 3, 31)))
    promises = [Promise("local-jobs", Decimal(10)), Promise("carbon-fleet", Decimal(20), 2026)]
    return enter_contract(
        buying.session, buying.buyer, buying.firms[firm], terms, promises, buying.catalogue, actor="officer"
    )


@pytest.fixture
def deliver(report_return: Callable[..., object]) -> Deliver:
    """Claim 1.2 FTE-years and 3 tonnes in the first quarter, and have them checked."""

    def report(session: Session, contract: Contract, verified: tuple[str, str] | None = ("1", "2.5")) -> None:
        claimed, levels = (Decimal("1.2"), Decimal(3)), (Level.OFFICER_CHECKED, Level.THIRD_PARTY)
        found = [Decimal(one) for one in verified] if verified else (None, None)
        rows = zip(contract.commitments, claimed, found, levels, strict=True)
        told = {one.id: (amount, holds, level) for one, amount, holds, level in rows}
        report_return(session, contract, QUARTER, told, LATER)

    return report


def later(entry: RegisterEntry | None, at: datetime) -> RegisterEntry:
    """What the register holds, looked at on another day."""
    assert entry is not None
    return entry._replace(read_at=at)


@pytest.fixture
def contract(buying: Any) -> Contract:
    return enter(buying)


@pytest.fixture
def issue(session: Session, settings: Settings, city: City, catalogue: Catalogue) -> Callable[..., IssuedCertificate]:
    def issue_one(contract: Contract, period: Period = QUARTER, clock: Clock = LATER) -> IssuedCertificate:
        wanted = Wanted(cover_contract(session, contract), period)
        return issue_within(session, Desk(settings, city, catalogue, "officer", clock), wanted)

    return issue_one


def test_what_is_due_in_a_quarter_is_its_share_of_the_contract(
    session: Session, contract: Contract, issue: Callable[..., IssuedCertificate], deliver: Deliver
) -> None:
    deliver(session, contract)

    facts = issue(contract).certificate.facts

    jobs, carbon = facts["lines"]
    # 10 / 8 quarters; 20 / 3 quarters of 2026 in the contract, to two decimals.
    assert (jobs["promised"], jobs["claimed"], jobs["verified"]) == ("1.25", "1.2", "1")
    assert (carbon["promised"], carbon["claimed"], carbon["verified"]) == ("6.67", "3", "2.5")
    assert (jobs["share_verified"], carbon["share_verified"]) == ("0.800000", "0.374813")
    assert facts["share_verified"] == "0.587406"
    assert (jobs["level"], carbon["level"]) == ("officer_checked", "third_party")
    assert facts["verified_on"] == "2026-10-20"


def test_days_are_those_of_london(
    session: Session, contract: Contract, issue: Callable[..., IssuedCertificate], deliver: Deliver
) -> None:
    deliver(session, contract)
    assert issue(contract, clock=SUMMER_NIGHT).certificate.issued_on == date(2026, 8, 1)


def test_nothing_verified_is_nothing_to_certify(
    session: Session, contract: Contract, issue: Callable[..., IssuedCertificate], deliver: Deliver
) -> None:
    with pytest.raises(StateError, match="nothing to certify"):
        issue(contract)
    deliver(session, contract, verified=None)
    with pytest.raises(StateError, match="nothing to certify"):
        issue(contract)
    assert list_certificates(session, organisation_id=contract.organisation_id) == ([], 0)


@pytest.fixture
def plain_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for whom does not hang on what the pages look like, and a busy machine takes its time to draw them."""
    monkeypatch.setattr(issuing, "certificate_pdf", lambda facts, credential: facts.serial.encode())
    monkeypatch.setattr(issuing, "seal", lambda pdf, keys, location: pdf)


@pytest.fixture
def desk(settings: Settings, city: City, catalogue: Catalogue) -> Desk:
    return Desk(settings, city, catalogue, "officer", LATER)


@pytest.fixture
def order(engine: Engine, arrange: Callable[[Session], Any], deliver: Deliver) -> Callable[[str], Order]:
    """Orders by reference, of three contracts with a verified quarter each."""
    with writing(engine) as session:
        buying = arrange(session)
        for reference in ("C-1", "C-2", "C-3"):
            deliver(session, enter(buying, reference))
        buyer = buying.buyer.id

    def find(session: Session, reference: str) -> Wanted:
        contract = get_contract(session, reference, organisation_id=buyer)
        return Wanted(cover_contract(session, contract), QUARTER)

    return lambda reference: lambda session: find(session, reference)


def list_serials(engine: Engine) -> list[str]:
    """Every serial number, in the order of issue."""
    with reading(engine) as session:
        return list(session.scalars(select(Certificate.serial).order_by(Certificate.id)))


@pytest.mark.usefixtures("plain_paper")
def test_serial_numbers_have_no_gap_under_two_writers_and_a_refusal(
    engine: Engine, desk: Desk, order: Callable[[str], Order]
) -> None:
    """Two ask for the same: one of them gets it; whoever is refused leaves no hole."""

    def issue_one(reference: str) -> str | None:
        try:
            return issue_certificate(engine, desk, order(reference)).certificate.serial
        except StateError as error:
            assert "certifies this already" in error.message
            return None

    with ThreadPoolExecutor(2) as pool:
        serials = list(pool.map(issue_one, ["C-1", "C-1", "C-2", "C-1", "C-3"]))

    assert serials.count(None) == 2
    kept = list_serials(engine)
    assert [serial[-11:] for serial in kept] == ["-2026-00001", "-2026-00002", "-2026-00003"]
    assert set(kept) == set(filter(None, serials))


@pytest.mark.usefixtures("plain_paper")
class TestWhileOneIsDrawn:
    """Others write meanwhile, and what is issued is what the database says when it is."""

    @pytest.fixture
    def meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
        """Do something while the first pages are drawn, once each; the serial numbers of all that were drawn."""

        def arrange_for(*doings: Callable[[], Any]) -> list[str]:
            drawn: list[str] = []
            waiting = list(doings)

            def draw(facts: CertificateFacts, credential: dict[str, Any]) -> bytes:
                drawn.append(facts.serial[-5:])
                if waiting:
                    waiting.pop(0)()
                return f"{facts.serial} {facts.holder_name}".encode()

            monkeypatch.setattr(issuing, "certificate_pdf", draw)
            return drawn

        return arrange_for

    def test_others_can_write_and_the_draft_stands(
        self, engine: Engine, desk: Desk, order: Callable[[str], Order], meanwhile: Callable[..., list[str]]
    ) -> None:
        def write() -> None:
            with writing(engine) as session:
                append_event(session, actor="ada", action="signed_in", object_kind="sign_in", object_id=1, detail={})

        drawn = meanwhile(write)
        made = issue_certificate(engine, desk, order("C-1")).certificate
        assert drawn == ["00001"]
        with reading(engine) as session:
            [issued] = list_events(session, object_kind="certificate", object_id=made.id)
            [signed_in] = list_events(session, object_kind="sign_in", object_id=1)
            assert issued.previous_hash == signed_in.hash
            # The trail has grown since the draft, and still holds the head that is printed.
            seq, printed = made.audit_head.split()
            assert int(seq) < signed_in.seq and verify_chain(session, ChainHead(int(seq), printed)) == []
            assert verify_by_serial(session, desk.settings, made.serial).outcome is Outcome.VALID

    def test_overtaken_by_another_number_it_is_drawn_again(
        self, engine: Engine, desk: Desk, order: Callable[[str], Order], meanwhile: Callable[..., list[str]]
    ) -> None:
        drawn = meanwhile(lambda: issue_certificate(engine, desk, order("C-2")))
        made = issue_certificate(engine, desk, order("C-1"))
        assert drawn == ["00001", "00001", "00002"]
        assert (made.certificate.number, made.pdf[:-4]) == (2, made.certificate.serial.encode())
        assert len(list_serials(engine)) == 2

    def test_what_changes_meanwhile_is_what_is_certified(
        self, engine: Engine, desk: Desk, order: Callable[[str], Order], meanwhile: Callable[..., list[str]]
    ) -> None:
        """The firm has another name, then there is another key, then another name: the last draft is made for sure."""

        def rename(name: str) -> None:
            with writing(engine) as session:
                order("C-1")(session).covered.supplier.name = name  # type: ignore[union-attr]

        def rotate() -> None:
            with writing(engine) as session:
                rotate_signing_key(session, desk.settings, actor="admin@example.org")

        drawn = meanwhile(lambda: rename("Ash & Sons"), rotate, lambda: rename("Ash & Daughters"))
        made = issue_certificate(engine, desk, order("C-1"))
        assert len(drawn) == issuing.MOST_DRAFTS + 1
        assert made.certificate.facts["holder"]["name"] == "Ash & Daughters"
        assert made.pdf.endswith(b"Ash & Daughters")
        with reading(engine) as session:
            assert verify_by_serial(session, desk.settings, made.certificate.serial).outcome is Outcome.VALID

    def test_issued_meanwhile_by_somebody_else_it_is_refused(
        self, engine: Engine, desk: Desk, order: Callable[[str], Order], meanwhile: Callable[..., list[str]]
    ) -> None:
        meanwhile(lambda: issue_certificate(engine, desk, order("C-1")))
        with pytest.raises(StateError, match="00001 certifies this already"):
            issue_certificate(engine, desk, order("C-1"))
        assert len(list_serials(engine)) == 1


# What a file says of itself asks no database: drawn and sealed on one of them.
on_one = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


class TestVerifying:
    @pytest.fixture
    def issued(
        self, session: Session, contract: Contract, issue: Callable[..., IssuedCertificate], deliver: Deliver
    ) -> IssuedCertificate:
        deliver(session, contract)
        return issue(contract)

    def test_a_certificate_is_valid_by_number_and_by_file(
        self, session: Session, settings: Settings, issued: IssuedCertificate
    ) -> None:
        by_number = verify_by_serial(session, settings, f" {issued.certificate.serial.lower()} ")
        by_file = verify_by_file(session, settings, issued.pdf)
        assert by_number.outcome is by_file.outcome is Outcome.VALID
        assert by_number.facts == by_file.facts is not None

    def test_an_unknown_number_is_an_answer(self, session: Session, settings: Settings) -> None:
        answer = verify_by_serial(session, settings, "COWC1-2026-99999")
        assert (answer.outcome, answer.facts) == (Outcome.UNKNOWN, None)

    def test_a_revoked_one_says_when_and_why(
        self, session: Session, settings: Settings, issued: IssuedCertificate
    ) -> None:
        serial = issued.certificate.serial
        revoke_certificate(session, serial, because="The payroll was another firm's.", actor="officer")
        for answer in (
            verify_by_serial(session, settings, issued.certificate.serial),
            verify_by_file(session, settings, issued.pdf),
        ):
            assert answer.outcome is Outcome.REVOKED
            assert answer.reasons[0].endswith("The payroll was another firm's.")

    def test_a_revocation_needs_a_reason_and_is_in_the_audit_trail(
        self, session: Session, issued: IssuedCertificate
    ) -> None:
        serial = issued.certificate.serial
        with pytest.raises(InputError, match="Say why"):
            revoke_certificate(session, serial, because="  ", actor="officer")

        revoke_certificate(session, serial, because="Issued twice.", actor="officer")

        events = list_events(session, object_kind="certificate", object_id=issued.certificate.id)
        assert [event.action for event in events] == ["certificate.issued", "certificate.revoked"]
        with pytest.raises(StateError, match="revoked already"):
            revoke_certificate(session, serial, because="Again.", actor="officer")

    def test_an_old_one_has_expired(
        self, session: Session, settings: Settings, issued: IssuedCertificate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert issued.certificate.expires_on == date(2028, 10, 20)
        for day, outcome in ((20, Outcome.VALID), (21, Outcome.EXPIRED)):
            moment = datetime(2028, 10, day, 12, tzinfo=UTC)
            for name, find in (("find_entry", find_entry), ("find_entry_of_file", find_entry_of_file)):
                monkeypatch.setattr(verify_certificate, name, lambda *by, find=find, at=moment: later(find(*by), at))
            assert verify_by_serial(session, settings, issued.certificate.serial).outcome is outcome
            assert verify_by_file(session, settings, issued.pdf).outcome is outcome

    def test_signed_data_answers_as_the_file_does(
        self, session: Session, settings: Settings, issued: IssuedCertificate
    ) -> None:
        credential = issued.certificate.credential
        assert credential is not None
        assert verify_by_file(session, settings, write_credential(credential)).outcome is Outcome.VALID
        changed = credential | {"name": "Another name"}
        answer = verify_by_file(session, settings, write_credential(changed))
        assert (answer.outcome, answer.facts) == (Outcome.ALTERED, None)
        revoke_certificate(session, issued.certificate.serial, because="Issued twice.", actor="officer")
        assert verify_by_file(session, settings, write_credential(credential)).outcome is Outcome.REVOKED

    def test_whoever_changes_the_register_is_found_out(
        self, session: Session, settings: Settings, issued: IssuedCertificate
    ) -> None:
        """The database's own guards taken away, the signature still tells."""
        found = find_entry(session, issued.certificate.serial)
        assert found is not None
        ring, changed = find_key_ring(settings), found.facts.replace('"claimed":"1.2"', '"claimed":"9.2"')
        assert changed != found.facts
        assert read_register(changed, found.credential, ring) is None
        assert read_register(found.facts, found.credential, ring) is not None

    @on_one
    def test_a_new_key_leaves_old_certificates_valid(
        self, session: Session, contract: Contract, settings: Settings, issued: IssuedCertificate
    ) -> None:
        before = find_key_ring(settings).keys
        rotate_signing_key(session, settings, actor="admin@example.org")
        assert len(find_key_ring(settings).keys) == len(before) + 1 == 2
        assert verify_by_serial(session, settings, issued.certificate.serial).outcome is Outcome.VALID
        assert issued.certificate.credential is not None
        assert verify_by_file(session, settings, write_credential(issued.certificate.credential)).facts is not None

    @on_one
    def test_a_changed_file_is_refused(self, session: Session, settings: Settings, issued: IssuedCertificate) -> None:
        changed = issued.pdf.replace(b"/Title", b"/Tiyle", 1)
        assert changed != issued.pdf
        answer = verify_by_file(session, settings, changed)
        assert (answer.outcome, answer.facts) == (Outcome.ALTERED, None)

    @on_one
    def test_another_authority_s_seal_is_refused(
        self, session: Session, settings: Settings, issued: IssuedCertificate, tmp_path: Path
    ) -> None:
        unsealed = issued.pdf[: issued.pdf.index(b"%%EOF") + 6]
        forged = seal(unsealed, open_keys(tmp_path / "forger", "City Council"), "Anywhere")
        assert verify_by_file(session, settings, forged).outcome is Outcome.UNKNOWN

    @on_one
    def test_a_good_seal_on_a_file_that_was_never_issued_is_refused(
        self, session: Session, settings: Settings, issued: IssuedCertificate
    ) -> None:
        unsealed = issued.pdf[: issued.pdf.index(b"%%EOF") + 6]
        again = seal(unsealed, open_keys(settings.data_dir, "City Council"), "Elsewhere")
        answer = verify_by_file(session, settings, again)
        assert answer.outcome is Outcome.UNKNOWN
        assert "not in the register" in answer.reasons[0]

    @on_one
    def test_what_is_no_pdf_is_said_to_be_none(self, session: Session, settings: Settings) -> None:
        with pytest.raises(InputError, match="not a PDF"):
            verify_by_file(session, settings, b"<html></html>")
