"""Sealing: any two openers open in any order, one alone never does, and what was touched or moved is refused."""

from collections.abc import Callable
from functools import cache
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.bid_content import Envelope
from wpound.core.errors import InputError, StateError
from wpound.store import sealing
from wpound.store.sealing import (
    Context,
    OpeningKey,
    Seal,
    bid_context,
    check_passphrase,
    envelope_context,
    first_act,
    give_back,
    keep,
    make_opening_key,
    make_seal,
    new_key,
    second_act,
    unseal,
    unwrap_opening_key,
)

PASSPHRASE = "four random words here"
ENVELOPE = envelope_context("ocds-1", Envelope.QUALITY)
BID = bid_context("ocds-1", 1, 7, "R-1", Envelope.QUALITY)
OTHER_PLACES = {
    "tender": bid_context("ocds-2", 1, 7, "R-1", Envelope.QUALITY),
    "lot": bid_context("ocds-1", 2, 7, "R-1", Envelope.QUALITY),
    "supplier": bid_context("ocds-1", 1, 8, "R-1", Envelope.QUALITY),
    "receipt": bid_context("ocds-1", 1, 7, "R-2", Envelope.QUALITY),
    "envelope": bid_context("ocds-1", 1, 7, "R-1", Envelope.PRICE),
}


@cache
def opener(number: int) -> tuple[bytes, bytes]:
    """An opener's public and private key; stretching the passphrase once an opener is enough."""
    key = make_opening_key(PASSPHRASE)
    return key.public_key, unwrap_opening_key(key, PASSPHRASE)


def seal_for(count: int) -> Seal:
    return make_seal({number: opener(number)[0] for number in range(count)}, ENVELOPE)


def released(seal: Seal, first: int, second: int) -> bytes:
    passed_on = first_act(seal, first, opener(first)[1], ENVELOPE)
    return second_act(seal, passed_on, first, second, opener(second)[1], ENVELOPE)


def with_bit(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_any_two_openers_in_any_order_open(count: int) -> None:
    seal = seal_for(count)
    sealed = sealing.seal(seal.public_key, b"our price is secret", BID)

    for first, second in permutations(range(count), 2):
        assert unseal(released(seal, first, second), sealed, BID) == b"our price is secret"


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_one_opener_never_opens(count: int) -> None:
    """Neither by acting twice, nor by acting in the place of another, nor with what lies in the database."""
    seal = seal_for(count)
    for first, other in permutations(range(count), 2):
        own = opener(first)[1]
        passed_on = first_act(seal, first, own, ENVELOPE)
        with pytest.raises(StateError, match="Another opener"):
            second_act(seal, passed_on, first, first, own, ENVELOPE)
        with pytest.raises(StateError, match="cannot be opened"):
            second_act(seal, passed_on, first, other, own, ENVELOPE)
        with pytest.raises(StateError, match="cannot be opened"):
            first_act(seal, other, own, ENVELOPE)
        assert set(passed_on) == {str(second) for second in range(count) if second != first}


def test_who_is_no_opener_has_no_act() -> None:
    seal = seal_for(2)
    passed_on = first_act(seal, 0, opener(0)[1], ENVELOPE)

    with pytest.raises(StateError, match="not one of the openers"):
        first_act(seal, 4, opener(4)[1], ENVELOPE)
    with pytest.raises(StateError, match="not one of the openers"):
        second_act(seal, passed_on, 0, 4, opener(4)[1], ENVELOPE)


@pytest.mark.parametrize(
    "place", [envelope_context("ocds-1", Envelope.PRICE), envelope_context("ocds-2", Envelope.QUALITY)]
)
def test_an_act_for_one_envelope_opens_no_other(place: Context) -> None:
    seal, other = seal_for(2), make_seal({number: opener(number)[0] for number in range(2)}, place)
    passed_on = first_act(seal, 0, opener(0)[1], ENVELOPE)

    with pytest.raises(StateError):
        first_act(seal, 0, opener(0)[1], place)
    with pytest.raises(StateError):
        second_act(other, passed_on, 0, 1, opener(1)[1], place)


def test_an_act_is_that_of_the_person_who_did_it() -> None:
    """What one opener passed on cannot be recorded as the act of another."""
    seal = seal_for(3)
    passed_on = first_act(seal, 0, opener(0)[1], ENVELOPE)

    with pytest.raises(StateError):
        second_act(seal, passed_on, 2, 1, opener(1)[1], ENVELOPE)


def test_a_seal_whose_key_was_put_in_place_of_another_is_noticed() -> None:
    """Bids sealed to the second key could never be opened: that has to be said, not met as a damaged bid."""
    seal, other = seal_for(2), seal_for(2)

    with pytest.raises(StateError, match="changed after publication"):
        released(Seal(other.public_key, seal.wrapped), 0, 1)


@given(st.data())
def test_a_changed_bit_anywhere_in_the_seal_is_refused(data: st.DataObject) -> None:
    seal = seal_for(2)
    wrapped = bytes.fromhex(seal.wrapped["0>1"])
    bit = data.draw(st.integers(0, len(wrapped) * 8 - 1))

    with pytest.raises(StateError):
        released(Seal(seal.public_key, {"0>1": with_bit(wrapped, bit).hex()}), 0, 1)


@given(st.data())
def test_a_changed_bit_anywhere_in_what_was_passed_on_is_refused(data: st.DataObject) -> None:
    seal = seal_for(2)
    inner = bytes.fromhex(first_act(seal, 0, opener(0)[1], ENVELOPE)["1"])
    changed = with_bit(inner, data.draw(st.integers(0, len(inner) * 8 - 1)))

    with pytest.raises(StateError):
        second_act(seal, {"1": changed.hex()}, 0, 1, opener(1)[1], ENVELOPE)


@pytest.mark.parametrize("passed_on", [{}, {"1": ""}, {"1": "zz"}, {"2": "00"}])
def test_nothing_like_an_act_is_refused(passed_on: dict[str, str]) -> None:
    with pytest.raises(StateError):
        second_act(seal_for(2), passed_on, 0, 1, opener(1)[1], ENVELOPE)


@given(st.binary(max_size=9000), st.integers(0), st.sampled_from(list(Envelope)))
def test_a_sealed_bid_comes_back_whole_or_not_at_all(plaintext: bytes, bit: int, envelope: Envelope) -> None:
    public_key, private_key = opener(0)
    place = bid_context("ocds-1", 1, 7, "R-1", envelope)
    sealed = sealing.seal(public_key, plaintext, place)

    assert unseal(private_key, sealed, place) == plaintext
    with pytest.raises(StateError, match="changed, belongs to another place"):
        unseal(private_key, with_bit(sealed, bit % (len(sealed) * 8)), place)


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(100)])
def test_what_is_no_sealed_bid_is_refused(sealed: bytes) -> None:
    with pytest.raises(StateError):
        unseal(opener(0)[1], sealed, BID)


@pytest.mark.parametrize("place", OTHER_PLACES.values(), ids=OTHER_PLACES)
def test_a_bid_cannot_be_moved_to_another(place: Context) -> None:
    public_key, private_key = opener(0)
    sealed = sealing.seal(public_key, b"ours", BID)
    kept = keep(private_key, b"ours", BID)

    with pytest.raises(StateError, match="another place"):
        unseal(private_key, sealed, place)
    with pytest.raises(StateError, match="was changed"):
        give_back(private_key, kept, place)


def test_swapped_bids_are_refused() -> None:
    public_key, private_key = opener(0)
    places = [bid_context("ocds-1", 1, supplier, f"R-{supplier}", Envelope.QUALITY) for supplier in (1, 2)]
    first, second = (sealing.seal(public_key, b"a bid", place) for place in places)

    for place, sealed in zip(places, (second, first), strict=True):
        with pytest.raises(StateError):
            unseal(private_key, sealed, place)


@given(st.binary(max_size=9000), st.integers(0))
def test_what_the_server_keeps_comes_back_whole_or_not_at_all(plaintext: bytes, bit: int) -> None:
    key = new_key()
    kept = keep(key, plaintext, {"lot": 1})

    assert give_back(key, kept, {"lot": 1}) == plaintext
    with pytest.raises(StateError):
        give_back(key, with_bit(kept, bit % (len(kept) * 8)), {"lot": 1})
    with pytest.raises(StateError):
        give_back(new_key(), kept, {"lot": 1})


def sealed_length(count: int, envelope: Envelope) -> int:
    place = bid_context("ocds-1", 1, 7, "R-1", envelope)
    return len(sealing.seal(opener(0)[0], bytes(count), place))


@pytest.mark.parametrize(
    "length",
    [
        lambda count: sealed_length(count, Envelope.QUALITY),
        lambda count: len(keep(opener(0)[1], bytes(count), {})),
    ],
    ids=["sealed", "kept"],
)
def test_lengths_say_little(length: Callable[[int], int]) -> None:
    assert {length(count) for count in (0, 1, 900, 4088)} == {length(0)}
    assert length(4089) == length(0) + 4096


def test_lengths_of_prices_say_nothing() -> None:
    assert (
        sealed_length(len(b'{"price":"1"}'), Envelope.PRICE)
        == sealed_length(len(b'{"price":"999999999.99"}'), Envelope.PRICE)
        < 400
    )


def test_the_same_bid_sealed_twice_looks_different() -> None:
    assert sealing.seal(opener(0)[0], b"ours", BID) != sealing.seal(opener(0)[0], b"ours", BID)
    assert b"ours" not in sealing.seal(opener(0)[0], b"ours" * 100, BID)


def test_a_wrong_passphrase_is_told_to_the_person() -> None:
    key = make_opening_key(PASSPHRASE)

    assert PASSPHRASE.encode() not in key.wrapped_private_key
    for wrong in ("", PASSPHRASE + " ", PASSPHRASE.upper()):
        with pytest.raises(InputError, match="does not open your key") as raised:
            unwrap_opening_key(key, wrong)
        assert raised.value.field == "passphrase"


def test_a_guess_costs_a_tenth_of_a_second_and_the_key_says_so(usual_stretching: int) -> None:
    """32 MiB and 2**15 rounds: what RFC 7914 calls interactive, and once a tender is little to wait."""
    assert usual_stretching == 15
    key = make_opening_key(PASSPHRASE)
    assert key.wrapped_private_key[0] == sealing.STRETCHING
    for cost in (b"\x00", b"\x15", b"\xff"):
        with pytest.raises(InputError):
            unwrap_opening_key(OpeningKey(key.public_key, cost + key.wrapped_private_key[1:]), PASSPHRASE)


def test_a_passphrase_is_the_same_however_its_letters_are_composed() -> None:
    key = make_opening_key("caf\u00e9 au lait tous les jours")

    assert unwrap_opening_key(key, "cafe\u0301 au lait tous les jours")


def test_an_opening_key_that_was_exchanged_is_noticed() -> None:
    key = make_opening_key(PASSPHRASE)

    with pytest.raises(StateError, match="changed after it was made"):
        unwrap_opening_key(OpeningKey(opener(0)[0], key.wrapped_private_key), PASSPHRASE)
    with pytest.raises(InputError):
        unwrap_opening_key(OpeningKey(key.public_key, key.wrapped_private_key[:20]), PASSPHRASE)


@pytest.mark.parametrize(
    "passphrase", ["", "fourteen chars", "Officer.One@Town.example", " josephine montgomery-smith "]
)
def test_a_passphrase_others_know_or_can_try_is_refused(passphrase: str) -> None:
    with pytest.raises(InputError) as raised:
        make_opening_key(passphrase, about=("officer.one@town.example", "Josephine Montgomery-Smith"))
    assert raised.value.field == "passphrase"


def test_nothing_else_is_asked_of_a_passphrase() -> None:
    check_passphrase("aaaaaaaaaaaaaaa", about=("officer.one@town.example",))


@pytest.mark.parametrize("openers", [{}, {1: opener(1)[0]}, {1: opener(1)[0], 2: opener(1)[0]}], ids=range(3))
def test_one_person_cannot_be_both_openers(openers: dict[int, bytes]) -> None:
    with pytest.raises(InputError, match="two or more people"):
        make_seal(openers, ENVELOPE)
