"""Postcodes as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.ingest.geography.postcodes import district_of, normalise_postcode, propose_postcodes, sector_of


@pytest.mark.parametrize(
    ("written", "postcode"),
    [
        ("WV1 1AA", "WV1 1AA"),
        ("wv101aa", "WV10 1AA"),
        ("  WV1\u00a01RP ", "WV1 1RP"),
        ("W V 1 1 R P", "WV1 1RP"),
        ("SW1A1AA", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("GIR 0AA", "GIR 0AA"),
    ],
)
def test_case_and_spaces_are_put_right(written, postcode):
    assert normalise_postcode(written) == postcode


@pytest.mark.parametrize(
    "written", ["", "WV1", "WV1 1", "WV1O 1AA", "WV1 1OO", "1WV 1AA", "WV1 1AAA", "UNKNOWN", "12345"]
)
def test_anything_else_is_not_guessed_at(written):
    assert normalise_postcode(written) is None


def test_mixed_up_letters_and_digits_are_proposals_only():
    assert propose_postcodes("WVI 1AA") == ("WV1 1AA",)
    assert propose_postcodes("WV1O 1AA") == ("WV10 1AA",)
    assert propose_postcodes("WV1 1AA") == ()
    assert propose_postcodes("not a postcode at all") == ()


def test_sector_and_district():
    assert sector_of("WV10 1AA") == "WV10 1"
    assert district_of("WV10 1AA") == district_of("WV10 1") == "WV10"


@given(st.text(max_size=12))
def test_a_normalised_postcode_stays_as_it_is(text):
    postcode = normalise_postcode(text)
    if postcode is not None:
        assert normalise_postcode(postcode) == postcode
        assert postcode.count(" ") == 1
    for proposal in propose_postcodes(text):
        assert normalise_postcode(proposal) == proposal != postcode
