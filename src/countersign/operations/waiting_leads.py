"""Leads that still wait for an outcome: of one requester, and in a supervisor's organisation (practice P-15)."""

from collections.abc import Collection
from datetime import datetime

from countersign.governance.review_rules import outcomes_attended
from countersign.governance.verdict import ALLOWED, Verdict
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.outcome.lead import Lead
from countersign.primitives.ids import PersonId, RequestId


def waiting_leads(work: Work, requester: PersonId) -> list[datetime]:
    """Give when each lead that was released to this person and has neither outcome nor disproof was released."""
    return [lead.released_at for lead in work.leads.where(recipient=requester) if lead.released_at and _waits(lead)]


def outcomes_seen_to(turn: Turn, concerned: Collection[RequestId]) -> Verdict:
    """Refuse to let a supervisor move work while outcomes are left alone; to see to one of them is always allowed.

    Args:
        turn: The supervisor's.
        concerned: Requests whose requester is changed by what the supervisor is about to do.
    """
    waiting = _waiting_in(turn.work, turn.actor.organisation)
    seen_to = [moment for request, moment in waiting if request in concerned]
    if not outcomes_attended(seen_to, turn.now, turn.pack.review).allowed:
        return ALLOWED
    return outcomes_attended([moment for _, moment in waiting], turn.now, turn.pack.review)


def _waiting_in(work: Work, organisation: str) -> list[tuple[RequestId, datetime]]:
    """Give by request since when each lead waits for its present recipient, where that is one of the organisation."""
    people = {one.id for one in work.people.where() if one.organisation == organisation}
    return [
        (lead.request, lead.handed_at or lead.released_at)
        for lead in work.leads.where()
        if lead.recipient in people and lead.released_at and _waits(lead)
    ]


def _waits(lead: Lead) -> bool:
    return lead.outcome is None and lead.disproved is None
