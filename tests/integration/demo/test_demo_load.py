"""The demonstration goes into a database through the services, once, and never among real data."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wpound.catalogue.loader import load_catalogue, load_city
from wpound.catalogue.model import AnchorKind, City
from wpound.config import Settings
from wpound.core.errors import StateError
from wpound.core.league import LeagueTable
from wpound.demo.load import load_demo
from wpound.demo.people import enter_people
from wpound.demo.show import list_pages
from wpound.services.access import Role, find_person
from wpound.services.build_league_table import get_league_table
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.show_delivery import show_delivery
from wpound.services.verify_certificate import Outcome, verify_by_serial
from wpound.store.accounts import find_user
from wpound.store.audit import head, verify_chain
from wpound.store.certificates import list_certificates
from wpound.store.contracts import get_contract, list_all_commitments, list_contracts
from wpound.store.engine import reading, writing
from wpound.store.organisations import list_anchors
from wpound.store.returns import list_returns
from wpound.store.rollups import check_rollups
from wpound.store.tenders import get_tender

KINDS = (AnchorKind.COLLEGE, AnchorKind.HOUSING)


@pytest.fixture
def small_city() -> City:
    """Two of the anchors: enough to rank one and to leave one out."""
    city = load_city("wolverhampton")
    anchors = tuple(anchor for anchor in city.anchors if anchor.kind in KINDS)
    return replace(city, anchors=anchors, localities=city.localities[:2])


def load(engine: Engine, city: City, folder: Path) -> tuple[bool, dict[str, int]]:
    done: dict[str, int] = {}

    def count(step: str, of: int, more: int) -> None:
        done[step] = done.get(step, 0) + more

    settings = Settings.from_environment({"WPOUND_DATA_DIR": str(folder / "data")})
    return load_demo(engine, settings, city, load_catalogue(city.plan), folder / "files", count), done


@pytest.mark.proof
def test_loaded_once_and_the_second_time_nothing_changes(engine: Engine, small_city: City, tmp_path: Path) -> None:
    loaded, done = load(engine, small_city, tmp_path)
    assert loaded
    assert done["Supplier register"] == 2_250
    assert done["League tables"] == 3 * len(small_city.localities)
    assert (done["Tenders"], done["Contracts and returns"]) == (6, 12)
    settings = Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path / "data")})
    with reading(engine) as session:
        before = head(session)
        assert check_rollups(session) == []
        assert verify_chain(session) == []
        table = get_league_table(session, small_city, "city-trading", 2025)
        tender = get_tender(session, "ocds-example-grounds-maintenance")
        contract = get_contract(session, "EX-2025-001", organisation_id=tender.organisation_id)
        returns = list_returns(session, contract_id=contract.id)
        certificates, _ = list_certificates(session, organisation_id=tender.organisation_id, limit=9)
        outcomes = {verify_by_serial(session, settings, one.certificate.serial).outcome for one in certificates}
        assert outcomes == {Outcome.VALID}
    check_league(table)
    assert tender.stage.value == "awarded"
    assert [found.status.value for found in returns] == ["verified"] * 4 + ["draft"]
    check_returns(engine, settings, small_city)
    assert load(engine, small_city, tmp_path) == (False, {})
    with reading(engine) as session:
        assert head(session) == before
    check_people(engine, small_city, tmp_path / "data" / "demo")


def check_returns(engine: Engine, settings: Settings, city: City) -> None:
    """Lines were decided in every way there is, and what contracts show is the sum of the lines of their returns."""
    catalogue = load_catalogue(city.plan)
    states: Counter[str] = Counter()
    with reading(engine) as session:
        for contract in list_all_contracts(session, city):
            promised = {one.id: one for one in list_all_commitments(session, contract_id=contract.id)}
            sums: dict[Any, list[Decimal]] = {}
            for sent in list_returns(session, contract_id=contract.id):
                states.update(claim.state.value for claim in sent.claims)
                for claim in sent.claims if sent.submitted_at else ():
                    assert (claim.verified or 0) <= claim.claimed
                    key = promised[claim.commitment_id].measure_code, promised[claim.commitment_id].year
                    claimed, verified = sums.setdefault(key, [Decimal(0), Decimal(0)])
                    sums[key] = [claimed + claim.claimed, verified + (claim.verified or 0)]
            for line in show_delivery(session, contract, catalogue):
                key = line.commitment.measure_code, line.commitment.year
                assert [line.progress.claimed, line.progress.verified] == sums.get(key, [0, 0])
                assert line.progress.promised == line.commitment.quantity
                assert sum(due.quantity for due in line.dates) in (0, line.commitment.quantity)
        pages = list_pages(session, settings, catalogue)
    assert states.keys() == {"draft", "submitted", "queried", "approved", "rejected"}
    assert any("/confirm/" in address for address in pages.values())


def list_all_contracts(session: Session, city: City) -> list[Any]:
    anchors = list_anchors(session, city_key=city.key)
    return [contract for anchor in anchors for contract in list_contracts(session, organisation_id=anchor.id)]


def check_people(engine: Engine, city: City, folder: Path) -> None:
    """Everybody can sign in with one password that stays, and has the role their address says."""
    cast, password = enter_people(engine, city, folder)
    assert {part.role for part in cast} == set(Role)
    assert enter_people(engine, city, folder)[1] == password
    with reading(engine) as session:
        for part in cast:
            user = find_user(session, part.email)
            assert user is not None and PasswordHasher().verify(user.password or "", password)
            person = find_person(session, user.id)
            assert person is not None and {grant.role for grant in person.memberships} == {part.role}
        officers = [part for part in cast if part.role is Role.OFFICER]
        assert [len(officer.organisations) for officer in officers] == [len(city.anchors)] * 2


def check_league(table: LeagueTable | None) -> None:
    """One anchor is ranked; the other stands below the coverage floor and is told so."""
    assert table is not None
    assert all(row.name.endswith("(demo)") for row in table.rows)
    ranked, unranked = table.rows
    assert ranked.kind == "housing" and ranked.unranked_because is None
    assert unranked.kind == "college" and "a rank needs 60" in str(unranked.unranked_because)
    assert ranked.share_low is not None and ranked.share_high is not None
    assert ranked.share_low < ranked.share_high


def test_fictional_data_is_never_put_among_other_data(sqlite_engine: Engine, small_city: City, tmp_path: Path) -> None:
    with writing(sqlite_engine) as session:
        enrol_anchors(session, small_city, actor="somebody")
    with pytest.raises(StateError, match="folder of its own"):
        load(sqlite_engine, small_city, tmp_path)
    assert not (tmp_path / "files").exists()
