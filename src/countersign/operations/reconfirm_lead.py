"""The officer finds release still necessary, and states the reasons against the lead (AUT-20)."""

from dataclasses import dataclass, replace

from countersign.governance.permission import Permission
from countersign.governance.request_rules import Duty
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.request_state import duties
from countersign.operations.turn import Turn, operation
from countersign.outcome.lead import Lead
from countersign.primitives.ids import LeadId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconfirmLead:
    """Which lead, and what speaks against it: age, distance, alibi, custody at the time (practice P-24)."""

    lead: LeadId
    reasons_against: str


@operation(Permission.LEAD_RECONFIRM)
def reconfirm_lead(turn: Turn, arguments: ReconfirmLead) -> Lead:
    """Reconfirm a lead; only the officer who authorised its search does."""
    turn.check_in_use()
    lead = turn.work.leads.get(arguments.lead)
    done = duties(turn.work, turn.work.requests.get(lead.request))
    turn.check(
        require(
            done.get(Duty.OFFICER) == turn.actor.id,
            "not_officer",
            "expected the officer who authorised this search, got another person",
        ),
        require(lead.released_at is None, "lead_released", "expected a lead that is not released, got one that is"),
    )
    after = replace(lead, reconfirmed_by=turn.actor.id, reasons_against=arguments.reasons_against)
    turn.work.leads.replace(after)
    committed = {"reasons": arguments.reasons_against, "lead": lead.id}
    turn.record(EventKind.LEAD_RECONFIRMED, {"run": lead.run}, committed=committed, case=lead.case, key=lead.key)
    return after
