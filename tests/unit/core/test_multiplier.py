"""LM3."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wpound.core.errors import InputErrors, RuleError
from wpound.core.money import Money
from wpound.core.multiplier import (
    Recipient,
    Rounds,
    explain_multiplier,
    multiply,
    multiply_survey,
)


@st.composite
def possible_rounds(draw: st.DrawFn) -> Rounds:
    r3_low, r3_high, r2, r1 = sorted(draw(st.lists(st.integers(0, 10**9), min_size=4, max_size=4)))
    assume(r1 > 0)
    return Rounds(Money(r1), Money(r2), Money(r3_low), Money(r3_high))


@given(possible_rounds())
def test_lies_between_one_and_three(rounds):
    result = multiply(rounds)
    assert 1 <= result.low <= result.high <= 3


@given(possible_rounds(), st.integers(2, 1000))
def test_scaling_pounds_leaves_it_alone(rounds, factor):
    scaled = Rounds(*(Money(part.pence * factor) for part in (rounds.r1, rounds.r2, rounds.r3_low, rounds.r3_high)))
    assert multiply(scaled).low == multiply(rounds).low


@given(st.integers(0, 100))
def test_the_same_share_in_every_round_gives_one_plus_p_plus_p_squared(percent):
    p = Decimal(percent) / 100
    income = Money.from_pounds(10_000)
    result = multiply_survey(income, [Recipient("All", "all", income.times(p), p)])
    assert result.low == result.high == 1 + p + p * p


def test_no_income_is_undefined_and_not_nothing():
    with pytest.raises(RuleError, match=r"R1 is £0\.00"):
        multiply(Rounds(Money(0), Money(0), Money(0), Money(0)))


def test_rounds_that_grow_or_are_negative_are_refused_one_by_one():
    with pytest.raises(InputErrors) as caught:
        multiply(Rounds(Money(-1), Money(5), Money(9), Money(9)))
    assert [problem.field for problem in caught.value.errors] == ["r1", "r2", "r3"]


def survey(*shares: str | None, group: str = "suppliers") -> list[Recipient]:
    return [
        Recipient(f"{group} {place}", group, Money.from_pounds(100), None if share is None else Decimal(share))
        for place, share in enumerate(shares)
    ]


def test_five_answers_stand_for_the_whole_group_and_four_do_not():
    averaged = multiply_survey(Money.from_pounds(1000), survey("0.2", "0.4", "0.6", "0.4", "0.4", None))
    assert averaged.rounds.r3_low == averaged.rounds.r3_high == Money.from_pounds(240)
    single = multiply_survey(Money.from_pounds(1000), survey("0.2", "0.4", "0.6", "0.4", None))
    assert single.rounds.r3_low == Money.from_pounds(160)
    assert single.rounds.r3_high == Money.from_pounds(260)
    assert single.printed == "1.66 to 1.76"


def test_groups_are_averaged_each_for_itself():
    recipients = survey(*["0.5"] * 5, group="staff") + survey("0.1", None)
    staff, suppliers = multiply_survey(Money.from_pounds(2000), recipients).groups
    assert (staff.averaged, staff.answers, staff.mean_share) == (True, 5, Decimal("0.5"))
    assert (suppliers.averaged, suppliers.answers, suppliers.recipients) == (False, 1, 2)


def test_too_few_answers_are_refused():
    with pytest.raises(RuleError, match=r"Answers cover 20.0% .* floor of 25.0%"):
        multiply_survey(Money.from_pounds(1000), survey("0.2", None, None, None, None))
    assert multiply_survey(Money.from_pounds(1000), survey("0.2", None, None, None, None), Decimal("0.2"))


def test_a_modelled_share_is_used_and_labelled_but_is_no_answer():
    recipients = [
        *survey("0.5"),
        Recipient("Model", "suppliers", Money.from_pounds(100), Decimal("0.3"), modelled=True),
    ]
    result = multiply_survey(Money.from_pounds(200), recipients)
    assert result.rounds.r3_low == Money.from_pounds(80)
    assert (result.response, result.modelled) == (Decimal("0.5"), Money.from_pounds(100))
    assert "£100.00 of this is modelled" in explain_multiplier(result)


def test_impossible_recipients_are_told_all_at_once():
    recipients = [
        Recipient("Refund", "s", Money(-5), Decimal("0.2")),
        Recipient("Miracle", "s", Money(5), Decimal("1.2")),
        Recipient("Blank model", "s", Money(5), None, modelled=True),
    ]
    with pytest.raises(InputErrors) as caught:
        multiply_survey(Money(100), recipients)
    assert [problem.field for problem in caught.value.errors] == [
        "recipient 1 (Refund)",
        "recipient 2 (Miracle)",
        "recipient 3 (Blank model)",
    ]


def test_the_explanation_gives_the_rounds_and_pence_in_the_pound():
    pounds = Money.from_pounds
    told = explain_multiplier(multiply(Rounds(pounds(10), pounds(8), pounds("6.40"), pounds("6.40"))))
    assert "Of £10.00, £8.00 went to local people and suppliers, who spent £6.40 of it locally." in told
    assert "LM3 is 2.44: every £1 brings 144p more" in told
