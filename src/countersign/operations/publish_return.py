"""Publish the figures of a month, counted from the log; a month left out stops searching (STA-01)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from countersign.errors import Conflict, Invalid
from countersign.governance.permission import Permission
from countersign.governance.publication import Publication, due_at, month_of
from countersign.governance.suppression import Table, suppressed
from countersign.governance.verdict import require
from countersign.ledger.entry import Entry
from countersign.ledger.event import EventKind
from countersign.ledger.figures import Figures, Share, count
from countersign.operations.turn import Turn, operation
from countersign.primitives.codec import canonical_text
from countersign.primitives.digest import EMPTY, Sha256, sha256

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class MonthError(Invalid):
    """Not a month."""

    code = "month"


class PublishedError(Conflict):
    """The return of a month is published once."""

    code = "return_published"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReturn:
    """Which month, as 2026-01."""

    month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedShare:
    """A rate with what it counts and of what, as far as neither count is small (STA-03)."""

    name: str
    numerator: str
    denominator: str
    of: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyReturn:
    """What is published.

    Attributes:
        due: Last day on which it was in time.
        tables: By column and the fact that it is split by; a column that is not split stands under ``total``.
        sha256: Digest of all the rest, which stands in the log.
    """

    month: str
    due: str
    log_size: int
    frame: Mapping[str, str]
    tables: Mapping[str, Table]
    shares: tuple[PublishedShare, ...]
    sha256: Sha256 = EMPTY


@operation(Permission.STATISTICS_PUBLISH)
def publish_return(turn: Turn, arguments: PublishReturn) -> MonthlyReturn:
    """Count and publish a month that is over.

    Raises:
        MonthError: Not a month.
        PublishedError: Its return is published.
        GuardError: The month is not over.
    """
    month = arguments.month
    if not MONTH.fullmatch(month):
        raise MonthError(f"expected a month such as 2026-01, got {month!r}")
    if turn.work.publications.find(month) is not None:
        raise PublishedError(f"expected a month whose return is not published, got {month}")
    turn.check(require(month < month_of(turn.now), "month_not_over", f"expected a month that is over, got {month}"))
    made = published(_figures(turn, month))
    publication = Publication(
        id=month,
        sha256=made.sha256,
        log_size=made.log_size,
        published_by=turn.actor.id,
        published_at=turn.now,
    )
    turn.work.publications.add(publication)
    facts: dict[str, str | int] = {
        "month": month.replace("-", "."),
        "figures": made.sha256,
        "size": made.log_size,
        "justification": "transparency",
    }
    turn.record(EventKind.STATISTICS_PUBLISHED, facts)
    return made


def _figures(turn: Turn, month: str) -> Figures:
    log = turn.work.ledger
    return count((Entry.from_bytes(data) for data in list(log.entry_bytes(0, log.head()))), month)


def published(figures: Figures) -> MonthlyReturn:
    """Give the figures as they may be published: small counts left out, others rounded (STA-02)."""
    tables = {
        f"{figure.column}.{fact}": suppressed(counts)
        for figure in figures.figures
        for fact, counts in figure.by.items()
    } | {f"{figure.column}.total": suppressed({"all": figure.total}) for figure in figures.figures if not figure.by}
    made = MonthlyReturn(
        month=figures.month,
        due=due_at(figures.month).isoformat(),
        log_size=figures.log_size,
        frame=figures.frame,
        tables=tables,
        shares=tuple(map(told, figures.shares)),
    )
    return replace(made, sha256=sha256(canonical_text(made).encode()))


def told(share: Share) -> PublishedShare:
    """Give a rate as it may be published: of a small count nothing."""
    over, under = (suppressed({"all": counted}).total for counted in share.of)
    return PublishedShare(name=share.name, numerator=share.numerator, denominator=share.denominator, of=(over, under))
