"""The root over a return's files: the published vectors, and no change that goes unseen."""

from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wpound.core.merkle import inclusion_proof, merkle_root, verify_inclusion

# Leaves and roots over the first one, two, ... of them, as in the tests of the Certificate Transparency log server
# (google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc).
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

files = st.lists(st.binary(max_size=4).map(lambda content: sha256(content).hexdigest()), min_size=1, max_size=40)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    assert merkle_root(LEAVES[:size]) == ROOTS[size - 1]


def test_the_published_path_to_the_sixth_of_eight() -> None:
    """The path that the same test file gives."""
    assert inclusion_proof(LEAVES, 5) == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_no_file_at_all_is_the_hash_of_nothing() -> None:
    assert merkle_root([]) == sha256().hexdigest()


@given(files, st.data())
def test_every_file_is_proved_and_no_other_with_its_proof(hashes: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(hashes) - 1))
    root, proof = merkle_root(hashes), inclusion_proof(hashes, index)
    other = data.draw(st.integers(0, len(hashes) - 1))

    assert verify_inclusion(root, hashes[index], index, len(hashes), proof)
    if hashes[other] != hashes[index]:
        assert not verify_inclusion(root, hashes[other], index, len(hashes), proof)
        assert not verify_inclusion(root, hashes[index], other, len(hashes), inclusion_proof(hashes, other))
    assert not verify_inclusion(root, hashes[index], index, len(hashes), [*proof, root])
    assert not verify_inclusion(root, hashes[index], len(hashes), len(hashes), proof)
    if proof:
        assert not verify_inclusion(root, hashes[index], index, len(hashes), proof[:-1])


@given(files, st.data())
def test_every_change_changes_the_root(hashes: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(hashes) - 1))
    other = data.draw(st.integers(0, len(hashes) - 1))
    edited = [*hashes[:index], "ff" * 32, *hashes[index + 1 :]]
    left_out = hashes[:index] + hashes[index + 1 :]
    moved = list(hashes)
    moved[index], moved[other] = moved[other], moved[index]

    for changed in (edited, left_out, [*hashes, hashes[index]], hashes[:-1], moved):
        assert (merkle_root(changed) == merkle_root(hashes)) == (changed == hashes)


@given(files)
def test_a_pair_is_never_passed_off_as_a_file(hashes: list[str]) -> None:
    assume(len(hashes) > 1)
    leaf = [sha256(b"\x00" + bytes.fromhex(one)).hexdigest() for one in hashes[:2]]

    assert merkle_root([leaf[0] + leaf[1]]) != merkle_root(hashes[:2])


def test_what_is_no_hash_is_no_proof() -> None:
    root = merkle_root(["aa", "bb"])

    assert not verify_inclusion(root, "aa", 0, 2, ["not hex"])
    assert not verify_inclusion("not hex", "aa", 0, 2, inclusion_proof(["aa", "bb"], 0))
    assert not verify_inclusion(root, "not hex", 0, 2, inclusion_proof(["aa", "bb"], 0))
    assert not verify_inclusion(root, "aa", -1, 2, inclusion_proof(["aa", "bb"], 0))
    with pytest.raises(ValueError):
        merkle_root(["not hex"])
    for index in (-1, 2):
        with pytest.raises(IndexError):
            inclusion_proof(["aa", "bb"], index)
