"""What the two ways into the database promise."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from wpound.core.errors import NotFound
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


def test_writing_and_reading_take_turns_on_the_same_connection(engine: Engine, make) -> None:
    with reading(engine) as session:
        session.execute(text("SELECT 1"))
    with writing(engine) as session:
        make.organisation(session)
    with reading(engine) as session:
        assert session.scalar(select(Organisation.key)) == "council"
        with pytest.raises(DBAPIError, match=r"read-?only"):
            make.organisation(session)


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
