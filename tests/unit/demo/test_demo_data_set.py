"""The demonstration data set: plainly fictional, repeatable and of believable size and shape."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.catalogue.model import AnchorKind, City
from wpound.core.places import Ring
from wpound.demo.accounts import open_accounts
from wpound.demo.generate import DemoFiles, seeded, write_demo_files
from wpound.demo.payments import Ledger, Payment, split
from wpound.demo.postcodes import PostcodePool
from wpound.demo.suppliers import DemoSupplier
from wpound.demo.words import load_shapes, load_trades


def pay(kind: str, suppliers: list[DemoSupplier]) -> list[Payment]:
    chance, shape = Random(3), load_shapes()[kind]
    return Ledger(chance, "Example", shape, open_accounts(chance, shape, suppliers)).pay()


def test_same_seed_writes_the_same_bytes_and_another_seed_does_not(
    toy_city: City, postcode_pool: PostcodePool, demo_folder: Path, tmp_path: Path
) -> None:
    again = write_demo_files(tmp_path / "again", toy_city, postcode_pool)
    other = write_demo_files(tmp_path / "other", toy_city, postcode_pool, seed=7)
    for written in (again.register.path, *(file.path for file in again.spend)):
        assert written.read_bytes() == (demo_folder / written.name).read_bytes()
    assert all(file.path.read_bytes() != (demo_folder / file.path.name).read_bytes() for file in other.spend)


def test_about_sixty_thousand_lines_and_835_million_pounds_a_year(demo_files: DemoFiles) -> None:
    assert 57_000 <= sum(file.lines for file in demo_files.spend) <= 63_000
    assert 835_000_000 <= sum(file.pence for file in demo_files.spend) // 300 <= 860_000_000
    assert len(demo_files.spend) == 5
    assert len(demo_files.suppliers) == 2_500


def test_every_firm_is_plainly_fictional(demo_files: DemoFiles) -> None:
    names = [firm.name for firm in demo_files.suppliers]
    assert len(set(names)) == len(names)
    for firm in demo_files.suppliers:
        assert "(Example)" in firm.name
        assert re.fullmatch(r"(ZZ\d{6})?", firm.company_number)
        assert re.fullmatch(r"(99\d{5})?", firm.charity_number)
    numbers = Counter(firm.company_number for firm in demo_files.suppliers if firm.company_number)
    assert max(numbers.values()) == 1


def test_every_file_has_its_own_encoding_separator_and_dirt(demo_files: DemoFiles) -> None:
    assert len({(file.encoding, file.delimiter) for file in demo_files.spend}) == 5
    for file in demo_files.spend:
        assert file.negatives > 0 and file.negative_pence < 0
        assert file.repeats > 0
        assert file.redacted > 0
        assert file.first_paid_on >= date(2023, 4, 1) and file.last_paid_on <= date(2026, 3, 31)
    assert sorted(file.totals_rows for file in demo_files.spend) == [0, 0, 1, 1, 1]
    assert any(file.undated for file in demo_files.spend)
    assert any(file.blank for file in demo_files.spend)


def test_three_years_of_about_equal_size(demo_files: DemoFiles) -> None:
    years: Counter[int] = Counter()
    for payment in pay("council", list(demo_files.suppliers)):
        assert payment.paid_on.weekday() < 5
        years[payment.paid_on.year - (payment.paid_on.month < 4)] += payment.pence
    assert set(years) == {2023, 2024, 2025}
    assert 420_000_000 <= years[2023] // 100 <= 425_000_000
    assert years[2023] < years[2024] < years[2025]


@pytest.mark.parametrize("kind", [kind.value for kind in AnchorKind])
def test_money_goes_about_as_far_as_the_shape_says(kind: str, demo_files: DemoFiles) -> None:
    shape = load_shapes()[kind]
    placed: Counter[Ring] = Counter()
    for payment in pay(kind, list(demo_files.suppliers)):
        if payment.supplier and payment.supplier.in_register:
            placed[payment.supplier.ring] += payment.pence
    expected = shape.rings[Ring.CITY] + shape.city_drift
    assert abs(placed[Ring.CITY] * 1000 // placed.total() - expected) < 30


@pytest.mark.parametrize(("kind", "low", "high"), [("council", 93, 97), ("health", 91, 96), ("college", 48, 56)])
def test_the_register_covers_most_money_but_not_at_the_college(
    kind: str, low: int, high: int, demo_files: DemoFiles
) -> None:
    payments = pay(kind, list(demo_files.suppliers))
    known = sum(payment.pence for payment in payments if payment.supplier and payment.supplier.in_register)
    assert low <= known * 100 // sum(payment.pence for payment in payments) <= high


def test_spending_has_a_long_tail(demo_files: DemoFiles) -> None:
    firms: Counter[str] = Counter()
    for payment in pay("council", list(demo_files.suppliers)):
        if payment.supplier:
            firms[payment.supplier.name] += payment.pence
    five = sum(pence for _, pence in firms.most_common(5))
    assert 10 <= five * 100 // firms.total() <= 25
    assert len(firms) > 1_000


def test_register_lists_known_firms_with_branches_both_ways(demo_files: DemoFiles) -> None:
    with demo_files.register.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == demo_files.register.rows == sum(firm.in_register for firm in demo_files.suppliers)
    homes = [(row["registered_postcode"][:2], row["trading_postcode"][:2]) for row in rows]
    assert any(registered != "ZZ" and trading == "ZZ" for registered, trading in homes)
    assert any(registered == "ZZ" and trading not in ("ZZ", "") for registered, trading in homes)
    assert all("fictional" in row["source"] for row in rows)
    assert {"", "micro", "small", "medium", "large"} == {row["size"] for row in rows}


def test_shapes_buy_only_known_trades_and_share_out_all_their_money() -> None:
    for shape in load_shapes().values():
        assert set(shape.trades) <= set(load_trades())
        assert sum(shape.rings.values()) == 1000


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(1, 10**6), min_size=1, max_size=40))
def test_split_parts_always_add_up(total: int, weights: list[int]) -> None:
    assert sum(split(total, weights)) == total


def test_parts_draw_from_chances_of_their_own() -> None:
    assert seeded(1, "a").random() == seeded(1, "a").random() != seeded(1, "b").random()
