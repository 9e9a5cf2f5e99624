"""Give a duty in a request to another person, with a reason: leave, illness, a change of post (practice P-15)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from countersign.governance.actor import Person, Role
from countersign.governance.permission import Permission
from countersign.governance.request import SearchRequest
from countersign.governance.request_rules import Duty, independent, rank_suffices, separated, trained
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.request_state import duties
from countersign.operations.signer import check_in_service
from countersign.operations.turn import Turn, operation
from countersign.operations.waiting_leads import outcomes_seen_to
from countersign.primitives.ids import PersonId, RequestId
from countersign.review.facial_review import Position, ReviewState


class ReassignReason(StrEnum):
    """Why somebody else goes on."""

    ABSENT = "absent"
    LEFT = "left"
    OTHER_POST = "other_post"
    CONFLICT_OF_INTEREST = "conflict_of_interest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignRequest:
    """Which duty of which request goes to whom, and why."""

    request: RequestId
    duty: Duty
    to: PersonId
    reason: ReassignReason


def _requester(turn: Turn, request: SearchRequest, to: Person) -> None:
    turn.check(trained(to, Role.REQUESTER, turn.today))
    for lead in turn.work.leads.where(request=request.id):
        if lead.recipient == request.requester and lead.outcome is None:
            turn.work.leads.replace(replace(lead, recipient=to.id, handed_at=turn.now))
    turn.work.requests.replace(replace(request, requester=to.id))


def _officer(turn: Turn, request: SearchRequest, to: Person) -> None:
    turn.check(
        trained(to, Role.AUTHORISING_OFFICER, turn.today),
        independent(to, turn.work.people.get(request.requester)),
        rank_suffices(to, request.tier, request.form, turn.pack),
    )
    for one in turn.work.authorisations.where(request=request.id):
        turn.work.authorisations.replace(replace(one, officer=to.id))


def _examiner(turn: Turn, request: SearchRequest, to: Person) -> None:
    """Take an open review from whoever began it; the other opens one of their own and sees nothing of it."""
    turn.check(trained(to, Role.EXAMINER, turn.today))
    for review in turn.work.reviews.where(request=request.id):
        if review.position is not Position.FIRST and review.state is not ReviewState.OPINED:
            turn.work.reviews.remove(review.id)


HAND_OVER: Mapping[Duty, Callable[[Turn, SearchRequest, Person], None]] = MappingProxyType(
    {Duty.REQUESTER: _requester, Duty.OFFICER: _officer, Duty.EXAMINER: _examiner}
)


@operation(Permission.REQUEST_REASSIGN)
def reassign_request(turn: Turn, arguments: ReassignRequest) -> SearchRequest:
    """Hand a duty over.

    Raises:
        GuardError: A duty that cannot be handed over, or a person who has another one in this request, lacks training
            or rank, or is of the requester's team; or other outcomes are overdue and left alone.
    """
    request, to = turn.work.requests.get(arguments.request), turn.work.people.get(arguments.to)
    turn.check(outcomes_seen_to(turn, {request.id} if arguments.duty is Duty.REQUESTER else ()))
    hand_over(turn, request, arguments.duty, to, arguments.reason)
    return turn.work.requests.get(request.id)


def hand_over(turn: Turn, request: SearchRequest, duty: Duty, to: Person, reason: ReassignReason) -> None:
    """Give one duty to another person and record it; what is refused has changed nothing."""
    check_in_service(to)
    others = {other: person for other, person in duties(turn.work, request).items() if other is not duty}
    turn.check(
        require(
            duty in HAND_OVER,
            "duty_not_handed_over",
            f"expected one of {', '.join(HAND_OVER)}, got {duty}: whoever ran a search answers for it",
        ),
        separated(others, duty, to.id),
        require(turn.actor.id != to.id, "own_duty", "expected another person than whoever reassigns, got the same"),
        require(to.here(turn.today), "absent", "expected a person who is at work, got one who is away"),
    )
    HAND_OVER[duty](turn, request, to)
    facts = {"request": request.id, "duty": duty, "reason": reason}
    turn.record(EventKind.REQUEST_REASSIGNED, facts, committed={"person": to.id}, case=request.case, key=request.key)
