"""The report of a search: that it was made, how, and how it ended. It names nobody."""

from dataclasses import dataclass

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchRequest
from countersign.governance.verdict import Verdict, require
from countersign.ledger.event import EventKind
from countersign.operations.overlays import readable
from countersign.operations.read_request import may_know
from countersign.operations.report_basis import opinions, probe_shown, search_basis
from countersign.operations.report_facts import MadeReport, SearchReport
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId
from countersign.search.probe import RunState


class NoSearchError(NotFound):
    """No search of this request was sealed."""

    code = "no_search"


UNDER_REVIEW = {
    RequestState.EXECUTED,
    RequestState.SCREENING,
    RequestState.BLIND_VERIFY,
    RequestState.CONFLICT,
}
"""While somebody may still have to give an opinion, no report shows one (REV-02)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSearch:
    """Of which request."""

    request: RequestId


@operation(Permission.REPORT_SEARCH)
def report_search(turn: Turn, arguments: ReportSearch) -> MadeReport:
    """Make the report of a sealed search; opinions are in it once all are locked and brought together.

    Raises:
        NoSearchError: Nothing was sealed for this request.
        GuardError: Somebody who examines and whose own opinion is not locked: the report tells of the case.
    """
    request = turn.work.requests.get(arguments.request)
    made = search_report(turn, request)
    facts = {"report": "search", "justification": request.form.purpose}
    committed = {"recipient": turn.actor.id}
    turn.record(EventKind.REPORT_DISCLOSED, facts, committed=committed, case=request.case, key=request.key)
    return made


def search_report(turn: Turn, request: SearchRequest) -> MadeReport:
    """Gather the report of a request's sealed search, as `report_search` gives it; errors likewise."""
    work = turn.work
    turn.check(readable(work, request.id, turn.actor.roles), told_in_time(turn, request))
    runs = work.runs.where(request=request.id, state=RunState.SEALED)
    if not runs:
        raise NoSearchError("expected a request whose search is sealed, got one without")
    run = runs[0]
    given = opinions(work, run) if request.state not in UNDER_REVIEW else ()
    report = SearchReport(
        basis=search_basis(turn, request, run),
        made_at=turn.now,
        candidate_count=len(work.lists.get(run.id).candidates),
        review_state=request.state.replace("_", " "),
        opinions=given,
    )
    return MadeReport(report=report, pictures=probe_shown(work, work.probes.get(request.probe)))


def told_in_time(turn: Turn, request: SearchRequest) -> Verdict:
    """Refuse the facts of a case to somebody who may still have to give an opinion on its list (P-21, REV-13)."""
    return require(
        request.state not in UNDER_REVIEW or may_know(turn, request),
        "context_too_early",
        "expected an own opinion that is locked before the facts of the case are told, got none",
    )
