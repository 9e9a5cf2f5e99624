import json
import re
import threading
from collections.abc import Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwk, jwt

from countersign.governance.permission import Permission
from countersign.operations.link_account import LinkAccount, link_account
from countersign.web.provider import Provider, ProviderError, discover, fetch
from countersign.web.provider_pages import WAY
from countersign.web.visit import COOKIE
from tests.authenticator import Authenticator
from tests.operations.accounts import CODE, NAME, PASSWORD, invite
from tests.operations.scene import Scene
from tests.web.browsing import SITE, Browser, Fields, client_of
from tests.web.test_decisions import AUTHORISE
from tests.web.test_requester import ask


def shown(page: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', page)
    assert found, name
    return found[1]


def hidden(page: str) -> Fields:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: value for name, value in found if name != "csrf"}


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(SITE)


def join(browser: Browser, device: Authenticator, who: str = "operator", **changed: str) -> str:
    """Open an account with a code, and give the page that follows."""
    invite(browser.scene, who)
    asked = browser.post("/join", {"code": "-".join(CODE[at : at + 4] for at in range(0, 64, 4)).upper()}).text
    made = device.register(bytes.fromhex(shown(asked, "data-challenge")))
    fields: Fields = {
        **hidden(asked),
        "name": NAME,
        "password": PASSWORD,
        "credential": made.credential,
        "client_data": made.client_data,
        "attestation": made.attestation,
        **changed,
    }
    return browser.post("/join/account", fields, page="/join").text


def confirm(browser: Browser, page: str, device: Authenticator, path: str) -> str:
    """Do what the page with the passkey asks for."""
    made = device.sign_over(bytes.fromhex(shown(page, "data-challenge")))
    answer = {
        "stepup_credential": made.credential,
        "stepup_client_data": made.client_data,
        "stepup_authenticator_data": made.authenticator_data,
        "stepup_signature": made.signature,
    }
    value = shown(page, 'name="csrf" value')
    data = {**hidden(page), **answer, "csrf": value}
    return str(browser.client.post(path, data=data, headers={"origin": SITE.origin}).text)


def sign_in(browser: Browser, device: Authenticator) -> str:
    page = browser.post("/sign-in", {"name": NAME, "password": PASSWORD}).text
    return confirm(browser, page, device, "/sign-in/passkey")


@pytest.fixture
def plain(scene: Scene) -> Browser:
    """A browser at a site without one-click people."""
    return Browser(client_of(scene, scripted=False), scene)


def test_a_person_opens_an_account_and_signs_in_with_password_and_passkey(plain: Browser, device: Authenticator):
    assert "Sign in" in join(plain, device, "officer")
    page = sign_in(plain, device)

    assert "A. Orme" in page
    assert COOKIE in plain.client.cookies


def test_a_wrong_password_says_no_more_than_that_and_signs_nobody_in(plain: Browser, device: Authenticator):
    join(plain, device)
    answer = plain.post("/sign-in", {"name": NAME, "password": "something else entirely"})

    assert answer.status_code == 403
    assert "Enter the name and password of your account" in answer.text
    assert plain.get("/").url.path == "/sign-in"


def test_after_the_password_alone_nobody_is_signed_in(plain: Browser, device: Authenticator):
    join(plain, device)
    assert "Confirm with your passkey" in plain.post("/sign-in", {"name": NAME, "password": PASSWORD}).text

    assert plain.get("/").url.path == "/sign-in"


def test_another_passkey_does_not_sign_in(plain: Browser, device: Authenticator):
    join(plain, device)
    page = plain.post("/sign-in", {"name": NAME, "password": PASSWORD}).text

    assert "This was refused" in confirm(plain, page, Authenticator(SITE), "/sign-in/passkey")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"password": "short"}, "at least 15 characters"),
        ({"name": ""}, "expected a name"),
        ({"attestation": "00"}, "expected the answer of an authenticator"),
    ],
)
def test_an_account_that_cannot_be_opened_says_why(
    plain: Browser, device: Authenticator, changed: dict[str, str], message: str
):
    page = join(plain, device, **changed)

    assert "There is a problem" in page
    assert message in page


def test_a_code_is_asked_for(plain: Browser):
    assert "Enter the code" in plain.post("/join", {"code": " - "}).text


def test_an_officer_with_a_passkey_authorises_just_what_they_saw(browser: Browser, device: Authenticator):
    request = ask(browser).rsplit("/", 1)[1]
    officer = Browser(client_of(browser.scene, scripted=False), browser.scene)
    join(officer, device, "officer")
    sign_in(officer, device)
    officer.get(f"/decisions/{request}")
    path = f"/decisions/{request}/decide"
    page = officer.post(path, AUTHORISE).text
    assert "You authorise one search for one person." in page
    altered = page.replace("strictly", "barely").replace('value="authorise"', 'value="urgent"')
    assert "expected" in confirm(officer, altered, device, path)
    untimed = re.sub(r'(name="stepup_at" value=)"[^"]*"', r'\1""', page)
    assert "expected the time of the page" in confirm(officer, untimed, device, path)

    assert "Authorised, waiting for the search" in confirm(officer, page, device, path)


def test_a_session_alone_authorises_nothing(browser: Browser, device: Authenticator):
    request = ask(browser).rsplit("/", 1)[1]
    officer = Browser(client_of(browser.scene, scripted=False), browser.scene)
    join(officer, device, "officer")
    sign_in(officer, device)
    officer.get(f"/decisions/{request}")
    path = f"/decisions/{request}/decide"
    officer.post(path, AUTHORISE)

    assert "Waiting for you" in officer.get("/decisions").text


ISSUER = "https://login.force.example.org"
PROVIDER = Provider(name="the force", issuer=ISSUER, client="countersign", client_secret="shared with the provider")  # noqa: S106
KEY = jwk.ECKey.generate_key("P-256", parameters={"kid": "ec"})
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}


class FakeProvider:
    """A provider in process: it remembers what it was asked and vouches for one subject."""

    def __init__(self, scene: Scene, subject: str = "a1b2c3") -> None:
        self.scene = scene
        self.subject = subject
        self.nonce = ""
        self.answer: dict[str, object] | None = None
        self.asked: dict[str, str] = {}

    def __call__(self, address: str, form: Mapping[str, str] | None = None) -> Mapping[str, object]:
        if address.endswith("openid-configuration"):
            return dict(DOCUMENT)
        if address == DOCUMENT["jwks_uri"]:
            return {"keys": [KEY.as_dict(private=False)]}
        self.asked = dict(form or {})
        at = int(self.scene.clock.now().timestamp())
        claims = {
            "iss": ISSUER, "aud": "countersign", "sub": self.subject, "iat": at, "exp": at + 60, "nonce": self.nonce,
        }  # fmt: skip
        return self.answer if self.answer is not None else {"id_token": jwt.encode({"alg": "ES256"}, claims, KEY)}


@pytest.fixture
def provider(scene: Scene) -> FakeProvider:
    arguments = LinkAccount(person=scene.person("officer").id, issuer=ISSUER, subject="a1b2c3")
    scene.force.do("administrator", Permission.ACCOUNT_LINK, link_account, arguments)
    return FakeProvider(scene)


@pytest.fixture
def forces(scene: Scene, provider: FakeProvider) -> Browser:
    client = client_of(scene, scripted=False)
    state = client.app.state  # type: ignore[attr-defined]
    state.office = replace(state.office, provider=PROVIDER, fetch=provider)
    return Browser(client, scene)


def go(browser: Browser, provider: FakeProvider) -> str:
    """Go to the provider, and give the state that it sends the browser back with."""
    answer = browser.client.get("/sign-in/provider", follow_redirects=False)
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    provider.nonce = asked["nonce"][0]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["https://localhost/sign-in/provider/back"]
    return str(asked["state"][0])


def test_a_person_signs_in_with_the_forces_provider(forces: Browser, provider: FakeProvider):
    assert "Sign in with the force" in forces.get("/sign-in").text
    state = go(forces, provider)
    page = forces.get(f"/sign-in/provider/back?code=c0de&state={state}")

    assert "A. Orme" in page.text
    assert provider.asked["client_secret"] == PROVIDER.client_secret
    assert len(provider.asked["code_verifier"]) >= 43


@pytest.mark.parametrize("lie", ["state", "code", "nobody", "no statement", "no cookie", "nonce"])
def test_an_answer_that_is_not_to_this_sign_in_signs_nobody_in(forces: Browser, provider: FakeProvider, lie: str):
    state, code = go(forces, provider), "c0de"
    match lie:
        case "state":
            state = "another"
        case "code":
            code = ""
        case "nobody":
            provider.subject = "nobody"
        case "no statement":
            provider.answer = {}
        case "no cookie":
            forces.client.cookies.delete(WAY)
        case _:
            provider.nonce = "of another sign-in"
    answer = forces.get(f"/sign-in/provider/back?code={code}&state={state}")

    assert answer.status_code in {403, 422}
    assert forces.get("/").url.path == "/sign-in"


def test_a_site_without_a_provider_sends_nobody_away(plain: Browser):
    assert plain.get("/sign-in/provider").status_code == 403


@pytest.mark.parametrize("document", [{}, {**DOCUMENT, "issuer": "https://evil.example.org"}, {"issuer": ISSUER}])
def test_a_document_that_is_not_the_providers_own_is_refused(document: dict[str, object]):
    with pytest.raises(ProviderError, match=r"expected .*got"):
        discover(PROVIDER, lambda _: document)


@pytest.mark.parametrize("address", ["http://login.force.example.org/keys", "file:///etc/passwd", "ftp://x/y"])
def test_the_provider_is_asked_over_tls_only(address: str):
    with pytest.raises(ProviderError, match=r"expected an https address"):
        fetch(address)


class Answer(BaseHTTPRequestHandler):
    """A provider on loopback that answers with what it was asked, or with no object."""

    def do_GET(self) -> None:
        self._say(b"[]" if self.path == "/list" else json.dumps({"path": self.path}).encode())

    def do_POST(self) -> None:
        self._say(json.dumps({"form": self.rfile.read(int(self.headers["content-length"])).decode()}).encode())

    def _say(self, body: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep still."""


@pytest.mark.enable_socket
def test_a_provider_is_asked_by_get_and_by_form_and_must_answer_with_an_object():
    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    place = f"http://127.0.0.1:{server.server_port}"
    try:
        assert fetch(f"{place}/keys") == {"path": "/keys"}
        assert fetch(f"{place}/token", {"code": "a b"}) == {"form": "code=a+b"}
        with pytest.raises(ProviderError, match=r"expected an object"):
            fetch(f"{place}/list")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    with pytest.raises(ProviderError, match=r"expected an answer"):
        fetch(f"{place}/keys")
