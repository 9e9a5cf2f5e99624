"""The annual report on use, counted from the log, without anything that is sensitive to operations (EU-02).

Source:
    AI Act Art 26(10), sixth subparagraph.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.governance.suppression import Table, suppressed
from countersign.governance.verdict import require
from countersign.ledger.entry import Entry
from countersign.ledger.event import EventKind
from countersign.ledger.figures import Figure, count
from countersign.operations.publish_return import PublishedShare, told
from countersign.operations.turn import Turn, operation
from countersign.primitives.codec import canonical_text
from countersign.primitives.digest import sha256

YEAR = re.compile(r"\d{4}")
ANNUAL: Mapping[str, tuple[str, ...]] = {
    "requests_submitted": ("purpose", "kind", "urgency", "subject_category", "use_class"),
    "performance_unknown": (),
    "requests_refused": (),
    "authorised": ("tier",),
    "referred_externally": (),
    "searches": (),
    "lists_empty": (),
    "leads_released": (),
    "outcomes": ("outcome",),
    "leads_disproved": ("cause",),
    "anomalies": ("rule",),
}
"""What the authorities read: columns of the monthly return, with the splits that say nothing of how or where."""


class YearError(Invalid):
    """Not a year."""

    code = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportYear:
    """Which year, as 2026."""

    year: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualReport:
    """What the market surveillance and data protection authorities are told once a year.

    Attributes:
        tables: By column, or column and split; small counts are left out and others rounded (STA-02).
    """

    year: str
    log_size: int
    frame: Mapping[str, str]
    tables: Mapping[str, Table]
    shares: tuple[PublishedShare, ...]


@operation(Permission.STATISTICS_PUBLISH)
def report_year(turn: Turn, arguments: ReportYear) -> AnnualReport:
    """Count a year that is over.

    Raises:
        YearError: Not a year.
        GuardError: The year is not over.
    """
    year = arguments.year
    if not YEAR.fullmatch(year):
        raise YearError(f"expected a year such as 2026, got {year!r}")
    turn.check(require(year < str(turn.today.year), "year_not_over", f"expected a year that is over, got {year}"))
    log = turn.work.ledger
    counted = count((Entry.from_bytes(data) for data in list(log.entry_bytes(0, log.head()))), year)
    made = AnnualReport(
        year=year,
        log_size=counted.log_size,
        frame=counted.frame,
        tables=tables(counted.figures),
        shares=tuple(map(told, counted.shares)),
    )
    facts: dict[str, str | int] = {
        "month": year,
        "figures": sha256(canonical_text(made).encode()),
        "size": made.log_size,
        "justification": "transparency",
    }
    turn.record(EventKind.STATISTICS_PUBLISHED, facts)
    return made


def tables(figures: tuple[Figure, ...]) -> Mapping[str, Table]:
    """Give the tables of `ANNUAL` and no other: not which camera, collection, offence, place or person."""
    kept = [one for one in figures if one.column in ANNUAL]
    totals = {one.column: suppressed({"all": one.total}) for one in kept}
    return totals | {f"{one.column}.{split}": suppressed(one.by[split]) for one in kept for split in ANNUAL[one.column]}
