"""A folder of wrapped keys under one passphrase: ``root.json`` and one file a key, outside the data folder.

    passphrase ── scrypt ──> opens root.json ──> root key ── AES-256-GCM ──> every other file

The folder is 0700 and its files 0600; a folder or file that group or others may read is refused, because a copy of it
made unseen would outlive every destruction of a key. Changing the passphrase would touch ``root.json`` only.

Source: RFC 7914 (scrypt); its cost stands in the file, so that it can be raised later.
"""

import json
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from countersign.errors import Conflict, IntegrityBroken, NotFound, Refused
from countersign.storage.durable import destroy_file, make_folder, write_file
from countersign.storage.sealing import KEY_BYTES, SealBrokenError, new_key, place, seal, unseal

INSECURE_DEMONSTRATION_PASSPHRASE = "countersign demonstration, not for production"  # noqa: S105  public on purpose
"""Everybody knows it. A programme of kind ``production`` refuses it by name."""

SCRYPT_COST = 2**17
_SCRYPT_BLOCK, _SCRYPT_LANES, _MOST_COST = 8, 1, 2**20
_ROOT = "root.json"


class WrongPassphraseError(Refused):
    """The passphrase does not open the folder."""

    code = "wrong_passphrase"


class KeysExposedError(Refused):
    """Somebody else than the owner may read the keys."""

    code = "keys_exposed"


class KeyFileMissingError(NotFound):
    """A key file is not there."""

    code = "key_file_missing"


class KeyFolderTakenError(Conflict):
    """There are keys in the folder already; writing over them would make everything unreadable."""

    code = "key_folder_taken"


class KeyFolderBrokenError(IntegrityBroken):
    """``root.json`` is not what was written."""

    code = "key_folder_broken"


class KeyFolder:
    """An opened folder of keys."""

    def __init__(self, folder: Path, root: bytes) -> None:
        self.folder = folder
        self._root = AESGCM(root)

    def __repr__(self) -> str:
        return f"KeyFolder({str(self.folder)!r})"

    def put(self, name: str, secret: bytes) -> None:
        """Write a secret under a name, wrapped and durable."""
        write_file(self.folder / name, seal(self._root, secret, place("key file", name)))

    def get(self, name: str) -> bytes:
        """Give a secret. ``KeyFileMissingError`` when it is not there, ``SealBrokenError`` when it was altered."""
        return unseal(self._root, _private_bytes(self.folder / name), place("key file", name))

    def names(self, pattern: str) -> list[str]:
        """Give the names of the files that are there, sorted."""
        return sorted(path.name for path in self.folder.glob(pattern))

    def destroy(self, name: str) -> None:
        """Overwrite and delete a secret; one that is already gone is no error."""
        if (self.folder / name).exists():
            destroy_file(self.folder / name)


def create_key_folder(folder: Path, passphrase: str, *, cost: int = SCRYPT_COST) -> KeyFolder:
    """Make a new folder of keys.

    Args:
        folder: Where; its parents are made too.
        passphrase: Opens it.
        cost: scrypt's N, a power of two.

    Raises:
        KeyFolderTakenError: There is a ``root.json`` already.
    """
    if (folder / _ROOT).exists():
        raise KeyFolderTakenError(f"expected a folder without keys, got {folder}")
    make_folder(folder)
    _refuse_exposed(folder)
    salt, root = secrets.token_bytes(16), new_key()
    wrapped = seal(_passphrase_cipher(passphrase, salt, cost), root, place(_ROOT))
    head = {"v": 1, "kdf": "scrypt", "n": cost, "salt": salt.hex(), "root": wrapped.hex()}
    write_file(folder / _ROOT, json.dumps(head, indent=1).encode())
    return KeyFolder(folder, root)


def open_key_folder(folder: Path, passphrase: str) -> KeyFolder:
    """Open a folder of keys.

    Raises:
        KeyFileMissingError: There are no keys.
        KeysExposedError: Group or others may read folder or file.
        WrongPassphraseError: The passphrase is another.
        KeyFolderBrokenError: ``root.json`` cannot be read.
    """
    data = _private_bytes(folder / _ROOT)
    _refuse_exposed(folder)
    try:
        head = json.loads(data)
        cost, salt, wrapped = int(head["n"]), bytes.fromhex(head["salt"]), bytes.fromhex(head["root"])
    except (ValueError, KeyError, TypeError) as reason:
        raise KeyFolderBrokenError(
            f"expected the head of a key folder in {folder / _ROOT}, got something else"
        ) from reason
    if not 1 < cost <= _MOST_COST or cost & (cost - 1):
        raise KeyFolderBrokenError(f"expected a power of two up to {_MOST_COST} as scrypt cost, got {cost}")
    try:
        return KeyFolder(folder, unseal(_passphrase_cipher(passphrase, salt, cost), wrapped, place(_ROOT)))
    except SealBrokenError as reason:
        raise WrongPassphraseError(f"expected the passphrase of {folder}, got another one") from reason


def _passphrase_cipher(passphrase: str, salt: bytes, cost: int) -> AESGCM:
    derive = Scrypt(salt=salt, length=KEY_BYTES, n=cost, r=_SCRYPT_BLOCK, p=_SCRYPT_LANES)
    return AESGCM(derive.derive(passphrase.encode()))


def _private_bytes(path: Path) -> bytes:
    try:
        _refuse_exposed(path)
        return path.read_bytes()
    except FileNotFoundError as reason:
        raise KeyFileMissingError(f"expected a key file {path}, got nothing there") from reason


def _refuse_exposed(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeysExposedError(f"expected {path} to be readable by its owner only, got mode {mode:04o}")
