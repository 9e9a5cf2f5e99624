"""What every chapter of the demonstration's story needs at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from countersign.cli.demonstration.chronicle import Chronicle, ShownRefusal
from countersign.cli.demonstration.folder import DemoFolder
from countersign.cli.demonstration.force import Force
from countersign.cli.demonstration.material import Material
from countersign.cli.demonstration.narrator import Narrator
from countersign.errors import CountersignError, IntegrityBroken
from countersign.ledger.entry import Entry
from countersign.primitives.clock import SimulatedClock
from countersign.primitives.ids import CollectionId


class NotRefusedError(IntegrityBroken):
    """Something was done that the story says is refused."""

    code = "not_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The scripted force at its desk, its clock, its pictures, and who tells of it."""

    force: Force
    clock: SimulatedClock
    folder: DemoFolder
    material: Material
    tell: Narrator
    chronicle: Chronicle

    @property
    def collection(self) -> CollectionId:
        """The one collection."""
        if self.chronicle.collection is None:
            raise AssertionError("a chapter was told before the gallery's")
        return self.chronicle.collection

    def later(self, step: timedelta) -> None:
        """Let simulated time pass."""
        self.clock.advance(step)

    def entry(self, seq: int) -> Entry:
        """Read an entry; a negative number counts from the end."""
        with self.force.desk.archive.read() as work:
            at = seq if seq >= 0 else work.ledger.head() + seq
            return Entry.from_bytes(next(iter(work.ledger.entry_bytes(at, at + 1))))

    def has_shown(self, asked: str) -> bool:
        """Say whether this refusal was shown already."""
        return any(one.asked == asked for one in self.chronicle.refusals)

    def refused(self, asked: str, attempt: Callable[[], object]) -> None:
        """Try what must be refused, and show the refusal with the entry that it left; each is shown once in a story.

        Raises:
            NotRefusedError: It was done.
        """
        if self.has_shown(asked):
            return
        try:
            attempt()
        except CountersignError as reason:
            entry = self.entry(-1)
            self.tell.refused(asked, reason, entry)
            shown = ShownRefusal(
                asked=asked, code=reason.code, spoke=str(entry.facts["spoke"]), entry=entry.seq, message=str(reason)
            )
            self.chronicle.refusals.append(shown)
            return
        raise NotRefusedError(f"expected a refusal, got none: {asked}")
