from countersign.errors import Invalid
from countersign.governance.account import INVITED, MandateKind
from countersign.governance.permission import Permission
from countersign.operations.invite_account import InviteAccount, invite_account
from tests.operations.accounts import CODE, invite
from tests.operations.scene import Scene, check_refused


def test_a_persons_own_key_makes_a_code_for_their_own_account(founded: Scene):
    invitation = invite(founded, "operator")

    assert invitation.kind is MandateKind.INVITATION
    assert invitation.person == founded.person("operator").id
    assert invitation.ends_at == founded.clock.now() + INVITED
    assert dict(founded.last().facts) == {"hours": 24}
    assert CODE not in str(founded.state()["mandate"])


def test_what_is_no_key_is_refused(founded: Scene):
    with check_refused(founded, Permission.ACCOUNT_INVITE, "malformed_key", family=Invalid):
        founded.force.do("operator", Permission.ACCOUNT_INVITE, invite_account, InviteAccount(public_key="code"))
    assert founded.last().kind == "denied"
