"""A command: what a registered person asks for, signed with that person's key.

The signature covers the operation's name, the digest of its arguments, a nonce and the time, so that it can be neither
used for anything else, nor twice, nor later (`decisions.md`, "Who is acting").
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from countersign.governance.passkey import Assertion
from countersign.governance.permission import Permission
from countersign.governance.signature import PrivateKey, Signed, public_hex
from countersign.governance.signature import sign_command as sign
from countersign.primitives.clock import Clock
from countersign.primitives.codec import to_plain
from countersign.primitives.ids import new_id

A_co = TypeVar("A_co", covariant=True)
A = TypeVar("A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[A_co]):
    """Arguments, the signature over them, and the public key that is said to have made it.

    Attributes:
        public_key: The person's own key, or that of a session that may sign for them.
        assertion: A passkey's, over the same statement; a session needs it for what `permission.STEP_UP` lists.
    """

    arguments: A_co
    public_key: str
    signed: Signed
    assertion: Assertion | None = None

    @property
    def proof(self) -> object:
        """Give what shows who asked, to be committed in the entry."""
        return self.signed if self.assertion is None else {"signed": self.signed, "assertion": self.assertion}


def sign_command(permission: Permission, arguments: A, key: PrivateKey, clock: Clock) -> Command[A]:
    """Sign a command as the holder of ``key`` does at a door."""
    signed = sign(key, operation=permission, arguments=to_plain(arguments), nonce=new_id(), at=clock.now())
    return Command(arguments=arguments, public_key=public_hex(key), signed=signed)
