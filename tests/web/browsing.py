"""How tests of the web browse: a client without a network, forms as the pages gave them."""

import re
import warnings
from dataclasses import dataclass

from httpx import Response

from countersign.governance.passkey import Site
from countersign.web.app import create_app
from countersign.web.office import Office
from countersign.web.security import Buckets
from countersign.web.serving import scripted_people
from countersign.web.visit import COOKIE, form_value
from tests.operations.scene import Scene

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have a library that is not out yet
    from starlette.testclient import TestClient


SITE = Site(rp_id="localhost", origin="https://localhost")


Fields = dict[str, str | list[str]]
Files = dict[str, tuple[str, bytes, str]]


def post(
    client: TestClient, path: str, fields: Fields | None = None, *, page: str = "", files: Files | None = None
) -> Response:
    """Send a form with the value that the page of this session carries."""
    shown = client.get(page or path)
    value = re.search(r'name="csrf" value="([0-9a-f]+)"', shown.text)
    data = {"csrf": value[1] if value else form_value(client.cookies[COOKIE]), **(fields or {})}
    answer: Response = client.post(path, data=data, files=files, headers={"origin": SITE.origin})
    return answer


@dataclass
class Browser:
    """A browser of one person: follows pages, fills in forms as the page gave them."""

    client: TestClient
    scene: Scene

    def get(self, path: str) -> Response:
        answer: Response = self.client.get(path)
        return answer

    def post(self, path: str, fields: Fields | None = None, *, page: str = "", files: Files | None = None) -> Response:
        return post(self.client, path, fields, page=page, files=files)

    def sign_in(self, who: str) -> Response:
        person = self.scene.person(who)
        return self.post("/sign-in/demonstration", {"person": person.id}, page="/sign-in")


class Restless:
    """A clock for rates under which no test waits: an hour passes between two requests."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 3600
        return self.now


def client_of(scene: Scene, buckets: Buckets | None = None, *, scripted: bool = True) -> TestClient:
    people = scripted_people(scene.desk, scene.keys) if scripted else {}
    office = Office(desk=scene.desk, site=SITE, people=people)
    app = create_app(office, buckets=buckets or Buckets(Restless()))
    return TestClient(app, base_url=SITE.origin, raise_server_exceptions=True)
