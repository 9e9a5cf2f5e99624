"""The desk at which every operation is done: the wired parts, and the networks at work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from countersign.faces.detection import Detection
from countersign.ledger.policy import Policy
from countersign.ledger.store import LedgerStore
from countersign.operations.report_facts import AnyReport, NetworkFacts, Picture
from countersign.operations.sendings import Sendings
from countersign.operations.work import Archive
from countersign.primitives.arrays import Codes, RgbImage
from countersign.primitives.clock import Clock

PROGRAMME_ID = "programme"
SYSTEM = "system"
"""Actor of an entry for which no registered person could be found."""


Progress = Callable[[int, int], None]
"""Called with (done, all) while something long is under way."""


def quiet(_done: int, _all: int) -> None:
    """Show no progress."""


class Engine(Protocol):
    """The networks at work: the heavy part of an operation, loaded when first asked."""

    @property
    def extractor(self) -> str:
        """Give the identity of the extractor, known without loading it."""
        ...

    @property
    def network(self) -> str:
        """Give one SHA-256 over detector and extractor, for entries."""
        ...

    def glimpse(self, rgb: RgbImage) -> tuple[Detection, ...]:
        """Find faces at the picture's own size, quickly; callable from several threads."""
        ...

    def locate(self, rgb: RgbImage, *, thorough: bool) -> tuple[Detection, ...]:
        """Locate faces, best first; a still that may become a probe is looked at thoroughly."""
        ...

    def describe_probe(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        """Make one template a face to search with, in order; shape (n, d)."""
        ...

    def describe_reference(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        """Make one template a face to enrol, in order; shape (n, d). It compares with a probe's."""
        ...


Press = Callable[[AnyReport, Sequence[Picture]], bytes]
"""Draws a report as PDF/A."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The wired parts.

    Attributes:
        check: Given the log in a writing transaction, raises ``IntegrityBroken`` when it is not the log that was
            signed and witnessed before: then nothing may be done.
        seal: Signs and witnesses the committed log. It never raises, since what it follows is done: it warns, and the
            next seal catches up. It is safe to repeat after a crash.
        sendings: Files that are being sent, in this process only.
        press: Draws a report as a file for the archive.
        notary: Gives a text as a note signed with the log's key. It is asked for statements of `ledger.document` only.
    """

    archive: Archive
    clock: Clock
    engine: Engine
    code: str
    threads: int
    check: Callable[[LedgerStore], None]
    seal: Callable[[], None]
    log_policy: Policy
    networks: tuple[NetworkFacts, ...]
    sendings: Sendings
    press: Press
    notary: Callable[[str], str]
    progress: Progress = quiet
