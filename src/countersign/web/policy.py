"""The policy that binds everybody once they read it: what changed, in words, and the way back to the work."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from countersign.errors import CountersignError
from countersign.governance.permission import Permission
from countersign.operations.acknowledge_policy import AcknowledgePolicy, acknowledge_policy
from countersign.operations.read_policy import read_policy
from countersign.operations.read_unread import read_unread
from countersign.primitives.digest import Sha256
from countersign.web.policy_words import essentials, parts
from countersign.web.rendering import render, summary
from countersign.web.security import SAFE
from countersign.web.visit import FieldsOf, Visit, Visiting, office_of

router = APIRouter()
PLACE = "/policy"
UNREAD = "policy_unread"
"""Code of the refusal that leads here."""
FORM = "policy"


def lead_there(request: Request, visit: Visit) -> Response:
    """Lead a person to the policy that they have to read first, and remember where they were.

    A form that was sent is not sent again: they come back to the page that it stands on.
    """
    visit.answer(FORM, {"back": _place_of(request)})
    if request.headers.get("accept") == "application/json":
        return JSONResponse({"next": PLACE})
    return RedirectResponse(PLACE, status_code=303)


def _place_of(request: Request) -> str:
    """Give the page that is open: of a form that is sent, the one that it stands on."""
    if request.method in SAFE:
        return request.url.path
    page = request.headers.get("referer", "")
    return urlsplit(page).path if page.startswith(office_of(request).site.origin + "/") else "/"


@router.get(PLACE)
def show(request: Request, visit: Visiting) -> Response:
    """Show what changed since the version that the person read last."""
    return _page(request, visit, [])


def _page(request: Request, visit: Visit, errors: list[tuple[str, str]]) -> Response:
    unread = read_unread(visit.desk, visit.person.person)
    if unread is None:
        return render(request, "policy_read.html", policy=read_policy(visit.desk))
    return render(
        request,
        "policy.html",
        status=422 if errors else 200,
        unread=unread,
        parts=parts(unread.changes),
        essentials=essentials(unread.pack),
        errors=summary(errors),
        wrong=dict(errors),
    )


@router.post(PLACE)
def acknowledge(request: Request, visit: Visiting, fields: FieldsOf) -> Response:
    """Record that the person read it, and go back to where they were."""
    if not fields["read"]:
        return _page(request, visit, [("read", "Select that you have read it")])
    try:
        visit.do(Permission.POLICY_ACKNOWLEDGE, acknowledge_policy, AcknowledgePolicy(pack=Sha256(fields["held"])))
    except CountersignError as reason:
        if reason.code != "other_pack":
            raise
        return _page(request, visit, [("read", "Another version came into force while you read: this is it")])
    back = visit.answers(FORM).get("back", "/")
    visit.forget(FORM)
    return RedirectResponse(back, status_code=303)
