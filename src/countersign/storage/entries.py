"""The log's tables, the openings of its commitments, and the signatures that were used."""

import json
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from countersign.errors import Conflict, IntegrityBroken
from countersign.ledger.commitment import Opening
from countersign.ledger.merkle import Node
from countersign.primitives.codec import from_plain, to_plain
from countersign.primitives.ids import EntrySeq, KeyId
from countersign.storage.record_keys import SqlKeys
from countersign.storage.sealing import place, seal, unseal
from countersign.storage.tables import LEDGER_CHECKPOINT, LEDGER_ENTRY, LEDGER_NODE, NONCE, OPENING, RECORD_KEY


class NodeMissingError(IntegrityBroken):
    """A tree node is not there, though the size says that it must be."""

    code = "node_missing"


class PlaceTakenError(Conflict):
    """An entry does not follow the last one."""

    code = "place_taken"


class NonceUsedError(Conflict):
    """A signature was used before."""

    code = "nonce_used"


class SqlLedgerStore:
    """The log inside one open transaction; see `countersign.ledger.store.LedgerStore`.

    A writing transaction holds the whole database, so `head` needs no lock of its own. What is put is durable when the
    transaction has committed.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def head(self) -> int:
        """Give the number of entries, counting those that this transaction has appended."""
        last = self._connection.scalar(select(func.max(LEDGER_ENTRY.c.seq)))
        return 0 if last is None else last + 1

    def node(self, level: int, index: int) -> bytes:
        """Give a completed node's 32-byte hash."""
        query = select(LEDGER_NODE.c.hash).where(LEDGER_NODE.c.level == level, LEDGER_NODE.c.index == index)
        found = self._connection.scalar(query)
        if found is None:
            raise NodeMissingError(f"expected node {index} of level {level}, got none")
        return bytes(found)

    def append(self, seq: int, entry: bytes, nodes: Sequence[Node]) -> None:
        """Write an entry at place ``seq`` with the nodes it completes."""
        head = self.head()
        if seq != head:
            raise PlaceTakenError(f"expected an entry at place {head}, got {seq}")
        self._connection.execute(insert(LEDGER_ENTRY), {"seq": seq, "entry": entry})
        if nodes:
            rows = [{"level": node.level, "index": node.index, "hash": node.hash} for node in nodes]
            self._connection.execute(insert(LEDGER_NODE), rows)

    def entry_bytes(self, start: int, stop: int) -> Iterator[bytes]:
        """Give the entries from ``start`` up to but without ``stop``, in order, byte for byte as appended."""
        entries = LEDGER_ENTRY.c
        query = select(entries.entry).where(entries.seq >= start, entries.seq < stop).order_by(entries.seq)
        yield from self._connection.scalars(query)

    def latest_checkpoint(self) -> str | None:
        """Give the signed note of the largest size, or None before the first."""
        query = select(LEDGER_CHECKPOINT.c.note).order_by(LEDGER_CHECKPOINT.c.size.desc()).limit(1)
        return self._connection.scalar(query)

    def checkpoints(self) -> Iterator[str]:
        """Give all signed notes, the smallest size first."""
        yield from self._connection.scalars(select(LEDGER_CHECKPOINT.c.note).order_by(LEDGER_CHECKPOINT.c.size))

    def put_checkpoint(self, size: int, note: str) -> None:
        """Keep a signed note, in place of one of the same size."""
        self._connection.execute(delete(LEDGER_CHECKPOINT).where(LEDGER_CHECKPOINT.c.size == size))
        self._connection.execute(insert(LEDGER_CHECKPOINT), {"size": size, "note": note})


class SqlOpenings:
    """Openings inside one open transaction; see `countersign.operations.work.Openings`.

    The openings of one entry may lie under several keys: those of the case and those of a record that is erased
    earlier.
    """

    def __init__(self, connection: Connection, keys: SqlKeys) -> None:
        self._connection = connection
        self._keys = keys

    def put(self, seq: EntrySeq, openings: Mapping[str, Opening], *, key: KeyId) -> None:
        """Keep openings of one entry under a key; once for each entry and key."""
        text = json.dumps(to_plain(openings), sort_keys=True)
        sealed = seal(self._keys.cipher(key), text.encode(), _place(seq, key))
        self._connection.execute(insert(OPENING), {"entry_seq": seq, "key": key, "sealed": sealed})

    def get(self, seq: EntrySeq) -> dict[str, Opening] | None:
        """Give the openings whose keys are still there; None when there are none."""
        query = (
            select(OPENING, RECORD_KEY.c.epoch, RECORD_KEY.c.wrapped)
            .join(RECORD_KEY, OPENING.c.key == RECORD_KEY.c.id)
            .where(OPENING.c.entry_seq == seq)
        )
        opened: dict[str, Opening] = {}
        for row in self._connection.execute(query):
            cipher = self._keys.unwrapped(row.key, row.epoch, row.wrapped)
            plain = json.loads(unseal(cipher, row.sealed, _place(seq, row.key)))
            opened.update(from_plain(dict[str, Opening], plain))
        return opened or None

    def count(self, key: KeyId) -> int:
        """Count the entries whose openings are sealed under ``key``, readable or not."""
        return self._connection.scalar(select(func.count()).where(OPENING.c.key == key)) or 0


class SqlNonces:
    """Used signatures inside one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def use(self, nonce: str) -> None:
        """Remember the nonce; ``NonceUsedError`` when it was used before."""
        if self._connection.scalar(select(NONCE.c.nonce).where(NONCE.c.nonce == nonce)) is not None:
            raise NonceUsedError("expected a signature that was not used before, got one that was")
        self._connection.execute(insert(NONCE), {"nonce": nonce})


def _place(seq: int, key: str) -> bytes:
    return place("opening", seq, key)
