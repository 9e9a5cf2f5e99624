"""How journeys browse: a served demonstration that keeps what it answered, and visitors in Debian's Chromium.

A visitor acts as a person does, by what stands on the page, and keeps count: how often something was activated, what
was read and what was written. Each visitor's browser is named after who sits there, so that the answers on the wire
can be told apart; nothing in the application reads it.
"""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from countersign.governance.passkey import Site
from countersign.operations.desk import Desk
from countersign.web.app import create_app
from countersign.web.office import Office
from countersign.web.security import Buckets
from countersign.web.serving import OneAtATime, scripted_people
from tests.operations.scene import Scene
from tests.web.browsing import Restless

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WORDS_A_MINUTE = 238
"""Silent reading of English prose (Brysbaert 2019, Journal of Memory and Language 109)."""
KEY_S, POINT_S = 0.2, 1.3
"""Keystroke-level model (Card, Moran & Newell 1980): a key of a skilled typist; pointing and clicking. Its time for
making up one's mind is left out, since what there is to read is counted by itself."""
SHOWN = """() => {
  const skipped = [...document.querySelectorAll("main .govuk-radios__hint, main .govuk-visually-hidden, main nav")];
  for (const one of skipped) one.style.display = "none";
  const text = document.querySelector("main").innerText;
  for (const one of skipped) one.style.display = "";
  return text;
}"""
"""What a person reads of a page. What explains an answer is read by whoever wonders about that answer; the answers
themselves are all read. Links to places of the page itself repeat its headings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer as it went over the wire."""

    who: str
    path: str
    status: int
    media_type: str
    body: bytes


class Wire:
    """Stands in front of the application and keeps every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.answers: list[Answered] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)
            await send(message)

        await self._app(scope, receive, keep)
        named = next((value for name, value in scope["headers"] if name.startswith(b"user-")), b"")
        start = next(one for one in sent if one["type"] == "http.response.start")
        self.answers.append(
            Answered(
                who=named.decode(),
                path=scope["path"],
                status=start["status"],
                media_type=dict(start["headers"]).get(b"content-type", b"").decode(),
                body=b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body"),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A scene that is served on a free port of this machine."""

    origin: str
    scene: Scene
    wire: Wire
    office: Office


@contextmanager
def serving(scene: Scene, *, scripted: bool = True) -> Iterator[Served]:
    """Serve a demonstration; without its one-click people where accounts and passkeys are wanted."""
    config = uvicorn.Config(lambda: None, host="127.0.0.1", port=0, log_level="critical")
    bound = config.bind_socket()
    site = Site(rp_id="localhost", origin=f"http://localhost:{bound.getsockname()[1]}")
    desk: Desk = replace(scene.desk, engine=OneAtATime(scene.desk.engine))
    people = scripted_people(scene.desk, scene.keys) if scripted else {}
    office = Office(desk=desk, site=site, people=people)
    wire = Wire(create_app(office, buckets=Buckets(Restless())))
    config.app = wire
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        yield Served(origin=site.origin, scene=scene, wire=wire, office=office)
    finally:
        server.should_exit = True
        thread.join()
        bound.close()


@contextmanager
def launched() -> Iterator[Chromium]:
    """Start a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def faults(page: Page) -> str:
    """Give what axe finds on a page; empty is good."""
    found = Axe().run(page)
    return f"{page.url}: {found.generate_report()}" if found.violations_count else ""


def check_accessible(page: Page) -> None:
    found = faults(page)
    assert not found, found


@dataclass(kw_only=True)
class Effort:
    """What one errand costs a person.

    Attributes:
        acts: How often something was activated: a link, a button, one of several answers.
        written: Characters that were typed.
        read: Lines that were shown, each once: what was read is not read again.
        known: Lines that the person read on an earlier errand.
    """

    acts: int = 0
    written: int = 0
    read: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)

    @property
    def words(self) -> int:
        return sum(any(map(str.isalnum, word)) for line in self.read - self.known for word in line.split())

    def then(self) -> "Effort":
        """Give the effort of the next errand of the same person."""
        return Effort(known=self.read | self.known)

    @property
    def minutes(self) -> float:
        """Give the time it takes at a steady reading speed, with a skilled person's keys and pointer."""
        hands = self.acts * POINT_S + self.written * KEY_S
        return self.words / WORDS_A_MINUTE + hands / 60


@dataclass(kw_only=True)
class Visitor:
    """One person before one browser; every page that they come to is looked at by axe and measured."""

    who: str
    served: Served
    context: BrowserContext
    page: Page
    effort: Effort = field(default_factory=Effort)
    faults: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    audited: bool = True
    watch: Callable[["Visitor"], None] = lambda _: None

    def look(self) -> None:
        """Read the page that is open now, and have it looked at."""
        self.page.wait_for_load_state("load")
        self.seen.append(self.page.url.removeprefix(self.served.origin))
        self.read()
        if self.audited:
            self.faults += filter(None, [faults(self.page)])
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            self.wide.append(f"{self.seen[-1]} is {width} px too wide")
        self.watch(self)

    def read(self) -> None:
        parts = re.split(r"[\n\t]", self.page.evaluate(SHOWN))
        self.effort.read |= {part.strip() for part in parts if part.strip()}

    def go(self, path: str) -> None:
        """Open an address; a person would have followed a link, so it counts as nothing."""
        self.page.goto(self.served.origin + path)
        self.look()

    def press(self, name: str, *, leaves: bool = True) -> None:
        """Press the button, or follow the link, of this name on the page."""
        main = self.page.locator("main, nav.govuk-service-navigation, .cs-header")
        self.read()
        self.watch(self)  # what an answer made appear is read before going on
        control = main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first
        self.act(control)
        if leaves:
            self.look()

    def act(self, control: Locator) -> None:
        self.effort.acts += 1
        control.click()

    def choose(self, name: str, value: str) -> None:
        """Choose one of several answers."""
        self.act(self.page.locator(f"input[name='{name}'][value='{value}']"))

    def write(self, name: str, text: str) -> None:
        """Write into a field; going there is not counted, the tabulator does it between two texts."""
        self.effort.written += len(text)
        self.page.locator(f"[name='{name}']").fill(text)

    def errors(self) -> list[str]:
        """Give the messages of the error summary."""
        return self.page.locator(".govuk-error-summary__list li").all_inner_texts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """How somebody sits before their browser."""

    width: int = 1280
    height: int = 900
    scripts: bool = True
    audited: bool = True
    watch: Callable[[Visitor], None] = lambda _: None


def visitor(chromium: Chromium, served: Served, who: str, how: Sitting | None = None, **also: Any) -> Visitor:
    """Open a browser for one person of the cast and sign them in with one click."""
    how = replace(how or Sitting(), **{name: value for name, value in also.items() if name != "signs_in"})
    context = chromium.new_context(
        viewport={"width": how.width, "height": how.height}, user_agent=who, java_script_enabled=how.scripts
    )
    page = context.new_page()
    made = Visitor(who=who, served=served, context=context, page=page, audited=how.audited, watch=how.watch)
    page.on("pageerror", lambda error: made.broken.append(str(error)))
    page.on("console", lambda said: made.broken.append(said.text) if "script-src" in said.text else None)
    if also.get("signs_in", True):
        page.goto(f"{served.origin}/sign-in")
        page.locator(f"button[value='{served.scene.person(who).id}']").click()
        made.look()
    return made
