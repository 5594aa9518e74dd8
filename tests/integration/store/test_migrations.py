"""Migrations go up, down and up again on both databases, and say what the models say."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from wpound.config import find_folder
from wpound.store.base import AppendOnly, Base
from wpound.store.engine import create_engine_for, downgrade, is_current

ROOT = Path(__file__).parents[3]
Upgrade = Callable[[Engine], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with no tables."""
    if request.param == "sqlite":
        engine = create_engine_for(f"sqlite:///{tmp_path / 'blank.sqlite'}")
        yield engine
        engine.dispose()
        return
    url = request.getfixturevalue("postgresql_engine").url
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"{url.database}_blank"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine_for(url.set(database=name).render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    admin.dispose()


def triggers(engine: Engine) -> set[str]:
    catalogue = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if engine.dialect.name == "postgresql":
        catalogue = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with engine.connect() as connection:
        return set(connection.scalars(text(catalogue)))


def test_up_down_and_up_again_leaves_nothing_and_then_everything(blank: Engine, usual_upgrade: Upgrade) -> None:
    usual_upgrade(blank)
    first = triggers(blank)
    downgrade(blank, "base")
    assert inspect(blank).get_table_names() == ["alembic_version"]
    assert triggers(blank) == set()
    assert not is_current(blank)

    usual_upgrade(blank)

    assert is_current(blank)
    assert triggers(blank) == first
    assert set(inspect(blank).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_each_step_down_can_be_taken_back(blank: Engine, usual_upgrade: Upgrade) -> None:
    usual_upgrade(blank)
    for revision in [step.revision for step in _scripts().walk_revisions()][1:]:
        downgrade(blank, revision)
    usual_upgrade(blank)

    assert is_current(blank)


def test_the_migrations_say_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_checks_are_the_same_in_migrations_and_models(engine: Engine) -> None:
    """Alembic does not compare check constraints, so a word added to a list would be forgotten."""
    inspector = inspect(engine)
    found = {name: {c["name"] for c in inspector.get_check_constraints(name)} for name in Base.metadata.tables}
    wanted = {
        table.name: {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        for table in Base.metadata.tables.values()
    }

    assert found == wanted


def test_words_of_the_checks_are_the_words_of_the_models(sqlite_engine: Engine) -> None:
    inspector = inspect(sqlite_engine)
    for table in Base.metadata.tables.values():
        found = {c["name"]: c["sqltext"] for c in inspector.get_check_constraints(table.name)}
        wanted = {c.name: str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert found == wanted


def test_every_model_written_once_has_its_triggers(engine: Engine) -> None:
    kept = {mapper.local_table.name for mapper in Base.registry.mappers if issubclass(mapper.class_, AppendOnly)}
    actions = ("update", "delete", "truncate") if engine.dialect.name == "postgresql" else ("update", "delete")

    assert triggers(engine) == {f"keep_{table}_{action}" for table in kept for action in actions}


def test_there_is_one_newest_migration_and_numbers_run_on() -> None:
    numbers = sorted(step.revision for step in _scripts().walk_revisions())

    assert _scripts().get_heads() == [numbers[-1]]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_a_failing_step_leaves_the_tables_as_they_were(blank: Engine, usual_upgrade: Upgrade) -> None:
    with blank.begin() as connection:
        connection.execute(text("CREATE TABLE audit_events (id INTEGER)"))

    with pytest.raises(DBAPIError, match="audit_events"):
        usual_upgrade(blank)

    assert set(inspect(blank).get_table_names()) - {"alembic_version"} == {"audit_events"}


def test_alembic_works_from_a_shell_in_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPOUND_DATABASE_URL", f"sqlite:///{tmp_path / 'shell.sqlite'}")
    config = Config(toml_file=ROOT / "pyproject.toml")

    command.upgrade(config, "head")
    command.check(config)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(find_folder("migrations")))
