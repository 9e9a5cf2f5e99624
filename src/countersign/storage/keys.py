"""The key ring: what wraps the record keys, what signs the log, and the secret of the keyed digests.

    root key ──> epoch key N ──> record and case keys (rows of ``record_key``) ──> sealed fields and blobs
         ├─────> log-signing.key       Ed25519
         └─────> keyed-digest.key      HMAC-SHA256

An erased record's key is deleted with its row. An old copy of the database still holds that row, wrapped; so from time
to time every key that is left is wrapped anew under the next epoch key and the old epoch key is destroyed. From then on
no copy of the database opens what was erased.

The witness has a key and a folder of its own (`create_witness`), best on another machine and under another person.
"""

import hmac
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from countersign.errors import IntegrityBroken
from countersign.ledger.note import COSIGNATURE_V1, ED25519, VerifierKey
from countersign.storage.key_folder import (
    SCRYPT_COST,
    KeyFileMissingError,
    KeyFolder,
    create_key_folder,
    open_key_folder,
)
from countersign.storage.sealing import new_key, place

_LOG, _WITNESS, _DIGEST = "log-signing.key", "witness-signing.key", "keyed-digest.key"


class EpochGoneError(IntegrityBroken):
    """A record key is wrapped by an epoch key that was destroyed: the database is older than the last rotation."""

    code = "epoch_gone"


class FileSigner:
    """An Ed25519 key that was read from a key folder; a `countersign.ledger.note.NoteSigner`."""

    def __init__(self, *, name: str, algorithm: int, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes_raw()
        self.key = VerifierKey(name=name, algorithm=algorithm, public_key=public)

    def sign(self, message: bytes) -> bytes:
        """Give the 64-byte Ed25519 signature of exactly these bytes."""
        return self._private.sign(message)


class KeyRing:
    """The keys of one installation, opened."""

    def __init__(self, keys: KeyFolder) -> None:
        self._keys = keys
        self._digest_key = keys.get(_DIGEST)
        self._epochs: dict[int, AESGCM] = {}

    def epochs(self) -> list[int]:
        """Give the numbers of the epochs whose keys are there.

        Read from the folder each time, since another process may have rotated; what it destroyed is forgotten here too.
        """
        found = [int(name[6:-4]) for name in self._keys.names("epoch-*.key")]
        for gone in self._epochs.keys() - set(found):
            self._epochs.pop(gone, None)
        return found

    def current(self) -> int:
        """Give the number of the epoch that wraps new keys: the latest."""
        epochs = self.epochs()
        if not epochs:
            raise EpochGoneError(f"expected an epoch key in {self._keys.folder}, got none")
        return max(epochs)

    def cipher(self, epoch: int) -> AESGCM:
        """Give the cipher of an epoch; ``EpochGoneError`` when its key was destroyed."""
        if epoch not in self._epochs:
            try:
                self._epochs[epoch] = AESGCM(self._keys.get(_epoch_name(epoch)))
            except KeyFileMissingError as reason:
                raise EpochGoneError(f"expected the key of epoch {epoch}, got one that was destroyed") from reason
        return self._epochs[epoch]

    def begin_epoch(self) -> int:
        """Make the next epoch key, durable on return, and give its number."""
        epoch = max(self.epochs(), default=0) + 1
        self._keys.put(_epoch_name(epoch), new_key())
        return epoch

    def destroy_epoch(self, epoch: int) -> None:
        """Destroy an epoch key: what only it wraps is lost for ever, in every copy of the database."""
        self._epochs.pop(epoch, None)
        self._keys.destroy(_epoch_name(epoch))

    def keyed_digest(self, label: str, value: str) -> str:
        """Give the HMAC-SHA256 of (label, value) under this installation's own secret, in hexadecimal."""
        return hmac.digest(self._digest_key, place(label, value), "sha256").hex()

    def log_signer(self, origin: str) -> FileSigner:
        """Give the signer of this installation's log."""
        return FileSigner(name=origin, algorithm=ED25519, seed=self._keys.get(_LOG))


def create_keyring(folder: Path, passphrase: str, *, cost: int = SCRYPT_COST) -> KeyRing:
    """Make the keys of a new installation.

    Args:
        folder: A folder outside the data folder.
        passphrase: Opens it at every start.
        cost: scrypt's N; only tests lower it.

    Raises:
        KeyFolderTakenError: There are keys already.
    """
    keys = create_key_folder(folder, passphrase, cost=cost)
    keys.put(_LOG, new_key())
    keys.put(_DIGEST, new_key())
    ring = KeyRing(keys)
    ring.begin_epoch()
    return ring


def open_keyring(folder: Path, passphrase: str) -> KeyRing:
    """Open the keys of an installation; errors as `open_key_folder`."""
    return KeyRing(open_key_folder(folder, passphrase))


def create_witness(folder: Path, passphrase: str, name: str, *, cost: int = SCRYPT_COST) -> FileSigner:
    """Make a witness's own key in a folder of its own."""
    create_key_folder(folder, passphrase, cost=cost).put(_WITNESS, new_key())
    return open_witness(folder, passphrase, name)


def open_witness(folder: Path, passphrase: str, name: str) -> FileSigner:
    """Open a witness's own key; errors as `open_key_folder`."""
    seed = open_key_folder(folder, passphrase).get(_WITNESS)
    return FileSigner(name=name, algorithm=COSIGNATURE_V1, seed=seed)


def _epoch_name(epoch: int) -> str:
    return f"epoch-{epoch:06d}.key"
