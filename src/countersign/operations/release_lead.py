"""Release a lead to the requester, once four different people have done their part."""

from dataclasses import dataclass, replace

from countersign.governance.actor import Role
from countersign.governance.adopted_documents import ProcessingRecord, transfer_recorded
from countersign.governance.artefact_content import read_as
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType
from countersign.governance.request_rules import Duty, four_people
from countersign.governance.request_transitions import Event
from countersign.governance.verdict import Verdict, require
from countersign.ledger.event import EventKind
from countersign.operations.request_state import duties, move
from countersign.operations.seed_review import not_seeded
from countersign.operations.turn import Turn, operation
from countersign.outcome.lead import Lead
from countersign.outcome.rules import check_release
from countersign.primitives.ids import LeadId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLead:
    """Which lead."""

    lead: LeadId


@operation(Permission.LEAD_RELEASE)
def release_lead(turn: Turn, arguments: ReleaseLead) -> Lead:
    """Release a supported lead to the requester, by the operator who ran the search.

    Raises:
        ReleaseError: No reasons against, or the officer has not reconfirmed it.
        GuardError: Fewer than four people from draft to release, not the operator, or a recipient of an organisation
            to which nothing may be sent.
        TransitionError: The request is not at LEAD_SUPPORTED.
    """
    turn.check_in_use()
    lead = turn.work.leads.get(arguments.lead)
    request = turn.work.requests.get(lead.request)
    done = duties(turn.work, request)
    turn.check(
        require(
            done.get(Duty.OPERATOR) == turn.actor.id,
            "not_operator",
            "expected the operator who ran the search, got another person",
        ),
        four_people(done),
        not_seeded(turn.work, request.id),
        _may_receive(turn, request.requester),
        require(
            bool(turn.work.records.where(subject=lead.subject, searchable=True)),
            "reference_hidden",
            "expected a lead whose record can be searched, got one that was hidden or erased since",
        ),
    )
    check_release(lead, minimum_chars=turn.pack.minimum_chars.outcome)
    move(turn, request, Event.RELEASE)
    after = replace(lead, released_by=turn.actor.id, released_at=turn.now, recipient=request.requester)
    turn.work.leads.replace(after)
    committed = {"lead": lead.subject, "recipient": request.requester}
    facts = {"run": lead.run, "justification": request.form.purpose}
    turn.record(EventKind.LEAD_RELEASED, facts, committed=committed, case=lead.case, key=lead.key)
    return after


def _may_receive(turn: Turn, recipient: PersonId) -> Verdict:
    """Say whether the recipient's organisation may be sent anything (REP-11)."""
    own = {one.organisation for one in turn.work.people.where() if Role.CONTROLLER in one.roles}
    found = [one for one in turn.artefacts() if one.type is ArtefactType.PROCESSING_RECORD]
    said = read_as(ProcessingRecord, found[0].content) if found else None
    return transfer_recorded(turn.work.people.get(recipient).organisation, own, said)
