"""Draft a request: one probe, one collection, and the case made for it."""

from dataclasses import dataclass

from countersign.governance.actor import Role
from countersign.governance.form_rules import coded, kind_of, tier_of
from countersign.governance.permission import Permission
from countersign.governance.request import RequestForm, RequestState, SearchRequest, Urgency
from countersign.governance.request_rules import trained
from countersign.governance.review_rules import outcomes_recorded
from countersign.ledger.event import EventKind
from countersign.operations.probe_binding import probe_binding
from countersign.operations.turn import Turn, operation
from countersign.operations.waiting_leads import waiting_leads
from countersign.primitives.ids import CollectionId, ProbeId, RequestId, new_id
from countersign.search.probe import Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest:
    """What is asked for, and why."""

    probe: ProbeId
    collection: CollectionId
    form: RequestForm


@operation(Permission.REQUEST_DRAFT)
def draft_request(turn: Turn, arguments: DraftRequest) -> SearchRequest:
    """Draft a request. Its tier is computed from the form and the collection; nobody chooses it (AUT-05)."""
    return begin_request(turn, turn.work.probes.get(arguments.probe), arguments.collection, arguments.form)


def begin_request(
    turn: Turn, probe: Probe, collection_id: CollectionId, form: RequestForm, *, bundle: str = ""
) -> SearchRequest:
    """Begin one request for one probe, alone or as a part of a bundle."""
    collection = turn.work.collections.get(collection_id)
    turn.check(
        turn.in_use(),
        outcomes_recorded(waiting_leads(turn.work, turn.actor.id), turn.now, turn.pack.review),
        trained(turn.actor, Role.REQUESTER, turn.today),
        coded(form, turn.pack),
    )
    request = SearchRequest(
        id=RequestId(new_id()),
        case=probe.case,
        key=turn.work.keys.create(),
        requester=turn.actor.id,
        state=RequestState.DRAFT,
        form=form,
        tier=tier_of(form, collection_class=collection.collection_class),
        kind=kind_of(form),
        urgent=form.urgency is not Urgency.NONE,
        collection=collection.id,
        probe=probe.id,
        binding=probe_binding(probe, collection.id),
        drafted_at=turn.now,
        state_since=turn.now,
        bundle=bundle,
    )
    turn.work.requests.add(request)
    facts = {"request": request.id}
    turn.record(EventKind.REQUEST_DRAFTED, facts, committed={"form": request.form}, case=request.case, key=request.key)
    return request
