"""The examiner's table: an opened review with its pictures, in memory, for one session and the length of one look."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from countersign.operations.open_review import OpenedReview

LOOK = timedelta(minutes=10)
"""How long pictures that were shown once stay on the examiner's table without another entry; the shelf holds longer."""
MOST_TABLES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture on a page.

    Attributes:
        number: Of the picture on its side, 1 first.
        eyes: Where its eyes lie, x and y in turn, in px; empty where that is not known.
        original: Address of the original where the picture was edited, else empty.
    """

    number: int
    url: str
    caption: str
    note: str
    size: tuple[int, int]
    eyes: str
    original: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An opened review with its pictures' addresses, as it lies before one examiner.

    Attributes:
        candidates: Pictures by the candidate's letter; empty before the analysis is locked.
    """

    opened: OpenedReview
    stills: tuple[Picture, ...]
    candidates: Mapping[str, tuple[Picture, ...]]

    @property
    def letters(self) -> list[str]:
        """The candidates' letters, in the order in which they are shown."""
        return list(self.candidates)

    @property
    def form(self) -> str:
        """The name under which what is written so far is kept."""
        return f"review {self.opened.review.id}"

    @property
    def may_lock_at(self) -> datetime | None:
        """When the candidates were seen as long as anybody must; None before they are shown."""
        shown = self.opened.review.analysed_at
        return shown + timedelta(seconds=self.opened.terms.dwell_s * len(self.candidates)) if shown else None


class Tables:
    """Tables by session and request, each for the length of one look."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: OrderedDict[tuple[str, str], tuple[datetime, Table]] = OrderedDict()

    def find(self, session: str, request: str, now: datetime) -> Table | None:
        """Give the table that was laid for this session, while the look lasts."""
        with self._lock:
            laid = self._of.get((session, request))
        return laid[1] if laid and now - laid[0] < LOOK else None

    def lay(self, session: str, request: str, table: Table, now: datetime) -> None:
        """Keep a table; the oldest go first."""
        with self._lock:
            self._of[session, request] = (now, table)
            while len(self._of) > MOST_TABLES:
                self._of.popitem(last=False)

    def clear(self, session: str, request: str) -> None:
        """Take a table away: it shows another state now."""
        with self._lock:
            self._of.pop((session, request), None)
