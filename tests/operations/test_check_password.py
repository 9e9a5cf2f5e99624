from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.governance.account import FAILURES, HALF_SIGNED_IN, LOCKED, SignInError, Way, session_key
from countersign.governance.permission import Permission
from countersign.governance.signature import public_hex
from countersign.operations.check_password import HalfSignedIn, check_password
from countersign.operations.open_session import OpenSession, open_session
from countersign.operations.resume_session import SessionEndedError, resume_session
from tests.authenticator import Authenticator
from tests.operations.accounts import NAME, PASSWORD, SECRET, SITE, account_of, command_of, invite, sign_in
from tests.operations.scene import Scene, check_refused

KEY = public_hex(session_key(SECRET))
WRONG = "another long enough one"


@pytest.fixture
def device(founded: Scene) -> Authenticator:
    device = Authenticator(SITE)
    invite(founded)
    account_of(founded, device)
    return device


def attempt(scene: Scene, name: str = NAME, password: str = PASSWORD) -> HalfSignedIn:
    return check_password(scene.desk, name=name, password=password, public_key=KEY)


def test_password_and_passkey_sign_in_for_a_session(founded: Scene, device: Authenticator):
    session = sign_in(founded, device)

    assert session.way is Way.PASSKEY
    assert dict(founded.last().facts) == {"way": "passkey"}
    assert resume_session(founded.desk, KEY).name == founded.person("operator").name


def test_a_password_alone_is_no_session(founded: Scene, device: Authenticator):
    assert attempt(founded).credentials == (device.credential.hex(),)
    with pytest.raises(SessionEndedError):
        resume_session(founded.desk, KEY)


def test_a_password_waits_five_minutes_for_its_passkey(founded: Scene, device: Authenticator):
    attempt(founded)
    founded.clock.advance(HALF_SIGNED_IN)
    command = command_of(founded, Permission.SESSION_OPEN, OpenSession(public_key=KEY), device)
    with check_refused(founded, Permission.SESSION_OPEN, "session_ended"):
        open_session(founded.desk, command)  # type: ignore[arg-type]
    assert founded.last().actor == "system"


def test_a_password_without_the_passkey_is_refused_a_session(founded: Scene, device: Authenticator):
    assert device.count == 0
    attempt(founded)
    command = command_of(founded, Permission.SESSION_OPEN, OpenSession(public_key=KEY), None)
    with check_refused(founded, Permission.SESSION_OPEN, "step_up"):
        open_session(founded.desk, command)  # type: ignore[arg-type]
    assert founded.last().kind == "denied"


def test_a_password_is_refused_a_session_of_another_key(founded: Scene, device: Authenticator):
    attempt(founded)
    command = command_of(founded, Permission.SESSION_OPEN, OpenSession(public_key="00" * 32), device)
    with check_refused(founded, Permission.SESSION_OPEN, "mandate"):
        open_session(founded.desk, command)  # type: ignore[arg-type]
    assert founded.last().kind == "denied"


@pytest.mark.parametrize(("name", "password"), [(NAME, WRONG), ("nobody", PASSWORD), ("", "")])
def test_wrong_names_and_passwords_are_refused_alike(founded: Scene, device: Authenticator, name: str, password: str):
    assert device.credential
    with pytest.raises(SignInError) as raised:
        attempt(founded, name, password)

    assert (
        str(raised.value) == "expected the name and password of an account, got something else; after five tries wait"
    )
    facts = {"operation": "session.open", "reason": "sign_in", "spoke": "guard"}
    assert dict(founded.last().facts) == facts
    assert founded.last().actor == "system"


def test_after_five_wrong_passwords_even_the_right_one_waits(founded: Scene, device: Authenticator):
    for _ in range(FAILURES):
        with pytest.raises(SignInError):
            attempt(founded, password=WRONG)
    with pytest.raises(SignInError):
        attempt(founded)
    founded.clock.advance(LOCKED - timedelta(seconds=1))
    with pytest.raises(SignInError):
        attempt(founded)
    founded.clock.advance(timedelta(seconds=1))

    assert attempt(founded).credentials == (device.credential.hex(),)


def test_somebody_who_left_is_refused_as_if_the_password_were_wrong(founded: Scene, device: Authenticator):
    assert device.credential
    person = founded.person("operator")
    with founded.altering() as work:
        work.people.replace(replace(person, left_on=founded.clock.now().date()))
    with pytest.raises(SignInError):
        attempt(founded)
    assert founded.last().kind == "denied"
