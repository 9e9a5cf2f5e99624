"""Leads of one requester that still wait for an outcome."""

from datetime import datetime

from countersign.operations.work import Work
from countersign.primitives.ids import PersonId


def waiting_leads(work: Work, requester: PersonId) -> list[datetime]:
    """Give when each lead that was released to this person and has neither outcome nor disproof was released."""
    return [
        lead.released_at
        for lead in work.leads.where(recipient=requester)
        if lead.released_at and lead.outcome is None and lead.disproved is None
    ]
