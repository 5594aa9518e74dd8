"""One hash for all files of a return, and the proof that a file is among them.

The Merkle tree hash of RFC 6962, section 2.1: a leaf is hashed behind a zero byte, a pair behind a one, so that no pair
can be passed off as a file. Whoever kept the root sees any file changed, added, left out or moved.
"""

from collections.abc import Sequence
from hashlib import sha256

_LEAF, _NODE = b"\x00", b"\x01"


def merkle_root(hashes: Sequence[str]) -> str:
    """The root over hashes written in hex, in the order given; without any it is the SHA-256 of nothing.

    Raises ValueError where one is not hex.

    >>> merkle_root([])[:16], merkle_root([""])[:16]
    ('e3b0c44298fc1c14', '6e340b9cffb37a98')
    """
    return _hash_tree(_leaves(hashes)).hex()


def inclusion_proof(hashes: Sequence[str], index: int) -> list[str]:
    """The hashes that lead from one file to the root, nearest first; raises IndexError where there is no such file."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"no file number {index} among {len(hashes)}")
    return [node.hex() for node in _path(_leaves(hashes), index)]


def verify_inclusion(root: str, file_hash: str, index: int, size: int, proof: Sequence[str]) -> bool:
    """Whether a file is the one at ``index`` (from 0) of ``size`` files under a root; never raises for a bad proof.

    >>> files = ["aa", "bb", "cc"]
    >>> verify_inclusion(merkle_root(files), "bb", 1, 3, inclusion_proof(files, 1))
    True
    """
    if not 0 <= index < size:
        return False
    try:
        [node], path, known = _leaves([file_hash]), [bytes.fromhex(step) for step in proof], bytes.fromhex(root)
    except ValueError:
        return False
    last = size - 1
    while last and path:
        step = path.pop(0)
        if index % 2 or index == last:
            node = _hash_pair(step, node)
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            node = _hash_pair(node, step)
        index, last = index // 2, last // 2
    return not last and not path and node == known


def _leaves(hashes: Sequence[str]) -> list[bytes]:
    return [sha256(_LEAF + bytes.fromhex(one)).digest() for one in hashes]


def _hash_pair(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


def _hash_tree(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = _cut(len(leaves))
    return _hash_pair(_hash_tree(leaves[:cut]), _hash_tree(leaves[cut:]))


def _path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    cut = _cut(len(leaves))
    if index < cut:
        return [*_path(leaves[:cut], index), _hash_tree(leaves[cut:])]
    return [*_path(leaves[cut:], index - cut), _hash_tree(leaves[:cut])]


def _cut(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1
