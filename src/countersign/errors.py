"""The exception tree. Doors translate a family once; a room's own errors sit beside the code that raises them.

CountersignError
├── Refused            a rule said no: policy or guard            exit 3   HTTP 403
├── NotFound           what was named does not exist              exit 4   HTTP 404
├── Invalid            what came is not what was expected         exit 5   HTTP 422
├── Conflict           it was possible, but something got there   exit 6   HTTP 409
│                      first (spent, locked, already decided)
└── IntegrityBroken    a digest, signature or proof is wrong      exit 7   HTTP 500
"""

from typing import Literal

__all__ = ["Conflict", "CountersignError", "IntegrityBroken", "Invalid", "NotFound", "Refused"]


class CountersignError(Exception):
    """Root of everything that Countersign raises on purpose.

    Attributes:
        code: Stable snake_case reason; goes into the ledger's ``denied`` entry, so it never holds personal data.
    """

    exit_code = 1
    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class Refused(CountersignError):
    """A rule said no.

    Attributes:
        spoke: Which of the two said it: ``policy`` (may this actor call this at all) or ``guard`` (dates, texts).
    """

    exit_code = 3
    code = "refused"
    spoke: Literal["policy", "guard"] = "guard"

    def __init__(
        self, message: str, *, code: str | None = None, spoke: Literal["policy", "guard"] | None = None
    ) -> None:
        super().__init__(message, code=code)
        if spoke is not None:
            self.spoke = spoke


class NotFound(CountersignError):
    """What was named does not exist, or no longer."""

    exit_code = 4
    code = "not_found"


class Invalid(CountersignError):
    """What came is not what was expected; the message says both."""

    exit_code = 5
    code = "invalid"


class Conflict(CountersignError):
    """It was possible once, but something got there first."""

    exit_code = 6
    code = "conflict"


class IntegrityBroken(CountersignError):
    """A digest, signature or proof does not hold; nothing built on it may go on."""

    exit_code = 7
    code = "integrity_broken"
