"""Nobody and nothing is counted twice, and who writes what is left is never refused again."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.claim_counting import Entry, EntryKind
from wpound.core.counting import Counting, person_fte
from wpound.core.double_counts import DoubleCount, DoubleCountRule, Use, find_double_counts, use_of
from wpound.core.periods import Period

SPRING = Period(date(2026, 4, 1), date(2026, 6, 30))
PERSON = Use(EntryKind.PERSON, "key-of-a-person", "local-jobs", False, 11, SPRING.start_on, SPRING.end_on)
EVENT = Use(EntryKind.EVENT, "key-of-an-event", "careers", False, 11, None, None)
ASSET = Use(EntryKind.ASSET, "key-of-an-asset", "carbon-fleet", False, 11, SPRING.start_on, SPRING.end_on)
WHOLE = Decimal(100)


@st.composite
def uses(draw: st.DrawFn) -> Use:
    first = SPRING.start_on + timedelta(days=draw(st.integers(0, 30)))
    without_days = draw(st.booleans())
    kind = draw(st.sampled_from(EntryKind))
    return Use(
        kind,
        "a",
        draw(st.sampled_from(["local-jobs", "care-leavers-jobs"])),
        False,
        draw(st.integers(1, 3)),
        None if without_days and kind is not EntryKind.PERSON else first,
        None if without_days and kind is not EntryKind.PERSON else first + timedelta(days=draw(st.integers(0, 30))),
        None,
        person_fte(draw(st.decimals(1, 40, places=1))),
        draw(st.sampled_from([WHOLE, Decimal("33.33")]) | st.decimals("0.01", 100, places=2)),
    )


def in_summer(use: Use) -> Use:
    """The same in the quarter after."""
    return replace(use, first_on=date(2026, 7, 1), last_on=date(2026, 9, 30))


def most_on_a_day(counted: list[Use]) -> Decimal:
    """The rule in the plainest way: every day of the spring and every whole."""
    days = [SPRING.start_on + timedelta(days=n) for n in range(70)]
    wholes: dict[object, Decimal] = {}
    for use in counted:
        by = use.measure_code if use.kind is EntryKind.PERSON else None
        for day in days:
            if use.span[0] <= day <= use.span[1]:
                whole = (use.kind, use.key, by, day)
                wholes[whole] = wholes.get(whole, Decimal(0)) + use.taken
    return max(wholes.values(), default=Decimal(0))


def follow(new: list[Use], found: list[DoubleCount]) -> list[Use]:
    """The new uses once every advice is taken."""
    advice = {each.position: each.left for each in found}
    changed = [replace(use, share=advice.get(n, use.share) or Decimal(0)) for n, use in enumerate(new)]
    return [use for use in changed if use.share]


@given(st.lists(uses(), max_size=8), st.lists(uses(), max_size=5))
def test_found_is_what_counting_day_by_day_finds(drawn: list[Use], standing: list[Use]) -> None:
    standing = follow(standing, find_double_counts(standing, []))
    found = find_double_counts(drawn, standing)

    assert bool(found) == (most_on_a_day(standing + drawn) > Decimal("1.000000000001"))
    assert most_on_a_day(standing + follow(drawn, found)) <= Decimal("1.000000000001")
    assert find_double_counts(follow(drawn, found), standing) == []


@given(st.lists(uses(), max_size=8), st.lists(uses(), max_size=5))
def test_the_share_that_is_left_is_all_that_is_left(drawn: list[Use], standing: list[Use]) -> None:
    for each in find_double_counts(drawn, standing):
        assert each.left is not None
        assert 0 <= each.left < drawn[each.position].share
        more = [replace(drawn[each.position], share=each.left + Decimal("0.02"))]
        before = [*standing, *follow(drawn[: each.position], find_double_counts(drawn[: each.position], standing))]
        if more[0].share <= WHOLE:
            assert find_double_counts(more, before)


def test_a_fair_of_two_contracts_says_what_is_left_and_not_whose_the_rest_is() -> None:
    [found] = find_double_counts(
        [replace(EVENT, contract_id=22, share=Decimal(50))], [replace(EVENT, share=Decimal("66.67"))]
    )

    assert (found.rule, found.left, found.position) == (DoubleCountRule.ATTRIBUTION, Decimal("33.33"), 0)
    assert found.message == "Other claims already use part of this event. 33.33% is left: write 33.33% or less."


def test_an_event_is_used_up_for_good_over_all_measures() -> None:
    later = in_summer(replace(EVENT, measure_code="mentoring"))
    [found] = find_double_counts([later], [EVENT])

    assert found.left == 0
    assert found.message.endswith("Nothing is left: take it out.")
    assert find_double_counts([later], [replace(EVENT, first_on=SPRING.start_on, last_on=SPRING.end_on)]) == [found]


def test_where_too_much_is_taken_already_nothing_is_left_and_never_less() -> None:
    [found] = find_double_counts([EVENT], [EVENT, EVENT])

    assert found.left == 0


def test_what_is_refused_takes_no_more_than_it_could_have() -> None:
    """Of the first new line 40% is left because of April, so June has room for half a post beside it."""
    april = replace(PERSON, fte=Decimal("0.6"), last_on=date(2026, 4, 30))
    june = replace(PERSON, fte=Decimal("0.5"), first_on=date(2026, 6, 1))

    assert [found.position for found in find_double_counts([PERSON, june], [april])] == [0]


def test_what_is_left_is_rounded_down() -> None:
    """Of a post of 0.9 two thirds fit beside 0.4: 66.66%, as 66.67% would be too much."""
    [found] = find_double_counts([replace(PERSON, fte=Decimal("0.9"))], [replace(PERSON, fte=Decimal("0.4"))])

    assert found.left == Decimal("66.66")


def test_a_van_saves_carbon_every_quarter_but_is_given_away_once() -> None:
    given_once = replace(ASSET, first_on=None, last_on=None)

    assert find_double_counts([in_summer(ASSET)], [ASSET]) == []
    assert len(find_double_counts([ASSET], [ASSET])) == 1
    assert len(find_double_counts([in_summer(ASSET)], [given_once])) == 1
    assert len(find_double_counts([given_once], [ASSET])) == 1


def test_half_a_post_on_each_of_two_contracts_is_fine_and_a_third_one_is_not() -> None:
    half = replace(PERSON, fte=Decimal("0.5"))
    [found] = find_double_counts([half, replace(half, contract_id=22), replace(half, contract_id=33)], [])

    assert (found.position, found.rule, found.left) == (2, DoubleCountRule.FULL_TIME_POST, Decimal(0))


def test_a_full_time_person_may_be_split_and_what_is_left_is_a_share_of_their_own_post() -> None:
    """Three fifths of a post are taken, so half of somebody's 0.8 post still fits."""
    standing = replace(PERSON, fte=Decimal("0.6"))
    [found] = find_double_counts([replace(PERSON, contract_id=22, fte=Decimal("0.8"))], [standing])

    assert found.left == 50


def test_seven_sevenths_of_a_post_are_one_post() -> None:
    seventh = replace(PERSON, fte=person_fte(Decimal(5)))

    assert find_double_counts([seventh] * 7, []) == []
    assert len(find_double_counts([seventh] * 8, [])) == 1


def test_two_jobs_one_after_the_other_do_not_meet() -> None:
    april = replace(PERSON, last_on=date(2026, 4, 30))
    may = replace(PERSON, contract_id=22, first_on=date(2026, 5, 1))

    assert find_double_counts([may], [april]) == []
    assert len(find_double_counts([replace(may, first_on=date(2026, 4, 30))], [april])) == 1


def test_local_and_one_group_is_fine_and_a_second_group_never_is() -> None:
    """torbay.gov.uk: the same person may count as local and in one group at a disadvantage, not in two."""
    leaver = replace(PERSON, measure_code="care-leavers-jobs", disadvantaged_group=True)
    young = in_summer(replace(PERSON, measure_code="young-people-jobs", disadvantaged_group=True))

    assert find_double_counts([leaver], [PERSON]) == []
    assert find_double_counts([in_summer(replace(leaver, contract_id=22))], [leaver]) == []
    for new, standing in (([young], [leaver]), ([leaver, young], [])):
        [found] = find_double_counts(new, standing)
        assert (found.rule, found.left) == (DoubleCountRule.ONE_GROUP, None)
        assert "one such group only" in found.message
    assert find_double_counts([young], [replace(leaver, key="key-of-somebody-else")]) == []


def test_no_message_names_a_key_or_a_contract() -> None:
    group = replace(PERSON, disadvantaged_group=True)
    new = [PERSON, EVENT, ASSET, replace(group, measure_code="young-people-jobs")]
    for found in find_double_counts(new, [PERSON, EVENT, ASSET, replace(group, fte=Decimal(0))]):
        assert "key-of" not in found.message
        assert "11" not in found.message


def test_what_takes_nothing_is_never_too_much() -> None:
    assert find_double_counts([replace(PERSON, fte=Decimal(0))], [PERSON, PERSON]) == []


def _use(entry: Entry, counting: Counting, first_months_only: int | None = None) -> Use:
    return use_of(
        entry, counting, SPRING, key="k", measure_code="m", contract_id=1, first_months_only=first_months_only
    )


def test_an_entry_takes_the_days_it_counts() -> None:
    person = Entry(EntryKind.PERSON, hours=Decimal("17.5"), started_on=date(2025, 5, 6), share=Decimal(40))
    taken = _use(person, Counting.FTE_YEARS, 12)

    assert taken.span == (SPRING.start_on, date(2026, 5, 5))
    assert (taken.fte, taken.taken, taken.started_on) == (Decimal("0.5"), Decimal("0.2"), person.started_on)
    with pytest.raises(ValueError, match="no day"):
        _use(replace(person, started_on=date(2025, 4, 1)), Counting.FTE_YEARS, 12)


def test_an_asset_takes_the_quarter_for_carbon_and_for_good_once_given() -> None:
    asset = Entry(EntryKind.ASSET, amount=Decimal(1), factor_kg=Decimal(1))

    assert _use(asset, Counting.ACTIVITY_CARBON).span == (SPRING.start_on, SPRING.end_on)
    assert _use(asset, Counting.GIVEN).span == (date.min, date.max)
    assert _use(replace(asset, first_on=date(2026, 5, 1)), Counting.ACTIVITY_CARBON).span[0] == date(2026, 5, 1)
