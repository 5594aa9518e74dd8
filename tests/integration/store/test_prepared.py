"""A prepared statement reads what SQLAlchemy's own way to run it reads."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from wpound.core.money import Money
from wpound.store import engine as engines
from wpound.store.engine import now_in, reading, writing
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.prepared import FOUND, MOST_FOUND, Prepared

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
T = Tender.__table__.c
BY_STAGE: Select = (
    select(T.id, T.stage, T.deadline_at, T.contract_value, T.years)
    .where(T.stage == bindparam("stage", type_=T.stage.type), T.title != "Hidden")
    .where((T.deadline_at <= bindparam("now", type_=T.deadline_at.type)) | T.deadline_at.is_(None))
    .order_by(T.id)
    .limit(bindparam("limit"))
)


@pytest.fixture
def tenders(session: Session, make) -> None:
    organisation_id = make.organisation(session).id
    for number, (deadline, value) in enumerate([(NOON, Money(1_234_567)), (None, None)]):
        session.add(
            Tender(
                organisation_id=organisation_id,
                ocid=f"ocds-{number}",
                title="Roof",
                stage=TenderStage.DRAFT,
                deadline_at=deadline,
                contract_value=value,
                lots=[],
            )
        )
    session.flush()


def test_values_go_in_and_columns_come_out_by_their_types(session: Session, tenders: None) -> None:
    prepared = Prepared(BY_STAGE)
    asked = {"stage": TenderStage.DRAFT, "now": NOON, "limit": 5}
    for wanted in (asked, asked | {"limit": 1}, asked | {"stage": TenderStage.AWARDED}):
        assert prepared.rows(session, **wanted) == tuple(map(tuple, session.execute(BY_STAGE, wanted)))
    first = prepared.rows(session, **asked)[0]
    assert first[1:] == (TenderStage.DRAFT, NOON, Money(1_234_567), None)
    assert type(first[1]) is TenderStage


def test_a_value_of_the_wrong_kind_or_missing_is_refused(session: Session) -> None:
    prepared = Prepared(BY_STAGE)
    with pytest.raises(TypeError, match="time zone"):
        prepared.rows(session, stage=TenderStage.DRAFT, now=datetime(2026, 4, 1), limit=5)  # noqa: DTZ001
    with pytest.raises(KeyError, match="now"):
        prepared.rows(session, stage=TenderStage.DRAFT, limit=5)


def test_a_list_of_values_is_refused(session: Session) -> None:
    with pytest.raises(TypeError, match="no lists"):
        Prepared(select(T.id).where(T.stage.in_([TenderStage.DRAFT]))).rows(session)


def test_it_sees_the_same_moment_as_the_objects_of_its_session(engine: Engine, make) -> None:
    names = Prepared(select(Organisation.__table__.c.key))
    with reading(engine) as before:
        assert names.rows(before) == ()
        with Session(engine) as other, other.begin():
            make.organisation(other)
        assert names.rows(before) == ()
        assert before.scalars(select(Organisation)).all() == []
    with reading(engine) as after:
        assert after.scalars(select(Organisation)).one().key == "council"
        assert names.rows(after) == (("council",),)


def asked(engine: Engine) -> list[str]:
    """Every statement that SQLite is given on the connection that reads, from now on."""
    told: list[str] = []
    with reading(engine) as session:
        session.connection().connection.driver_connection.set_trace_callback(told.append)
    return told


@pytest.mark.parametrize("most_idle", [0, 4], ids=["readers write too", "readers wait"])
def test_what_was_found_is_not_asked_for_again_until_somebody_changes_the_database(
    sqlite_engine: Engine, make, monkeypatch: pytest.MonkeyPatch, most_idle: int
) -> None:
    monkeypatch.setattr(engines, "MOST_IDLE", most_idle)
    names = Prepared(select(Organisation.__table__.c.key).order_by(Organisation.__table__.c.key))
    told = asked(sqlite_engine)
    with Session(sqlite_engine) as other, other.begin():
        make.organisation(other)
    seen = []
    for _ in range(3):
        with reading(sqlite_engine) as session:
            seen.append(names.rows(session))
    assert seen == [(("council",),)] * 3
    assert sum(one.startswith("SELECT organisations") for one in told) == 1

    # The connection that read writes itself or another one does, then another one during a reading.
    with writing(sqlite_engine) as session:
        make.organisation(session, "college")
    with reading(sqlite_engine) as session:
        assert names.rows(session) == (("college",), ("council",))
        with Session(sqlite_engine) as other, other.begin():
            make.organisation(other, "hospital")
        assert names.rows(session) == (("college",), ("council",))
    with reading(sqlite_engine) as session:
        assert names.rows(session) == (("college",), ("council",), ("hospital",))


def test_what_was_never_committed_is_not_kept(engine: Engine, make) -> None:
    names = Prepared(select(Organisation.__table__.c.key))
    with pytest.raises(ZeroDivisionError), writing(engine) as session:
        make.organisation(session)
        assert names.rows(session) == (("council",),)
        raise ZeroDivisionError
    with reading(engine) as session:
        assert names.rows(session) == ()


def test_a_clock_is_asked_each_time(engine: Engine) -> None:
    with reading(engine) as session:
        assert len({now_in(session) for _ in range(2000)}) > 1


def test_what_is_kept_has_an_end(sqlite_engine: Engine) -> None:
    numbers = Prepared(select(bindparam("number", type_=Integer)))
    with reading(sqlite_engine) as session:
        for number in range(3 * MOST_FOUND):
            assert numbers.rows(session, number=number) == ((number,),)
        assert len(session.connection().info[FOUND]) <= MOST_FOUND
