"""List what can be given out of a case, for the disclosure officer: requests, records of searches, charts."""

from dataclasses import dataclass
from datetime import datetime

from countersign.governance.permission import Permission
from countersign.governance.request import SearchRequest
from countersign.ledger.event import EventKind
from countersign.operations.report_schedule import case_of
from countersign.operations.report_search import UNDER_REVIEW
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.primitives.ids import RequestId
from countersign.review.facial_review import Position, ReviewState
from countersign.search.probe import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDocuments:
    """Of which case, by the force's own reference."""

    case_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsOfRequest:
    """What there is of one request.

    Attributes:
        searched: Whether a search of it was sealed.
        charts: Position and letter of each locked opinion; empty while somebody may still have to give one.
    """

    request: RequestId
    drafted_at: datetime
    state: str
    searched: bool
    charts: tuple[tuple[Position, str], ...]


@operation(Permission.REPORT_SCHEDULE)
def list_documents(turn: Turn, arguments: ListDocuments) -> tuple[DocumentsOfRequest, ...]:
    """Give every request of a case, oldest first.

    Raises:
        NoSuchCaseError: No such case.
    """
    case = case_of(turn.work, arguments.case_reference)
    facts = {"what": "case.documents", "justification": "criminal_proceedings"}
    turn.record(EventKind.RECORD_CONSULTED, facts, case=case.id, key=case.key)
    return tuple(
        DocumentsOfRequest(
            request=one.id,
            drafted_at=one.drafted_at,
            state=one.state,
            searched=bool(turn.work.runs.where(request=one.id, state=RunState.SEALED)),
            charts=_charts(turn.work, one),
        )
        for one in sorted(turn.work.requests.where(case=case.id), key=lambda one: one.drafted_at)
    )


def _charts(work: Work, request: SearchRequest) -> tuple[tuple[Position, str], ...]:
    if request.state in UNDER_REVIEW:
        return ()
    return tuple(
        (review.position, opinion.label)
        for review in work.reviews.where(request=request.id)
        if review.state is ReviewState.OPINED
        for opinion in review.opinions
    )
