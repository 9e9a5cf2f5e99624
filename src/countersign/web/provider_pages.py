"""The way to the identity provider and back."""

import json
from dataclasses import asdict

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.governance.account import session_key
from countersign.governance.signature import public_hex
from countersign.operations.open_provider_session import open_provider_session
from countersign.primitives.codec import from_plain
from countersign.web.office import Office
from countersign.web.provider import Attempt, Provider, ProviderError, begin, discover, way_back, way_there
from countersign.web.security import PROVIDER_ANSWERS
from countersign.web.visit import keep_secret, new_secret, office_of

router = APIRouter()
WAY = "__Secure-countersign-way"
"""Cookie of a sign-in under way. Lax, since the provider sends the browser back from another site; ten minutes."""
PATH = "/sign-in/provider"
WAY_S = 600


def _provider(office: Office) -> Provider:
    if office.provider is None:
        raise ProviderError("expected a site with an identity provider, got one without")
    return office.provider


@router.get(PATH)
def go(request: Request) -> Response:
    """Send the browser to the provider."""
    office = office_of(request)
    provider, attempt = _provider(office), begin()
    place = way_there(provider, discover(provider, office.fetch), attempt, _back(office))
    answer = RedirectResponse(place, status_code=303)
    answer.set_cookie(
        WAY, json.dumps(asdict(attempt)).encode().hex(), WAY_S, secure=True, httponly=True, samesite="lax", path=PATH
    )
    return answer


def _back(office: Office) -> str:
    return f"{office.site.origin}{PROVIDER_ANSWERS}"


@router.get(PROVIDER_ANSWERS)
def come_back(request: Request, code: str = "", state: str = "") -> Response:
    """Verify what the provider says, and open a session for the person to whom its account is linked."""
    office = office_of(request)
    vouched = way_back(
        _provider(office),
        _attempt(request),
        code=code,
        state=state,
        back=_back(office),
        ask=office.fetch,
        now=office.desk.clock.now(),
    )
    secret = new_secret()
    open_provider_session(
        office.desk,
        issuer=vouched.issuer,
        subject=vouched.subject,
        public_key=public_hex(session_key(secret)),
        evidence=vouched.evidence,
    )
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(WAY, path=PATH, secure=True, httponly=True, samesite="lax")
    keep_secret(answer, secret)
    return answer


def _attempt(request: Request) -> Attempt:
    try:
        plain = json.loads(bytes.fromhex(request.cookies.get(WAY, "")))
    except ValueError as reason:
        raise ProviderError("expected a sign-in that began in this browser, got none") from reason
    attempt: Attempt = from_plain(Attempt, plain, "attempt")
    return attempt
