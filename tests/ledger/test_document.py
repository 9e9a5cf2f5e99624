import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.ledger.checkpoint import Checkpoint
from countersign.ledger.document import check_document, statement_of
from countersign.ledger.note import NoteFormError, SignatureBrokenError, sign_note
from tests.fakes_ledger import LOG, InsecureSeedSigner

SIGNER = InsecureSeedSigner(LOG)


def signature(document: bytes, origin: str = LOG) -> bytes:
    return sign_note(statement_of(document, origin), SIGNER).to_text().encode()


@given(st.binary())
def test_a_document_is_the_one_that_was_signed(document: bytes) -> None:
    check_document(document, signature(document), SIGNER.key)
    with pytest.raises(SignatureBrokenError, match="this very document"):
        check_document(document + b"x", signature(document), SIGNER.key)


def test_another_log_s_signature_is_refused() -> None:
    other = InsecureSeedSigner("log.example/other")
    with pytest.raises(SignatureBrokenError, match="this very document"):
        check_document(b"d", signature(b"d"), other.key)
    forged = signature(b"d").replace(b"\xe2\x80\x94 " + LOG.encode(), b"\xe2\x80\x94 nobody.example")
    with pytest.raises(SignatureBrokenError, match="got none that holds"):
        check_document(b"d", forged, SIGNER.key)


def test_what_is_no_note_is_refused() -> None:
    with pytest.raises(NoteFormError):
        check_document(b"d", b"no note", SIGNER.key)


def test_a_documents_statement_is_never_a_checkpoint() -> None:
    with pytest.raises(NoteFormError):
        Checkpoint.parse(statement_of(b"d", LOG))
