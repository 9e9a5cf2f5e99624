"""Make a one-time code with which a person opens their own account: their own key says so, and nobody else's can."""

from dataclasses import dataclass

from countersign.governance.account import INVITED, Mandate, MandateKind, Way
from countersign.governance.permission import Permission
from countersign.governance.signature import check_public_key
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import MandateId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteAccount:
    """The key that follows from the code (`governance.account.session_key`); the code itself never comes here."""

    public_key: str


@operation(Permission.ACCOUNT_INVITE)
def invite_account(turn: Turn, arguments: InviteAccount) -> Mandate:
    """Let a code open an account for whoever signs this, once, within a day.

    Raises:
        MalformedKeyError: It is no key.
    """
    invitation = Mandate(
        id=MandateId(new_id()),
        person=turn.actor.id,
        public_key=check_public_key(arguments.public_key),
        kind=MandateKind.INVITATION,
        way=Way.PASSKEY,
        opened_at=turn.now,
        seen_at=turn.now,
        ends_at=turn.now + INVITED,
    )
    turn.work.mandates.add(invitation)
    hours = int(INVITED.total_seconds() // 3600)
    turn.record(EventKind.ACCOUNT_INVITED, {"hours": hours}, committed={"session": invitation.public_key})
    return invitation
