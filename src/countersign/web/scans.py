"""Scans that go on in the background of the server: who began one goes on working, and looks in again when they like.

A scan is one command of one person, signed when it was begun. Its work is kept stretch by stretch by the operation, so
that a server which stops loses at most the stretch under way; begun again, it goes on where it ended.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock, Semaphore, Thread

from countersign.errors import CountersignError
from countersign.operations.command import Command
from countersign.operations.desk import Desk
from countersign.operations.scan_exhibit import ScanExhibit, scan_exhibit
from countersign.primitives.ids import ExhibitId
from countersign.web.refusals import spoken

_LOG = logging.getLogger(__name__)
AT_ONCE = 1
"""Scans that run at the same time; the networks serve one picture at a time in any case, and others wait for a turn."""


@dataclass(slots=True)
class BackgroundScan:
    """One scan under way or ended.

    Attributes:
        done_ms: How far it has come of ``all_ms``; both 0 while it waits for its turn.
        failed: What went wrong, in words; empty while nothing did.
    """

    done_ms: int = 0
    all_ms: int = 0
    is_over: bool = False
    failed: str = ""


@dataclass(slots=True)
class ScanRoom:
    """The scans of this process, by exhibit.

    Attributes:
        scan: The operation that looks at a recording.
    """

    scan: Callable[[Desk, Command[ScanExhibit]], object] = scan_exhibit
    _scans: dict[ExhibitId, tuple[BackgroundScan, Thread]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _turn: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))

    def begin(self, desk: Desk, command: Command[ScanExhibit]) -> None:
        """Begin a scan, unless one of this exhibit is under way."""
        exhibit = command.arguments.exhibit
        with self._lock:
            if (held := self._scans.get(exhibit)) and not held[0].is_over:
                return
            state = BackgroundScan()
            # A daemon: nobody waits for an hour's recording to stop a server, and what was kept is kept.
            thread = Thread(target=self._run, args=(desk, command, state), daemon=True)
            self._scans[exhibit] = (state, thread)
        thread.start()

    def find(self, exhibit: ExhibitId) -> BackgroundScan | None:
        """Give the scan of an exhibit that was begun here, if there is one."""
        with self._lock:
            held = self._scans.get(exhibit)
        return held[0] if held else None

    def wait(self, exhibit: ExhibitId) -> None:
        """Wait until a scan is over."""
        with self._lock:
            held = self._scans.get(exhibit)
        if held:
            held[1].join()

    def _run(self, desk: Desk, command: Command[ScanExhibit], state: BackgroundScan) -> None:
        with self._turn:
            try:
                self.scan(replace(desk, progress=_into(state)), command)
            except CountersignError as reason:
                state.failed = spoken(reason)
            except Exception:  # noqa: BLE001  a thread of its own: nobody else would say that it ended
                _LOG.exception("a scan ended by a fault")
                state.failed = "It stopped by a fault of the server; what was found so far is kept."
            finally:
                state.is_over = True


def _into(state: BackgroundScan) -> Callable[[int, int], None]:
    def progress(done_ms: int, all_ms: int) -> None:
        state.done_ms, state.all_ms = done_ms, all_ms

    return progress
