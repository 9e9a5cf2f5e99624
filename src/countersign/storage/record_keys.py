"""Record and case keys: rows of ``record_key``, each wrapped by an epoch key; the `Keys` of the unit of work."""

import secrets
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from countersign.errors import NotFound
from countersign.primitives.ids import KeyId
from countersign.storage.keys import KeyRing
from countersign.storage.sealing import new_key, place, seal, unseal
from countersign.storage.tables import RECORD_KEY


class KeyDestroyedError(NotFound):
    """A record's key is gone; what it sealed cannot be read any more."""

    code = "key_destroyed"


class SqlKeys:
    """Keys inside one open transaction; unwrapped ones are remembered until it ends, no longer.

    Attributes:
        scrub_due: Wrapped keys were deleted or replaced, and the write-ahead log may still hold them.
    """

    def __init__(
        self, connection: Connection, ring: KeyRing, after_commit: Callable[[Callable[[], None]], None]
    ) -> None:
        self._connection = connection
        self._ring = ring
        self._after_commit = after_commit
        self._ciphers: dict[str, AESGCM] = {}
        self.scrub_due = False

    def create(self) -> KeyId:
        """Make a fresh key and give its id."""
        return self.create_all(1)[0]

    def create_all(self, number: int) -> list[KeyId]:
        """Make many fresh keys."""
        epoch = self._ring.current()
        wrapping = self._ring.cipher(epoch)
        rows: list[dict[str, object]] = []
        ids = [KeyId(secrets.token_hex(16)) for _ in range(number)]
        for key in ids:
            secret = new_key()
            self._ciphers[key] = AESGCM(secret)
            rows.append({"id": key, "epoch": epoch, "wrapped": seal(wrapping, secret, _place(key, epoch))})
        if rows:
            self._connection.execute(insert(RECORD_KEY), rows)
        return ids

    def destroy(self, key: KeyId) -> None:
        """Delete the wrapped key. Unusable at once; beyond recovery from old copies after the next `rotate`."""
        self._ciphers.pop(key, None)
        if self._connection.execute(delete(RECORD_KEY).where(RECORD_KEY.c.id == key)).rowcount == 0:
            raise KeyDestroyedError(f"expected a key {key}, got none")
        self.scrub_due = True

    def exists(self, key: KeyId) -> bool:
        """Say whether the key is still there."""
        return self._connection.execute(select(RECORD_KEY.c.id).where(RECORD_KEY.c.id == key)).first() is not None

    def keyed_digest(self, label: str, value: str) -> str:
        """Give an HMAC-SHA256 (hexadecimal) under this installation's own secret."""
        return self._ring.keyed_digest(label, value)

    def cipher(self, key: str) -> AESGCM:
        """Give the cipher of a key; ``KeyDestroyedError`` when it is gone."""
        if key not in self._ciphers:
            found = self._connection.execute(select(RECORD_KEY).where(RECORD_KEY.c.id == key)).first()
            if found is None:
                raise KeyDestroyedError(f"expected a key {key}, got none")
            return self.unwrapped(key, found.epoch, found.wrapped)
        return self._ciphers[key]

    def unwrapped(self, key: str, epoch: int, wrapped: bytes) -> AESGCM:
        """Give the cipher of a key whose row a query brought along."""
        if key not in self._ciphers:
            self._ciphers[key] = AESGCM(unseal(self._ring.cipher(epoch), wrapped, _place(key, epoch)))
        return self._ciphers[key]

    def rotate(self) -> int:
        """Wrap every key anew under the next epoch, and destroy all earlier epoch keys once that is committed.

        A crash before the commit leaves a new epoch key that nothing uses yet; a crash after it, an old one that
        nothing uses any more, which `sweep_epochs` or the next rotation destroys.

        Returns:
            Number of the new epoch.
        """
        rows = self._connection.execute(select(RECORD_KEY)).all()
        epoch = self._ring.begin_epoch()
        wrapping = self._ring.cipher(epoch)
        rewrapped: list[dict[str, object]] = []
        for row in rows:
            secret = unseal(self._ring.cipher(row.epoch), row.wrapped, _place(row.id, row.epoch))
            rewrapped.append({"row": row.id, "epoch": epoch, "wrapped": seal(wrapping, secret, _place(row.id, epoch))})
        if rewrapped:
            self._connection.execute(update(RECORD_KEY).where(RECORD_KEY.c.id == bindparam("row")), rewrapped)
        self.scrub_due = True
        self._after_commit(lambda: self._destroy_epochs({epoch}))
        return epoch

    def sweep_epochs(self) -> None:
        """Destroy, after the commit, the epoch keys that wrap nothing and are not the current one."""
        used = {int(epoch) for epoch in self._connection.scalars(select(RECORD_KEY.c.epoch).distinct())}
        self._after_commit(lambda: self._destroy_epochs(used | {self._ring.current()}))

    def _destroy_epochs(self, kept: set[int]) -> None:
        for epoch in self._ring.epochs():
            # A later one belongs to another process that is rotating at this moment.
            if epoch not in kept and epoch < max(kept):
                self._ring.destroy_epoch(epoch)


def _place(key: str, epoch: int) -> bytes:
    return place("record_key", key, epoch)
