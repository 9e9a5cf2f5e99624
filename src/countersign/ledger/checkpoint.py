"""Checkpoints: what the log says it holds, in three lines, and what witnesses add.

Source:
    C2SP tlog-checkpoint; C2SP tlog-cosignature (cosignature/v1). Extension lines, which witnesses do not vouch for,
    are refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from countersign.ledger.ed25519 import SIGNATURE_BYTES, is_valid_signature
from countersign.ledger.merkle import EMPTY_ROOT, HASH_BYTES
from countersign.ledger.note import (
    COSIGNATURE_V1,
    Note,
    NoteFormError,
    NoteSignature,
    NoteSigner,
    SignatureBrokenError,
    VerifierKey,
    from_base64,
    is_signed_by,
    to_base64,
)

MAX_SIZE = 2**63 - 1
TIME_BYTES = 8

_SIZE = re.compile("0|[1-9][0-9]{0,18}")


def parse_size(text: str) -> int:
    """Read a tree size: decimal digits without a leading zero, below 2**63.

    Raises:
        NoteFormError: Anything else that Python's `int` would take (``+5``, `` 5``, ``1_0``).
    """
    if not _SIZE.fullmatch(text) or int(text) > MAX_SIZE:
        raise NoteFormError("expected a tree size in decimal digits, got something else")
    return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A claim about a log: so many entries, this root.

    Attributes:
        origin: Name of the log.
        size: Number of entries.
        root: 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise NoteFormError("expected an origin of one line, got something else")
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_BYTES:
            raise NoteFormError(f"expected a size from 0 and a root of 32 bytes, got {self.size}, {len(self.root)}")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise NoteFormError("expected the root of nothing for an empty log, got another")

    def to_text(self) -> str:
        """Write the text that is signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a note.

        Raises:
            NoteFormError: Not three lines in their one spelling.
        """
        match text.split("\n"):
            case [origin, size, root, ""]:
                return cls(origin=origin, size=parse_size(size), root=from_base64(root))
            case _:
                raise NoteFormError("expected a checkpoint of three lines, got something else")


def opened(note: Note, keys: Iterable[VerifierKey]) -> Checkpoint:
    """Give the checkpoint of a note that one of a log's keys has signed.

    Raises:
        SignatureBrokenError: None of the keys has.
        NoteFormError: The text is not a checkpoint.
    """
    checkpoint = Checkpoint.parse(note.text)
    if not any(is_signed_by(note, key) for key in keys):
        raise SignatureBrokenError(f"expected a valid signature of log {checkpoint.origin!r}, got none")
    return checkpoint


def _cosigned_text(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def cosign(text: str, signer: NoteSigner, moment: datetime) -> NoteSignature:
    """Sign a checkpoint's text as a witness does, with the time in whole seconds."""
    time = int(moment.timestamp())
    signature = time.to_bytes(TIME_BYTES) + signer.sign(_cosigned_text(text, time))
    return NoteSignature(name=signer.key.name, key_hash=signer.key.key_hash, signature=signature)


def cosigned_at(note: Note, key: VerifierKey) -> int | None:
    """Give the time of a witness's valid cosignature in seconds since 1970, or None when there is none."""
    found = note.by(key)
    if found is None or key.algorithm != COSIGNATURE_V1 or len(found.signature) != TIME_BYTES + SIGNATURE_BYTES:
        return None
    time = int.from_bytes(found.signature[:TIME_BYTES])
    signed = _cosigned_text(note.text, time)
    return time if is_valid_signature(key.public_key, signed, found.signature[TIME_BYTES:]) else None
