"""What a browser does when another site leads to ours: the identity provider's answer, and a link in a message."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import uvicorn
from joserfc import jwk, jwt
from playwright.sync_api import sync_playwright

from countersign.governance.passkey import Site
from countersign.governance.permission import Permission
from countersign.operations.link_account import LinkAccount, link_account
from countersign.web.app import create_app
from countersign.web.office import Office
from countersign.web.provider import Provider, ProviderError, fetch
from countersign.web.security import Buckets
from countersign.web.shelf import MOST_BYTES, PictureGoneError, PictureShelf
from tests.operations.scene import Scene
from tests.web.browsing import Browser, Restless
from tests.web.test_browser import CHROMIUM, FLAGS

CROSS_SITE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
KEY = jwk.ECKey.generate_key("P-256", parameters={"kid": "ec"})


@dataclass
class Elsewhere:
    """Another site: an identity provider that asks nothing, with a page that links to ours."""

    scene: Scene
    place: str = ""
    ours: str = ""
    nonce: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(path)
        self.asked.append(parts.path)
        match parts.path:
            case "/.well-known/openid-configuration":
                names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                found = {name: f"{self.place}/{there}" for name, there in names.items()}
                return 200, {}, json.dumps({"issuer": self.place, **found})
            case "/authorize":
                asked = parse_qs(parts.query)
                self.nonce = asked["nonce"][0]
                back = f"{asked['redirect_uri'][0]}?code=c0de&state={asked['state'][0]}"
                return 200, {"content-type": "text/html"}, f'<a href="{back}">I am A. Orme</a>'
            case "/token":
                at = int(self.scene.clock.now().timestamp())
                claims = {"iss": self.place, "aud": "countersign", "sub": "a1b2c3", "nonce": self.nonce}
                token = jwt.encode({"alg": "ES256"}, {**claims, "iat": at, "exp": at + 60}, KEY)
                return 200, {}, json.dumps({"id_token": token})
            case "/keys":
                return 200, {}, json.dumps({"keys": [KEY.as_dict(private=False)]})
            case "/moved":
                return 302, {"location": f"{self.place}/keys"}, ""
            case _:
                return 200, {"content-type": "text/html"}, f'<a href="{self.ours}/decisions">Your decisions</a>'


@pytest.fixture
def elsewhere(scene: Scene) -> Iterator[Elsewhere]:
    site = Elsewhere(scene)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = site.answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Keep still."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    site.place = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def serving(scene: Scene, provider: Provider) -> Iterator[str]:
    config = uvicorn.Config(lambda: None, host="127.0.0.1", port=0, log_level="critical")
    bound = config.bind_socket()
    site = Site(rp_id="localhost", origin=f"http://localhost:{bound.getsockname()[1]}")
    office = Office(desk=scene.desk, site=site, people={}, provider=provider)
    config.app = create_app(office, buckets=Buckets(Restless()))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        yield site.origin
    finally:
        server.should_exit = True
        thread.join()
        bound.close()


@pytest.mark.enable_socket
@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
def test_who_comes_back_from_the_provider_is_signed_in_and_stays_so(elsewhere: Elsewhere, scene: Scene):
    arguments = LinkAccount(person=scene.person("officer").id, issuer=elsewhere.place, subject="a1b2c3")
    scene.force.do("administrator", Permission.ACCOUNT_LINK, link_account, arguments)
    provider = Provider(name="the force", issuer=elsewhere.place, client="countersign")

    with serving(scene, provider) as origin, sync_playwright() as play:
        elsewhere.ours = origin
        page = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS).new_page()
        page.goto(f"{origin}/sign-in")
        page.get_by_role("button", name="Sign in with the force").click()
        page.get_by_role("link", name="I am A. Orme").click()
        page.wait_for_url(f"{origin}/decisions")
        page.goto(elsewhere.place)
        page.get_by_role("link", name="Your decisions").click()
        page.get_by_role("link", name="Open the page").click()
        page.wait_for_url(f"{origin}/decisions")

        assert "A. Orme" in page.locator("header").inner_text()


def test_a_link_on_another_site_takes_nobodys_session_away(browser: Browser):
    browser.sign_in("officer")
    answer = browser.client.get("/decisions", headers=CROSS_SITE)

    assert "Open the page" in answer.text
    assert "set-cookie" not in answer.headers
    assert browser.get("/decisions").status_code == 200


@pytest.mark.enable_socket
def test_a_provider_cannot_send_us_elsewhere(elsewhere: Elsewhere):
    with pytest.raises(ProviderError, match=r"expected an answer of the identity provider, got none"):
        fetch(f"{elsewhere.place}/moved", {"code": "c0de"})
    assert elsewhere.asked == ["/moved"]


@pytest.mark.parametrize("address", ["file://localhost/etc/passwd", "ftp://127.0.0.1/keys"])
def test_a_provider_on_this_machine_is_asked_by_http_only(address: str):
    with pytest.raises(ProviderError, match=r"expected an https address"):
        fetch(address)


def test_the_shelf_gives_the_oldest_pictures_up_before_memory_runs_out(scene: Scene):
    shelf, now = PictureShelf(), scene.clock.now()
    part = bytes(MOST_BYTES // 3)
    names = [shelf.put("session", part, now).rsplit("/", 1)[1] for _ in range(4)]

    with pytest.raises(PictureGoneError):
        shelf.get("session", names[0], now)
    assert [shelf.get("session", name, now) == part for name in names[1:]] == [True, True, True]
