"""Open what an officer must have seen: quality, error rates by group, coverage, earlier refusals, copies, caveat.

No decision is taken without it (AUT-17): `officer_conditions` asks whether this officer opened it since the request was
submitted.
"""

from dataclasses import dataclass, replace

from countersign.governance.form_rules import performance_unknown
from countersign.governance.permission import Permission
from countersign.governance.repeat_rules import NearCopy, near_copies
from countersign.governance.request import RequestForm, RequestState, SearchKind, SearchRequest, Tier
from countersign.governance.request_rules import age_hours
from countersign.governance.verdict import Verdict, require
from countersign.ledger.event import EventKind
from countersign.media.exhibit import QualityMeasure
from countersign.operations.group_rates import GroupRates, group_rates
from countersign.operations.imagery_age import latest_captures
from countersign.operations.read_coverage import Coverage, coverage_of
from countersign.operations.report_basis import evaluation_facts, rates_at, validation_in_force
from countersign.operations.report_facts import EvaluationFacts, RatesAtSize
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.outcome.caveat import CAVEAT, PERFORMANCE_UNKNOWN
from countersign.primitives.ids import PersonId, RequestId

COMPARED = 200
"""How many of the latest requests a form's texts are held against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderRequest:
    """Which request."""

    request: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class StillQuality:
    """How good one still of the probe is; ``unified`` in [0, 1], high is good."""

    exhibit_number: str
    unified: float
    measures: tuple[QualityMeasure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBasis:
    """Everything that an officer must have seen.

    Attributes:
        refused_before: Requests of the same case that were refused.
        point: The operating point that the tier is searched at; empty where the pack has none for it.
        rates_here: What the tested rates come to in this collection, at its own N (P-02).
        groups: Rates by group at that point; empty where the validation in force gives none.
        performance_note: That none of these rates holds for such a person; empty where they do (practice P-10).
        coverage: What the search would cover, and what was asked in the same case before.
        searched_elsewhere: Searches with the same file in other cases, as far as they are still counted (P-07).
        bundled: The other requests of its bundle: each is decided by itself, all of them in one sitting.
        copied: Texts that nearly repeat another request's; of the same case they are labelled as shared.
    """

    request: RequestId
    form: RequestForm
    tier: Tier
    kind: SearchKind
    imagery_age_hours: int
    quality: tuple[StillQuality, ...]
    point: str
    evaluation: EvaluationFacts
    rates_here: RatesAtSize
    groups: tuple[GroupRates, ...]
    coverage: Coverage
    refused_before: tuple[RequestId, ...]
    searched_elsewhere: int
    bundled: tuple[RequestId, ...]
    copied: tuple[NearCopy, ...]
    performance_note: str = ""
    caveat: str = CAVEAT


@operation(Permission.REQUEST_CONSIDER)
def consider_request(turn: Turn, arguments: ConsiderRequest) -> RequestBasis:
    """Open the basis of a decision, and record that this officer did.

    Raises:
        GuardError: Nobody is asked to decide on this request now.
    """
    work, request = turn.work, turn.work.requests.get(arguments.request)
    turn.demand(Permission.REQUEST_CONSIDER, requesters=[request.requester])
    turn.check(
        require(
            request.state is RequestState.SUBMITTED,
            "request_not_submitted",
            f"expected a submitted request, got one that is {request.state}",
        )
    )
    seen = tuple(dict.fromkeys((*request.considered_by, turn.actor.id)))
    work.requests.replace(replace(request, considered_by=seen))
    facts = {"what": "request.basis", "justification": request.form.purpose}
    turn.record(EventKind.RECORD_CONSULTED, facts, case=request.case, key=request.key)
    return basis_of(turn, request)


def considered(request: SearchRequest, officer: PersonId) -> Verdict:
    """Refuse a decision by an officer who has not opened what it rests on (AUT-17; AI Act Art 13(3), 14(4))."""
    undecided = request.state is RequestState.SUBMITTED  # what else cannot be decided on, the machine says
    return require(
        not undecided or officer in request.considered_by,
        "basis_not_opened",
        "expected the officer to have opened quality, rates, coverage, earlier refusals and caveat, got none opened",
    )


def basis_of(turn: Turn, request: SearchRequest) -> RequestBasis:
    """Gather what the decision rests on."""
    work, probe = turn.work, turn.work.probes.get(request.probe)
    others = [one for one in work.requests.where()[-COMPARED:] if one.id != request.id]
    point = turn.pack.operating_point_by_tier.get(request.tier)
    tested, coverage = evaluation_facts(turn), coverage_of(work, request)
    return RequestBasis(
        request=request.id,
        form=request.form,
        tier=request.tier,
        kind=request.kind,
        imagery_age_hours=age_hours(max(latest_captures(work, probe)), turn.now),
        quality=_quality(work, request),
        point=point or "",
        evaluation=tested,
        rates_here=rates_at(tested, coverage.subjects),
        groups=group_rates(validation_in_force(turn)[1], point),
        coverage=coverage,
        refused_before=tuple(
            one.id for one in others if one.case == request.case and one.state is RequestState.REFUSED
        ),
        searched_elsewhere=_elsewhere(work, request),
        bundled=_bundled(work, request),
        performance_note=PERFORMANCE_UNKNOWN if performance_unknown(request.form) else "",
        copied=near_copies(
            request.form,
            [(one.id, one.form) for one in others],
            frozenset(one.id for one in others if one.case == request.case),
        ),
    )


def _bundled(work: Work, request: SearchRequest) -> tuple[RequestId, ...]:
    bundle = work.requests.where(case=request.case, bundle=request.bundle) if request.bundle else []
    return tuple(one.id for one in bundle if one.id != request.id)


def _quality(work: Work, request: SearchRequest) -> tuple[StillQuality, ...]:
    stills = work.probes.get(request.probe).stills
    faces = [work.faces.get(still.face) for still in stills]
    return tuple(
        StillQuality(
            exhibit_number=work.exhibits.get(still.exhibit).number, unified=face.unified, measures=face.measures
        )
        for still, face in zip(stills, faces, strict=True)
    )


def _elsewhere(work: Work, request: SearchRequest) -> int:
    files = {work.keys.keyed_digest("file", still.exhibit_sha256) for still in work.probes.get(request.probe).stills}
    return sum(1 for one in work.traces.where() if one.case != request.case and files & set(one.files))
