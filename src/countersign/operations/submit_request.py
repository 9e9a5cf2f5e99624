"""Submit a request to the authorising officer: every field is there, and every image is old enough."""

from dataclasses import dataclass, replace

from countersign.errors import Conflict
from countersign.governance.exhibit_rules import privacy_as_sealed
from countersign.governance.form_rules import form_acceptable
from countersign.governance.permission import Permission
from countersign.governance.repeat_rules import forced_kind, ground_given, refusals_cited
from countersign.governance.request import SearchKind, SearchRequest, Tier
from countersign.governance.request_transitions import Event
from countersign.governance.review_rules import outcomes_recorded
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.earlier_requests import earlier_requests, exhibits_of, is_track
from countersign.operations.imagery_age import imagery_ages
from countersign.operations.probe_binding import probe_binding
from countersign.operations.request_state import move
from countersign.operations.turn import Turn, operation
from countersign.operations.waiting_leads import waiting_leads
from countersign.primitives.ids import RequestId


class ProbeChangedError(Conflict):
    """The probe is not the one the request was drafted for."""

    code = "probe_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitRequest:
    """Which draft."""

    request: RequestId


@operation(Permission.REQUEST_SUBMIT)
def submit_request(turn: Turn, arguments: SubmitRequest) -> SearchRequest:
    """Submit a draft.

    Raises:
        GuardError: The form lacks something, or an image may be younger than the minimum age.
        TransitionError: It is no draft.
    """
    request = turn.work.requests.get(arguments.request)
    probe = turn.work.probes.get(request.probe)
    if probe_binding(probe, request.collection, request.compared_with) != request.binding:
        raise ProbeChangedError("expected the probe the request was drafted for, got another")
    turn.check(
        require(
            request.requester == turn.actor.id,
            "not_requester",
            "expected the person who drafted the request, got another",
        ),
        turn.in_use(),
        outcomes_recorded(waiting_leads(turn.work, turn.actor.id), turn.now, turn.pack.review),
        form_acceptable(request.form, turn.pack, turn.work.collections.get(request.collection).collection_class),
        privacy_as_sealed(
            request.form.privacy, [turn.work.exhibits.get(still.exhibit).privacy for still in probe.stills]
        ),
        *imagery_ages(turn.work, probe, turn.pack, turn.now, urgent=request.urgent),
    )
    request = replace(_in_its_case(turn, request), considered_by=())
    form, after = request.form, move(turn, request, Event.SUBMIT)
    facts = {
        "request": request.id,
        "purpose": form.purpose,
        "subject_category": form.subject_category,
        "offence_code": form.offence_code,
        "setting": form.setting,
        "tier": request.tier,
        "use_class": form.use_class,
        "age_band": form.age_band,
        "kind": request.kind,
        "urgency": form.urgency,
    }
    turn.record(
        EventKind.REQUEST_SUBMITTED,
        facts,
        committed={"form": form, "probe": request.binding},
        case=request.case,
        key=request.key,
    )
    return after


def _in_its_case(turn: Turn, request: SearchRequest) -> SearchRequest:
    """Hold a request against what its case asked before; a search of somebody who has a name by now is a targeted one.

    A comparison searches for nobody, so that no ground to search again is asked of it (practice P-05).
    """
    earlier, exhibits = earlier_requests(turn, request), exhibits_of(turn.work, request.probe)
    turn.check(refusals_cited(request.form, exhibits, earlier))
    if request.kind is SearchKind.ONE_TO_ONE:
        return request
    turn.check(ground_given(request.form, exhibits, earlier))
    kind = forced_kind(request.form, exhibits, earlier, track=is_track(turn, request))
    return replace(request, kind=kind, tier=Tier.T2 if kind is SearchKind.TARGETED else request.tier)
