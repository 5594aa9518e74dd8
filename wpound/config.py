"""Settings, read from the environment once and frozen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Settings:
    """What differs between two installations.

    ``data_dir`` holds the SQLite file, keys and output; ``city`` is a packaged city's key or a TOML file's path.
    """

    data_dir: Path
    database_url: str
    city: str
    base_url: str
    secret_key: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read ``WPOUND_*`` variables; every one has a default that works on one machine."""
        env = os.environ if environment is None else environment
        data_dir = Path(env.get("WPOUND_DATA_DIR", "instance")).absolute()
        return cls(
            data_dir=data_dir,
            database_url=env.get("WPOUND_DATABASE_URL", f"sqlite:///{data_dir / 'wpound.sqlite'}"),
            city=env.get("WPOUND_CITY", "wolverhampton"),
            base_url=env.get("WPOUND_BASE_URL", "http://127.0.0.1:5000").rstrip("/"),
            secret_key=env.get("WPOUND_SECRET_KEY", ""),
        )


def find_folder(name: str) -> Path:
    """The ``templates`` or ``migrations`` folder: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).parent
    beside = package.parent / name
    return beside if (package.parent / "pyproject.toml").is_file() and beside.is_dir() else package / name
