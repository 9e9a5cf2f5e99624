from dataclasses import replace

import pytest

from countersign.errors import Conflict
from countersign.governance.account import Account, SignInError, Way, session_key
from countersign.governance.permission import Permission
from countersign.governance.signature import public_hex
from countersign.operations.link_account import LinkAccount, link_account, subject_name
from countersign.operations.open_provider_session import open_provider_session
from countersign.operations.resume_session import resume_session
from countersign.primitives.digest import sha256
from tests.operations.scene import Scene, check_refused

ISSUER, SUBJECT = "https://login.force.example.org", "a1b2c3"
KEY = public_hex(session_key("77" * 32))
LINK = Permission.ACCOUNT_LINK


def link(scene: Scene, who: str = "officer", issuer: str = ISSUER, subject: str = SUBJECT) -> Account:
    arguments = LinkAccount(person=scene.person(who).id, issuer=issuer, subject=subject)
    return scene.force.do("administrator", LINK, link_account, arguments)


def vouch(scene: Scene, subject: str = SUBJECT) -> None:
    open_provider_session(scene.desk, issuer=ISSUER, subject=subject, public_key=KEY, evidence=sha256(b"statement"))


def test_whom_a_provider_vouches_for_is_signed_in(founded: Scene):
    link(founded)
    vouch(founded)

    assert resume_session(founded.desk, KEY).person == founded.person("officer").id
    assert resume_session(founded.desk, KEY).way is Way.PROVIDER
    assert dict(founded.last().facts) == {"way": "provider"}


def test_somebody_who_is_linked_to_nobody_is_refused(founded: Scene):
    link(founded)
    with pytest.raises(SignInError, match=r"expected .*got nobody"):
        vouch(founded, "another")
    assert founded.last().kind == "denied"


def test_somebody_who_left_is_refused(founded: Scene):
    link(founded)
    with founded.altering() as work:
        work.people.replace(replace(founded.person("officer"), left_on=founded.clock.now().date()))
    with pytest.raises(SignInError):
        vouch(founded)
    assert founded.last().kind == "denied"


def test_an_account_that_is_linked_is_refused_a_second_person(founded: Scene):
    link(founded)
    with check_refused(founded, LINK, "subject_taken", family=Conflict):
        link(founded, "operator")
    assert founded.last().kind == "denied"


def test_ones_own_account_and_an_empty_one_are_refused(founded: Scene):
    with check_refused(founded, LINK, "own_account"):
        link(founded, "administrator")
    with check_refused(founded, LINK, "account_name"):
        link(founded, subject=" ")
    assert founded.last().kind == "denied"


def test_two_pairs_of_issuer_and_subject_are_never_one_name():
    assert subject_name("a", "bc") != subject_name("ab", "c")
