"""Whether a signed artefact may be accepted: who signed it, what it says, its dates, its signature.

The signature is over a statement: type, version, digest of the content, dates and the signer's own key.
"""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countersign.errors import Invalid
from countersign.governance import signature
from countersign.governance.actor import Person, Role
from countersign.governance.adopted_documents import Contract
from countersign.governance.artefact_content import PilotPlan, empty_texts, read_as
from countersign.governance.artefact_types import SIGNERS, read_content
from countersign.governance.policy_lint import lint
from countersign.governance.policy_pack import PolicyPack
from countersign.governance.programme import Artefact, ArtefactType
from countersign.governance.verdict import ALLOWED, Verdict, check, require
from countersign.primitives.clock import rfc3339
from countersign.primitives.codec import Plain
from countersign.primitives.digest import Sha256, sha256

STATEMENT = "countersign/artefact/v1"
QUESTION = re.compile(r"\[[^\[\]]*\?\]")
"""What a draft leaves to a person, as ``[who is affected?]``."""
PILOT_CEILING = timedelta(days=183)


def content_text(plain: Plain) -> str:
    """Give the canonical JSON text of an artefact's content; decimal numbers come as text."""
    return signature.canonical(plain).decode()


def content_digest(content: str) -> Sha256:
    """Give the digest of an artefact's content, which its signature binds."""
    return sha256(content.encode())


def statement(
    *,
    artefact_type: ArtefactType,
    version: str,
    sha256: Sha256,
    review_by: date,
    signed_at: datetime,
    public_key: str,
) -> bytes:
    """Give the bytes that the signer signs."""
    return signature.canonical(
        {
            "statement": STATEMENT,
            "type": artefact_type.value,
            "version": version,
            "sha256": sha256,
            "review_by": review_by.isoformat(),
            "signed_at": rfc3339(signed_at),
            "public_key": public_key,
        }
    )


def sign_artefact(
    key: Ed25519PrivateKey,
    *,
    artefact_type: ArtefactType,
    version: str,
    content: str,
    review_by: date,
    signed_at: datetime,
) -> str:
    """Sign an artefact; gives 128 hexadecimal digits."""
    message = statement(
        artefact_type=artefact_type,
        version=version,
        sha256=content_digest(content),
        review_by=review_by,
        signed_at=signed_at,
        public_key=signature.public_hex(key),
    )
    return signature.sign(key, message)


def may_sign(artefact_type: ArtefactType, roles: Collection[Role]) -> Verdict:
    """Refuse a signature by anyone but the holder of the type's role."""
    signer = SIGNERS[artefact_type]
    return require(
        signer in roles, "signer_role", f"expected a {artefact_type} signed by the {signer}, got another role"
    )


def content_complete(artefact_type: ArtefactType, content: str) -> Verdict:
    """Refuse content that does not fit its type, leaves a text empty or, for a policy pack, does not pass its lint."""
    try:
        value = read_content(artefact_type, content)
    except Invalid as reason:
        return Verdict(allowed=False, code="artefact_content", reason=f"{artefact_type}: {reason}")
    problems = [f"{place}: expected text, got none" for place in empty_texts(value)]
    problems += [f"expected an answer, got the question {question}" for question in QUESTION.findall(content)]
    if isinstance(value, PolicyPack):
        problems += [f"{finding.place}: {finding.problem}" for finding in lint(value)]
    return require(not problems, "artefact_content", f"{artefact_type}: {'; '.join(problems)}")


def _dates(artefact: Artefact, now: datetime) -> Verdict:
    span = f"signed {artefact.signed_at.date()}, review by {artefact.review_by}"
    in_order = artefact.signed_at <= now and now.date() <= artefact.review_by
    return require(in_order, "artefact_dates", f"expected {artefact.type} signed before and in force now, got {span}")


def _pilot_ends(artefact: Artefact) -> Verdict:
    """Keep a pilot time-limited: its plan goes out of force with it, so no search outlives it."""
    if artefact.type is not ArtefactType.PILOT_PLAN:
        return ALLOWED
    ends = read_as(PilotPlan, artefact.content).ends
    last = (artefact.signed_at + PILOT_CEILING).date()
    reason = f"expected a pilot that ends by {last} and its plan by {ends}, got {ends} and {artefact.review_by}"
    return require(artefact.review_by <= ends <= last, "pilot_end", reason)


def _term_ends(artefact: Artefact) -> Verdict:
    """Let no contract count for longer than its term (GOV-19)."""
    if artefact.type is not ArtefactType.CONTRACT:
        return ALLOWED
    ends = read_as(Contract, artefact.content).ends
    reason = f"expected a contract reviewed by the end of its term ({ends}), got {artefact.review_by}"
    return require(artefact.review_by <= ends, "contract_end", reason)


def check_signature(artefact: Artefact, public_key: str) -> None:
    """Check digest and signature of an artefact, at acceptance and at every later start.

    Raises:
        SignatureError: The content has another digest, or the signature does not hold for the key.
    """
    if content_digest(artefact.content) != artefact.sha256:
        raise signature.SignatureError(
            f"expected {artefact.type} content with digest {artefact.sha256}, got other content"
        )
    message = statement(
        artefact_type=artefact.type,
        version=artefact.version,
        sha256=artefact.sha256,
        review_by=artefact.review_by,
        signed_at=artefact.signed_at,
        public_key=public_key,
    )
    signature.verify(public_key, message, artefact.signature)


def acceptable(artefact: Artefact, signer: Person, now: datetime) -> None:
    """Accept an artefact only when everything about it holds.

    Raises:
        SignatureError: Digest or signature do not hold for the signer's registered key.
        GuardError: The signer may not sign this type, the content is incomplete, or it is not in force now.
    """
    check_signature(artefact, signer.public_key)
    check(
        require(artefact.signer == signer.id, "signer", "expected the artefact of this signer, got another's"),
        may_sign(artefact.type, signer.roles),
        content_complete(artefact.type, artefact.content),
        _dates(artefact, now),
    )
    check(_pilot_ends(artefact), _term_ends(artefact))
