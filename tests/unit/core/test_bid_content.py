"""What a bidder writes survives being stored, sealed in two envelopes and hashed."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.bid_content import BidContent, Envelope, check_complete, check_words, count_words
from wpound.core.bids import Bid, Commitment
from wpound.core.errors import InputErrors, StateError
from wpound.core.form import Problems
from wpound.core.method import Method
from wpound.core.money import Money

SALT = "0f" * 32
FILE = {
    "name": "plan.pdf",
    "media_type": "application/pdf",
    "sha256": "a" * 64,
    "byte_count": 12_000,
    "stored_as": "b" * 64,
    "key": "c" * 64,
}
FULL: dict[str, Any] = {
    "bidder": "Ashgrove",
    "salt": SALT,
    "price": "450000.00",
    "fte": "4",
    "passes": {"insured": True},
    "commitments": [{"measure": "local-jobs", "quantity": "8.5", "year": 2026}],
    "company": {"headcount": 12},
    "answers": {"team": "Two named leads."},
    "plans": {"local-jobs": "Four start in April, the rest by September."},
    "files": [FILE],
}
METHOD = Method.from_dict(
    {
        "title": "Parks",
        "criteria": [
            {"code": "insured", "kind": "pass_fail", "question": "Are you insured for £5 million?"},
            {"code": "price", "kind": "price", "weighting": 40, "formula": "lowest_ratio"},
            {"code": "team", "kind": "qualitative", "weighting": 40, "scale_max": "5", "word_limit": 3},
            {
                "code": "jobs",
                "kind": "quantity",
                "weighting": 20,
                "measure": "local-jobs",
                "formula": "target",
                "target": "10",
                "per": "fte",
            },
        ],
    }
)
texts = st.dictionaries(st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True), st.text("ab é\n", max_size=30))


@given(texts, st.none() | st.integers(1, 10**12), st.decimals(0, 10**6, places=4))
def test_a_content_is_read_back_as_it_was_written(
    answers: Mapping[str, str], pence: int | None, quantity: Decimal
) -> None:
    price = None if pence is None else Money(pence)
    content = BidContent("Ashgrove", SALT, price, {}, (Commitment("local-jobs", quantity),), answers=answers)
    again = BidContent.from_dict(json.loads(content.to_json()))
    assert again.to_json() == content.to_json()
    assert again.content_hash == content.content_hash
    envelopes = content.split()
    assert BidContent.join(envelopes[Envelope.QUALITY], envelopes[Envelope.PRICE]) == again


def test_only_the_price_envelope_holds_the_price() -> None:
    quality = BidContent.from_dict(FULL).split()[Envelope.QUALITY]
    assert "450000" not in json.dumps(quality)
    opened = BidContent.join(quality)
    assert opened.price is None
    assert opened.commitments == BidContent.from_dict(FULL).commitments
    with pytest.raises(StateError, match="not known yet"):
        _ = opened.bid


def test_an_envelope_with_what_is_not_its_own_is_refused() -> None:
    envelopes = BidContent.from_dict(FULL).split()
    with pytest.raises(InputErrors, match="evaluators would see it"):
        BidContent.join(FULL, envelopes[Envelope.PRICE])
    with pytest.raises(InputErrors, match=r"price_envelope\.bidder"):
        BidContent.join(envelopes[Envelope.QUALITY], {"price": "1.00", "bidder": "Birchfield"})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("price", "449999.99"),
        ("salt", "1f" * 32),
        ("answers", {"team": "Two named lead."}),
        ("passes", {"insured": False}),
        ("plans", {}),
        ("files", [FILE | {"sha256": "d" * 64}]),
        ("company", {"headcount": 13}),
    ],
)
def test_the_hash_changes_with_anything_the_bidder_wrote(key: str, value: object) -> None:
    assert BidContent.from_dict(FULL | {key: value}).content_hash != BidContent.from_dict(FULL).content_hash


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"salt": "00"}, "salt"),
        ({"marks": {"team": "5"}}, "marks"),
        ({"reasons": {"team": "Good."}}, "reasons"),
        ({"files": [FILE | {"sha256": "A" * 64}]}, r"files\[0\]\.sha256"),
        ({"files": [FILE | {"key": "c"}]}, r"files\[0\]\.key"),
        ({"files": [FILE | {"name": "../../etc/passwd"}]}, r"files\[0\]\.name"),
        ({"files": [FILE | {"byte_count": 0}]}, r"files\[0\]\.byte_count"),
    ],
)
def test_what_is_no_bid_is_refused_with_its_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(InputErrors, match=place):
        BidContent.from_dict(FULL | change)


def test_keys_and_salt_never_show_in_a_log_line() -> None:
    shown = repr(BidContent.from_dict(FULL))
    assert SALT not in shown
    assert FILE["key"] not in shown


def test_the_bid_to_score_carries_no_marks() -> None:
    bid = Bid("Ashgrove", Money(100), marks={"team": Decimal(5)}, reasons={"team": "Good."})
    content = BidContent.from_bid(bid, SALT)
    assert content.bid == Bid("Ashgrove", Money(100))


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), (" \n ", 0), ("one", 1), ("well-rooted trees", 2), ("now - or never", 3), ("£5 a day…", 3)],
)
def test_words_are_counted_as_people_count_them(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(("answer", "is_over"), [("one two three", False), ("one two three four", True)])
def test_an_answer_is_held_to_its_limit_to_the_word(answer: str, is_over: bool) -> None:
    problems = Problems()
    check_words(METHOD, BidContent.from_dict(FULL | {"answers": {"team": answer}}), problems)
    assert ("answers.team" in problems) is is_over


def test_a_whole_bid_is_complete() -> None:
    problems = Problems()
    check_complete(METHOD, BidContent.from_dict(FULL), problems)
    assert not problems


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"price": None}, "price"),
        ({"fte": None}, "fte"),
        ({"answers": {}}, "answers.team"),
        ({"answers": FULL["answers"] | {"other": "Hello"}}, "answers.other"),
        ({"passes": {}}, "passes.insured"),
        ({"plans": {}}, "plans.local-jobs"),
        ({"commitments": []}, "plans.local-jobs"),
    ],
)
def test_everything_missing_is_named_where_it_can_be_put_right(change: dict[str, Any], place: str) -> None:
    problems = Problems()
    check_complete(METHOD, BidContent.from_dict(FULL | change), problems)
    assert place in problems
