"""The first page: where each role's work begins."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.operations.read_unread import read_unread
from countersign.web import policy
from countersign.web.rendering import navigation, render
from countersign.web.visit import PerhapsVisiting, Visiting

router = APIRouter()


@router.get("/")
def start(request: Request, visit: Visiting) -> Response:
    """Go to the work of the person's role, or say that there is none here."""
    if read_unread(visit.desk, visit.person.person):  # they would only be refused behind the first door
        return RedirectResponse(policy.PLACE, status_code=303)
    places = navigation(visit, "/")
    if len(places) == 1:
        return RedirectResponse(str(places[0]["href"]), status_code=303)
    return render(request, "home.html", places=places)


@router.get("/help/{topic}")
def explain(request: Request, topic: str, visit: PerhapsVisiting) -> Response:
    """Say in plain words what is kept, what cannot be done here, and how the site is made accessible."""
    del visit
    known = {"privacy", "accessibility"}
    return render(request, f"help_{topic if topic in known else 'privacy'}.html")
