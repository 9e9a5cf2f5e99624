"""SHA-256 digests as lower-case hexadecimal text."""

import hashlib
from pathlib import Path
from typing import NewType

Sha256 = NewType("Sha256", str)

EMPTY = Sha256(hashlib.sha256(b"").hexdigest())


def sha256(data: bytes) -> Sha256:
    """Give the SHA-256 of bytes as 64 lower-case hexadecimal digits."""
    return Sha256(hashlib.sha256(data).hexdigest())


def sha256_file(path: Path) -> Sha256:
    """Give the SHA-256 of a file's content, read in blocks."""
    with path.open("rb") as stream:
        return Sha256(hashlib.file_digest(stream, "sha256").hexdigest())
