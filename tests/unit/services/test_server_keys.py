"""The server's own keys: from the settings, or made once in the data folder for its owner alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wpound.config import Settings
from wpound.core.errors import StateError
from wpound.services.open_server_key import open_bid_key, open_pseudonym_key


def settings_in(folder: Path, **more: str) -> Settings:
    return Settings.from_environment({"WPOUND_DATA_DIR": str(folder)} | more)


def test_the_key_of_the_settings_is_written_nowhere(tmp_path: Path) -> None:
    assert open_bid_key(settings_in(tmp_path, WPOUND_BID_KEY="0123456789abcdef" * 4)).hex() == "0123456789abcdef" * 4
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """However many processes start at the same time."""
    settings = settings_in(tmp_path / "data")
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(open_bid_key, [settings] * 16))

    assert len(keys) == 1 and len(keys.pop()) == 32
    assert [file.stat().st_mode & 0o777 for file in (tmp_path / "data").iterdir()] == [0o600]
    assert open_bid_key(settings_in(tmp_path / "other")) != open_bid_key(settings)
    assert open_pseudonym_key(settings) != open_bid_key(settings)


@pytest.mark.parametrize("content", ["", "half a ke"])
def test_a_damaged_key_is_said_and_not_made_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / "bid_key").write_text(content)

    with pytest.raises(StateError, match="Restore it from a backup"):
        open_bid_key(settings_in(tmp_path))
    assert (tmp_path / "bid_key").read_text() == content
