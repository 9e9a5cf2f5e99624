"""Read what a search would cover, and what was asked in the same case before: numbers and states only."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchRequest
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.list_requests import concerns
from countersign.operations.report_facts import HiddenRecords
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.primitives.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCoverage:
    """For which request."""

    request: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRequest:
    """A request of the same case: where it ended or stands, and whether it was searched."""

    request: RequestId
    drafted_at: datetime
    state: RequestState
    searched: bool
    same_probe: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What can be found at all (practice P-02).

    Attributes:
        searchable: Records that a search would compare with.
        subjects: Data subjects of these records: N of the rates.
        hidden: Records that it would not, by reason.
        earlier: Requests of the same case, oldest first.
    """

    collection: str
    searchable: int
    subjects: int
    hidden: tuple[HiddenRecords, ...]
    newest_record: datetime | None
    earlier: tuple[EarlierRequest, ...]


@operation(Permission.CASE_READ)
def read_coverage(turn: Turn, arguments: ReadCoverage) -> Coverage:
    """Read the coverage for a request that waits for this person or that they took part in.

    Raises:
        GuardError: Somebody who has no part in it.
    """
    work, request = turn.work, turn.work.requests.get(arguments.request)
    turn.check(
        require(
            concerns(work, request, turn.actor),
            "not_party",
            "expected somebody who has a part in this request, got another person",
        )
    )
    facts = {"what": "request.coverage", "justification": request.form.purpose}
    turn.record(EventKind.RECORD_CONSULTED, facts, case=request.case, key=request.key)
    return coverage_of(work, request)


def coverage_of(work: Work, request: SearchRequest) -> Coverage:
    """Count what a search would cover, and what was asked in the same case before."""
    records = work.records.where(collection=request.collection)
    hidden = Counter(str(record.status) for record in records if not record.searchable)
    return Coverage(
        collection=work.collections.get(request.collection).name,
        searchable=sum(record.searchable for record in records),
        subjects=len({record.subject for record in records if record.searchable}),
        hidden=tuple(HiddenRecords(reason=reason, number=number) for reason, number in sorted(hidden.items())),
        newest_record=max((record.added_at for record in records), default=None),
        earlier=tuple(
            EarlierRequest(
                request=one.id,
                drafted_at=one.drafted_at,
                state=one.state,
                searched=bool(work.runs.where(request=one.id)),
                same_probe=one.probe == request.probe,
            )
            for one in work.requests.where(case=request.case)
            if one.id != request.id
        ),
    )
