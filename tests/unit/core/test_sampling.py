"""The lot: the same for the same seed, in any order, and heavier lines more often."""

from decimal import Decimal, localcontext
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.sampling import SampleLine, draw_sample, surprise_of

ONE = Decimal(1)
amounts = st.decimals(0, 1_000_000, places=2)
drawable = st.lists(
    st.builds(SampleLine, st.integers(1, 10_000), st.none() | amounts, st.decimals(1, 10, places=3)),
    max_size=30,
    unique_by=lambda line: line.claim_id,
)


@given(drawable, st.text(max_size=10), st.randoms(), st.decimals("0.01", 1, places=2))
def test_the_same_seed_draws_the_same_lines_in_any_order(
    lines: list[SampleLine], seed: str, random: object, share: Decimal
) -> None:
    drawn = draw_sample(lines, seed, share)
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    with localcontext(prec=6):
        assert [one.claim_id for one in draw_sample(lines, seed, share)] == [one.claim_id for one in drawn]
    assert draw_sample(shuffled, seed, share) == drawn
    assert {one.claim_id for one in drawn} <= {line.claim_id for line in lines}
    assert len({one.claim_id for one in drawn}) == len(drawn) == ceil(len(lines) * share)


@given(drawable.filter(bool), st.text(max_size=10))
def test_a_larger_share_only_adds_lines(lines: list[SampleLine], seed: str) -> None:
    third, all_of_them = draw_sample(lines, seed), draw_sample(lines, seed, ONE)

    assert 1 <= len(third) <= len(lines) == len(all_of_them)
    assert [one.claim_id for one in all_of_them][: len(third)] == [one.claim_id for one in third]


@pytest.mark.parametrize(("lines", "drawn"), [(0, 0), (1, 1), (2, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
def test_a_third_is_rounded_up_and_at_least_one(lines: int, drawn: int) -> None:
    assert len(draw_sample([SampleLine(n, ONE, ONE) for n in range(lines)], "seed")) == drawn


def test_a_line_of_three_times_the_weight_comes_first_three_times_in_four() -> None:
    """By value or by surprise alike; the seeds are fixed, so this is no matter of luck."""
    for heavy in (SampleLine(2, Decimal(300), ONE), SampleLine(2, Decimal(100), Decimal(3))):
        lines = [SampleLine(1, Decimal(100), ONE), heavy]
        first = sum(draw_sample(lines, f"seed {n}")[0].claim_id == 2 for n in range(2000))

        assert 1450 < first < 1550


def test_three_lines_are_drawn_by_turns_as_weights_without_replacement_say() -> None:
    """Of weights 1, 2 and 3, two are drawn: the lightest is left out with 2/6 x 3/4 + 3/6 x 2/3 = 7/12."""
    lines = [SampleLine(n, Decimal(n), ONE) for n in (1, 2, 3)]
    without = sum(1 not in {one.claim_id for one in draw_sample(lines, f"{n}", Decimal("0.5"))} for n in range(2400))

    assert 1330 < without < 1470


def test_nobody_steers_the_lot_by_the_seed_of_another_line() -> None:
    """Seed and number are told apart: seed 1 with claim 12 is not seed 11 with claim 2."""

    def order(seed: str, base: int) -> list[int]:
        return [
            one.claim_id - base for one in draw_sample([SampleLine(base + n, ONE, ONE) for n in range(9)], seed, ONE)
        ]

    assert order("1", 10) != order("11", 0)


def test_a_line_without_a_value_weighs_as_the_mean_and_one_that_weighs_nothing_comes_last() -> None:
    pennies, nothing = Decimal("0.01"), Decimal(0)
    lines = [SampleLine(1, pennies, ONE), SampleLine(2, None, ONE), SampleLine(3, nothing, Decimal(10))]

    for n in range(20):
        assert draw_sample(lines, f"{n}", ONE)[-1].claim_id == 3
    reasons = {one.claim_id: one.reason for one in draw_sample(lines, "seed", ONE)}
    assert reasons[2].endswith("it had 33% of the weight.")


def test_lines_without_any_value_are_drawn_too() -> None:
    [only] = draw_sample([SampleLine(1, None, ONE)], "seed")
    [nothing] = draw_sample([SampleLine(1, Decimal(0), ONE)], "seed")

    assert only.reason.startswith("Drawn by lot, 1 of 1 lines that claim something:")
    assert only.reason.endswith("it had 100% of the weight.")
    assert nothing.reason.endswith("it had 0% of the weight.")


@pytest.mark.parametrize("share", ["0", "-0.1", "1.01"])
def test_a_share_is_a_share(share: str) -> None:
    with pytest.raises(ValueError):
        draw_sample([], "seed", Decimal(share))


@pytest.mark.parametrize(
    ("claimed", "due", "usual", "surprise"),
    [
        ("10", "10", [], "1"),
        ("5", "10", [], "1"),
        ("25", "10", [], "2.5"),
        ("25", "10", ["1", "5", "100"], "5"),
        ("25", "10", ["4", "6"], "5"),
        ("25", "0", ["5"], "5"),
        ("25", "0", [], "10"),
        ("25", "0", ["0", "0"], "10"),
        ("9999", "1", [], "10"),
        ("0", "10", ["10"], "1"),
    ],
)
def test_surprise_is_how_many_times_what_was_to_be_expected(
    claimed: str, due: str, usual: list[str], surprise: str
) -> None:
    assert surprise_of(Decimal(claimed), Decimal(due), [Decimal(each) for each in usual]) == Decimal(surprise)


@given(amounts, amounts, amounts, st.lists(amounts, max_size=5))
def test_a_larger_claim_is_never_less_of_a_surprise(a: Decimal, b: Decimal, due: Decimal, usual: list[Decimal]) -> None:
    small, large = sorted([a, b])

    assert 1 <= surprise_of(small, due, usual) <= surprise_of(large, due, usual) <= 10
