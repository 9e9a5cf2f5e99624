from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.ledger.checkpoint import Checkpoint, cosign, cosigned_at, opened
from countersign.ledger.merkle import EMPTY_ROOT
from countersign.ledger.note import COSIGNATURE_V1, NoteFormError, NoteSignature, SignatureBrokenError, sign_note
from tests.fakes_ledger import LOG, START, InsecureSeedSigner

SIGNER = InsecureSeedSigner(LOG)
WITNESS = InsecureSeedSigner("witness.example", COSIGNATURE_V1)
CHECKPOINT = Checkpoint(origin=LOG, size=3, root=b"r" * 32)
NOTE = sign_note(CHECKPOINT.to_text(), SIGNER)


@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_read_back_as_written(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin=LOG, size=size, root=root)
    assert Checkpoint.parse(checkpoint.to_text()) == checkpoint


@pytest.mark.parametrize("size", ["", "-1", "+3", "03", " 3", "3 ", "1_0", "\u0663", "9223372036854775808", "0x3"])
def test_another_spelling_of_a_size_is_refused(size: str) -> None:
    with pytest.raises(NoteFormError, match="expected a tree size"):
        Checkpoint.parse(CHECKPOINT.to_text().replace("\n3\n", f"\n{size}\n"))


@pytest.mark.parametrize("text", ["", "a\n3\n", CHECKPOINT.to_text() + "extension\n", CHECKPOINT.to_text()[:-1]])
def test_another_number_of_lines_is_refused(text: str) -> None:
    with pytest.raises(NoteFormError, match="three lines"):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [("", 3, bytes(32)), ("a\nb", 3, bytes(32)), ("a", -1, bytes(32)), ("a", 3, bytes(31)), ("a", 0, bytes(32))],
)
def test_a_checkpoint_that_cannot_be_is_refused(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(NoteFormError, match="expected"):
        Checkpoint(origin=origin, size=size, root=root)


def test_an_empty_log_has_a_checkpoint() -> None:
    assert Checkpoint(origin="a", size=0, root=EMPTY_ROOT).size == 0


def test_only_a_key_of_the_log_opens_a_checkpoint() -> None:
    assert opened(NOTE, [InsecureSeedSigner("other").key, SIGNER.key]) == CHECKPOINT
    with pytest.raises(SignatureBrokenError, match="got none"):
        opened(NOTE, [InsecureSeedSigner("other").key])


def test_a_cosignature_gives_its_time_in_seconds_and_signs_it() -> None:
    line = cosign(NOTE.text, WITNESS, START + timedelta(milliseconds=900))
    later = (int.from_bytes(line.signature[:8]) + 1).to_bytes(8) + line.signature[8:]
    forged = NoteSignature(name=line.name, key_hash=line.key_hash, signature=later)
    assert cosigned_at(NOTE.with_signature(line), WITNESS.key) == int(START.timestamp())
    assert cosigned_at(NOTE.with_signature(forged), WITNESS.key) is None


def test_what_is_no_cosignature_has_no_time() -> None:
    short = NoteSignature(name=WITNESS.key.name, key_hash=WITNESS.key.key_hash, signature=bytes(64))
    assert cosigned_at(NOTE, WITNESS.key) is None
    assert cosigned_at(NOTE, SIGNER.key) is None
    assert cosigned_at(NOTE.with_signature(short), WITNESS.key) is None
