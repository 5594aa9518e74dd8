"""Certificates over one contract, a supplier's or all of a buyer's: every figure is what the database adds up to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, City
from wpound.config import Settings
from wpound.core.bids import Commitment as Promise
from wpound.core.delivery import CertificateScope, VerificationLevel, mean_share
from wpound.core.errors import NotFound, StateError
from wpound.core.money import Money
from wpound.core.periods import Period, quarters
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import check_signature
from wpound.services import issue_certificate as issue_certificate_module
from wpound.services.clock import fixed_clock
from wpound.services.enter_contract import ContractTerms, enter_contract
from wpound.services.gather_delivery import CoveredWork, cover_anchor, cover_contract, cover_supplier, gather_facts
from wpound.services.issue_certificate import Desk, IssuedCertificate, Wanted, issue_within, renew
from wpound.services.keep_certificate_keys import find_key_ring
from wpound.services.publish_status import get_status_list
from wpound.services.revoke_certificate import revoke_certificate
from wpound.services.verify_certificate import Outcome, verify_by_serial
from wpound.store.audit import list_events
from wpound.store.certificates import get_certificate
from wpound.store.engine import writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.returns import Claim, SocialValueReturn

LIFE = Period(date(2026, 4, 1), date(2028, 3, 31))
HALF_YEAR = Period(date(2026, 4, 1), date(2026, 9, 30))
QUARTER = quarters(LIFE)[0]
LATER = fixed_clock(datetime(2026, 10, 20, 9, tzinfo=UTC))
MEASURES = {"local-jobs": None, "carbon-fleet": 2026, "local-direct-spend": None, "apprenticeship-weeks-level-2": None}
LEVELS = [VerificationLevel.OFFICER_CHECKED, VerificationLevel.THIRD_PARTY, VerificationLevel.BENEFICIARY_CONFIRMED]
hundredths = st.integers(0, 5_000).map(lambda number: Decimal(number) / 100)


@dataclass(frozen=True)
class Told:
    """What is told of one promise in one quarter; ``verified`` is a share of it, None while nobody has looked."""

    claimed: Decimal
    verified: Decimal | None
    level: VerificationLevel


told = st.builds(
    Told,
    hundredths,
    st.none() | st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]),
    st.sampled_from(LEVELS),
)
# For each contract the firm, and for each of its two first quarters what is told of each measure.
stories = st.lists(
    st.tuples(
        st.sampled_from(["Ash", "Birch"]),
        st.lists(st.fixed_dictionaries(dict.fromkeys(MEASURES, told)), min_size=1, max_size=2),
    ),
    min_size=1,
    max_size=3,
)


def enter(buying: Any, firm: str, reference: str) -> Contract:
    terms = ContractTerms(reference, f"Work {reference}", Money(48_000_000), LIFE)
    promises = [Promise(code, Decimal(40), year) for code, year in MEASURES.items()]
    return enter_contract(
        buying.session, buying.buyer, buying.firms[firm], terms, promises, buying.catalogue, actor="officer"
    )


@pytest.fixture(scope="session")
def report(report_return: Callable[..., object]) -> Callable[..., None]:
    """Send what is told of a quarter, by measure, and decide it."""

    def enter_words(session: Session, contract: Contract, quarter: Period, words: dict[str, Told]) -> None:
        told = {}
        for one in contract.commitments:
            said = words.get(one.measure_code)
            if said is not None:
                verified = None if said.verified is None else said.claimed * said.verified
                told[one.id] = (said.claimed, verified, said.level)
        report_return(session, contract, quarter, told, LATER)

    return enter_words


def add_up(session: Session, contract_ids: list[int]) -> dict[str, tuple[Decimal, Decimal]]:
    """Claimed and verified by measure, straight from the rows."""
    rows = session.execute(
        select(Commitment.measure_code, Claim.claimed, Claim.verified)
        .join(Claim, Claim.commitment_id == Commitment.id)
        .join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
        .where(SocialValueReturn.contract_id.in_(contract_ids))
    )
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for code, claimed, verified in rows:
        before = sums.get(code, (Decimal(0), Decimal(0)))
        sums[code] = (before[0] + claimed, before[1] + (verified or Decimal(0)))
    return sums


def check_facts(session: Session, facts: CertificateFacts, covered: CoveredWork) -> None:
    sums = add_up(session, [one.id for one in covered.contracts])
    assert {line.measure: (line.claimed.amount, line.verified.amount) for line in facts.lines} == sums
    for line in facts.lines:
        assert line.verified.amount <= line.claimed.amount
        # Two of eight quarters, or two of the three quarters of 2026, of 40 in each contract.
        each = Decimal("26.67") if line.measure == "carbon-fleet" else Decimal(10)
        assert line.promised.amount == each * len(covered.contracts)
    for kind in ("additional", "flow"):
        values = [line.value for line in facts.lines if line.value_kind == kind and line.value is not None]
        assert facts.total(kind) == (Money.total(values) if values else None)
    assert sum(count for _, count, _ in facts.heads) == len(facts.lines)
    for head, _, share in facts.heads:
        assert share == mean_share(line.share for line in facts.lines if line.head == head)
    assert CertificateFacts.from_dict(facts.to_dict()) == facts


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories)
def test_every_figure_is_what_the_rows_add_up_to(
    sqlite_engine: Engine,
    arrange: Callable[[Session], Any],
    catalogue: Catalogue,
    story: Any,
    report: Callable[..., None],
) -> None:
    with Session(sqlite_engine) as session:
        buying = arrange(session)
        contracts = []
        for number, (firm, told_of) in enumerate(story):
            contract = enter(buying, firm, f"C-{number}")
            contracts.append(contract)
            for quarter, words in zip(quarters(LIFE), told_of, strict=False):
                report(session, contract, quarter, words)
        firms = {contract.supplier_id for contract in contracts}
        works = [cover_contract(session, contract) for contract in contracts]
        works += [cover_supplier(session, buying.buyer, firm) for firm in firms]
        works += [cover_anchor(session, buying.buyer)]
        for covered in works:
            looked_at = add_up_verified(session, covered)
            try:
                facts = gather_facts(session, catalogue, covered, HALF_YEAR, date(2026, 10, 20))
            except StateError:
                assert not looked_at
            else:
                assert looked_at
                check_facts(session, facts, covered)
        session.rollback()


def add_up_verified(session: Session, covered: CoveredWork) -> int:
    """How many claims officers have looked at."""
    rows = session.execute(
        select(Claim.id)
        .join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
        .where(SocialValueReturn.contract_id.in_([one.id for one in covered.contracts]), Claim.verified_at.is_not(None))
    )
    return len(rows.all())


ALL_WELL = dict.fromkeys(MEASURES, Told(Decimal(4), Decimal(1), VerificationLevel.OFFICER_CHECKED))


@pytest.fixture
def app_settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture(autouse=True)
def plain_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pages look like is another test's matter."""
    monkeypatch.setattr(issue_certificate_module, "certificate_pdf", lambda facts, credential: facts.serial.encode())
    monkeypatch.setattr(issue_certificate_module, "seal", lambda pdf, keys, location: pdf)


@pytest.fixture
def issue(session: Session, app_settings: Settings, city: City, catalogue: Catalogue) -> Callable[..., Any]:
    def issue_one(covered: CoveredWork, period: Period = QUARTER) -> IssuedCertificate:
        return issue_within(session, Desk(app_settings, city, catalogue, "officer", LATER), Wanted(covered, period))

    return issue_one


@pytest.fixture
def reissue(session: Session, app_settings: Settings, city: City, catalogue: Catalogue) -> Callable[..., Any]:
    desk = Desk(app_settings, city, catalogue, "officer", LATER)
    return lambda serial: issue_within(session, desk, renew(session, get_certificate(session, serial)))


@pytest.fixture
def contracts(buying: Any, report: Callable[..., None]) -> list[Contract]:
    """Two contracts of one firm and one of another, each with its first quarter verified."""
    made = [enter(buying, firm, reference) for firm, reference in (("Ash", "A-1"), ("Ash", "A-2"), ("Birch", "B-1"))]
    for contract in made:
        report(buying.session, contract, QUARTER, ALL_WELL)
    return made


def test_each_scope_speaks_for_its_contracts_and_says_so(
    buying: Any, session: Session, contracts: list[Contract], issue: Callable[..., IssuedCertificate]
) -> None:
    works = [
        (cover_contract(session, contracts[0]), "contract", ["A-1"], "4"),
        (cover_supplier(session, buying.buyer, contracts[0].supplier_id), "supplier", ["A-1", "A-2"], "8"),
        (cover_anchor(session, buying.buyer), "anchor", ["A-1", "A-2", "B-1"], "12"),
    ]
    for number, (covered, scope, references, jobs) in enumerate(works, 1):
        facts = issue(covered).certificate.facts
        assert facts["serial"].endswith(f"-{number:05d}") and facts["scope"] == scope
        assert sorted(contract["reference"] for contract in facts["contracts"]) == references
        assert next(line for line in facts["lines"] if line["measure"] == "local-jobs")["verified"] == jobs
        holder = buying.buyer.name if scope == "anchor" else "Ash"
        assert holder in facts["holder"]["name"]


def test_a_line_is_as_well_proved_as_the_weakest_of_its_claims(
    session: Session, buying: Any, report: Callable[..., None], issue: Callable[..., IssuedCertificate]
) -> None:
    for reference, level in zip(("A-1", "A-2"), (LEVELS[1], LEVELS[0]), strict=True):
        told = dict.fromkeys(MEASURES, Told(Decimal(4), Decimal(1), level))
        report(session, enter(buying, "Ash", reference), QUARTER, told)
    facts = issue(cover_anchor(session, buying.buyer)).certificate.facts
    assert {line["level"] for line in facts["lines"]} == {"officer_checked"}


def test_the_same_is_certified_once_until_it_is_revoked(
    session: Session, contracts: list[Contract], issue: Callable[..., IssuedCertificate]
) -> None:
    first = issue(cover_contract(session, contracts[0]))
    with pytest.raises(StateError, match="certifies this already"):
        issue(cover_contract(session, contracts[0]))
    revoke_certificate(session, first.certificate.serial, because="Wrong firm.", actor="officer")
    assert issue(cover_contract(session, contracts[0])).certificate.number == 2


@pytest.mark.parametrize(
    ("start_on", "end_on", "says"),
    [
        (date(2026, 4, 2), date(2026, 6, 30), "whole quarters"),
        (date(2026, 4, 1), date(2026, 6, 29), "whole quarters"),
        (date(2026, 10, 1), date(2026, 12, 31), "not over yet"),
    ],
)
def test_a_period_is_whole_quarters_that_are_over(
    session: Session, contracts: list[Contract], issue: Callable[..., Any], start_on: date, end_on: date, says: str
) -> None:
    with pytest.raises(StateError, match=says):
        issue(cover_contract(session, contracts[0]), Period(start_on, end_on))


def test_a_quarter_is_certified_from_the_day_after_it(
    session: Session, catalogue: Catalogue, contracts: list[Contract]
) -> None:
    covered = cover_contract(session, contracts[0])
    with pytest.raises(StateError, match="not over yet"):
        gather_facts(session, catalogue, covered, QUARTER, QUARTER.end_on)
    assert gather_facts(session, catalogue, covered, QUARTER, QUARTER.end_on + timedelta(days=1)).lines


class TestReissuing:
    def test_the_old_one_says_superseded_and_leads_to_the_new(
        self,
        session: Session,
        app_settings: Settings,
        contracts: list[Contract],
        issue: Callable[..., Any],
        reissue: Callable[..., Any],
    ) -> None:
        old = issue(cover_contract(session, contracts[0])).certificate
        new = reissue(old.serial).certificate
        assert (new.number, new.replaces_id, new.facts["replaces"]) == (2, old.id, old.serial)
        answer = verify_by_serial(session, app_settings, old.serial)
        assert (answer.outcome, answer.replaced_by) == (Outcome.SUPERSEDED, new.serial)
        assert new.serial in answer.reasons[0]
        assert verify_by_serial(session, app_settings, new.serial).outcome is Outcome.VALID
        [event] = list_events(session, object_kind="certificate", object_id=new.id)
        assert (event.action, event.detail["replaces"]) == ("certificate.reissued", old.serial)
        with pytest.raises(StateError, match=new.serial):
            reissue(old.serial)

    def test_every_scope_is_covered_again(
        self,
        buying: Any,
        session: Session,
        contracts: list[Contract],
        issue: Callable[..., Any],
        reissue: Callable[..., Any],
    ) -> None:
        for covered in (
            cover_supplier(session, buying.buyer, contracts[0].supplier_id),
            cover_anchor(session, buying.buyer),
        ):
            old = issue(covered).certificate
            new = reissue(old.serial).certificate
            assert (new.scope, new.supplier_id, new.facts["lines"]) == (old.scope, old.supplier_id, old.facts["lines"])

    def test_a_revoked_one_stays_revoked_and_names_what_took_its_place(
        self,
        session: Session,
        app_settings: Settings,
        contracts: list[Contract],
        issue: Callable[..., Any],
        reissue: Callable[..., Any],
    ) -> None:
        old = issue(cover_contract(session, contracts[0])).certificate
        revoke_certificate(session, old.serial, because="Wrong quantity.", actor="officer")
        new = reissue(old.serial).certificate
        answer = verify_by_serial(session, app_settings, old.serial)
        assert (answer.outcome, answer.replaced_by) == (Outcome.REVOKED, new.serial)


class TestStatusLists:
    def test_each_state_has_its_bits_and_the_list_is_signed(
        self,
        session: Session,
        app_settings: Settings,
        contracts: list[Contract],
        issue: Callable[..., Any],
        reissue: Callable[..., Any],
        bits_of: Callable[[dict[str, Any], int, int], int],
    ) -> None:
        revoked, replaced, _ = (issue(cover_contract(session, contract)).certificate for contract in contracts)
        revoke_certificate(session, revoked.serial, because="Wrong quantity.", actor="officer")
        reissue(replaced.serial)
        register = revoked.serial.rpartition("-")[0]

        messages = get_status_list(session, app_settings, register, "message")
        revocations = get_status_list(session, app_settings, register, "revocation")

        assert [bits_of(messages, place, 2) for place in range(6)] == [0, 1, 2, 0, 0, 0]
        assert [bits_of(revocations, place, 1) for place in range(6)] == [0, 1, 1, 0, 0, 0]
        for document in (messages, revocations):
            assert check_signature(document, find_key_ring(app_settings))[0] is None
        assert revoked.credential["credentialStatus"][1]["statusListCredential"] == messages["id"]

    def test_an_unknown_list_is_not_found(self, session: Session, app_settings: Settings) -> None:
        with pytest.raises(NotFound):
            get_status_list(session, app_settings, "COWC1-2026", "message")

    @pytest.fixture
    def bits_of(self) -> Callable[[dict[str, Any], int, int], int]:
        """What a list says of a place, unpacked as the standard says."""
        import gzip
        from base64 import urlsafe_b64decode

        def read(document: dict[str, Any], place: int, size: int) -> int:
            packed = document["credentialSubject"]["encodedList"].removeprefix("u")
            bits = gzip.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
            number = int.from_bytes(bits)
            return number >> (len(bits) * 8 - (place + 1) * size) & (2**size - 1)

        return read


def test_a_certificate_of_another_scope_is_no_standing_one(
    engine: Engine,
    arrange: Callable[[Session], Any],
    app_settings: Settings,
    city: City,
    catalogue: Catalogue,
    report: Callable[..., None],
) -> None:
    """A supplier with one contract can have both, on both databases."""
    with writing(engine) as session:
        buying = arrange(session)
        contract = enter(buying, "Ash", "A-1")
        report(session, contract, QUARTER, ALL_WELL)
        for covered in (cover_contract(session, contract), cover_supplier(session, buying.buyer, contract.supplier_id)):
            desk = Desk(app_settings, city, catalogue, "officer", LATER)
            made = issue_within(session, desk, Wanted(covered, QUARTER))
            scope = get_certificate(session, made.certificate.serial).certificate.scope
            assert scope is CertificateScope(made.certificate.facts["scope"])
