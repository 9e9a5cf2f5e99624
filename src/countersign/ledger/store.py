"""Where the log lies. The SQL is in `countersign.storage`; this says what it must promise."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from countersign.ledger.merkle import Node


class LedgerStore(Protocol):
    """Entries, tree nodes and signed checkpoints.

    Whoever appends holds the log alone from `head` until its transaction ends (a row lock, or one writer), so that two
    appends never get one place. Entry, nodes and the effect they record commit together or not at all.
    """

    def head(self) -> int:
        """Give the number of entries, counting those that this transaction has appended."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """Give a completed node's 32-byte hash.

        Raises:
            IntegrityBroken: It is not there, though the size says that it must be.
        """
        ...

    def append(self, seq: int, entry: bytes, nodes: Sequence[Node]) -> None:
        """Write an entry at place ``seq`` with the nodes it completes; never replaces anything.

        Raises:
            Conflict: ``seq`` is not the present number of entries.
        """
        ...

    def entry_bytes(self, start: int, stop: int) -> Iterator[bytes]:
        """Give the entries from ``start`` up to but without ``stop``, in order, byte for byte as appended."""
        ...

    def latest_checkpoint(self) -> str | None:
        """Give the signed note of the largest size, or None before the first."""
        ...

    def checkpoints(self) -> Iterator[str]:
        """Give all signed notes, the smallest size first."""
        ...

    def put_checkpoint(self, size: int, note: str) -> None:
        """Keep a signed note, in place of one of the same size; durable on return."""
        ...
