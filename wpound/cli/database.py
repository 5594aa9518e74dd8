"""The database a command works on, and in whose name."""

from typing import Any

from wpound.config import Settings

# Who does what a command does, as the audit trail names them.
ACTOR = "command line"


def open_database(settings: Settings) -> Any:
    """The engine (of ``store.engine``) of the settings' database, brought up to the newest form."""
    from wpound.store.engine import create_engine_for, upgrade

    engine = create_engine_for(settings.database_url)
    upgrade(engine)
    return engine
