"""Every rule of a storm finds the storm in which it was broken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wpound.services.clock import format_deadline

NOON = datetime(2026, 6, 1, 11, tzinfo=UTC)


@pytest.fixture
def storm(storm_rules: Any) -> Any:
    """Three bids, each in once, and one refused."""
    receipts = [
        storm_rules.Receipt(code, n, f"hash {n}", NOON - timedelta(seconds=9 - n)) for n, code in enumerate("ABC", 1)
    ]
    told = [{"supplier_id": one.supplier_id, "hash": one.content_hash, "code": one.code} for one in receipts]
    told.append({"supplier_id": 4, "hash": "hash 4", "refused": f"The deadline was {format_deadline(NOON)}."})
    sealed = [(one.supplier_id, one.code) for one in receipts]
    return storm_rules.Storm(NOON, told, receipts, sealed, {one.code: one.content_hash for one in receipts})


def stamp_late(storm: Any) -> None:
    storm.receipts[2] = replace(storm.receipts[2], received_at=NOON)


def stamp_early(storm: Any) -> None:
    storm.receipts[2] = replace(storm.receipts[2], received_at=NOON - timedelta(hours=1))


def seal_twice(storm: Any) -> None:
    storm.sealed.append(storm.sealed[0])


def lose_a_receipt(storm: Any) -> None:
    del storm.receipts[1]


def keep_other_words(storm: Any) -> None:
    storm.receipts[1] = replace(storm.receipts[1], content_hash="another")


def stand_by_none(storm: Any) -> None:
    del storm.sealed[0]


def open_another(storm: Any) -> None:
    storm.opened["A"] = "hash 2"


def refuse_without_a_word(storm: Any) -> None:
    storm.told[3]["refused"] = "Too late."


def fail(storm: Any) -> None:
    storm.told.append({"supplier_id": 5, "hash": "hash 5", "failed": "database is locked"})


@pytest.mark.parametrize(
    ("plant", "sign"),
    [
        (stamp_late, "C came in late"),
        (stamp_early, "not given in the order of their moments"),
        (seal_twice, "supplier 1 has 2 bids in"),
        (lose_a_receipt, "not those that were shown"),
        (keep_other_words, "not those that were shown"),
        (stand_by_none, "another receipt than its supplier's last"),
        (open_another, "not what was acknowledged"),
        (refuse_without_a_word, "refused with 'Too late.'"),
        (fail, "a click failed: database is locked"),
    ],
)
def test_every_rule_finds_what_breaks_it(storm_rules: Any, storm: Any, plant: Callable[[Any], None], sign: str) -> None:
    assert storm_rules.find_faults(storm) == []
    plant(storm)
    faults = storm_rules.find_faults(storm)
    assert any(fault.endswith(sign) for fault in faults), faults
