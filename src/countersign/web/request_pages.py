"""The requester's questions, one page each, then everything to check, then draft and submit in one go."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.errors import CountersignError
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request import SearchRequest
from countersign.operations.draft_request import DraftRequest, draft_request
from countersign.operations.mark_probe import MarkedFace, MarkProbe, mark_probe
from countersign.operations.pick_track import MarkedBox, PickedTrack, PickTrack, pick_track
from countersign.operations.read_choices import Choices, read_choices
from countersign.operations.submit_request import SubmitRequest, submit_request
from countersign.primitives.ids import CollectionId, ExhibitId, ProbeId, RequestId
from countersign.web.picked import ASKING, Pick, keep_picks, picks
from countersign.web.questions import Step, answered, said, shared, wrong
from countersign.web.refusals import in_words
from countersign.web.rendering import render, summary
from countersign.web.request_form import BY_SLUG, FACE_STEP, STEPS, becomes
from countersign.web.visit import FieldsOf, Visit, Visiting, demand_role

router = APIRouter()


_SLUGS = [step.slug for step in STEPS]


@router.get("/ask/check")
def check(request: Request, visit: Visiting) -> Response:
    """Show every answer before it is sent."""
    demand_role(visit, Role.REQUESTER)
    return _check_page(request, visit, [])


def _check_page(request: Request, visit: Visit, errors: list[tuple[str, str]]) -> Response:
    if not picks(visit):
        return RedirectResponse("/exhibits", status_code=303)
    choices, answers = read_choices(visit.desk), visit.answers(ASKING)
    rows = [
        {
            "step": step,
            "rows": [
                (question.caption, said(question, answers, choices) or "not answered") for question in step.questions
            ],
        }
        for step in STEPS
    ]
    missing = [(f"change-{step.slug}", f"{step.title.rstrip('?')}: not complete") for step in _open(choices, answers)]
    found = [*missing, *errors]
    return render(
        request,
        "check.html",
        status=422 if errors else 200,
        rows=rows,
        picks=picks(visit),
        reason=answers.get("reason", ""),
        case_reference=answers.get("case_reference", ""),
        errors=summary(found),
        back=f"/ask/{_SLUGS[-1]}",
    )


def _open(choices: Choices, answers: dict[str, str]) -> list[Step]:
    return [step for step in STEPS if wrong(step, answers, choices)]


@router.post("/ask/check")
def send(request: Request, visit: Visiting, fields: FieldsOf) -> Response:
    """Mark the probe, draft and submit; what was done stays done where a later step is refused, and is not repeated."""
    choices, answers = read_choices(visit.desk), visit.answers(ASKING)
    if not fields["declaration"]:
        return _check_page(request, visit, [("declaration", "Confirm that what you wrote is true and complete")])
    if _open(choices, answers):
        return _check_page(request, visit, [])
    try:
        submitted = _submit(visit, answers)
    except CountersignError as reason:
        return _check_page(request, visit, [("declaration", in_words(reason))])
    visit.answer(ASKING, {"probe": "", "request": "", "face_done": "", "reason": ""})
    keep_picks(visit, [])
    return RedirectResponse(f"/requests/{submitted.id}?sent", status_code=303)


def _submit(visit: Visit, answers: dict[str, str]) -> SearchRequest:
    form = becomes(answers, declared=True)
    probe = answers.get("probe") or _marked(visit, answers)
    visit.answer(ASKING, {"probe": probe})
    arguments = DraftRequest(probe=ProbeId(probe), collection=CollectionId(answers["collection"]), form=form)
    drafted = visit.do(Permission.REQUEST_DRAFT, draft_request, arguments)
    return visit.do(Permission.REQUEST_SUBMIT, submit_request, SubmitRequest(request=RequestId(drafted.id)))


def _marked(visit: Visit, answers: dict[str, str]) -> str:
    chosen = picks(visit)
    if any(one.kind != "face" for one in chosen):
        return visit.do(Permission.EXHIBIT_MARK, pick_track, in_recordings(chosen, answers.get("reason", ""))).id
    faces = tuple(_face(one, one.basis if place else "") for place, one in enumerate(chosen))
    return visit.do(Permission.EXHIBIT_MARK, mark_probe, MarkProbe(reason=answers.get("reason", ""), faces=faces)).id


def in_recordings(chosen: Sequence[Pick], reason: str) -> PickTrack:
    """Give the command for what was picked in recordings, and for the faces of pictures that were picked beside it."""
    # Tracks go first, pictures last; whichever comes first needs no basis, and the one that it displaces has its.
    ordered = sorted(chosen, key=lambda one: ("track", "box", "face").index(one.kind))
    bases = ["", *(one.basis or ordered[0].basis for one in ordered[1:])]
    pairs = list(zip(ordered, bases, strict=True))
    return PickTrack(
        reason=reason,
        tracks=tuple(
            PickedTrack(
                exhibit=ExhibitId(one.exhibit), number=one.number, stills=tuple(one.stills), same_person_basis=basis
            )
            for one, basis in pairs
            if one.kind == "track"
        ),
        boxes=tuple(
            MarkedBox(exhibit=ExhibitId(one.exhibit), time_ms=one.number, box_px=_edges(one), same_person_basis=basis)
            for one, basis in pairs
            if one.kind == "box"
        ),
        faces=tuple(_face(one, basis) for one, basis in pairs if one.kind == "face"),
        quality_note="; ".join(dict.fromkeys(one.note for one in chosen if one.note and one.kind != "face")),
    )


def _face(one: Pick, basis: str) -> MarkedFace:
    return MarkedFace(exhibit=ExhibitId(one.exhibit), number=one.number, same_person_basis=basis, quality_note=one.note)


def _edges(one: Pick) -> tuple[int, int, int, int]:
    left, top, right, bottom = one.box
    return left, top, right, bottom


@router.post("/ask/another")
def another(visit: Visiting, fields: FieldsOf) -> Response:
    """Ask about a further person of the same case: what holds for the case is kept, the rest is asked anew."""
    del fields
    kept = {name: text for name, text in visit.answers(ASKING).items() if name in shared(STEPS) | {"case_reference"}}
    visit.forget(ASKING)
    visit.answer(ASKING, {**kept, "further_face": "yes"})
    return RedirectResponse("/exhibits", status_code=303)


@router.get("/ask/start")
def first_question(visit: Visiting) -> Response:
    """Go to the first question; for a further face of a case there is but one page."""
    slug = FACE_STEP.slug if visit.answers(ASKING).get("further_face") else _SLUGS[0]
    return RedirectResponse(f"/ask/{slug}", status_code=303)


@router.get("/ask/{slug}")
def ask(request: Request, slug: str, visit: Visiting) -> Response:
    """Ask the questions of one page."""
    demand_role(visit, Role.REQUESTER)
    if slug not in BY_SLUG or not picks(visit):
        return RedirectResponse("/exhibits", status_code=303)
    return _question_page(request, visit, BY_SLUG[slug], visit.answers(ASKING), [])


def _question_page(
    request: Request, visit: Visit, step: Step, answers: dict[str, str], errors: list[tuple[str, str]]
) -> Response:
    place = _SLUGS.index(step.slug) if step.slug in _SLUGS else 0
    return render(
        request,
        "question.html",
        status=422 if errors else 200,
        step=step,
        choices=read_choices(visit.desk),
        answers=answers,
        number=place + 1,
        of=len(STEPS) if step.slug in _SLUGS else 1,
        errors=summary(errors),
        wrong=dict(errors),
        back=f"/ask/{_SLUGS[place - 1]}" if place else "/exhibits",
    )


@router.post("/ask/{slug}")
def take(request: Request, slug: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Keep the answers of one page and go on: to the next question, or back to the check page."""
    step = BY_SLUG.get(slug)
    if step is None or not picks(visit):
        return RedirectResponse("/exhibits", status_code=303)
    answers = answered(step, fields)
    visit.answer(ASKING, answers)  # what is not yet right is kept too: nobody writes a text twice
    errors = wrong(step, visit.answers(ASKING), read_choices(visit.desk))
    if errors:
        return _question_page(request, visit, step, answers, errors)
    after = _SLUGS[_SLUGS.index(slug) + 1 :] if slug in _SLUGS else []
    changing = "change" in request.query_params or not after
    return RedirectResponse("/ask/check" if changing else f"/ask/{after[0]}", status_code=303)
