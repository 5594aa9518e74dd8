"""A small world with a person of every kind, each signed in, for the walk over every address."""

import runpy
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from wpound.app import create_app
from wpound.catalogue.model import AnchorKind
from wpound.config import Settings
from wpound.core.bid_work import WaitingWorkbook
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.ratings import Better
from wpound.documents.credential import make_credential, sign_credential
from wpound.documents.credential_keys import open_key
from wpound.services.access import Person, Role, find_person
from wpound.services.change_roles import grant_role
from wpound.services.check_file import check_file
from wpound.services.edit_bid_draft import attach_file
from wpound.services.keep_bid_work import keeping_work, reach_lot
from wpound.services.keep_sign_in import SignInLimits, begin_sign_in
from wpound.store.accounts import get_user, list_sign_ins
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.file_folder import put_file
from wpound.store.files import record_file
from wpound.store.models.accounts import Invitation, User
from wpound.store.models.awards import Award, Redaction
from wpound.store.models.bids import Bid, BidCommitment
from wpound.store.models.certificates import Certificate
from wpound.store.models.clarifications import ChangeKind, Clarification, TenderChange
from wpound.store.models.contracts import Contract
from wpound.store.models.evaluations import Evaluation, EvaluationBid
from wpound.store.models.kpis import Assessment, Kpi, Remedy
from wpound.store.models.organisations import Organisation
from wpound.store.models.panel import BidQuestion, PanelSeat
from wpound.store.models.sealed_bids import BidFile, BidReceipt, SealedBid
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Lot, Tender, TenderDocument, TenderStage
from wpound.store.sealed_bids import list_bid_files
from wpound.store.suppliers import find_supplier
from wpound.store.tenders import get_tender
from wpound.store.types import hash_of

OUTSIDER, SIGNED_OUT, DISABLED = "outsider", "signed out", "disabled"
RAW_TOKEN = "the same for everyone"
# Whatever can be switched on; nobody answers at the address of the directory.
EVERYTHING = {"WPOUND_PASSKEYS": "on", "WPOUND_OIDC_ISSUER": "http://127.0.0.1:9", "WPOUND_OIDC_CLIENT": "wpound"}
# Arguments of public pages, and of links that are nobody's in particular.
PUBLIC = {
    "filename": "icon.svg",
    "code": "local-jobs",
    "criterion": "price",
    "kind": "price",
    "name": "places",
    "extension": "csv",
    "register": "CERT",
    "purpose": "message",
    "token": "a-link-that-was-never-sent",
    "published": "ocds-open",
    "sha256": "0" * 64,
    "organisation_key": "council",
}
PRICE = {"code": "price", "kind": "price", "weighting": 100, "formula": "lowest_ratio"}
DAY = date(2026, 4, 1)
SAMPLES = Path(__file__).parents[1] / "web" / "samples.py"
# What a contract's returns are made of; beside this file, which is long enough.
ROWS = runpy.run_path(str(Path(__file__).parent / "return_rows.py"))
LIMITS = SignInLimits(idle=timedelta(hours=8), absolute=timedelta(hours=8))


@dataclass
class World:
    """An application, the cookie of each person, and values for the arguments of addresses.

    What belongs to somebody is in ``own`` and ``foreign``, by person in ``personal``; the rest is in ``own`` alone.
    """

    app: Flask
    database: Path
    kept: Path
    cookies: dict[str, str] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    foreign: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, dict[str, Any]] = field(default_factory=dict)

    def value(self, name: str, who: str, foreign: bool) -> Any:
        """What stands for an argument when a person asks for their own thing, or for a foreign one."""
        return self.foreign[name] if foreign else self.personal.get(who, {}).get(name, self.own[name])

    def client(self, who: str) -> FlaskClient:
        """A browser of that person's, with nothing of earlier requests in it."""
        client = self.app.test_client()
        client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[who])
        return client

    @property
    def token(self) -> str:
        """A form token that is good in every session of this world."""
        signer = URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token")
        return str(signer.dumps(RAW_TOKEN))

    def restore(self) -> None:
        """Put every row back as it was."""
        with closing(sqlite3.connect(self.kept)) as kept, closing(sqlite3.connect(self.database)) as database:
            kept.backup(database)


@pytest.fixture(scope="module")
def make_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], World]]:
    """Build worlds, each over a database file of its own."""
    made: list[World] = []

    def make() -> World:
        folder = tmp_path_factory.mktemp("world")
        app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(folder), **EVERYTHING}))
        world = World(app, folder / "wpound.sqlite", folder / "kept.sqlite")
        made.append(world)
        upgrade(app.extensions["wpound"].engine)
        with writing(app.extensions["wpound"].engine) as session:
            populate(session, world)
        with closing(sqlite3.connect(world.database)) as source, closing(sqlite3.connect(world.kept)) as kept:
            source.backup(kept)
        return world

    yield make
    for world in made:
        world.app.extensions["wpound"].engine.dispose()


@pytest.fixture(scope="module")
def world(make_world: Callable[[], World]) -> World:
    """The world for those who leave it as it was."""
    return make_world()


def populate(session: Session, world: World) -> None:
    """A council with everybody in it, a hospital with what is foreign to them."""
    world.own |= PUBLIC
    council, hospital = (
        add(
            session,
            Organisation(key=key, name=f"Example {key}", anchor_kind=kind, city_key="town", is_public_body=True),
        )
        for key, kind in (("council", AnchorKind.COUNCIL), ("hospital", AnchorKind.HEALTH))
    )
    for things, organisation in ((world.own, council), (world.foreign, hospital)):
        tender, contract = enter_things(session, organisation)
        colleague = enter_user(session, f"{organisation.key} evaluator")
        grant = grant_role(session, colleague, organisation, Role.EVALUATOR, actor="test", tender_id=tender.id)
        sign_in(session, colleague)
        things |= {
            "user_id": colleague.id,
            "membership_id": grant.id,
            "ocid": tender.ocid,
            "document_id": enter_document(session, world, tender),
            "contract_id": contract.id,
            "invitation_id": enter_invitation(session, organisation, Role.ANCHOR),
            "sign_in_id": list_sign_ins(session, user_id=colleague.id)[0].id,
        }
        if organisation is council:
            enter_cast(session, world, council, tender, contract)
        things |= enter_dialogue(session, tender, change_number=1 if organisation is council else 2)
    bidder = find_person(session, get_user(session, f"{Role.SUPPLIER}@example.com").id)
    assert bidder is not None
    enter_bidding(session, world, bidder, hospital)
    kept = world.app.extensions["wpound"].settings.data_dir / "evidence"
    for things, firm in ((world.own, "GB-COH-council"), (world.foreign, "GB-COH-other")):
        things |= enter_evaluation(session, things, firm)
        things |= enter_award(session, session.get_one(Bid, things["bid_id"]))
        things |= enter_register(session, things["contract_id"], firm)
        things |= ROWS["enter_return"](session, kept, things["contract_id"], things["promise_id"])
        things |= enter_certificate(session, world, things, firm)
    agreement = world.own["agreement_id"]
    promised = ROWS["enter_promise"](session, agreement)
    world.personal[Role.SUPPLIER.value] |= ROWS["enter_return"](session, kept, agreement, promised)


def enter_cast(session: Session, world: World, council: Organisation, tender: Tender, contract: Contract) -> None:
    """One person of each role, one without any, and one who was an officer until the account was disabled."""
    about = {Role.EVALUATOR: {"tender_id": tender.id}, Role.CONTRACT_MANAGER: {"contract_id": contract.id}}
    for who in (*(role.value for role in Role), OUTSIDER, DISABLED):
        user = enter_user(session, who)
        role = Role(who) if who in set(Role) else Role.OFFICER
        if who != OUTSIDER:
            grant_role(session, user, council, role, actor="test", **about.get(role, {}))
        sign_in(session, user)
        world.personal[who] = {
            "sign_in_id": list_sign_ins(session, user_id=user.id)[0].id,
            "invitation_id": enter_invitation(session, council, role),
        }
        world.cookies[who] = sign_in(session, user)
        user.active = who != DISABLED
    signer = world.app.session_interface.get_signing_serializer(world.app)  # type: ignore[attr-defined]
    world.cookies[SIGNED_OUT] = str(signer.dumps({"csrf_token": RAW_TOKEN}))


def enter_things(session: Session, organisation: Organisation) -> tuple[Tender, Contract]:
    tender = Tender(organisation_id=organisation.id, ocid=f"ocds-{organisation.key}", title="Grounds", lots=[])
    tender.method = {"title": "Grounds", "criteria": [PRICE]}
    supplier = Supplier(name="Example Joinery", size=SupplierSize.UNKNOWN, source="test", seen_on=date(2026, 4, 1))
    add(session, tender), add(session, supplier)
    contract = Contract(
        organisation_id=organisation.id,
        supplier_id=supplier.id,
        reference="R1",
        title="Repairs",
        contract_value=Money(100),
        start_on=date(2026, 4, 1),
        end_on=date(2027, 3, 31),
        commitments=[],
    )
    return tender, add(session, contract)


def enter_dialogue(session: Session, tender: Tender, change_number: int) -> dict[str, int]:
    """A question and a proposed change; a change is known by its tender and a number."""
    now = datetime.now(UTC)
    asked = add(session, Clarification(tender_id=tender.id, asked="May we?", asked_by="firm@example.com", asked_at=now))
    change = TenderChange(tender_id=tender.id, number=change_number, kind=ChangeKind.AMENDMENT, words="A", reason="B")
    change.proposed_by, change.proposed_at, change.old_deadline_at = "other@example.com", now, now
    add(session, change)
    return {"clarification_id": asked.id, "change_number": change_number}


def enter_bidding(session: Session, world: World, supplier: Person, stranger: Organisation) -> None:
    """A tender that takes bids, what the supplier of this world has written and sent for it, and another's receipt."""
    organisation = session.get_one(Organisation, supplier.organisation_id)
    tender = Tender(organisation_id=organisation.id, ocid="ocds-open", title="Verges", stage=TenderStage.PUBLISHED)
    question = {"code": "plan", "kind": "qualitative", "weighting": 50, "scale_max": "5"}
    jobs = {"code": "jobs", "kind": "quantity", "weighting": 20, "measure": "local-jobs", "formula": "proportional"}
    criteria = [{**PRICE, "weighting": 30}, question, jobs, {"code": "insurance", "kind": "pass_fail"}]
    method = Method.from_dict({"title": "Verges", "criteria": criteria})
    tender.method, tender.method_hash, tender.as_of = method.to_dict(), method.method_hash, DAY
    tender.catalogue_fingerprint = world.app.extensions["wpound"].catalogue.fingerprint
    tender.deadline_at, tender.published_at = datetime.now(UTC) + timedelta(days=30), datetime.now(UTC)
    lot = Lot(number=1, title="Verges")
    tender.lots = [lot]
    add(session, tender)
    settings = world.app.extensions["wpound"].settings
    plan = check_file(settings, "plan.csv", b"a,b")
    attach_file(session, supplier, tender.ocid, 1, plan, settings=settings)
    place, now = reach_lot(session, supplier, tender.ocid, 1), datetime.now(UTC)
    with keeping_work(session, place, settings, actor=supplier.email, now=now) as keeping:
        content = keeping.work.content
        waiting = WaitingWorkbook(content, (), supplier.email)
        keeping.work = replace(keeping.work, submitted=content, workbook=waiting)
    own, other = (
        add(
            session,
            Supplier(name=name, identifier=f"GB-COH-{name}", size=SupplierSize.UNKNOWN, source="test", seen_on=DAY),
        )
        for name in ("council", "other")
    )
    organisation.identifier = own.identifier
    for firm in (own, other):
        facts = {"content_hash": "a", "method_hash": "b", "amendment": 0, "received_at": datetime.now(UTC)}
        about = {"tender_id": tender.id, "lot_id": lot.id, "supplier_id": firm.id, "submitted_by": firm.name}
        receipt = add(session, BidReceipt(code=f"R-{firm.name}", **about, **facts))
        add(session, SealedBid(lot_id=lot.id, supplier_id=firm.id, receipt_id=receipt.id, quality=b"a", price=b"b"))
    foreign = BidFile(lot_id=lot.id, organisation_id=stranger.id, stored_as="a", byte_count=1, added_by="b")
    [file] = list_bid_files(session, lot_id=lot.id, organisation_id=organisation.id)
    things = {"lot": 1, "stored_as": file.stored_as, "receipt": f"R-{own.name}"}
    world.own |= things
    world.personal[Role.SUPPLIER.value] |= {**things, "ocid": tender.ocid, "criterion": "plan"}
    world.foreign |= {"lot": 99, "stored_as": add(session, foreign).stored_as, "receipt": f"R-{other.name}"}


def enter_evaluation(session: Session, things: dict[str, Any], firm: str) -> dict[str, int]:
    """A bid for the tender, a seat on its panel and a question to the bidder."""
    tender, supplier, now = get_tender(session, things["ocid"]), find_supplier(session, firm), datetime.now(UTC)
    assert supplier is not None
    lot = add(session, Lot(tender_id=tender.id, number=1, title="Grounds"))
    about = {"tender_id": tender.id, "lot_id": lot.id, "supplier_id": supplier.id, "submitted_at": now}
    bid = add(session, Bid(bidder=firm, alias="Bidder 1", commitments=[], marks=[], **about))
    seat = add(session, PanelSeat(tender_id=tender.id, user_id=things["user_id"], seated_by="test"))
    question = BidQuestion(bid_id=bid.id, number=1, question="Why?", asked_by="test", asked_at=now, reply_by_on=DAY)
    return {"bid_id": bid.id, "seat_id": seat.id, "question_id": add(session, question).id}


def enter_award(session: Session, bid: Bid) -> dict[str, int]:
    """A recommendation to award to the bid, with a promise of its bidder's and a reason that is left out."""
    about = {"tender_id": bid.tender_id, "lot_id": bid.lot_id, "number": 1, "created_by": "test", "as_of": DAY}
    result: dict[str, Any] = {"bids": [{"bidder": bid.bidder, "lines": []}], "ties": [], "warnings": []}
    hashes = {"method_hash": "a", "catalogue_fingerprint": "b", "result": result, "result_hash": hash_of(result)}
    evaluation = Evaluation(engine_version="0", bids=[], **about, **hashes)
    add(session, evaluation)
    excluded = {"position": 1, "excluded_because": "Late.", "lines": []}
    add(session, EvaluationBid(evaluation_id=evaluation.id, bid_id=bid.id, **excluded))
    promise = BidCommitment(bid_id=bid.id, measure_code="local-jobs", quantity=Decimal(1), unit=Unit.FTE_YEAR)
    told = {"reason": "First.", "winner_address": "1 Lane", "winner_email": "a@example.com"}
    award = Award(lot_id=bid.lot_id, evaluation_id=evaluation.id, bid_id=bid.id, recommended_by="test", **told)
    award.recommended_at = bid.submitted_at
    add(session, award)
    hidden = Redaction(award_id=award.id, bid_id=bid.id, criterion="plan", because="Secret.", made_by="test")
    return {"commitment_id": add(session, promise).id, "redaction_id": add(session, hidden).id}


def enter_register(session: Session, contract_id: int, firm: str) -> dict[str, int]:
    """What hangs on a contract, files of its buyer, and a contract of the firm."""
    contract, supplier = session.get_one(Contract, contract_id), find_supplier(session, firm)
    assert supplier is not None
    kpi = Kpi(contract_id=contract.id, number=1, title="Calls", description="", target=Decimal(1), unit="calls")
    kpi.better = Better.HIGHER
    about = {"period_start_on": DAY, "period_end_on": DAY, "assessed_on": DAY, "assessed_by": "test"}
    assessment = Assessment(contract_id=contract.id, number=1, summary="Good.", thresholds={}, **about)
    remedy = Remedy(
        contract_id=contract.id, number=1, problem="Late.", action="Hurry.", raised_by="test", raised_on=DAY
    )
    remedy.due_on = DAY
    agreement = Contract(organisation_id=contract.organisation_id, supplier_id=supplier.id, reference="R2", title="Ash")
    agreement.contract_value, agreement.start_on, agreement.end_on = Money(100), DAY, DAY
    return {
        "promise_id": ROWS["enter_promise"](session, contract.id),
        "kpi_id": add(session, kpi).id,
        "assessment_id": add(session, assessment).id,
        "remedy_id": add(session, remedy).id,
        "agreement_id": add(session, agreement).id,
        **ROWS["enter_files"](session, contract.organisation_id),
    }


def enter_document(session: Session, world: World, tender: Tender) -> int:
    """A file bidders are given."""
    content = f"%PDF-1.7 of {tender.ocid}".encode()
    sha256 = put_file(world.app.extensions["wpound"].settings.data_dir / "files", content)
    file = record_file(session, sha256=sha256, media_type="application/pdf", byte_count=9, original_name="a.pdf")
    document = TenderDocument(tender_id=tender.id, title="Specification", file_id=file.id, added_by="test")
    return add(session, document).id


def enter_invitation(session: Session, organisation: Organisation, role: Role) -> int:
    invitation = Invitation(
        token_hash=token_hex(32),
        email="new@example.com",
        organisation_id=organisation.id,
        role=role,
        invited_by="test",
        expires_at=datetime.now(UTC) + timedelta(days=7),
    )
    return add(session, invitation).id


def enter_certificate(session: Session, world: World, things: dict[str, Any], firm: str) -> dict[str, str]:
    """A certificate of the contract, held by the firm, whose list is the one of its own serial number."""
    contract, holder = session.get_one(Contract, things["contract_id"]), find_supplier(session, firm)
    assert holder is not None
    folder, serial = world.database.parent, "CERT-00001" if things is world.own else "OTHER-00001"
    facts = replace(runpy.run_path(str(SAMPLES))["certificate_facts"](), serial=serial)
    document = make_credential(facts, "http://127.0.0.1:5000/keys", "http://127.0.0.1:5000/lists", 1)
    certificate = Certificate(organisation_id=contract.organisation_id, year=2026, number=1, serial=serial)
    certificate.scope, certificate.contract_id, certificate.supplier_id = facts.scope, contract.id, holder.id
    certificate.period_start_on, certificate.period_end_on = facts.period.start_on, facts.period.end_on
    certificate.issued_on, certificate.expires_on = facts.issued_on, facts.expires_on
    certificate.facts, certificate.facts_sha256, certificate.audit_head = facts.to_dict(), facts.fingerprint, "0"
    now = datetime.now(UTC)
    certificate.credential = sign_credential(document, open_key(folder, now), now)
    certificate.pdf_sha256 = put_file(folder / "files", serial.encode())
    return {"serial": add(session, certificate).serial}


def enter_user(session: Session, name: str) -> User:
    email = f"{name.replace(' ', '.')}@example.com"
    return add(
        session, User(name=name, email=email, fs_uniquifier=token_hex(32), fs_webauthn_user_handle=token_hex(32))
    )


def sign_in(session: Session, user: User) -> str:
    """Sign a person in as the log-in page would, with a second factor just given."""
    key = token_hex(32)
    now = datetime.now(UTC).timestamp()
    data = {"_user_id": user.fs_uniquifier, "_fresh": True, "csrf_token": RAW_TOKEN, "fs_cc": "set", "fs_paa": now}
    begin_sign_in(
        session,
        key,
        data=TaggedJSONSerializer().dumps(data),
        uniquifier=user.fs_uniquifier,
        limits=LIMITS,
        address="",
        agent="",
    )
    return key
