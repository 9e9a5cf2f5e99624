"""Files on their way: ``sendings/<id>/<number>``, each part sealed under a key that only this process's memory holds.

Whatever a process leaves behind when it dies cannot be read by anybody, the next process of ours included: the key died
with it. `SendingFiles.sweep` removes such remains; the process that serves calls it before it takes anything in.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from countersign.operations.sendings import KEPT, Sending, SendingGoneError, SendingPlaceError
from countersign.primitives.ids import PersonId, SendingId
from countersign.storage.durable import disk, make_folder, write_blocks
from countersign.storage.sealing import new_key, place, seal, unseal


@dataclass(slots=True)
class _Held:
    """A file on its way, and the only copy of its key."""

    sending: Sending
    cipher: AESGCM = field(default_factory=lambda: AESGCM(new_key()))
    parts: int = 0


class SendingFiles:
    """The folder; see `countersign.operations.sendings.Sendings`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._held: dict[SendingId, _Held] = {}

    def begin(self, sending: Sending) -> None:
        """Make room, with a fresh key."""
        with self._lock:
            make_folder(self._folder / sending.id)
            self._held[sending.id] = _Held(sending)

    def all_of(self, person: PersonId, now: datetime) -> list[Sending]:
        """Give what a person has on its way, after destroying whatever is too old, of anybody."""
        with self._lock:
            for old in [one.sending.id for one in self._held.values() if now - one.sending.begun_at > KEPT]:
                self._destroy(old)
            return [one.sending for one in self._held.values() if one.sending.person == person]

    def extend(self, sending: SendingId, data: bytes, at: int) -> Sending:
        """Seal a part for its place; nothing is counted as received before it is written."""
        with self._lock:
            held = self._find(sending)
            came = held.sending.received_bytes
            if at != came:
                raise SendingPlaceError(f"expected the part from byte {came} on, got one from byte {at}")
            sealed = seal(held.cipher, data, _place(sending, held.parts))
            write_blocks(self._path(sending, held.parts), [sealed], durable=False)
            held.parts += 1
            held.sending = replace(held.sending, received_bytes=came + len(data))
            return held.sending

    def blocks(self, sending: SendingId) -> Iterator[bytes]:
        """Give the parts in order; altered or exchanged, one does not open."""
        with self._lock:
            held = self._find(sending)
        for number in range(held.parts):
            with disk():
                sealed = self._path(sending, number).read_bytes()
            yield unseal(held.cipher, sealed, _place(sending, number))

    def drop(self, sending: SendingId) -> None:
        """Forget the key, then delete the parts."""
        with self._lock:
            self._destroy(sending)

    def sweep(self) -> None:
        """Delete what earlier processes left behind; nobody can read it any more."""
        with disk():
            shutil.rmtree(self._folder, ignore_errors=True)

    def _find(self, sending: SendingId) -> _Held:
        held = self._held.get(sending)
        if held is None:
            raise SendingGoneError("expected a file on its way, got none")
        return held

    def _destroy(self, sending: SendingId) -> None:
        if self._held.pop(sending, None):
            shutil.rmtree(self._folder / sending, ignore_errors=True)

    def _path(self, sending: SendingId, number: int) -> Path:
        return self._folder / sending / str(number)


def _place(sending: SendingId, number: int) -> bytes:
    return place("sending", sending, number)
