from dataclasses import replace

import pytest

from countersign.governance.account import SignInError
from countersign.governance.passkey import Site
from countersign.governance.permission import Permission
from countersign.operations.read_status import read_status
from countersign.operations.run_search import RunSearch, run_search
from countersign.operations.show_probe import ShowProbe, show_probe
from tests.authenticator import PRESENT, Authenticator
from tests.operations.accounts import SECRET, SITE, account_of, command_of, invite, sign_in
from tests.operations.scene import Scene, check_refused

SEARCH = Permission.SEARCH_RUN


@pytest.fixture
def device(authorised: Scene) -> Authenticator:
    """An operator who is signed in at a scene where a search is authorised."""
    device = Authenticator(SITE)
    invite(authorised, "operator")
    account_of(authorised, device)
    sign_in(authorised, device)
    return device


def search(scene: Scene, device: Authenticator | None) -> None:
    run_search(scene.desk, command_of(scene, SEARCH, RunSearch(request=scene.ids.request), device))  # type: ignore[arg-type]


def test_a_session_with_the_persons_passkey_searches_and_the_use_is_counted(authorised: Scene, device: Authenticator):
    search(authorised, device)

    with authorised.reading() as work:
        (passkey,) = work.passkeys.where(person=authorised.person("operator").id)
        assert passkey.sign_count == device.count == 2
        entry = authorised.entries()[-1]
        assert entry.actor == authorised.person("operator").id
        assert "signature" in entry.commit


def test_a_session_alone_is_refused_a_search(authorised: Scene, device: Authenticator):
    assert device.count == 1
    with check_refused(authorised, SEARCH, "step_up"):
        search(authorised, None)
    assert authorised.last().kind == "denied"


def test_a_session_alone_may_look(authorised: Scene, device: Authenticator):
    assert device.count == 1
    arguments = ShowProbe(request=authorised.ids.request)
    assert show_probe(authorised.desk, command_of(authorised, Permission.CASE_READ, arguments, None))  # type: ignore[arg-type]


@pytest.mark.parametrize("lie", ["other command", "other passkey", "origin", "domain", "unverified", "copy", "crossed"])
def test_an_assertion_that_lies_is_refused(authorised: Scene, device: Authenticator, lie: str):
    arguments = RunSearch(request=authorised.ids.request)
    match lie:
        case "other command":
            other = command_of(authorised, SEARCH, RunSearch(request=authorised.ids.request), device)
            command = replace(command_of(authorised, SEARCH, arguments, None), assertion=other.assertion)
        case "other passkey":
            command = command_of(authorised, SEARCH, arguments, Authenticator(SITE))
        case "origin":
            device.site = Site(rp_id=SITE.rp_id, origin="https://evil.example.org")
            command = command_of(authorised, SEARCH, arguments, device)
        case "domain":
            device.site = Site(rp_id="example.org", origin=SITE.origin)
            command = command_of(authorised, SEARCH, arguments, device)
        case "unverified":
            device.flags = PRESENT
            command = command_of(authorised, SEARCH, arguments, device)
        case "copy":
            device.count = 0
            command = command_of(authorised, SEARCH, arguments, device)
        case _:
            device.typed = "webauthn.create"
            command = command_of(authorised, SEARCH, arguments, device)
    with check_refused(authorised, SEARCH, "passkey"):
        run_search(authorised.desk, command)  # type: ignore[arg-type]
    assert authorised.last().kind == "denied"


def test_the_key_of_a_password_signs_nothing_but_the_opening_of_its_session(authorised: Scene, device: Authenticator):
    from countersign.governance.account import session_key
    from countersign.governance.signature import public_hex
    from countersign.operations.check_password import check_password
    from tests.operations.accounts import NAME, PASSWORD

    secret = "ab" * 32
    check_password(authorised.desk, name=NAME, password=PASSWORD, public_key=public_hex(session_key(secret)))
    command = command_of(authorised, SEARCH, RunSearch(request=authorised.ids.request), device, secret)
    with check_refused(authorised, SEARCH, "mandate"):
        run_search(authorised.desk, command)  # type: ignore[arg-type]
    assert read_status(authorised.desk).entries > 0
    assert secret != SECRET
    assert SignInError.code == "sign_in"
