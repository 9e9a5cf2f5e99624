"""The tree and the signer under any order of appending, signing, losing witnesses and rolling back, against a list."""

import hashlib
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from countersign.ledger.checkpoint import opened
from countersign.ledger.checkpointing import HistoryChangedError, sign_checkpoint
from countersign.ledger.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from countersign.ledger.note import Note
from tests.fakes_ledger import Deployment, MemoryLedger


def naive_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


class LogAgainstList(RuleBasedStateMachine):
    checked: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        self.deployment = Deployment()
        self.entries: list[bytes] = []
        self.signed: list[int] = []

    @rule(entry=st.binary(max_size=8))
    def append(self, entry: bytes) -> None:
        store = self.deployment.store
        nodes = Frontier.of(store, store.head()).append(leaf_hash(entry))
        store.append(store.head(), entry, nodes)
        self.entries.append(entry)

    @rule(reached=st.booleans())
    def sign(self, *, reached: bool) -> None:
        deployment = self.deployment
        witnesses = [deployment.witness] if reached else []
        head = sign_checkpoint(
            deployment.store, signer=deployment.signer, memory=deployment.memory, witnesses=witnesses
        )
        assert head.checkpoint.root == naive_root([leaf_hash(entry) for entry in self.entries])
        assert head.refusals == {}
        self.signed.append(head.checkpoint.size)

    @precondition(lambda self: self.signed and self.signed[-1] > 0)
    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        """Restore an older database: signing must be refused until the log has all it had."""
        kept = data.draw(st.integers(0, self.signed[-1] - 1))
        older = MemoryLedger(entries=self.entries[:kept], nodes=self.deployment.store.nodes)
        with pytest.raises(HistoryChangedError, match="expected at least"):
            sign_checkpoint(older, signer=self.deployment.signer, memory=self.deployment.memory, witnesses=())

    @precondition(lambda self: self.signed and self.signed[-1] > 0)
    @rule(data=st.data())
    def rewrite(self, data: st.DataObject) -> None:
        """Rebuild the database with one signed entry changed: signing must be refused."""
        place = data.draw(st.integers(0, self.signed[-1] - 1))
        forged = MemoryLedger()
        frontier = Frontier()
        for seq, entry in enumerate(self.entries):
            written = entry + b"!" if seq == place else entry
            forged.append(seq, written, frontier.append(leaf_hash(written)))
        with pytest.raises(HistoryChangedError, match="expected root"):
            sign_checkpoint(forged, signer=self.deployment.signer, memory=self.deployment.memory, witnesses=())

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def prove(self, data: st.DataObject) -> None:
        store, leaves = self.deployment.store, [leaf_hash(entry) for entry in self.entries]
        new = data.draw(st.integers(1, len(leaves)))
        old = data.draw(st.integers(1, new))
        index = data.draw(st.integers(0, new - 1))
        root = naive_root(leaves[:new])
        verify_inclusion(leaves[index], index, new, inclusion_proof(store, index, new), root)
        verify_consistency(old, new, consistency_proof(store, old, new), naive_root(leaves[:old]), root)

    @invariant()
    def every_kept_checkpoint_is_a_prefix(self) -> None:
        for note in self.deployment.store.checkpoints():
            LogAgainstList.checked += 1
            checkpoint = opened(Note.parse(note.encode()), [self.deployment.signer.key])
            assert checkpoint.root == root_at(self.deployment.store, checkpoint.size)


def test_a_log_behaves_as_a_list_and_its_signer_never_signs_a_fork() -> None:
    run_state_machine_as_test(LogAgainstList, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
    assert LogAgainstList.checked > 100
