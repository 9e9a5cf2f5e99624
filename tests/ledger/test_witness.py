import itertools
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.ledger.checkpoint import Checkpoint, cosigned_at
from countersign.ledger.merkle import consistency_proof, root_at
from countersign.ledger.note import NoteFormError, NoteSignature, sign_note
from countersign.ledger.witness import AddCheckpoint, FileWitnessState, Outcome, WitnessMemoryError
from tests.fakes_ledger import LOG, START, Deployment, InsecureSeedSigner, MemoryState, new_witness

SIGNER = InsecureSeedSigner(LOG)
HONEST = Deployment().fill(8).store


def head(size: int, *, root: bytes | None = None, origin: str = LOG) -> Checkpoint:
    return Checkpoint(origin=origin, size=size, root=root or root_at(HONEST, size))


def request(old: int, new: Checkpoint, *, signer: InsecureSeedSigner = SIGNER) -> bytes:
    proof = tuple(consistency_proof(HONEST, old, new.size)) if old <= new.size else ()
    return AddCheckpoint(old=old, proof=proof, note=sign_note(new.to_text(), signer)).to_bytes()


def test_a_witness_goes_along_with_a_log_that_grows() -> None:
    witness = new_witness("w.example", MemoryState(), SIGNER)
    for old, new in itertools.pairwise([0, 0, 1, 1, 3, 8]):
        answer = witness.add_checkpoint(request(old, head(new)))
        assert answer.outcome is Outcome.COSIGNED
        note = sign_note(head(new).to_text(), SIGNER).with_signature(NoteSignature.parse(answer.body[:-1]))
        assert cosigned_at(note, witness.key) == int(START.timestamp())


@pytest.mark.row("LOG-06", "LOG-07")
@pytest.mark.parametrize(
    ("body", "outcome", "said"),
    [
        (b"", Outcome.MALFORMED, ""),
        (b"old 5\n\nnonsense", Outcome.NOT_SIGNED, ""),
        (request(5, head(8), signer=InsecureSeedSigner("other")), Outcome.NOT_SIGNED, ""),
        (request(5, head(8, origin="other")), Outcome.UNKNOWN_LOG, ""),
        (request(8, head(5)), Outcome.MALFORMED, ""),
        (request(3, head(8)), Outcome.CONFLICT, "5\n"),
        (request(0, head(3)), Outcome.CONFLICT, "5\n"),
        (request(5, head(5, root=bytes(32))), Outcome.CONFLICT, "5\n"),
        (request(5, head(8, root=bytes(32))), Outcome.NOT_CONSISTENT, ""),
    ],
)
def test_a_witness_refuses_what_does_not_extend_what_it_signed(body: bytes, outcome: Outcome, said: str) -> None:
    state = MemoryState({LOG: head(5)})
    answer = new_witness("w.example", state, SIGNER).add_checkpoint(body)
    assert (answer.outcome, answer.body) == (outcome, said)
    assert state.known == {LOG: head(5)}


def test_a_first_checkpoint_with_a_proof_is_refused() -> None:
    body = AddCheckpoint(old=0, proof=(bytes(32),), note=sign_note(head(3).to_text(), SIGNER)).to_bytes()
    assert new_witness("w", MemoryState(), SIGNER).add_checkpoint(body).outcome is Outcome.NOT_CONSISTENT


def test_a_request_that_was_overtaken_between_check_and_write_is_not_cosigned() -> None:
    class Overtaken(MemoryState):
        def replace(self, *, expected: Checkpoint | None, new: Checkpoint) -> bool:
            self.known[LOG] = head(8)
            return super().replace(expected=expected, new=new)

    answer = new_witness("w", Overtaken({LOG: head(3)}), SIGNER).add_checkpoint(request(3, head(5)))
    assert (answer.outcome, answer.body) == (Outcome.CONFLICT, "8\n")


class PowerCutError(Exception):
    pass


@pytest.mark.row("LOG-07")
@pytest.mark.parametrize("after_writing", [False, True])
def test_a_witness_that_dies_around_its_write_never_signs_a_fork_afterwards(
    tmp_path: Path, *, after_writing: bool
) -> None:
    class Dying(FileWitnessState):
        def replace(self, *, expected: Checkpoint | None, new: Checkpoint) -> bool:
            if after_writing:
                super().replace(expected=expected, new=new)
            raise PowerCutError

    assert FileWitnessState(tmp_path).replace(expected=None, new=head(3))
    with pytest.raises(PowerCutError):
        new_witness("w", Dying(tmp_path), SIGNER).add_checkpoint(request(3, head(5)))
    restarted = new_witness("w", FileWitnessState(tmp_path), SIGNER)
    remembered = 5 if after_writing else 3
    fork = restarted.add_checkpoint(request(remembered, head(8, root=bytes(32))))
    again = restarted.add_checkpoint(request(remembered, head(8)))
    assert fork.outcome is Outcome.NOT_CONSISTENT
    assert again.outcome is Outcome.COSIGNED


def test_a_half_written_file_beside_the_memory_changes_nothing(tmp_path: Path) -> None:
    state = FileWitnessState(tmp_path)
    assert state.replace(expected=None, new=head(3))
    (file,) = tmp_path.glob("*.checkpoint")
    file.with_suffix(".new").write_text("half")
    assert state.latest(LOG) == head(3)
    assert state.replace(expected=head(3), new=head(5))
    assert state.latest(LOG) == head(5)


@pytest.mark.parametrize("damage", [b"", b"\xff", b"log\n3\n"])
def test_a_damaged_memory_stops_the_witness_instead_of_starting_afresh(tmp_path: Path, damage: bytes) -> None:
    state = FileWitnessState(tmp_path)
    assert state.replace(expected=None, new=head(3))
    (file,) = tmp_path.glob("*.checkpoint")
    file.write_bytes(damage)
    with pytest.raises(WitnessMemoryError, match="damaged"):
        new_witness("w", state, SIGNER).add_checkpoint(request(0, head(8)))


def test_of_racing_requests_for_two_histories_one_is_cosigned(tmp_path: Path) -> None:
    histories = [head(8), *(head(8, root=bytes([number]) * 32) for number in range(7))]
    start = threading.Barrier(len(histories))
    outcomes: list[Outcome] = []

    def ask(new: Checkpoint) -> None:
        witness = new_witness("w", FileWitnessState(tmp_path), SIGNER)
        start.wait()
        outcomes.append(witness.add_checkpoint(request(0, new)).outcome)

    threads = [threading.Thread(target=ask, args=(new,)) for new in histories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.COSIGNED] + [Outcome.CONFLICT] * 7


@pytest.mark.parametrize(
    "body",
    [
        request(3, head(5)).replace(b"old 3", b"old 03"),
        request(3, head(5)).replace(b"old 3", b"new 3"),
        request(3, head(5)).replace(b"old 3", b"old 3\nAAAA"),
        request(3, head(5)).replace(b"old 3", b"old 3" + b"\nAA==" * 64),
        request(3, head(5)).replace(b"old 3", "old \u0663".encode()),
        request(3, head(5)).replace(b"\n\nlog", b"\nlog"),
    ],
)
def test_another_form_of_request_is_refused(body: bytes) -> None:
    with pytest.raises(NoteFormError, match="expected"):
        AddCheckpoint.parse(body)


@given(st.integers(0, 8), st.integers(1, 8))
def test_a_request_is_read_back_as_written(old: int, new: int) -> None:
    body = request(old, head(new))
    assert AddCheckpoint.parse(body).to_bytes() == body
    assert AddCheckpoint.parse(body).checkpoint == head(new)
