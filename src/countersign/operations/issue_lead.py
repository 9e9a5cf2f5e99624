"""Give out the report of a released lead as a signed file, to the requester whom it was released to alone."""

from dataclasses import dataclass

from countersign.governance.permission import Permission
from countersign.governance.request import SearchRequest
from countersign.operations.issue import IssuedDocument, issue
from countersign.operations.report_facts import MadeReport
from countersign.operations.report_lead import lead_report
from countersign.operations.turn import Turn, Turns, operation_in_turns
from countersign.primitives.ids import LeadId


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLead:
    """Which lead."""

    lead: LeadId


@operation_in_turns(Permission.REPORT_LEAD)
def issue_lead(turns: Turns, arguments: IssueLead) -> IssuedDocument:
    """Give the lead out to whoever it was released to.

    Raises:
        LeadNotReleasedError: It is not released yet.
        GuardError: The person is not the requester it was released to, or it was recalled.
    """
    with turns.look() as turn:
        recipient, subject = turn.actor.name, turn.work.leads.get(arguments.lead).subject

    def gather(turn: Turn) -> tuple[SearchRequest, MadeReport]:
        lead = turn.work.leads.get(arguments.lead)
        return turn.work.requests.get(lead.request), lead_report(turn, lead)

    return issue(turns, gather, report="lead", recipient=recipient, committed={"lead": subject})
