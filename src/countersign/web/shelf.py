"""Pictures on their way to one browser: what an operation showed, held in memory for the session that it was shown to.

A page and its pictures are one look and one entry. A picture is given out to no other session, and to nobody once it
was on the shelf for a quarter of an hour.
"""

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from countersign.errors import NotFound

KEPT = timedelta(minutes=15)
MOST_BYTES = 512 * 1024 * 1024
"""Of pictures in memory at once, of all sessions; the oldest go first."""


class PictureGoneError(NotFound):
    """It was shown to somebody else, or is not held any more."""

    code = "picture_gone"


class PictureShelf:
    """Holds pictures by a random name, each for one session."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[str, tuple[str, datetime, bytes]] = OrderedDict()
        self._bytes = 0

    def put(self, session: str, data: bytes, now: datetime) -> str:
        """Hold a PNG for a session (its public key) and give its address."""
        name = secrets.token_hex(16)
        with self._lock:
            self._held[name] = (session, now, data)
            self._bytes += len(data)
            while self._held and (self._bytes > MOST_BYTES or now - next(iter(self._held.values()))[1] > KEPT):
                self._bytes -= len(self._held.popitem(last=False)[1][2])
        return f"/pictures/{name}"

    def get(self, session: str, name: str, now: datetime) -> bytes:
        """Give a picture to the session that it is held for.

        Raises:
            PictureGoneError: It is not held for this session.
        """
        with self._lock:
            held = self._held.get(name)
        if held is None or held[0] != session or now - held[1] > KEPT:
            raise PictureGoneError("expected a picture that this session was shown, got none: open the page again")
        return held[2]
