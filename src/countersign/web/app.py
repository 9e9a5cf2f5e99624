"""Puts the web application together: pages, their order of checks, and how an error becomes a page."""

from importlib.resources import files

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from countersign.errors import Conflict, CountersignError, IntegrityBroken, Invalid, NotFound, Refused
from countersign.operations.read_status import read_status
from countersign.operations.resume_session import SessionEndedError
from countersign.operations.signer import LeftServiceError
from countersign.web import (
    accounts,
    asking,
    decisions,
    documents,
    home,
    moments,
    pictures,
    policy,
    provider_pages,
    recordings,
    request_pages,
    requests,
    review_pages,
    sending,
    sign_in,
    supervising,
    workstation,
)
from countersign.web.office import Office
from countersign.web.refusals import spoken
from countersign.web.rendering import render, summary
from countersign.web.security import Buckets, Guard
from countersign.web.visit import FormOriginError

STATUS: dict[type[CountersignError], tuple[int, str]] = {
    Refused: (403, "This was refused"),
    NotFound: (404, "This was not found"),
    Invalid: (422, "Something is missing or not as expected"),
    Conflict: (409, "Something else came first"),
    IntegrityBroken: (500, "Nothing was done"),
}
ROUTERS = (
    sign_in.router,
    home.router,
    pictures.router,
    policy.router,
    request_pages.router,
    asking.router,
    recordings.router,
    moments.router,
    sending.router,
    requests.router,
    decisions.router,
    documents.router,
    workstation.router,
    review_pages.router,
    supervising.router,
    accounts.router,
    provider_pages.router,
)


def create_app(office: Office, *, buckets: Buckets | None = None) -> FastAPI:
    """Make the application around a desk."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.office = office
    app.state.kind = read_status(office.desk).kind
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/assets", StaticFiles(directory=str(files("countersign.web") / "assets"), check_dir=False))
    app.add_exception_handler(CountersignError, said)
    app.add_exception_handler(HTTPException, not_there)
    app.add_middleware(Guard, site=office.site, buckets=buckets)
    return app


def said(request: Request, error: Exception) -> Response:
    """Make an error of ours into a page, or into the way to sign in."""
    assert isinstance(error, CountersignError)  # noqa: S101  registered for no other
    if isinstance(error, SessionEndedError | LeftServiceError):
        return RedirectResponse("/sign-in?ended", status_code=303)
    visit = getattr(request.state, "visit", None)
    if isinstance(error, Refused) and error.code == policy.UNREAD and visit is not None:
        return policy.lead_there(request, visit)
    status, title = next((found for family, found in STATUS.items() if isinstance(error, family)), (500, "It failed"))
    refused_by_us = isinstance(error, Refused) and not isinstance(error, FormOriginError)
    words = spoken(error)
    return render(
        request,
        "error.html",
        status=status,
        title=title,
        message=words,
        recorded=refused_by_us,
        errors=summary([("what-to-do", words)]),
    )


def not_there(request: Request, error: Exception) -> Response:
    """Make an address that does not exist into a page."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return render(request, "error.html", status=status, title="Page not found", message="", recorded=False)
