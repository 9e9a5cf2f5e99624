"""Read a request: its state and ids for the next step. Looking is an event; what a person may not see is not in it."""

from dataclasses import dataclass

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestForm, RequestState, SearchRequest, Tier
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.exhibit_facts import ShownExhibit, exhibit_facts
from countersign.operations.overlays import readable
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CollectionId, LeadId, ProbeId, RequestId
from countersign.review.facial_review import ReviewState


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """Which."""

    request: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRequest:
    """A request as every party to it may see it: no candidate, no score, no opinion, no name.

    Attributes:
        form: Offence and facts of the case. Operator and examiners see it once their own opinion is locked (P-21).
        exhibits: What was stated of each exhibit and where its file disagrees; for those who may see the form.
    """

    request: RequestId
    state: RequestState
    tier: Tier
    probe: ProbeId
    collection: CollectionId
    form: RequestForm | None
    exhibits: tuple[ShownExhibit, ...]
    lead: LeadId | None


@operation(Permission.CASE_READ)
def read_request(turn: Turn, arguments: ReadRequest) -> ShownRequest:
    """Read a request; the lead's id is given once there is one.

    Raises:
        GuardError: A requester who asked for nothing in this case.
    """
    request = turn.work.requests.get(arguments.request)
    asked = turn.actor.id in {one.requester for one in turn.work.requests.where(case=request.case)}
    roles = set(turn.actor.roles)
    turn.check(
        require(
            asked or roles != {Role.REQUESTER}, "not_party", "expected a requester of this case, got another person"
        ),
        readable(turn.work, request.id, roles),
    )
    told = asked or may_know(turn, request)
    leads = turn.work.leads.where(request=request.id)
    facts = {"what": "request", "justification": request.form.purpose}
    turn.record(EventKind.RECORD_CONSULTED, facts, case=request.case, key=request.key)
    return ShownRequest(
        request=request.id,
        state=request.state,
        tier=request.tier,
        probe=request.probe,
        collection=request.collection,
        form=request.form if told else None,
        exhibits=exhibit_facts(turn.work, turn.work.probes.get(request.probe)) if told else (),
        lead=leads[0].id if leads else None,
    )


def may_know(turn: Turn, request: SearchRequest) -> bool:
    """Say whether the facts of the case may be known to a person who examines: not before the own opinion is locked."""
    examines = {Role.OPERATOR, Role.EXAMINER} & set(turn.actor.roles)
    own = turn.work.reviews.where(request=request.id, examiner=turn.actor.id, state=ReviewState.OPINED)
    return not examines or bool(own)
