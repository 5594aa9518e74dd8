"""What the two ways into the database promise."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date
from pathlib import Path
from sqlite3 import ProgrammingError
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, ResourceClosedError, UnboundExecutionError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from wpound.core.errors import NotFound
from wpound.store import engine as engines
from wpound.store.engine import create_engine_for, lock, now_in, reading, writing
from wpound.store.models.organisations import Organisation

PEOPLE = 50


def test_fifty_people_adding_one_lose_nothing(engine: Engine, make) -> None:
    with writing(engine) as session:
        key = make.organisation(session, population=1, population_on=date(2026, 1, 1)).id

    def add_one(_: int) -> None:
        with writing(engine) as session:
            lock(session, Organisation, key).population += 1

    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(add_one, range(2 * PEOPLE)))

    with reading(engine) as session:
        assert session.get(Organisation, key).population == 1 + 2 * PEOPLE


def test_reading_cannot_write(engine: Engine, make) -> None:
    with reading(engine) as session, pytest.raises(DBAPIError, match=r"read-?only"):
        make.organisation(session)


def test_reading_that_starts_again_cannot_write_either(engine: Engine, make) -> None:
    with reading(engine) as session:
        session.execute(text("SELECT 1"))
        session.rollback()
        with pytest.raises(DBAPIError, match=r"read-?only"):
            make.organisation(session)


def test_writing_and_reading_take_turns_on_the_same_connection(
    engine: Engine, make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "MOST_IDLE", 0)
    with reading(engine) as session:
        session.execute(text("SELECT 1"))
    with writing(engine) as session:
        make.organisation(session)
    with reading(engine) as session:
        assert session.scalar(select(Organisation.key)) == "council"
        with pytest.raises(DBAPIError, match=r"read-?only"):
            make.organisation(session)


def test_a_reading_gives_its_connection_back(engine: Engine) -> None:
    idle = engine.get_execution_options().get(engines.IDLE, [])
    for _ in range(2):
        with reading(engine) as session:
            assert session.scalars(select(Organisation)).all() == []
            assert engine.pool.checkedout() - len(idle) == 1
        assert engine.pool.checkedout() - len(idle) == 0


def test_what_read_is_used_again_and_holds_up_nobody(sqlite_engine: Engine, make) -> None:
    ways = (now_in, lambda session: session.scalars(select(Organisation)).all(), ask_its_connection)
    for read in ways:
        with reading(sqlite_engine) as session:
            first = driver_of(session)
            read(session)
        [waiting] = sqlite_engine.get_execution_options()[engines.IDLE]
        assert not first.in_transaction
        assert not waiting.in_transaction()
    with writing(sqlite_engine) as session:
        assert driver_of(session) is not first
        make.organisation(session)
    with sqlite_engine.connect() as connection:
        # Moving the log into the database waits for whoever still reads from it.
        busy, logged, moved = connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert (busy, logged) == (0, moved)
    with reading(sqlite_engine) as session:
        assert driver_of(session) is first
        assert session.scalars(select(Organisation)).one().key == "council"


def test_a_reading_that_has_ended_reads_nothing_of_whoever_has_its_connection_now(sqlite_engine: Engine) -> None:
    with reading(sqlite_engine) as ended:
        pass
    ended.close()
    with reading(sqlite_engine) as session:
        assert session.scalar(text("SELECT 1")) == 1
        with pytest.raises(UnboundExecutionError):
            ended.scalar(text("SELECT 1"))
        with pytest.raises(ResourceClosedError, match="ended"):
            ended.connection()
    assert len(sqlite_engine.get_execution_options()[engines.IDLE]) == 1


@pytest.mark.parametrize("most_idle", [0, 4], ids=["in the pool", "waiting"])
def test_what_is_not_read_to_its_end_holds_nobody_in_its_moment(
    sqlite_engine: Engine, make, monkeypatch: pytest.MonkeyPatch, most_idle: int
) -> None:
    monkeypatch.setattr(engines, "MOST_IDLE", most_idle)
    with reading(sqlite_engine) as ended:
        half = ended.execute(text("VALUES (1), (2)"))
        rows = ended.execute(text("SELECT 1 FROM sqlite_master"))
        assert half.fetchone() == (1,)
    with sqlite_engine.connect() as other, other.begin():
        make.organisation(Session(other))
    with reading(sqlite_engine) as session:
        assert session.scalars(select(Organisation.key)).all() == ["council"]
    for one in (half, rows):
        with pytest.raises(DBAPIError, match="closed"):
            one.fetchone()


def test_few_connections_wait_and_none_that_is_broken(sqlite_engine: Engine) -> None:
    idle = sqlite_engine.get_execution_options()[engines.IDLE]
    with ExitStack() as many:
        sessions = [many.enter_context(reading(sqlite_engine)) for _ in range(engines.MOST_IDLE + 3)]
        sessions[-1].connection().invalidate()
    assert (len(idle), sqlite_engine.pool.checkedout()) == (engines.MOST_IDLE, engines.MOST_IDLE)
    assert all(not one.invalidated for one in idle)
    waiting = [one.connection.driver_connection for one in idle]
    sqlite_engine.dispose()
    assert idle == []
    for one in waiting:
        with pytest.raises(ProgrammingError, match="closed"):
            one.execute("SELECT 1")


class TakenMeanwhile(list[Any]):
    """Connections that wait, the first of which another thread takes in the moment somebody grasps for it."""

    def pop(self, *place: Any) -> Any:
        if self[:1] == ["first"]:
            self.clear()
        return super().pop(*place)


def test_two_threads_may_want_the_last_connection_that_waits(sqlite_engine: Engine) -> None:
    idle = TakenMeanwhile(["first"])
    sqlite_engine.update_execution_options(**{engines.IDLE: idle})
    with reading(sqlite_engine) as session:
        assert session.scalar(text("SELECT 1")) == 1


def ask_its_connection(session: Session) -> None:
    session.connection().execute(text("SELECT 1"))


def driver_of(session: Session) -> Any:
    return session.connection().connection.driver_connection


def test_reading_sees_one_moment(engine: Engine, make) -> None:
    with reading(engine) as before:
        assert before.scalars(select(Organisation.key)).all() == []
        with writing(engine) as session:
            make.organisation(session)
        assert before.scalars(select(Organisation.key)).all() == []


def test_an_error_leaves_nothing_behind(engine: Engine, make) -> None:
    with pytest.raises(RuntimeError), writing(engine) as session:
        make.organisation(session)
        raise RuntimeError
    with reading(engine) as session:
        assert session.scalars(select(Organisation.key)).all() == []


def test_the_clock_moves_inside_a_transaction_and_is_utc(session: Session) -> None:
    first, second = now_in(session), now_in(session)

    assert first.tzinfo is UTC
    assert first <= second


def test_locking_what_is_not_there_says_so(session: Session) -> None:
    with pytest.raises(NotFound, match="no organisation 7"):
        lock(session, Organisation, 7)


def test_a_change_from_a_stale_copy_fails(engine: Engine, make) -> None:
    with writing(engine) as session:
        mine = make.organisation(session)
    with writing(engine) as session:
        lock(session, Organisation, mine.id).name = "Theirs"
    with pytest.raises(StaleDataError), writing(engine) as session:
        session.add(mine)
        mine.name = "Mine"


def test_the_sqlite_file_is_private_and_set_up_for_safety(
    tmp_path: Path, usual_upgrade: Callable[[Engine], None]
) -> None:
    path = tmp_path / "folder" / "wpound.sqlite"
    engine = create_engine_for(f"sqlite:///{path}")
    usual_upgrade(engine)

    with engine.connect() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}
        switches = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("foreign_keys", "secure_delete")]
    engine.dispose()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert found == {"journal_mode": "wal", "synchronous": 2}
    assert switches == [1, 1]
