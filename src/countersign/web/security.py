"""What holds for every request and every answer, whatever the page: origin, host, rates, sizes and headers.

A form is taken only when the browser says that it came from this very site (``Origin``, else ``Sec-Fetch-Site``);
beside that every form carries a value that only this session's pages can know (`visit.check_form`).

A page that another site leads to is not given at once: the browser keeps the session's cookie back from such a
request, so that it looks like a stranger's and would be sent to sign in again. A page of ours stands in between
(`arrived.html`).
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from countersign.governance.passkey import Site
from countersign.web.rendering import render

SAFE = frozenset({"GET", "HEAD"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer a browser would hide the origin of our own forms from us
    "permissions-policy": "camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}
HSTS = "max-age=63072000; includeSubDomains"
FORM_BYTES = 1024 * 1024
PART_LIMIT_BYTES = 3 * 1024 * 1024
FILE_BYTES = 257 * 1024 * 1024
FILES = "/exhibits/new"
PROVIDER_ANSWERS = "/sign-in/provider/back"
PARTS = "/exhibits/sendings/"
_MOST_CLIENTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most ``burst`` requests at once, refilled at ``per_second``."""

    burst: float
    per_second: float


SIGN_IN = Rate(burst=10, per_second=10 / 60)
REST = Rate(burst=300, per_second=20)


class Buckets:
    """Counts requests by client; the least recent are forgotten when there are too many."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._left: OrderedDict[tuple[str, Rate], tuple[float, float]] = OrderedDict()

    def take(self, client: str, rate: Rate) -> bool:
        """Say whether one more request of this client is within the rate, and count it."""
        now = self._clock()
        with self._lock:
            left, at = self._left.pop((client, rate), (rate.burst, now))
            left = min(rate.burst, left + (now - at) * rate.per_second)
            allowed = left >= 1
            self._left[client, rate] = (left - 1 if allowed else left, now)
            while len(self._left) > _MOST_CLIENTS:
                self._left.popitem(last=False)
        return allowed


class Guard:
    """ASGI middleware in front of everything."""

    def __init__(self, app: ASGIApp, *, site: Site, buckets: Buckets | None = None) -> None:
        self._app = app
        self._site = site
        self._host = urlsplit(site.origin).netloc
        self._buckets = buckets or Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or go on with our headers on the answer."""
        if scope["type"] != "http":  # no web socket exists here
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        refusal, app = self.refusal(scope), self._app
        if refusal:
            app = PlainTextResponse(refusal[1], status_code=refusal[0])
        elif _is_led_here(scope):
            app = render(Request(scope), "arrived.html")
        await app(scope, receive, self._answering(scope, send))

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Give status and reason of a refusal; None when the request may go on."""
        headers, method, path = Headers(scope=scope), scope["method"], scope["path"]
        client = scope["client"][0] if scope.get("client") else "unknown"
        rate = SIGN_IN if path.startswith(("/sign-in", "/join")) and method not in SAFE else REST
        if headers.get("host") != self._host:
            return 421, f"expected a request for {self._host}, got one for another host"
        if not self._buckets.take(client, rate):
            return 429, "expected fewer requests, got too many: wait a minute"
        if method in SAFE:
            return None
        if not self._is_ours(headers):
            return 403, "expected a form of this site, got one from elsewhere"
        limit = FILE_BYTES if path.startswith(FILES) else PART_LIMIT_BYTES if path.startswith(PARTS) else FORM_BYTES
        if not _fits(headers.get("content-length"), limit):
            return 413, f"expected at most {limit} bytes and their number, got more or none"
        return None

    def _is_ours(self, headers: Headers) -> bool:
        origin, fetched = headers.get("origin"), headers.get("sec-fetch-site")
        if fetched not in {None, "same-origin"}:
            return False
        return origin == self._site.origin if origin is not None else fetched == "same-origin"

    def _answering(self, scope: Scope, send: Send) -> Send:
        assets = scope["path"].startswith("/assets/")

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["cache-control"] = "public, max-age=3600" if assets else "no-store"
                if self._site.origin.startswith("https:"):
                    headers["strict-transport-security"] = HSTS
            await send(message)

        return answer


def _is_led_here(scope: Scope) -> bool:
    """Say whether another site leads a person to a page; the provider's answer is met by a cookie of its own."""
    headers = Headers(scope=scope)
    asked = (headers.get("sec-fetch-site"), headers.get("sec-fetch-mode"))
    return asked == ("cross-site", "navigate") and scope["path"] != PROVIDER_ANSWERS


def _fits(length: str | None, limit: int) -> bool:
    return length is not None and length.isascii() and length.isdigit() and int(length) <= limit
