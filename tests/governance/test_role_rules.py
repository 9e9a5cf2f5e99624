from itertools import combinations

import pytest

from countersign.governance.actor import Role
from countersign.governance.role_rules import registrable, roles_compatible

CASEWORK = {Role.REQUESTER, Role.AUTHORISING_OFFICER, Role.OPERATOR, Role.EXAMINER}
APART = {frozenset({one, other}) for one in (Role.OVERSIGHT, Role.ADMINISTRATOR) for other in Role if other is not one}
APART |= {
    frozenset({Role.DPO, other}) for other in (*CASEWORK, Role.ASSET_OWNER, Role.CONTROLLER, Role.DISCLOSURE_OFFICER)
}
APART |= {frozenset({Role.ASSET_OWNER, other}) for other in (Role.OPERATOR, Role.EXAMINER)}
APART |= {frozenset({Role.DISCLOSURE_OFFICER, other}) for other in (Role.REQUESTER, Role.OPERATOR, Role.EXAMINER)}


@pytest.mark.parametrize("pair", list(combinations(Role, 2)))
def test_independent_roles_go_with_no_other(pair: tuple[Role, Role]):
    verdict = roles_compatible(pair)
    assert verdict.allowed is (frozenset(pair) not in APART)
    assert roles_compatible(pair[::-1]).allowed is verdict.allowed
    assert verdict.allowed or verdict.code == "roles_conflict"


@pytest.mark.parametrize("role", Role)
def test_one_role_alone_goes(role: Role):
    assert roles_compatible([role]).allowed


def test_nobody_is_registered_without_a_role():
    assert roles_compatible([]).code == "role_missing"


@pytest.mark.row("P-17")
@pytest.mark.parametrize("role", Role)
def test_signers_come_with_init_only(role: Role):
    assert registrable([Role.REQUESTER, role]).allowed is (role not in {Role.CONTROLLER, Role.DPO, Role.OVERSIGHT})
