"""Each bidder's letter tells the decision and the standstill, and nothing that is another's."""

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from wpound.core.errors import InputError
from wpound.core.quantities import Quantity, Unit
from wpound.documents.award_letter import AwardLetter, PromisedLine, award_letter_html, award_letter_pdf


@pytest.fixture
def winning() -> AwardLetter:
    return AwardLetter(
        buyer="City of Wolverhampton Council",
        reference="ocds-abc123-0001",
        title="Grounds maintenance in the north of the city",
        lot="",
        bidder="Green Spaces Co-operative",
        winner="Green Spaces Co-operative",
        place=1,
        assessed=4,
        issued_on=date(2027, 2, 10),
        signed_by="Head of procurement",
        contact_email="procurement@council.example",
        notice_on=date(2027, 2, 12),
        standstill_ends_on=date(2027, 2, 24),
        promises=(PromisedLine("Local people in work", Quantity(Decimal("6.5"), Unit.FTE_YEAR), 2027),),
    )


@pytest.fixture
def losing(winning: AwardLetter) -> AwardLetter:
    return dataclasses.replace(winning, bidder="Bright & Sons <Grounds> Limited", place=2, promises=())


def words(letter: AwardLetter) -> str:
    return " ".join(award_letter_html(letter).split())


def test_the_winner_reads_that_it_is_no_contract_yet(winning: AwardLetter) -> None:
    page = words(winning)
    assert "We intend to award the contract to you." in page
    assert "This letter is not a contract" in page
    assert "before the end of <strong>24 February 2027</strong>" in page
    assert "6.5 FTE-years" in page


def test_another_bidder_reads_who_won_and_its_own_place(losing: AwardLetter) -> None:
    page = words(losing)
    assert "We have decided not to award the contract to you." in page
    assert "award it to Green Spaces Co-operative" in page
    assert "placed 2 of 4" in page
    assert "section 50" in page and "section 51" in page
    assert "FTE-years" not in page
    assert "&lt;Grounds&gt;" in page


def test_an_excluded_bidder_is_sent_to_its_summary(losing: AwardLetter) -> None:
    assert "Your tender was excluded; your assessment summary says why." in words(
        dataclasses.replace(losing, place=None)
    )


def test_days_not_settled_are_not_made_up(losing: AwardLetter) -> None:
    page = words(dataclasses.replace(losing, notice_on=None, standstill_ends_on=None))
    assert "until 8 working days after it" in page and "2027-" not in page
    assert "Standstill" not in words(dataclasses.replace(losing, has_standstill=False))


def test_half_a_standstill_and_promises_of_a_loser_are_refused(winning: AwardLetter, losing: AwardLetter) -> None:
    with pytest.raises(InputError, match="together"):
        award_letter_html(dataclasses.replace(winning, notice_on=None))
    with pytest.raises(InputError, match="did not win"):
        award_letter_html(dataclasses.replace(losing, promises=winning.promises))


def test_letters_are_accessible_and_the_same_twice(
    winning: AwardLetter, losing: AwardLetter, check_pdf: Callable[[Callable[[], bytes]], None]
) -> None:
    check_pdf(lambda: award_letter_pdf(winning))
    check_pdf(lambda: award_letter_pdf(losing))
