"""The authority outside the force that alone lets a named person be searched for (AUT-09, AIA 26(10)).

No body of that kind is set up by statute in the United Kingdom: the policy pack names one by its public key, or
targeted searches are refused.
"""

from dataclasses import dataclass
from datetime import datetime

from countersign.governance.policy_pack import PolicyPack
from countersign.governance.request import SearchKind, SearchRequest
from countersign.governance.signature import PrivateKey, SignatureError, canonical, sign, verify
from countersign.governance.verdict import ALLOWED, Verdict, first_refusal, require
from countersign.primitives.clock import rfc3339
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import RequestId

STATEMENT = "countersign/external-decision/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalDecision:
    """What the authority decided on one request, over its own signature."""

    request: RequestId
    binding: Sha256
    granted: bool
    decided_at: datetime
    signature: str


def _message(request: RequestId, binding: Sha256, at: datetime, *, granted: bool) -> bytes:
    return canonical(
        {"statement": STATEMENT, "request": request, "binding": binding, "granted": granted, "decided_at": rfc3339(at)}
    )


def sign_decision(
    key: PrivateKey, request: RequestId, binding: Sha256, at: datetime, *, granted: bool
) -> ExternalDecision:
    """Decide on a request as the authority does, at its own desk."""
    signature = sign(key, _message(request, binding, at, granted=granted))
    return ExternalDecision(request=request, binding=binding, granted=granted, decided_at=at, signature=signature)


def authority_named(pack: PolicyPack) -> Verdict:
    """Refuse targeted searches where the pack names no authority."""
    return require(
        bool(pack.external_authority),
        "no_external_authority",
        "expected a pack that names the authority for targeted searches, got none: they are refused",
    )


def decided_inside(request: SearchRequest) -> Verdict:
    """Refuse an officer's own authorisation of a targeted search."""
    return require(
        request.kind is not SearchKind.TARGETED,
        "targeted_needs_authority",
        "expected a search for somebody unknown, got one for a named person: refer it to the external authority",
    )


def decided_outside(request: SearchRequest) -> Verdict:
    """Refuse to refer a search that the force decides on itself."""
    return require(
        request.kind is SearchKind.TARGETED,
        "not_targeted",
        "expected a search for a named person to refer, got one for somebody unknown",
    )


def decision_holds(decision: ExternalDecision, request: SearchRequest, pack: PolicyPack, now: datetime) -> Verdict:
    """Refuse a decision on another request or probe, from the future or before the referral, or of another signer."""
    return first_refusal(
        authority_named(pack),
        require(
            (decision.request, decision.binding) == (request.id, request.binding),
            "external_other_request",
            "expected the authority's decision on this request and probe, got one on another",
        ),
        require(
            request.state_since <= decision.decided_at <= now,
            "external_out_of_time",
            f"expected a decision between the referral and {rfc3339(now)}, got one of {rfc3339(decision.decided_at)}",
        ),
        _signed(decision, pack),
    )


def _signed(decision: ExternalDecision, pack: PolicyPack) -> Verdict:
    message = _message(decision.request, decision.binding, decision.decided_at, granted=decision.granted)
    try:
        verify(pack.external_authority or "", message, decision.signature)
    except SignatureError as reason:
        return Verdict(allowed=False, code="external_signature", reason=str(reason))
    return ALLOWED
