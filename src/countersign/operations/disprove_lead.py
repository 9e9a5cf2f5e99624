"""A released lead turns out to be wrong: recorded with its cause, and recalled from its recipient at once (T27).

Telling is part of the same transaction, so that no disproved lead exists whose recipient was not told: the entry
``lead.recalled`` stands beside ``lead.disproved``, the request says DISPROVED to whoever reads it, and the report is
handed out no more.
"""

from dataclasses import dataclass, replace

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request_transitions import Event
from countersign.governance.verdict import Verdict, require
from countersign.ledger.event import EventKind
from countersign.operations.request_state import move
from countersign.operations.turn import Turn, operation
from countersign.outcome.lead import Cause, Disproof, Lead
from countersign.primitives.ids import LeadId


@dataclass(frozen=True, slots=True, kw_only=True)
class DisproveLead:
    """Which lead, why it was wrong, and how it is corrected."""

    lead: LeadId
    cause: Cause
    correction: str


@operation(Permission.LEAD_DISPROVE)
def disprove_lead(turn: Turn, arguments: DisproveLead) -> Lead:
    """Record that a lead was wrong and recall it.

    Raises:
        GuardError: Somebody who had no part in it, or no correction is described.
        TransitionError: The lead was not released, or is disproved already.
    """
    lead = turn.work.leads.get(arguments.lead)
    least = turn.pack.minimum_chars.outcome
    turn.check(
        took_part(turn, lead),
        require(
            len(arguments.correction.strip()) >= least,
            "correction_missing",
            f"expected a correction in at least {least} characters, got fewer",
        ),
    )
    move(turn, turn.work.requests.get(lead.request), Event.DISPROVE)
    disproof = Disproof(
        by=turn.actor.id,
        at=turn.now,
        cause=arguments.cause,
        correction=arguments.correction,
        recalled_at=turn.now,
    )
    after = replace(lead, disproved=disproof)
    turn.work.leads.replace(after)
    facts = {"run": lead.run, "cause": arguments.cause}
    turn.record(EventKind.LEAD_DISPROVED, facts, committed={"reasons": disproof}, case=lead.case, key=lead.key)
    recall(turn, after)
    return after


def recall(turn: Turn, lead: Lead) -> None:
    """Tell the recipient that the lead must not be used (REP-08, s.38(5), s.48(9))."""
    facts = {"run": lead.run, "justification": "wrong_data_recalled"}
    turn.record(EventKind.LEAD_RECALLED, facts, committed={"recipient": lead.recipient}, case=lead.case, key=lead.key)


def took_part(turn: Turn, lead: Lead) -> Verdict:
    """Refuse whoever neither received the lead, nor examined it, nor is the data protection officer."""
    examined = any(review.examiner == turn.actor.id for review in turn.work.reviews.where(run=lead.run))
    return require(
        examined or lead.recipient == turn.actor.id or Role.DPO in turn.actor.roles,
        "no_part_in_lead",
        "expected the recipient, an examiner of this lead or the data protection officer, got another person",
    )
