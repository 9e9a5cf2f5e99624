import hashlib

import pytest

from countersign.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    ProofBrokenError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from tests.fakes_ledger import MemoryLedger

LEAVES = [leaf_hash(bytes([number])) for number in range(33)]


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


@pytest.fixture(name="tree", scope="module")
def _tree() -> MemoryLedger:
    store, frontier = MemoryLedger(), Frontier()
    for seq, leaf in enumerate(LEAVES):
        store.append(seq, b"", frontier.append(leaf))
    return store


def test_a_leaf_and_a_node_hash_differently() -> None:
    assert leaf_hash(b"ab") == hashlib.sha256(b"\x00ab").digest()
    assert node_hash(b"a", b"b") == hashlib.sha256(b"\x01ab").digest()


def test_the_root_at_any_size_is_that_of_the_standard(tree: MemoryLedger) -> None:
    assert [root_at(tree, size) for size in range(34)] == [naive_root(LEAVES[:size]) for size in range(34)]
    assert root_at(tree, 0) == EMPTY_ROOT


@pytest.mark.row("LOG-06", "LOG-09")
def test_every_inclusion_proof_holds_for_its_leaf_and_no_other(tree: MemoryLedger) -> None:
    for size in (1, 2, 7, 8, 33):
        for index in range(size):
            proof = inclusion_proof(tree, index, size)
            verify_inclusion(LEAVES[index], index, size, proof, naive_root(LEAVES[:size]))
            with pytest.raises(ProofBrokenError, match="expected"):
                verify_inclusion(LEAVES[index - 1], index, size, proof, naive_root(LEAVES[:size]))


@pytest.mark.row("LOG-06")
def test_every_consistency_proof_holds_for_its_sizes_and_no_others(tree: MemoryLedger) -> None:
    for new in range(1, 34):
        for old in range(1, new + 1):
            proof = consistency_proof(tree, old, new)
            verify_consistency(old, new, proof, naive_root(LEAVES[:old]), naive_root(LEAVES[:new]))
            with pytest.raises(ProofBrokenError, match="expected"):
                verify_consistency(old, new, [*proof, EMPTY_ROOT], naive_root(LEAVES[:old]), naive_root(LEAVES[:new]))
            with pytest.raises(ProofBrokenError, match="expected"):
                verify_consistency(old, new, proof, EMPTY_ROOT, naive_root(LEAVES[:new]))


def test_a_tree_of_nothing_proves_nothing(tree: MemoryLedger) -> None:
    assert consistency_proof(tree, 0, 5) == []
    with pytest.raises(ProofBrokenError, match="from 1"):
        verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)


def test_an_empty_proof_between_a_power_of_two_and_more_is_refused() -> None:
    with pytest.raises(ProofBrokenError, match="longer"):
        verify_consistency(3, 5, [], LEAVES[0], LEAVES[1])


def test_a_place_outside_the_tree_has_no_proof(tree: MemoryLedger) -> None:
    with pytest.raises(ProofBrokenError, match="below size 5"):
        inclusion_proof(tree, 5, 5)
    with pytest.raises(ProofBrokenError, match="from 0 to 5"):
        consistency_proof(tree, 6, 5)
    with pytest.raises(ProofBrokenError, match="below size 5"):
        verify_inclusion(LEAVES[0], 5, 5, [], LEAVES[0])


def test_a_proof_that_is_too_long_or_not_of_hashes_is_refused() -> None:
    with pytest.raises(ProofBrokenError, match="shorter"):
        verify_inclusion(LEAVES[0], 0, 1, [LEAVES[1]], LEAVES[0])
    with pytest.raises(ProofBrokenError, match="32 bytes"):
        verify_inclusion(b"", 0, 1, [], b"")
