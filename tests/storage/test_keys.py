"""Keys open with their passphrase only, are private, and once destroyed are gone from every copy of the database."""

# ruff: noqa: SLF001  the tests look behind the port, at what lies in the tables
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from countersign.errors import Conflict, IntegrityBroken, NotFound, Refused
from countersign.ledger.note import COSIGNATURE_V1, ED25519
from countersign.storage.archive import open_archive
from countersign.storage.key_folder import (
    INSECURE_DEMONSTRATION_PASSPHRASE,
    KeyFolder,
    create_key_folder,
    open_key_folder,
)
from countersign.storage.keys import EpochGoneError, create_keyring, create_witness, open_keyring, open_witness
from tests.storage.installation import PASSPHRASE, Installation, make_person


def test_a_ring_opens_again_with_its_passphrase_only(tmp_path: Path):
    made = create_keyring(tmp_path / "keys", PASSPHRASE, cost=2)
    opened = open_keyring(tmp_path / "keys", PASSPHRASE)
    assert opened.keyed_digest("a", "b") == made.keyed_digest("a", "b")
    with pytest.raises(Refused, match="expected the passphrase of") as refusal:
        open_keyring(tmp_path / "keys", INSECURE_DEMONSTRATION_PASSPHRASE)
    assert refusal.value.code == "wrong_passphrase"


def test_keys_are_never_written_over(tmp_path: Path):
    create_keyring(tmp_path / "keys", PASSPHRASE, cost=2)
    with pytest.raises(Conflict):
        create_keyring(tmp_path / "keys", PASSPHRASE, cost=2)


def test_keyed_digests_tell_labels_values_and_installations_apart(tmp_path: Path):
    one = create_keyring(tmp_path / "one", PASSPHRASE, cost=2)
    two = create_keyring(tmp_path / "two", PASSPHRASE, cost=2)
    digests = {
        one.keyed_digest("a", "bc"),
        one.keyed_digest("ab", "c"),
        one.keyed_digest("a", "b"),
        two.keyed_digest("a", "bc"),
    }
    assert len(digests) == 4


def test_folder_and_files_are_private(tmp_path: Path):
    create_keyring(tmp_path / "keys", PASSPHRASE, cost=2)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()}
    assert ((tmp_path / "keys").stat().st_mode & 0o777, modes) == (0o700, {0o600})


@pytest.mark.parametrize("name", ["", "root.json", "log-signing.key"])
@pytest.mark.parametrize("mode", [0o740, 0o704])
def test_keys_that_others_may_read_are_refused(tmp_path: Path, name: str, mode: int):
    create_keyring(tmp_path / "keys", PASSPHRASE, cost=2)
    (tmp_path / "keys" / name).chmod(mode)
    with pytest.raises(Refused, match="readable by its owner only"):
        open_keyring(tmp_path / "keys", PASSPHRASE).log_signer("example.org/log")


def test_missing_keys_are_not_found(tmp_path: Path):
    with pytest.raises(NotFound):
        open_keyring(tmp_path / "none", PASSPHRASE)


@pytest.mark.parametrize(
    "head", ["{", "[]", '{"n": 2}', '{"n": 3, "salt": "00", "root": "00"}', '{"n": 1, "salt": "", "root": ""}']
)
def test_a_damaged_head_is_broken_integrity(tmp_path: Path, head: str):
    create_key_folder(tmp_path / "keys", PASSPHRASE, cost=2)
    (tmp_path / "keys" / "root.json").write_text(head)
    with pytest.raises(IntegrityBroken):
        open_key_folder(tmp_path / "keys", PASSPHRASE)


def test_key_files_cannot_be_swapped(tmp_path: Path):
    create_keyring(tmp_path / "keys", PASSPHRASE, cost=2)
    shutil.copy(tmp_path / "keys" / "keyed-digest.key", tmp_path / "keys" / "log-signing.key")
    with pytest.raises(IntegrityBroken):
        open_keyring(tmp_path / "keys", PASSPHRASE).log_signer("example.org/log")


def test_a_secret_can_be_kept_and_destroyed_twice(tmp_path: Path):
    keys = create_key_folder(tmp_path / "keys", PASSPHRASE, cost=2)
    keys.put("a.key", b"secret")
    assert (keys.get("a.key"), keys.names("*.key")) == (b"secret", ["a.key"])
    assert repr(keys) == f"KeyFolder({str(tmp_path / 'keys')!r})"
    keys.destroy("a.key")
    keys.destroy("a.key")
    assert isinstance(keys, KeyFolder)
    assert keys.names("*.key") == []


def test_the_log_signer_signs_and_stays_the_same(tmp_path: Path):
    made = create_keyring(tmp_path / "keys", PASSPHRASE, cost=2).log_signer("example.org/log")
    opened = open_keyring(tmp_path / "keys", PASSPHRASE).log_signer("example.org/log")
    assert (opened.key, opened.key.algorithm) == (made.key, ED25519)
    Ed25519PublicKey.from_public_bytes(made.key.public_key).verify(opened.sign(b"text"), b"text")


def test_the_witness_has_a_key_of_its_own(tmp_path: Path):
    made = create_witness(tmp_path / "witness", "another passphrase", "example.org/witness", cost=2)
    opened = open_witness(tmp_path / "witness", "another passphrase", "example.org/witness")
    assert (opened.key, opened.key.algorithm) == (made.key, COSIGNATURE_V1)
    assert made.sign(b"text") == opened.sign(b"text")


@pytest.mark.row("REF-15", "RET-08")
def test_rotation_keeps_what_is_left_and_ends_what_was_erased_in_every_old_copy(installation: Installation):
    archive = installation.archive
    with archive.begin() as work:
        ada, bob = make_person(work.keys.create(), "Ada"), make_person(work.keys.create(), "Bob")
        work.people.add_all([ada, bob])
        work.commit()
    archive.scrub()
    old = installation.folder / "old.db"
    shutil.copy(installation.database, old)
    with archive.begin() as work:
        work.keys.destroy(ada.key)
        work.commit()
    # Until the rotation a copy that was made before the erasure still opens: that is why there is a rotation.
    assert _names(old, installation) == ["Ada", "Bob"]
    with archive.begin() as work:
        assert work.rotate_epoch() == 2
        work.commit()
    with pytest.raises(EpochGoneError):
        _names(old, installation)
    assert _names(installation.database, installation) == ["Bob"]
    assert [path.name for path in installation.keys.glob("epoch*")] == ["epoch-000002.key"]


def _names(database: Path, installation: Installation) -> list[str]:
    archive = open_archive(database, open_keyring(installation.keys, PASSPHRASE), installation.blobs)
    try:
        with archive.read() as work:
            return [row.name for row in work.people.where()]
    finally:
        archive.close()


def test_a_rotation_that_is_not_committed_changes_nothing_that_can_be_read(installation: Installation):
    archive = installation.archive
    with archive.begin() as work:
        ada = make_person(work.keys.create())
        work.people.add(ada)
        work.commit()
    with archive.begin() as work:
        work.rotate_epoch()
    assert installation.ring.epochs() == [1, 2]
    with archive.read() as work:
        assert work.people.get(ada.id) == ada
    with archive.begin() as work:
        bob = make_person(work.keys.create(), "Bob")
        work.people.add(bob)
        work.commit()
    archive.sweep()
    assert installation.ring.epochs() == [1, 2]
    assert _names(installation.database, installation) == ["Ada Lovelace", "Bob"]


def test_a_sweep_finishes_a_rotation_that_died_after_its_commit(installation: Installation):
    with installation.archive.begin() as work:
        work.people.add(make_person(work.keys.create()))
        work.rotate_epoch()
        work._after_commit.clear()
        work.commit()
    assert installation.ring.epochs() == [1, 2]
    installation.archive.sweep()
    assert installation.ring.epochs() == [2]
    assert _names(installation.database, installation) == ["Ada Lovelace"]


def test_another_process_wraps_new_keys_under_the_new_epoch(installation: Installation):
    other = installation.reopened()
    with other.begin() as work:
        work.people.add(make_person(work.keys.create(), "before"))
        work.commit()
    with installation.archive.begin() as work:
        work.rotate_epoch()
        work.commit()
    with other.begin() as work:
        work.people.add(make_person(work.keys.create(), "after"))
        work.commit()
    other.close()
    assert _names(installation.database, installation) == ["before", "after"]


def test_an_empty_archive_rotates(installation: Installation):
    with installation.archive.begin() as work:
        assert (work.keys.create_all(0), work.rotate_epoch()) == ([], 2)
        work.commit()
    assert installation.ring.epochs() == [2]


def test_without_any_epoch_key_nothing_new_is_sealed(installation: Installation):
    installation.ring.destroy_epoch(1)
    with installation.archive.begin() as work, pytest.raises(EpochGoneError, match="expected an epoch key"):
        work.keys.create()
