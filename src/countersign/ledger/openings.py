"""Checks what an export says of its openings.

Each that is shown must prove its commitment, each that is gone needs an erasure entry that counted it, and none may be
passed over in silence.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from countersign.ledger.commitment import opens
from countersign.ledger.disclosed import Disclosed
from countersign.ledger.entry import Entry
from countersign.ledger.finding import Finding
from countersign.ledger.statute import Operation


@dataclass(slots=True, kw_only=True)
class OpeningsCheck:
    """Goes along with the entries.

    Attributes:
        rows: What the export says, by entry and name; each row is taken away when its commitment is met.
        counts: Commitments met: shown, withheld, erased, and ``missing``, of which the export says nothing.
    """

    rows: dict[tuple[int, str], Disclosed]
    counts: Counter[str] = field(default_factory=Counter)
    _erased_by: Counter[int] = field(default_factory=Counter)
    _erasures: dict[int, int] = field(default_factory=dict)
    _last_erased: dict[int, int] = field(default_factory=dict)

    def check(self, entry: Entry) -> Iterator[Finding]:
        """Check the commitments of one entry."""
        if entry.kind.operation is Operation.ERASURE:
            self._erasures[entry.seq] = int(entry.facts["openings"])
        for name, commitment in entry.commit.items():
            row = self.rows.pop((entry.seq, name), None)
            self.counts[row.state if row else "missing"] += 1
            if row is None:
                yield _unproved(
                    entry.seq, "opening_missing", f"commitment {name} is neither shown, withheld nor erased"
                )
            elif row.erased_by is not None:
                self._erased_by[row.erased_by] += 1
                self._last_erased[row.erased_by] = row.seq  # entries come in order, so the largest stays
            elif row.opening is not None and not opens(commitment, row.opening):
                yield _unproved(entry.seq, "opening_wrong", f"what is shown for {name} is not what was committed to")

    def finish(self) -> Iterator[Finding]:
        """Check what can only be known at the end."""
        for seq, name in self.rows:
            yield _unproved(seq, "opening_stray", f"the export speaks of a commitment {name} that no entry bears")
        for by, erased in sorted(self._erased_by.items()):
            if self._erasures.get(by, 0) < erased or self._last_erased[by] >= by:
                sentence = f"{erased} openings are said to be erased here; no later erasure counted that many"
                yield _unproved(by, "erasure_unproved", sentence)


def _unproved(seq: int, code: str, sentence: str) -> Finding:
    return Finding(code=code, sentence=sentence, seq=seq)
