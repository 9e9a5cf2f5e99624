"""Rotate the epoch key, by two persons: what was erased before can then be recovered from no copy of the database.

Every record key that is left is wrapped anew in this one transaction. The old epoch key is destroyed after its commit;
dying between the two leaves it to the next sweep.
"""

from dataclasses import dataclass
from datetime import datetime

from countersign.governance.permission import Permission
from countersign.governance.signature import PrivateKey, SignatureError, Signed, public_hex, verify_command
from countersign.governance.signature import sign_command as sign
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.codec import Plain
from countersign.primitives.ids import new_id

CONSENT: Plain = {"consents_to": "rotation of the epoch key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The second person's signature, over the same operation."""

    public_key: str
    signed: Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateKeys:
    """Who consents, besides the one who asks."""

    second: Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """Number of the epoch whose key wraps everything from now on."""

    epoch: int


def consent(key: PrivateKey, now: datetime) -> Consent:
    """Sign as the second person."""
    signed = sign(key, operation=Permission.KEY_ROTATE, arguments=CONSENT, nonce=new_id(), at=now)
    return Consent(public_key=public_hex(key), signed=signed)


@operation(Permission.KEY_ROTATE)
def rotate_keys(turn: Turn, arguments: RotateKeys) -> Rotated:
    """Rotate the epoch key.

    Raises:
        SignatureError: The second signature is nobody's, stale, or over something else.
        GuardError: The second person is the first.
        NotPermittedError: One of the two may not rotate keys.
    """
    second = arguments.second
    people = turn.work.people.where(public_key=second.public_key)
    if not people:
        raise SignatureError("expected the key of a second registered person, got one that nobody registered")
    verify_command(
        second.signed,
        public_key=second.public_key,
        operation=Permission.KEY_ROTATE,
        arguments=CONSENT,
        now=turn.now,
    )
    turn.work.nonces.use(second.signed.nonce)
    turn.demand(Permission.KEY_ROTATE, of=people[0])
    different = people[0].id != turn.actor.id
    turn.check(require(different, "second_person", "expected a second person, got the same one twice"))
    epoch = turn.work.rotate_epoch()
    turn.record(EventKind.KEY_ROTATED, {"use": "epoch"}, committed={"person": people[0].id})
    return Rotated(epoch=epoch)
