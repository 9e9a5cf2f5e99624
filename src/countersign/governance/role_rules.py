"""Which roles one person may hold at all, before any case (requirements §3).

Duties within one request are `request_rules`.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from countersign.governance.actor import Role
from countersign.governance.verdict import Verdict, require

_CASEWORK = frozenset({Role.REQUESTER, Role.AUTHORISING_OFFICER, Role.OPERATOR, Role.EXAMINER})
# Independent of the force's chain: their keys come with init, and nobody registers one later (practice P-17).
SIGNERS = frozenset({Role.CONTROLLER, Role.DPO, Role.OVERSIGHT})
CONFLICTS: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        # DPA 2018 s.70(3): no tasks that conflict with the data protection officer's own.
        Role.DPO: _CASEWORK | {Role.ADMINISTRATOR, Role.ASSET_OWNER, Role.CONTROLLER, Role.DISCLOSURE_OFFICER},
        Role.OVERSIGHT: frozenset(Role) - {Role.OVERSIGHT},
        Role.ADMINISTRATOR: frozenset(Role) - {Role.ADMINISTRATOR},
        Role.ASSET_OWNER: frozenset({Role.OPERATOR, Role.EXAMINER}),
        Role.DISCLOSURE_OFFICER: frozenset({Role.REQUESTER, Role.OPERATOR, Role.EXAMINER}),
    }
)


def roles_compatible(roles: Collection[Role]) -> Verdict:
    """Refuse a person with no role, or with two of which one forbids the other."""
    pairs = sorted(f"{role} and {other}" for role in roles for other in CONFLICTS.get(role, frozenset()) & set(roles))
    if not roles:
        return Verdict(allowed=False, code="role_missing", reason="expected at least one role, got none")
    return require(not pairs, "roles_conflict", f"expected roles that go together, got {', '.join(pairs)}")


def registrable(roles: Collection[Role]) -> Verdict:
    """Refuse to register a signer after init: controller, DPO and oversight come with it."""
    signers = sorted(SIGNERS & set(roles))
    return require(not signers, "signer_after_init", f"expected no signer's role after init, got {', '.join(signers)}")
