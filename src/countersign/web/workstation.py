"""The operator's and examiner's list: searches to run, reviews to give, supported leads to release."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.errors import NotFound
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.list_reviews import ListReviews, ReviewDesk, Task, Waiting, list_reviews
from countersign.operations.read_request import ReadRequest, read_request
from countersign.operations.release_lead import ReleaseLead, release_lead
from countersign.operations.run_comparison import RunComparison, run_comparison
from countersign.operations.run_search import RunSearch, run_search
from countersign.primitives.ids import LeadId, RequestId
from countersign.web.rendering import render
from countersign.web.step_up import ask_for_passkey, stepped_up
from countersign.web.visit import Fields, FieldsOf, Visit, Visiting, demand_role

router = APIRouter(prefix="/workstation")

SEARCHES = frozenset({Task.SEARCH, Task.GO_ON_WITH_SEARCH, Task.COMPARISON})
REVIEWS = frozenset({Task.REVIEW, Task.GO_ON_WITH_REVIEW})


class NotWaitingError(NotFound):
    """The task does not wait for this person, or not any more."""

    code = "not_waiting"


def desk_of(visit: Visit) -> ReviewDesk:
    """Give what waits for the person."""
    return visit.do(Permission.REVIEW_LIST, list_reviews, ListReviews())


def waiting(visit: Visit, request_id: str, tasks: frozenset[Task]) -> Waiting:
    """Give the task of a request that waits for the person.

    Raises:
        NotWaitingError: None of these tasks waits for them.
    """
    for one in desk_of(visit).waiting:
        if one.request == request_id and one.task in tasks:
            return one
    raise NotWaitingError("expected something that waits for you, got a request that does not, or not any more")


@router.get("")
def listed(request: Request, visit: Visiting) -> Response:
    """List what waits for the person, urgent and oldest first."""
    demand_role(visit, Role.OPERATOR, Role.EXAMINER)
    said = {"empty", "sealed", "released", "locked"} & set(request.query_params)
    return render(request, "workstation/list.html", desk=desk_of(visit), now=visit.now, said=said, back="")


@router.get("/{request_id}/search")
def ask_search(request: Request, request_id: str, visit: Visiting) -> Response:
    """Show what one search costs: the authorisation."""
    one = waiting(visit, request_id, SEARCHES)
    return render(request, "workstation/search.html", one=one, back="/workstation")


@router.post("/{request_id}/search")
def search(request: Request, request_id: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Run the one authorised search."""
    if waiting(visit, request_id, SEARCHES).task is Task.COMPARISON:
        return compare(request, request_id, visit, fields)
    arguments = RunSearch(request=RequestId(request_id))
    command = stepped_up(visit, fields, Permission.SEARCH_RUN, arguments)
    if command is None:
        return ask_for_passkey(
            request, visit, fields, Permission.SEARCH_RUN, arguments, what="You run the one search that was authorised."
        )
    run_search(visit.desk, command)
    found = any(one.request == request_id for one in desk_of(visit).waiting)
    return RedirectResponse(f"/workstation?{'sealed' if found else 'empty'}", status_code=303)


def compare(request: Request, request_id: str, visit: Visit, fields: Fields) -> Response:
    """Make the one authorised comparison with one named person's image."""
    permission, arguments = Permission.COMPARISON_RUN, RunComparison(request=RequestId(request_id))
    command = stepped_up(visit, fields, permission, arguments)
    if command is None:
        what = "You make the one comparison that was authorised; no collection is searched."
        return ask_for_passkey(request, visit, fields, permission, arguments, what=what)
    run_comparison(visit.desk, command)
    return RedirectResponse("/workstation?sealed", status_code=303)


@router.get("/{request_id}/release")
def ask_release(request: Request, request_id: str, visit: Visiting) -> Response:
    """Show what releasing a supported lead means."""
    one = waiting(visit, request_id, frozenset({Task.RELEASE}))
    return render(request, "workstation/release.html", one=one, back="/workstation")


@router.post("/{request_id}/release")
def release(request: Request, request_id: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Release a supported lead to its requester."""
    shown = visit.do(Permission.CASE_READ, read_request, ReadRequest(request=RequestId(request_id)))
    arguments = ReleaseLead(lead=shown.lead or LeadId(""))
    command = stepped_up(visit, fields, Permission.LEAD_RELEASE, arguments)
    if command is None:
        return ask_for_passkey(
            request, visit, fields, Permission.LEAD_RELEASE, arguments, what="You release the lead to its requester."
        )
    release_lead(visit.desk, command)
    return RedirectResponse("/workstation?released", status_code=303)
