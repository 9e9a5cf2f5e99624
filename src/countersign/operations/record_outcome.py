"""Record what became of a lead: own comparison, reasons against, independent evidence, outcome (REP-03, REP-04)."""

from dataclasses import dataclass, replace

from countersign.governance.form_rules import safeguards
from countersign.governance.permission import Permission
from countersign.governance.request_transitions import Event
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.request_state import move
from countersign.operations.turn import Turn, operation
from countersign.outcome.lead import Evidence, Lead, Outcome, OutcomeCode
from countersign.outcome.rules import check_outcome, check_safeguarding
from countersign.primitives.ids import LeadId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome:
    """What the requester found."""

    lead: LeadId
    code: OutcomeCode
    own_comparison: str
    reasons_against: str
    evidence: tuple[Evidence, ...] = ()
    line_up: bool = False


@operation(Permission.LEAD_OUTCOME)
def record_outcome(turn: Turn, arguments: RecordOutcome) -> Lead:
    """Record what a released lead came to; arrest, charge and line-up need evidence that does not rest on it.

    Raises:
        GuardError: Not the requester whom the lead is for.
        NotReleasedError: It was not released yet.
        OutcomeRecordedError: It has an outcome.
        OwnComparisonError: The own comparison is missing.
        ReasonsAgainstError: An adverse outcome without reasons against.
        NoIndependentEvidenceError: An adverse outcome rests on the lead alone.
        SafeguardingOnlyError: The search was to protect or to name the person, and the outcome is adverse.
    """
    lead = turn.work.leads.get(arguments.lead)
    request = turn.work.requests.get(lead.request)
    turn.check(
        require(
            request.requester == turn.actor.id,
            "not_recipient",
            "expected the requester whom the lead is for, got another person",
        )
    )
    outcome = Outcome(
        code=arguments.code,
        own_comparison=arguments.own_comparison,
        reasons_against=arguments.reasons_against,
        evidence=arguments.evidence,
        recorded_at=turn.now,
        line_up=arguments.line_up,
    )
    if safeguards(request.form):
        check_safeguarding(outcome)
    check_outcome(lead, outcome, minimum_chars=turn.pack.minimum_chars.outcome)
    move(turn, move(turn, request, Event.CORROBORATE), Event.RECORD_OUTCOME)
    after = replace(lead, outcome=outcome)
    turn.work.leads.replace(after)
    facts = {"run": lead.run, "outcome": outcome.code}
    turn.record(EventKind.LEAD_OUTCOME, facts, committed={"reasons": outcome}, case=lead.case, key=lead.key)
    return after
