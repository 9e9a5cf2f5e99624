import itertools
from collections.abc import Iterator

import pytest

from countersign.ledger.checkpoint import Checkpoint, opened
from countersign.ledger.checkpointing import (
    HistoryChangedError,
    HistoryContestedError,
    SignedHead,
    SignerOvertakenError,
    WitnessPort,
    check_history,
    sign_checkpoint,
)
from countersign.ledger.merkle import root_at
from countersign.ledger.note import Note, VerifierKey
from countersign.ledger.witness import Outcome, WitnessAnswer
from tests.fakes_ledger import LOG, Deployment, InsecureSeedSigner, MemoryLedger, MemoryState, draft, new_witness

OTHER = InsecureSeedSigner("stub.example", 4)


class StubWitness:
    """Gives the answers it is told to, or fails as a wire does."""

    def __init__(self, *answers: WitnessAnswer) -> None:
        self.answers = list(answers)

    @property
    def key(self) -> VerifierKey:
        return OTHER.key

    def add_checkpoint(self, body: bytes) -> WitnessAnswer:
        if not self.answers:
            raise ConnectionRefusedError(len(body))
        return self.answers.pop(0)


def sign(deployment: Deployment, *witnesses: WitnessPort) -> SignedHead:
    return sign_checkpoint(deployment.store, signer=deployment.signer, memory=deployment.memory, witnesses=witnesses)


def test_the_head_is_signed_cosigned_and_kept() -> None:
    deployment = Deployment().fill(5)
    head = sign(deployment, deployment.witness)
    stored = Note.parse((deployment.store.latest_checkpoint() or "").encode())
    assert head.checkpoint == Checkpoint(origin=LOG, size=5, root=root_at(deployment.store, 5))
    assert stored == head.note
    assert opened(stored, [deployment.signer.key]) == head.checkpoint
    assert deployment.policy.is_met_by(stored)
    assert head.refusals == {}
    assert not head.is_contested


def test_an_empty_log_can_be_signed_and_grown_from() -> None:
    deployment = Deployment()
    assert sign(deployment, deployment.witness).checkpoint.size == 0
    assert deployment.fill(3).policy.is_met_by(sign(deployment, deployment.witness).note)


def test_signing_again_without_an_append_gives_a_fresh_cosignature_on_the_same_text() -> None:
    deployment = Deployment().fill(5)
    first, second = sign(deployment, deployment.witness), sign(deployment, deployment.witness)
    assert first.note.text == second.note.text
    assert len(second.note.signatures) == 2


def test_a_cosignature_is_kept_while_its_witness_is_away() -> None:
    deployment = Deployment().fill(5)
    sign(deployment, deployment.witness)
    assert deployment.policy.is_met_by(sign(deployment).note)
    assert not deployment.policy.is_met_by(sign(deployment.fill(6)).note)


def test_a_witness_that_lags_behind_is_asked_again_from_where_it_is() -> None:
    deployment = Deployment().fill(3)
    sign(deployment, deployment.witness)
    sign(deployment.fill(5))
    head = sign(deployment.fill(9), deployment.witness)
    assert deployment.policy.is_met_by(head.note)
    assert deployment.witness_state.known[LOG].size == 9


def test_a_log_that_lost_entries_is_not_signed() -> None:
    deployment = Deployment().fill(5).sign()
    deployment.store.entries.pop()
    with pytest.raises(HistoryChangedError, match="at least the 5 entries"):
        sign(deployment)


def test_a_rewritten_history_is_not_signed_even_when_the_database_forgot_its_checkpoints() -> None:
    deployment = Deployment().fill(5).sign()
    rewritten = Deployment(memory=deployment.memory, witness_state=deployment.witness_state)
    rewritten.tell(draft(what="list", justification="lawfulness")).fill(5)
    with pytest.raises(HistoryChangedError, match="at size 5"):
        sign(rewritten)
    assert rewritten.store.latest_checkpoint() is None


def test_nodes_that_are_not_those_of_the_entries_are_not_signed() -> None:
    deployment = Deployment().fill(3).sign()
    deployment.fill(5).store.nodes[0, 4] = bytes(32)
    with pytest.raises(HistoryChangedError, match="nodes of the 5 entries"):
        sign(deployment)


def test_entries_that_a_store_passes_over_are_noticed() -> None:
    class Forgetful(MemoryLedger):
        def entry_bytes(self, start: int, stop: int) -> Iterator[bytes]:
            return itertools.islice(super().entry_bytes(start, stop), 3)

    with pytest.raises(HistoryChangedError, match="nodes of the 5 entries"):
        sign(Deployment(store=Forgetful()).fill(5))


def test_a_signer_that_was_overtaken_signs_nothing() -> None:
    class Overtaken(MemoryState):
        def replace(self, *, expected: Checkpoint | None, new: Checkpoint) -> bool:
            return expected is new

    deployment = Deployment(memory=Overtaken()).fill(5)
    with pytest.raises(SignerOvertakenError, match="another signed since"):
        sign(deployment)
    assert deployment.store.latest_checkpoint() is None


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([], "unreachable"),
        ([WitnessAnswer(outcome=Outcome.NOT_SIGNED)], "not_signed"),
        ([WitnessAnswer(outcome=Outcome.NOT_CONSISTENT)], "forked"),
        ([WitnessAnswer(outcome=Outcome.CONFLICT, body="6\n")], "ahead"),
        ([WitnessAnswer(outcome=Outcome.CONFLICT, body="0\n")], "forked"),
        ([WitnessAnswer(outcome=Outcome.CONFLICT, body="3\n")] * 2, "forked"),
        ([WitnessAnswer(outcome=Outcome.CONFLICT, body="many\n")], "bad_cosignature"),
        ([WitnessAnswer(outcome=Outcome.COSIGNED, body="nonsense\n")], "bad_cosignature"),
        ([WitnessAnswer(outcome=Outcome.COSIGNED, body="\u2014 stub.example AAAAAAA=\n")], "bad_cosignature"),
    ],
)
def test_a_witness_that_does_not_cosign_is_named_with_its_reason(answers: list[WitnessAnswer], reason: str) -> None:
    deployment = Deployment().fill(5)
    head = sign(deployment, StubWitness(*answers), deployment.witness)
    assert head.refusals == {"stub.example": reason}
    assert head.is_contested == (reason in {"ahead", "forked"})
    assert deployment.policy.is_met_by(head.note)


class PowerCutError(Exception):
    pass


@pytest.mark.parametrize("line", ["replace", "sign", "ask", "put"])
def test_a_kill_at_any_line_leaves_a_log_that_can_be_signed_on(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    deployment = Deployment().fill(3).sign().fill(5)
    place, name = {
        "replace": (deployment.memory, "replace"),
        "sign": (deployment.signer, "sign"),
        "ask": (deployment.witness, "add_checkpoint"),
        "put": (deployment.store, "put_checkpoint"),
    }[line]

    def cut(*_: object, **__: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(place, name, cut)
        with pytest.raises(PowerCutError):
            deployment.sign()
    head = sign(deployment.fill(7), deployment.witness)
    assert head.refusals == {}
    assert deployment.policy.is_met_by(head.note)


def test_two_witnesses_are_both_asked() -> None:
    deployment = Deployment().fill(4)
    other = new_witness("other.example", MemoryState(), deployment.signer)
    assert len(sign(deployment, deployment.witness, other).note.signatures) == 3


def check(deployment: Deployment, *witnesses: WitnessPort) -> None:
    check_history(deployment.store, signer=deployment.signer, memory=deployment.memory, witnesses=witnesses)


def test_a_log_that_grew_since_it_was_signed_passes_the_check_and_is_not_signed() -> None:
    deployment = Deployment().fill(5)
    signed = sign(deployment, deployment.witness).checkpoint
    deployment.fill(3)
    check(deployment, deployment.witness)
    assert deployment.memory.latest(LOG) == signed


def test_a_log_that_was_never_signed_passes_the_check() -> None:
    deployment = Deployment().fill(2)
    check(deployment, deployment.witness)
    assert deployment.memory.latest(LOG) is None


def test_a_witness_that_cannot_be_reached_contests_nothing() -> None:
    deployment = Deployment().fill(2)
    signed = sign(deployment).checkpoint
    check(deployment, StubWitness())
    assert deployment.memory.latest(LOG) == signed


def test_a_witness_that_has_seen_more_contests_the_history() -> None:
    deployment = Deployment().fill(2)
    sign(deployment, deployment.witness)
    ahead = StubWitness(WitnessAnswer(outcome=Outcome.CONFLICT, body="3\n"))
    with pytest.raises(HistoryContestedError, match="ahead"):
        check(deployment, deployment.witness, ahead)


@pytest.mark.row("LOG-06")
def test_a_log_that_lost_what_was_signed_does_not_pass_the_check() -> None:
    deployment = Deployment().fill(2)
    deployment.memory.replace(expected=None, new=Checkpoint(origin=LOG, size=3, root=bytes(32)))
    with pytest.raises(HistoryChangedError, match="expected at least the 3"):
        check(deployment)
