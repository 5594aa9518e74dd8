"""A prepared statement reads what SQLAlchemy's own way to run it reads."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, Select, bindparam, select
from sqlalchemy.orm import Session

from wpound.core.money import Money
from wpound.store.engine import reading
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.prepared import Prepared

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
        assert prepared.rows(session, **wanted) == [tuple(row) for row in session.execute(BY_STAGE, wanted)]
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
        assert names.rows(before) == []
        with Session(engine) as other, other.begin():
            make.organisation(other)
        assert names.rows(before) == []
        assert before.scalars(select(Organisation)).all() == []
    with reading(engine) as after:
        assert after.scalars(select(Organisation)).one().key == "council"
        assert names.rows(after) == [("council",)]


def test_a_reading_gives_its_connection_back(engine: Engine) -> None:
    for _ in range(2):
        with reading(engine) as session:
            Prepared(select(T.id)).rows(session)
            assert session.scalars(select(Tender)).all() == []
            assert engine.pool.checkedout() == 1
        assert engine.pool.checkedout() == 0
