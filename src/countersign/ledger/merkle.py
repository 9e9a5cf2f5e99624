"""The tree over the entries (RFC 6962): two prefixes, roots at any size, proofs that one tree extends another.

A node (level, index) is the root of the 2**level leaves from index * 2**level on. It is stored once those leaves are
all there, and never changes after.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from countersign.errors import IntegrityBroken

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_BYTES = 32


class ProofBrokenError(IntegrityBroken):
    """A proof does not show what it claims."""

    code = "proof_broken"


class Nodes(Protocol):
    """Completed nodes of a tree."""

    def node(self, level: int, index: int) -> bytes:
        """Give the 32-byte hash of a completed node."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A newly completed node."""

    level: int
    index: int
    hash: bytes


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry. The prefix keeps a leaf from being passed off as a node (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two nodes into their parent."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: all that is needed to go on appending and to give the root.

    Args:
        size: Leaves so far.
        peaks: Roots of the perfect trees that they fall into, the largest first; one for each bit set in ``size``.
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self._peaks = list(peaks)

    @classmethod
    def of(cls, nodes: Nodes, size: int) -> "Frontier":
        """Read the frontier of a stored tree."""
        levels = [level for level in reversed(range(size.bit_length())) if size >> level & 1]
        return cls(size, [nodes.node(level, (size >> level) - 1) for level in levels])

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf hash and give the nodes that it completes, the leaf itself first."""
        completed = [Node(level=0, index=self.size, hash=leaf)]
        while completed[-1].index & 1:
            child = completed[-1]
            parent = node_hash(self._peaks.pop(), child.hash)
            completed.append(Node(level=child.level + 1, index=child.index >> 1, hash=parent))
        self._peaks.append(completed[-1].hash)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Give the root; that of no leaves is the hash of nothing."""
        if not self._peaks:
            return EMPTY_ROOT
        *rest, root = self._peaks
        for peak in reversed(rest):
            root = node_hash(peak, root)
        return root


def root_at(nodes: Nodes, size: int) -> bytes:
    """Give the root of the first ``size`` leaves of a stored tree."""
    return Frontier.of(nodes, size).root()


def _split(size: int) -> int:
    """Give the largest power of two below ``size``, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_hash(nodes: Nodes, start: int, stop: int) -> bytes:
    """Give MTH(D[start:stop]) for a range that the recursion of RFC 6962 can meet, so ``start`` is always aligned."""
    size = stop - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes.node(level, start >> level)
    middle = start + _split(size)
    return node_hash(_range_hash(nodes, start, middle), _range_hash(nodes, middle, stop))


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Prove that a leaf stands in the tree of ``size`` leaves.

    Raises:
        ProofBrokenError: There is no such leaf.

    Source:
        RFC 6962 section 2.1.1.
    """
    if not 0 <= index < size:
        raise ProofBrokenError(f"expected a leaf below size {size}, got {index}")
    path = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(_range_hash(nodes, middle, stop))
            stop = middle
        else:
            path.append(_range_hash(nodes, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Prove that the tree of ``new`` leaves extends that of ``old``; empty when ``old`` is 0 or ``new``.

    Raises:
        ProofBrokenError: ``old`` is larger than ``new`` or below 0.

    Source:
        RFC 6962 section 2.1.2.
    """
    if not 0 <= old <= new:
        raise ProofBrokenError(f"expected an old size from 0 to {new}, got {old}")
    path: list[bytes] = []
    start, stop = 0, new
    while 0 < old < stop:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(_range_hash(nodes, middle, stop))
            stop = middle
        else:
            path.append(_range_hash(nodes, start, middle))
            start = middle
    if start > 0:  # whoever holds the old root knows the whole of it, but not its right part
        path.append(_range_hash(nodes, start, stop))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check an inclusion proof.

    Raises:
        ProofBrokenError: The proof does not lead from the leaf to the root.

    Source:
        RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise ProofBrokenError(f"expected a leaf below size {size}, got {index}")
    _demand_hashes(leaf, root, *proof)
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofBrokenError("expected a shorter proof")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    _demand_root(found, root, finished=last == 0)


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that a tree of ``new`` leaves extends a tree of ``old`` leaves.

    Raises:
        ProofBrokenError: It does not, or ``old`` is 0: from nothing, everything follows and nothing is proved.

    Source:
        RFC 9162 section 2.1.4.2.
    """
    if not 0 < old <= new:
        raise ProofBrokenError(f"expected an old size from 1 to {new}, got {old}")
    if old == new:
        _demand_root(old_root, new_root, finished=not proof)
        return
    _demand_hashes(old_root, new_root, *proof)
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise ProofBrokenError("expected a longer proof")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofBrokenError("expected a shorter proof")
        if place & 1 or place == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        place, last = place >> 1, last >> 1
    _demand_root(first, old_root, finished=True)
    _demand_root(second, new_root, finished=last == 0)


def _demand_hashes(*hashes: bytes) -> None:
    if any(len(value) != HASH_BYTES for value in hashes):
        raise ProofBrokenError(f"expected hashes of {HASH_BYTES} bytes, got others")


def _demand_root(found: bytes, root: bytes, *, finished: bool) -> None:
    if found != root or not finished:
        raise ProofBrokenError(f"expected a proof of root {root.hex()}, got one of {found.hex()}")
