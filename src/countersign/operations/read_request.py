"""Read a request: its state and ids for the next step. Looking is an event; what a person may not see is not in it."""

from dataclasses import dataclass

from countersign.governance.permission import Permission
from countersign.governance.request import RequestForm, RequestState, Tier
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CollectionId, LeadId, ProbeId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """Which."""

    request: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRequest:
    """A request as every party to it may see it: no candidate, no score, no opinion, no name."""

    request: RequestId
    state: RequestState
    tier: Tier
    probe: ProbeId
    collection: CollectionId
    form: RequestForm
    lead: LeadId | None


@operation(Permission.CASE_READ)
def read_request(turn: Turn, arguments: ReadRequest) -> ShownRequest:
    """Read a request; the lead's id is given once there is one."""
    request = turn.work.requests.get(arguments.request)
    leads = turn.work.leads.where(request=request.id)
    facts = {"what": "request", "justification": request.form.purpose}
    turn.record(EventKind.RECORD_CONSULTED, facts, case=request.case, key=request.key)
    return ShownRequest(
        request=request.id,
        state=request.state,
        tier=request.tier,
        probe=request.probe,
        collection=request.collection,
        form=request.form,
        lead=leads[0].id if leads else None,
    )
