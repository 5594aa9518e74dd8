"""The roll-ups are the lines, whatever happened to them, and a league table reads nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from wpound.core.local_spend import RingSpend
from wpound.core.money import Money
from wpound.core.periods import Period, financial_year
from wpound.core.places import UNPLACED, Placement, Ring
from wpound.store import league, rollups, spend, suppliers
from wpound.store.models.suppliers import DecidedBy
from wpound.store.suppliers import Decision, PayeeKey

CITY = Placement(Ring.CITY, Ring.CITY, Ring.CITY)
AWAY = Placement(Ring.UK, Ring.REGION, Ring.UK)
YEAR = financial_year(2025)
NAMES = ["Alder", "Birch", "Cedar"]
PAYMENT = st.tuples(
    st.sampled_from(NAMES),
    st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.integers(-(2**50), 2**50),
)


@contextmanager
def rolled_back(session: Session) -> Iterator[None]:
    with session.begin_nested() as savepoint:
        yield
        savepoint.rollback()
    session.expire_all()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    files=st.lists(st.lists(PAYMENT, min_size=1, max_size=8), min_size=1, max_size=4),
    withdrawn=st.sets(st.integers(0, 3)),
    moved=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([CITY, AWAY, UNPLACED])), max_size=4),
)
def test_roll_ups_are_the_lines_after_any_imports_moves_and_withdrawals(
    session: Session, make, files, withdrawn, moved
) -> None:
    with rolled_back(session):
        source = make.source(session, make.organisation(session))
        done = [make.spend_file(session, source, rows, sha256=f"{n:064d}") for n, rows in enumerate(files)]
        payees = suppliers.get_payee_ids(session, organisation_id=source.organisation_id)
        for name, placement in moved:
            if PayeeKey(name) in payees:
                rollups.set_placements(session, "city", {payees[PayeeKey(name)]: placement})
        for number in withdrawn & set(range(len(done))):
            spend.withdraw_file(session, done[number].id, by="finance", because="Test")

        assert rollups.check_rollups(session) == []
        rows = [row for n, rows in enumerate(files) if n not in withdrawn for row in rows if row[1] and row[1] in YEAR]
        found = league.ring_spend(session, organisation_ids=[source.organisation_id], period=YEAR, rule_key="city")[
            source.organisation_id
        ]
        assert sum(row.pence for row in found) == sum(pence for _, _, pence in rows)
        assert sum(row.lines for row in found) == len(rows)


@pytest.fixture
def council(session: Session, make):
    """A council that paid Alder in the city and Birch far away, with a line of no known day."""
    council = make.organisation(session)
    make.spend_file(
        session,
        make.source(session, council),
        [
            ("Alder", date(2025, 4, 1), 70),
            ("Alder", date(2026, 3, 31), 30),
            ("Birch", date(2025, 9, 1), -10),
            ("Birch", date(2026, 4, 1), 500),
            ("Birch", None, 7),
        ],
        places={"Alder": CITY, "Birch": AWAY}.__getitem__,
    )
    return council


def rings(session: Session, council, period: Period = YEAR) -> list[RingSpend]:
    return league.ring_spend(session, organisation_ids=[council.id], period=period, rule_key="city")[council.id]


def test_a_year_by_ring(session: Session, council) -> None:
    assert rings(session, council) == [
        RingSpend(Ring.CITY, Ring.CITY, Ring.CITY, 100, 2),
        RingSpend(Ring.UK, Ring.REGION, Ring.UK, -10, 1),
    ]


def test_a_quarter_by_ring(session: Session, council) -> None:
    assert rings(session, council, Period(date(2026, 1, 1), date(2026, 3, 31))) == [
        RingSpend(Ring.CITY, Ring.CITY, Ring.CITY, 30, 1)
    ]


def test_a_period_that_cuts_a_quarter_is_refused(session: Session, council) -> None:
    with pytest.raises(ValueError, match="whole quarters"):
        rings(session, council, Period(date(2025, 4, 2), date(2026, 3, 31)))


def test_lines_without_a_day_are_told_apart(session: Session, council) -> None:
    assert league.undated_spend(session, organisation_ids=[council.id]) == {council.id: (Money(7), 1)}
    assert league.list_financial_years(session, organisation_ids=[council.id]) == [2026, 2025]


def test_another_definition_of_local_counts_the_same_lines(session: Session, council) -> None:
    payees = suppliers.get_payee_ids(session, organisation_id=council.id)
    rollups.set_placements(session, "region", dict.fromkeys(payees.values(), CITY))

    found = league.ring_spend(session, organisation_ids=[council.id], period=YEAR, rule_key="region")[council.id]

    assert found == [RingSpend(Ring.CITY, Ring.CITY, Ring.CITY, 90, 3)]
    assert rollups.check_rollups(session) == []
    assert len(rings(session, council)) == 2


def test_a_decision_joins_spellings_and_can_be_undone(session: Session, make, council) -> None:
    payees = suppliers.get_payee_ids(session, organisation_id=council.id)
    firm = make.supplier(session, "Birch Holdings", is_public_body=True)
    taken = Decision(firm.id, DecidedBy.PERSON, None, ["Same address"], is_transfer=True)

    suppliers.decide(session, {payees[PayeeKey("Birch")]: taken}, actor="officer")
    assert rings(session, council)[1].is_transfer
    assert rollups.check_rollups(session) == []
    paid = league.supplier_spend(session, organisation_ids=[council.id], period=YEAR, rule_key="city")[council.id]
    assert [(row.name, row.supplier_id, row.pence, row.is_transfer) for row in paid] == [
        ("Alder", None, 100, False),
        ("Birch Holdings", firm.id, -10, True),
    ]

    suppliers.undo(session, [payees[PayeeKey("Birch")]], by="officer")
    assert not rings(session, council)[1].is_transfer
    (kept,) = suppliers.list_decisions(session, organisation_id=council.id)
    assert (kept.supplier_id, kept.undone_by) == (firm.id, "officer")
    assert rollups.check_rollups(session) == []


def test_the_queue_has_most_money_first_and_empties_with_a_decision(session: Session, make, council) -> None:
    payees = suppliers.get_payee_ids(session, organisation_id=council.id)
    near, nearer = make.supplier(session, "Birch Ltd"), make.supplier(session, "Birch & Co")
    for name in ("Alder", "Birch"):
        for firm, score in ((near, "0.8"), (nearer, "0.9")):
            suppliers.add_candidate(
                session, payee_id=payees[PayeeKey(name)], supplier_id=firm.id, score=Decimal(score), reasons=["Alike"]
            )

    queue = suppliers.list_queue(session, organisation_id=council.id)
    assert [(payee.name, [supplier.name for _, supplier in likely]) for payee, likely in queue] == [
        ("Birch", ["Birch & Co", "Birch Ltd"]),
        ("Alder", ["Birch & Co", "Birch Ltd"]),
    ]

    taken = Decision(nearer.id, DecidedBy.PERSON, Decimal("0.9"), ["Alike"], is_transfer=False)
    suppliers.decide(session, {payees[PayeeKey("Birch")]: taken}, actor="officer")
    assert [payee.name for payee, _ in suppliers.list_queue(session, organisation_id=council.id)] == ["Alder"]


def test_the_check_sees_a_roll_up_that_somebody_changed(session: Session, council) -> None:
    session.execute(text("UPDATE spend_by_ring SET net_pence = net_pence + 1 WHERE ring = 'city' AND quarter = 1"))
    session.execute(text("DELETE FROM spend_by_payee WHERE quarter = 0"))

    found = rollups.check_rollups(session)
    assert any("by ring holds" in line and "net_pence 71" in line for line in found)
    assert any("by payee lacks" in line and "net_pence 7" in line for line in found)

    rollups.rebuild(session)
    assert rollups.check_rollups(session) == []


def test_the_check_sees_a_payee_without_a_place(session: Session, council) -> None:
    session.execute(text("DELETE FROM payee_placements WHERE payee_id IN (SELECT id FROM payees WHERE name = 'Birch')"))
    rollups.rebuild(session)

    assert rollups.check_rollups(session) == [
        "1 payees of council have no place under city: place them before the totals are used."
    ]


def test_the_fingerprint_changes_with_the_spend_and_with_nothing_else(session: Session, make, council) -> None:
    def fingerprint() -> str:
        return league.spend_fingerprint(session, organisation_ids=[council.id], period=YEAR, rule_key="city")

    before = fingerprint()
    rollups.rebuild(session)
    assert fingerprint() == before
    (source,) = spend.list_sources(session, organisation_ids=[council.id])[council.id]
    make.spend_file(session, source, [("Cedar", date(2025, 5, 1), 1)], sha256="b" * 64)
    assert fingerprint() != before


@contextmanager
def questions(engine: Engine) -> Iterator[list[str]]:
    """Every statement sent to the database meanwhile."""
    asked: list[str] = []

    def note(connection, cursor, statement, *rest) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("anchors", [1, 6])
def test_a_league_page_asks_the_same_few_questions_for_any_number_of_anchors(
    engine: Engine, session: Session, make, anchors: int
) -> None:
    ids = []
    for number in range(anchors):
        anchor = make.organisation(session, f"anchor-{number}")
        make.spend_file(session, make.source(session, anchor), [("Alder", date(2025, 4, 1), 70)])
        ids.append(anchor.id)

    with questions(engine) as asked:
        league.ring_spend(session, organisation_ids=ids, period=YEAR, rule_key="city")
        league.supplier_spend(session, organisation_ids=ids, period=YEAR, rule_key="city")

    assert len(asked) == 2
    assert not any("spend_lines" in statement for statement in asked)
