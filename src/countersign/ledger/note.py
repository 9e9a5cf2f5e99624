"""Signed notes: a text, an empty line, and one line for each signature. One spelling only.

    example.com/log            the text: lines that end in a newline, no other control characters
    42
    qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=

    — example.com/log Az3grlgt…

Source:
    C2SP signed-note. Python's `int` and `base64` forgive (`1_0`, `+5`, missing padding); what they forgive is refused
    here, since two readings of one note would be two logs.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, replace
from typing import Protocol

from countersign.errors import IntegrityBroken, Invalid
from countersign.ledger.ed25519 import KEY_BYTES_ED25519, is_acceptable_key, is_valid_signature

ED25519 = 0x01
COSIGNATURE_V1 = 0x04
MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
KEY_HASH_BYTES = 4

_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_SIGNATURE_LINE = re.compile("\u2014 ([^\\s+]+) ([A-Za-z0-9+/=]+)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteFormError(Invalid):
    """Bytes are not a note, a key or a checkpoint in its one spelling."""

    code = "note_form"


class SignatureBrokenError(IntegrityBroken):
    """A note bears a signature that does not hold, or lacks one that it must bear."""

    code = "signature_broken"


def to_base64(data: bytes) -> str:
    """Write bytes as standard base64 with padding."""
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """Read base64 in its one spelling: padding present, unused bits zero, no white space.

    Raises:
        NoteFormError: Anything else.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoteFormError("expected standard base64, got something else") from error
    if to_base64(data) != text:
        raise NoteFormError("expected the one spelling of base64, got another")
    return data


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key with its name, as signers publish it.

    Attributes:
        name: Who signs; for a log also its origin.
        algorithm: ``ED25519`` for logs, ``COSIGNATURE_V1`` for witnesses.
        public_key: 32 bytes.
    """

    name: str
    algorithm: int
    public_key: bytes

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[^\s+]+", self.name) or _CONTROL.search(self.name):
            raise NoteFormError("expected a key name without white space and plus signs, got another")
        if self.algorithm not in (ED25519, COSIGNATURE_V1):
            raise NoteFormError(f"expected key algorithm 1 (Ed25519) or 4 (cosignature/v1), got {self.algorithm}")
        if len(self.public_key) != KEY_BYTES_ED25519 or not is_acceptable_key(self.public_key):
            raise NoteFormError("expected a canonical Ed25519 key that is not of small order, got another")

    @property
    def key_hash(self) -> bytes:
        """Give the four bytes that tell which key made a signature; a hint, not a proof."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._typed()).digest()[:KEY_HASH_BYTES]

    @property
    def vkey(self) -> str:
        """Write the key as ``name+hash+base64``."""
        return f"{self.name}+{self.key_hash.hex()}+{to_base64(self._typed())}"

    def _typed(self) -> bytes:
        return bytes([self.algorithm]) + self.public_key

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """Read a key.

        Raises:
            NoteFormError: Not in the form that `vkey` writes, or its hash is not that of the key.
        """
        found = _VKEY.fullmatch(vkey)
        if found is None:
            raise NoteFormError("expected a key as name+hash+base64, got something else")
        typed = from_base64(found[3])
        key = cls(name=found[1], algorithm=typed[0], public_key=typed[1:])
        if key.vkey != vkey:
            raise NoteFormError(f"expected key hash {key.key_hash.hex()}, got {found[2]}")
        return key


class NoteSigner(Protocol):
    """Holds a secret key that never leaves it: a file, a service of its own, a hardware module."""

    @property
    def key(self) -> VerifierKey:
        """Give the public half, with name and algorithm."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Give the 64-byte Ed25519 signature of exactly these bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line.

    Attributes:
        name: Name of the key.
        key_hash: Four bytes.
        signature: What the key's algorithm makes: 64 bytes for a log; time and 64 bytes for a witness.
    """

    name: str
    key_hash: bytes
    signature: bytes

    def line(self) -> str:
        """Write the line, newline included."""
        return f"\u2014 {self.name} {to_base64(self.key_hash + self.signature)}\n"

    @classmethod
    def parse(cls, line: str) -> "NoteSignature":
        """Read a line, without its newline.

        Raises:
            NoteFormError: Not a signature line.
        """
        found = _SIGNATURE_LINE.fullmatch(line)
        blob = from_base64(found[2]) if found else b""
        if found is None or len(blob) <= KEY_HASH_BYTES:
            raise NoteFormError("expected a signature line, got something else")
        return cls(name=found[1], key_hash=blob[:KEY_HASH_BYTES], signature=blob[KEY_HASH_BYTES:])

    def is_by(self, key: VerifierKey) -> bool:
        """Say whether the line claims to be by a key."""
        return (self.name, self.key_hash) == (key.name, key.key_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text with its signatures, none of them checked yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def to_text(self) -> str:
        """Write the note."""
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)

    @classmethod
    def parse(cls, data: bytes) -> "Note":
        """Read a note; what `to_text` would not write is refused.

        Raises:
            NoteFormError: Not a note, one without a signature, or one with two by the same key.
        """
        if len(data) > MAX_NOTE_BYTES:
            raise NoteFormError(f"expected at most {MAX_NOTE_BYTES} bytes, got {len(data)}")
        try:
            whole = data.decode()
        except UnicodeDecodeError as error:
            raise NoteFormError("expected a note in UTF-8, got other bytes") from error
        text, separator, lines = whole.rpartition("\n\n")
        if not separator or not text or not lines.endswith("\n") or _CONTROL.search(whole):
            raise NoteFormError("expected a text, an empty line and signature lines, got something else")
        signatures = tuple(map(NoteSignature.parse, lines[:-1].split("\n")))
        if len(signatures) > MAX_SIGNATURES or len({(s.name, s.key_hash) for s in signatures}) != len(signatures):
            raise NoteFormError(f"expected at most {MAX_SIGNATURES} signatures, each key once, got others")
        return cls(text=text + "\n", signatures=signatures)

    def by(self, key: VerifierKey) -> NoteSignature | None:
        """Give the signature that claims to be by a key, unchecked."""
        return next((signature for signature in self.signatures if signature.is_by(key)), None)

    def with_signature(self, added: NoteSignature) -> "Note":
        """Give the note with a signature more; an earlier one by the same key is replaced."""
        kept = (s for s in self.signatures if (s.name, s.key_hash) != (added.name, added.key_hash))
        return replace(self, signatures=(*kept, added))


def sign_note(text: str, signer: NoteSigner) -> Note:
    """Sign a text as a log does."""
    signature = signer.sign(text.encode())
    made = NoteSignature(name=signer.key.name, key_hash=signer.key.key_hash, signature=signature)
    return Note(text=text, signatures=(made,))


def is_signed_by(note: Note, key: VerifierKey) -> bool:
    """Say whether a note bears a valid signature of a log's key."""
    found = note.by(key)
    if found is None or key.algorithm != ED25519:
        return False
    return is_valid_signature(key.public_key, note.text.encode(), found.signature)
