"""Signatures of documents that were given out: a note beside the file, by the key of the log that the act stands in.

    countersign-document/v1      the text: what it is, the log's origin, digest and length of the file
    example.org/countersign
    sha256 9f86d0…
    bytes 48213

    — example.org/countersign Az3grlgt…

Its first line keeps it apart from a checkpoint, whose first line is the log's origin; so that neither is ever taken for
the other. Any tool that reads signed notes can check it; `check_document` needs the standard library alone.

Source:
    C2SP signed-note.
"""

import hashlib

from countersign.ledger.note import Note, SignatureBrokenError, VerifierKey, is_signed_by

KIND = "countersign-document/v1"


def statement_of(document: bytes, origin: str) -> str:
    """Give the text that is signed for a document.

    Example:
        >>> print(statement_of(b"", "example.org/log"), end="")
        countersign-document/v1
        example.org/log
        sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        bytes 0
    """
    return f"{KIND}\n{origin}\nsha256 {hashlib.sha256(document).hexdigest()}\nbytes {len(document)}\n"


def check_document(document: bytes, signature: bytes, key: VerifierKey) -> None:
    """Check that a log's key signed just this document.

    Raises:
        NoteFormError: The signature is no note.
        SignatureBrokenError: It is of another document, or by another key.
    """
    note = Note.parse(signature)
    if note.text != statement_of(document, key.name):
        raise SignatureBrokenError("expected the signature of this very document, got one of another")
    if not is_signed_by(note, key):
        raise SignatureBrokenError(f"expected a signature by {key.name}, got none that holds")
