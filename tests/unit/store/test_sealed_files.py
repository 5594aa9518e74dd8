"""Files of bids on disk: nothing of them can be read there, and nothing that was touched comes back."""

from dataclasses import replace
from pathlib import Path

import pytest

from wpound.core.bid_content import BidContent, BidFile
from wpound.core.errors import NotFound, StateError
from wpound.store.sealed_files import keep_sealed_file, read_sealed_file
from wpound.store.sealing import new_key

CANARY = b"CANARY-4711 " * 1000


@pytest.fixture
def kept(tmp_path: Path) -> BidFile:
    return keep_sealed_file(tmp_path, "plan.pdf", "application/pdf", CANARY)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_comes_back_and_cannot_be_read_on_disk(tmp_path: Path, kept: BidFile) -> None:
    [path] = on_disk(tmp_path)

    assert read_sealed_file(tmp_path, kept) == CANARY
    assert path.name == kept.stored_as and kept.byte_count == len(CANARY)
    assert not [word for word in (b"CANARY", kept.sha256.encode()) if word in path.read_bytes()]


def test_a_bid_takes_the_file_as_it_is_kept(kept: BidFile) -> None:
    content = BidContent("Ashgrove", "00" * 16, files=(kept,))

    assert BidContent.from_dict(content.to_dict()).files == (kept,)


def test_the_same_file_in_two_bids_cannot_be_told(tmp_path: Path, kept: BidFile) -> None:
    again = keep_sealed_file(tmp_path, "plan.pdf", "application/pdf", CANARY)

    assert again.sha256 == kept.sha256 and again.stored_as != kept.stored_as
    assert len({path.stat().st_size for path in on_disk(tmp_path)}) == 1


def test_what_was_touched_lost_or_exchanged_does_not_come_back(tmp_path: Path, kept: BidFile) -> None:
    other = keep_sealed_file(tmp_path, "plan.pdf", "application/pdf", b"another")
    with pytest.raises(StateError):
        read_sealed_file(tmp_path, replace(kept, key=new_key().hex()))
    with pytest.raises(StateError):
        read_sealed_file(tmp_path, replace(kept, stored_as=other.stored_as))
    with pytest.raises(StateError, match="not the one this bid names"):
        read_sealed_file(tmp_path, replace(kept, stored_as=other.stored_as, key=other.key))
    with pytest.raises(NotFound):
        read_sealed_file(tmp_path, replace(kept, stored_as="0" * 64))
    for path in on_disk(tmp_path):
        path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StateError):
        read_sealed_file(tmp_path, kept)
