"""What a rule answers, and the one engine that turns answers into a refusal."""

from dataclasses import dataclass

from countersign.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One rule's answer.

    Attributes:
        code: Stable snake_case reason; goes into the ledger's ``denied`` entry, so it never holds personal data.
        reason: What was expected and what came, for the person who asked; stays out of the ledger.
    """

    allowed: bool
    code: str
    reason: str


ALLOWED = Verdict(allowed=True, code="allowed", reason="")


class GuardError(Refused):
    """Dates, counts, texts or states do not allow it."""

    code = "guard"

    def __init__(self, refusals: tuple[Verdict, ...]) -> None:
        super().__init__("; ".join(refusal.reason for refusal in refusals), code=refusals[0].code)
        self.refusals = refusals


def require(condition: bool, code: str, reason: str) -> Verdict:  # noqa: FBT001  the condition is what a rule is about
    """Give ALLOWED when the condition holds, else a refusal with this code and reason."""
    return ALLOWED if condition else Verdict(allowed=False, code=code, reason=reason)


def first_refusal(*verdicts: Verdict) -> Verdict:
    """Give the first refusal, or ALLOWED when there is none; no verdict at all is no permission.

    Raises:
        ValueError: No verdict was given: a rule that asks nothing would allow everything.
    """
    if not verdicts:
        msg = "expected at least one verdict, got none"
        raise ValueError(msg)
    return next((verdict for verdict in verdicts if not verdict.allowed), ALLOWED)


def check(*verdicts: Verdict) -> None:
    """Go on only when every verdict allows it.

    Raises:
        GuardError: At least one refused; its code is the first refusal's, its message names every reason.
        ValueError: No verdict was given.
    """
    if not first_refusal(*verdicts).allowed:
        raise GuardError(tuple(verdict for verdict in verdicts if not verdict.allowed))
