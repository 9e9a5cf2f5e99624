from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.errors import Conflict
from countersign.governance.account import INVITED, SignInError, hash_password, password_holds
from countersign.governance.passkey import PasskeyError
from countersign.governance.permission import Permission
from countersign.operations.open_account import OpenAccount, open_account
from countersign.operations.read_credentials import read_credentials
from tests.authenticator import PRESENT, Authenticator
from tests.operations.accounts import PASSWORD, SITE, account_of, invite
from tests.operations.scene import Scene, check_refused

OPEN = Permission.ACCOUNT_OPEN


def test_a_code_opens_the_account_of_the_person_who_made_it(founded: Scene):
    invite(founded, "operator")
    device = Authenticator(SITE)
    account = account_of(founded, device)

    assert account.person == founded.person("operator").id
    assert password_holds(account, PASSWORD)
    assert not password_holds(account, "another password")
    assert read_credentials(founded.desk, account.person) == (device.credential.hex(),)
    assert dict(founded.last().facts) == {"way": "passkey"}
    assert PASSWORD not in str(founded.state())


def test_a_code_is_refused_a_second_time(founded: Scene):
    invite(founded)
    account_of(founded, Authenticator(SITE))
    with check_refused(founded, OPEN, "session_ended"):
        account_of(founded, Authenticator(SITE), name="another")


def test_a_code_is_refused_after_a_day(founded: Scene):
    invite(founded)
    founded.clock.advance(INVITED)
    with check_refused(founded, OPEN, "session_ended"):
        account_of(founded, Authenticator(SITE))
    assert founded.last().actor == "system"


def test_a_code_that_nobody_made_is_refused(founded: Scene):
    with check_refused(founded, OPEN, "signature"):
        account_of(founded, Authenticator(SITE))
    assert founded.last().kind == "denied"


def test_a_name_that_is_taken_is_refused(founded: Scene):
    invite(founded)
    account_of(founded, Authenticator(SITE))
    invite(founded, "examiner", "c1de" * 16)
    with check_refused(founded, OPEN, "name_taken", family=Conflict):
        account_of(founded, Authenticator(SITE), code="c1de" * 16, name=" O.Penn ")


def test_no_name_is_refused(founded: Scene):
    invite(founded)
    with check_refused(founded, OPEN, "account_name"):
        account_of(founded, Authenticator(SITE), name="  ")


@pytest.mark.parametrize("lie", ["challenge", "origin", "domain", "unverified", "type"])
def test_a_passkey_whose_registration_lies_is_refused(founded: Scene, lie: str):
    invite(founded)
    device = Authenticator(SITE)
    challenge = None
    match lie:
        case "challenge":
            challenge = b"another challenge of 32 bytes...."
        case "origin":
            device.site = replace(SITE, origin="https://localhost.example.org")
        case "domain":
            device.site = replace(SITE, rp_id="example.org")
        case "unverified":
            device.flags = PRESENT
        case _:
            device.typed = "webauthn.get"
    with check_refused(founded, OPEN, PasskeyError.code):
        account_of(founded, device, challenge=challenge)
    assert founded.last().kind == "denied"


def test_a_persons_own_key_opens_no_account_by_itself_and_is_refused(founded: Scene):
    registration = Authenticator(SITE).register(bytes(32))
    arguments = OpenAccount(name="o.penn", password="", registration=registration, site=SITE)
    with check_refused(founded, OPEN, "mandate"):
        founded.force.do("operator", OPEN, open_account, arguments)
    assert founded.last().kind == "denied"


def test_a_short_password_is_refused():
    with pytest.raises(SignInError, match=r"expected a password of at least 15 characters, got 14"):
        hash_password("14 characters!")
    assert hash_password("15 characters!!").startswith("$argon2id$")


def test_an_account_without_a_password_takes_none():
    assert not password_holds(None, "anything at all")
    assert timedelta(hours=24) == INVITED
