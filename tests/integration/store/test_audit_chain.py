"""The audit chain finds every change; with a head kept outside it finds a cut and a rewrite too."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session

from wpound.store.audit import START, ChainHead, append_event, head, list_events, verify_chain
from wpound.store.engine import reading, writing
from wpound.store.models.audit import AuditEvent

EVENTS = 6


@pytest.fixture
def chain(engine: Engine) -> ChainHead:
    with writing(engine) as session:
        for number in range(EVENTS):
            write(session, number)
        return head(session)


def write(session: Session, number: int) -> None:
    append_event(
        session,
        actor="officer",
        action="tender.published",
        object_kind="tender",
        object_id=number,
        detail={"title": "Größe £5", "nothing": None, "parts": [1, True]},
    )


@contextmanager
def insider(engine: Engine) -> Iterator[Session]:
    """Somebody who owns the database and takes the triggers off first."""
    with writing(engine) as session:
        if engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            session.execute(text("DROP TRIGGER keep_audit_events_update"))
            session.execute(text("DROP TRIGGER keep_audit_events_delete"))
        yield session


def faults(engine: Engine, known: ChainHead | None = None) -> list[str]:
    with reading(engine) as session:
        return verify_chain(session, known)


def test_an_untouched_chain_is_sound(engine: Engine, chain: ChainHead) -> None:
    assert chain.seq == EVENTS
    assert faults(engine) == faults(engine, chain) == []


def test_an_empty_chain_is_sound_and_starts_with_zeros(engine: Engine) -> None:
    with reading(engine) as session:
        assert head(session) == ChainHead(0, START)
    assert faults(engine, ChainHead(0, START)) == []


@pytest.mark.parametrize("column", ["actor", "action", "object_id", "detail"])
@pytest.mark.parametrize("seq", range(1, EVENTS + 1))
def test_a_changed_event_is_found(engine: Engine, chain: ChainHead, column: str, seq: int) -> None:
    value = {"title": "other"} if column == "detail" else "other"
    with insider(engine) as session:
        session.execute(update(AuditEvent.__table__).where(AuditEvent.seq == seq).values({column: value}))

    assert faults(engine) == [f"Event {seq} was changed after it was written."]


def test_a_missing_event_is_found(engine: Engine, chain: ChainHead) -> None:
    with insider(engine) as session:
        session.execute(text("DELETE FROM audit_events WHERE seq = 3"))

    assert faults(engine) == ["Events 3 to 3 are missing."]


def test_two_swapped_events_are_found(engine: Engine, chain: ChainHead) -> None:
    with insider(engine) as session:
        for old, new in ((3, 90), (4, 3), (90, 4)):
            session.execute(text("UPDATE audit_events SET seq = :new WHERE seq = :old"), {"old": old, "new": new})

    assert faults(engine) != []


def test_a_cut_end_is_found_only_with_a_head_kept_outside(engine: Engine, chain: ChainHead) -> None:
    with insider(engine) as session:
        session.execute(text("DELETE FROM audit_events WHERE seq > 4"))

    assert faults(engine) == []
    assert faults(engine, chain) == [f"The chain ends at event 4, but event {EVENTS} was written."]


def test_a_chain_made_anew_is_found_only_with_a_head_kept_outside(engine: Engine, chain: ChainHead) -> None:
    with insider(engine) as session:
        session.execute(text("DELETE FROM audit_events"))
        for number in range(EVENTS):
            write(session, number + 100)

    assert faults(engine) == []
    assert faults(engine, chain) == [f"Event {EVENTS} is not the one that was written: the chain was made anew."]


def test_a_head_kept_earlier_still_fits_a_longer_chain(engine: Engine, chain: ChainHead) -> None:
    with writing(engine) as session:
        write(session, 99)

    assert faults(engine, chain) == []


def test_people_writing_at_once_make_one_chain(engine: Engine) -> None:
    def one(number: int) -> None:
        with writing(engine) as session:
            write(session, number)

    with ThreadPoolExecutor(12) as people:
        list(people.map(one, range(36)))

    with reading(engine) as session:
        assert head(session).seq == 36
        assert verify_chain(session) == []


def test_a_float_never_reaches_the_chain(session: Session) -> None:
    with pytest.raises(TypeError, match="float"):
        append_event(session, actor="a", action="b", object_kind="c", object_id=1, detail={"share": 0.5})


def test_events_of_one_thing_come_oldest_first(engine: Engine, chain: ChainHead) -> None:
    with writing(engine) as session:
        write(session, 2)
    with reading(engine) as session:
        assert [event.seq for event in list_events(session, object_kind="tender", object_id=2)] == [3, EVENTS + 1]
