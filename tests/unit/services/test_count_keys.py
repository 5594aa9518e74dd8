"""Pseudonyms of what returns count: one for every spelling, another for every firm's people, none to read back."""

from pathlib import Path

import pytest

from wpound.config import Settings
from wpound.core.claim_counting import EntryKind
from wpound.core.errors import StateError
from wpound.services.count_keys import Pseudonyms, open_pseudonyms

PERSON, EVENT, ASSET = EntryKind.PERSON, EntryKind.EVENT, EntryKind.ASSET


@pytest.fixture
def pseudonyms(tmp_path: Path) -> Pseudonyms:
    return open_pseudonyms(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))


def test_one_thing_has_one_pseudonym_and_no_two_things_share_one(pseudonyms: Pseudonyms) -> None:
    name = pseudonyms.name
    assert name(PERSON, " emp \u2013 0012", 1) == name(PERSON, "EMP-0012", 1)
    assert name(EVENT, "Fair, 12 May 2026", 1) == name(EVENT, "fair,  12 may 2026", 2)
    told = [(PERSON, "12", 1), (PERSON, "12", 2), (PERSON, "1", 12), (EVENT, "12", 1), (ASSET, "12", 1)]
    assert len({name(*one) for one in told}) == len(told)


def test_without_the_key_nobody_can_try_payroll_numbers(pseudonyms: Pseudonyms, tmp_path: Path) -> None:
    elsewhere = open_pseudonyms(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path / "other")}))
    assert elsewhere.name(PERSON, "12", 1) != pseudonyms.name(PERSON, "12", 1)
    assert pseudonyms.recognising != pseudonyms.reading


def test_a_reference_is_read_where_it_belongs_and_nowhere_else(pseudonyms: Pseudonyms) -> None:
    sealed = pseudonyms.seal("P-0012", 7, "ab")
    assert pseudonyms.read(sealed, 7, "ab") == "P-0012"
    assert pseudonyms.read(None, 7, "ab") is None
    assert b"0012" not in sealed and len(sealed) == len(pseudonyms.seal("Fair in the town hall, 12 May 2026", 7, "ab"))
    for claim_id, key in ((8, "ab"), (7, "ac")):
        with pytest.raises(StateError):
            pseudonyms.read(sealed, claim_id, key)
