"""Submit a request to the authorising officer: every field is there, and every image is old enough."""

from dataclasses import dataclass
from datetime import datetime

from countersign.errors import Conflict
from countersign.governance.exhibit_rules import privacy_as_sealed
from countersign.governance.form_rules import form_acceptable
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import PolicyPack
from countersign.governance.request import SearchRequest
from countersign.governance.request_rules import imagery_old_enough, latest_capture
from countersign.governance.request_transitions import Event
from countersign.governance.review_rules import outcomes_recorded
from countersign.governance.verdict import Verdict, require
from countersign.ledger.event import EventKind
from countersign.operations.probe_binding import probe_binding
from countersign.operations.request_state import move
from countersign.operations.turn import Turn, operation
from countersign.operations.waiting_leads import waiting_leads
from countersign.operations.work import Work
from countersign.primitives.ids import RequestId
from countersign.search.probe import Probe


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
    if probe_binding(probe, request.collection) != request.binding:
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


def latest_captures(work: Work, probe: Probe) -> list[datetime]:
    """Give the latest possible capture time of each still."""
    exhibits = [work.exhibits.get(still.exhibit) for still in probe.stills]
    return [latest_capture(exhibit.sealed_at, exhibit.capture.latest) for exhibit in exhibits]


def imagery_ages(work: Work, probe: Probe, pack: PolicyPack, now: datetime, *, urgent: bool = False) -> list[Verdict]:
    """Say for each still whether it is old enough at its worst case (LFR-02)."""
    return [imagery_old_enough(latest, now, pack, urgent=urgent) for latest in latest_captures(work, probe)]
