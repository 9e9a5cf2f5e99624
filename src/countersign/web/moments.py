"""Mark a face by hand in one picture of a recording: two corners by a click each, or four numbers; no script needed."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.faces.drawing import reduced
from countersign.governance.permission import Permission
from countersign.operations.pick_track import clock_of
from countersign.operations.show_moment import ShowMoment, show_moment
from countersign.web.asking import exhibit_in_hand
from countersign.web.picked import Pick, picks
from countersign.web.recordings import keep_and_go, wrong_words
from countersign.web.rendering import render, summary
from countersign.web.visit import FieldsOf, Visit, Visiting

router = APIRouter()
LONGER_PX = 900
"""Longer side of the picture on the page; corners are counted in the recording's own pixels all the same."""
EDGES = ("left", "top", "right", "bottom")
STEPS_MS = (-5000, -1000, -200, 200, 1000, 5000)
_SECONDS = 60


def time_of(clock: str) -> int | None:
    """Read a moment such as ``1:02:03.045``, ``2:03`` or ``3``, in ms; None where it is none.

    Example:
        >>> time_of("1:02:03.045"), time_of("2:03"), time_of("3"), time_of("soon")
        (3723045, 123000, 3000, None)
    """
    parts = clock.strip().split(":")
    try:
        seconds = [float(part) for part in parts]
    except ValueError:
        return None
    if len(parts) > 3 or not all(0 <= part < 100 * _SECONDS for part in seconds):  # noqa: PLR2004  h:mm:ss
        return None
    whole = 0.0
    for part in seconds:
        whole = whole * _SECONDS + part
    return round(1000 * whole)


@router.get("/exhibits/{exhibit}/moment")
def moment(request: Request, exhibit: str, visit: Visiting) -> Response:
    """Show the picture at a moment, with what was marked in it so far."""
    at = time_of(request.query_params.get("at", "0"))
    if at is None:
        return _page(request, visit, exhibit, 0, [("at", "Enter a moment such as 0:01:23")], {})
    return _page(request, visit, exhibit, at, [], {})


def _page(
    request: Request,
    visit: Visit,
    exhibit: str,
    at: int,
    errors: list[tuple[str, str]],
    answers: Mapping[str, str],
) -> Response:
    listed = exhibit_in_hand(visit, exhibit)
    if listed is None:
        return RedirectResponse("/exhibits", status_code=303)
    shown = visit.do(Permission.EXHIBIT_SCAN, show_moment, ShowMoment(exhibit=listed.id, time_ms=at))
    marked = {**_marked(visit, exhibit, shown.time_ms), **answers}
    box = _box(marked)
    drawn = reduced(shown.rgb, LONGER_PX, box=box, watermark=shown.watermark)
    return render(
        request,
        "moment.html",
        status=422 if errors else 200,
        exhibit=listed,
        picture=visit.shelve(drawn.png),
        width=drawn.width_px,
        height=drawn.height_px,
        factor=drawn.factor,
        size=shown.rgb.shape[1::-1],
        at=shown.time_ms,
        clock=clock_of(shown.time_ms),
        steps=[
            (f"{'back' if step < 0 else 'on'} {abs(step) / 1000:g} s", clock_of(shown.time_ms + step))
            for step in STEPS_MS
            if shown.time_ms + step >= 0
        ],
        box=box,
        one_corner="left" in marked and box is None,
        further=bool(_others(visit, exhibit, shown.time_ms)),
        answers=marked,
        errors=summary(errors),
        wrong=dict(errors),
        back=f"/exhibits/{exhibit}/recording",
    )


def _form(exhibit: str) -> str:
    return f"moment {exhibit}"


def _marked(visit: Visit, exhibit: str, at: int) -> dict[str, str]:
    """Give the edges that were marked in this very picture."""
    held = visit.answers(_form(exhibit))
    return {edge: held[edge] for edge in EDGES if held.get(edge)} if held.get("at") == str(at) else {}


def _box(marked: Mapping[str, str]) -> tuple[int, int, int, int] | None:
    edges = [marked.get(edge, "") for edge in EDGES]
    if not all(edge.isdecimal() for edge in edges):
        return None
    left, top, right, bottom = map(int, edges)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _others(visit: Visit, exhibit: str, at: int) -> list[Pick]:
    return [one for one in picks(visit) if (one.exhibit, one.kind, one.number) != (exhibit, "box", at)]


@router.post("/exhibits/{exhibit}/moment/corner")
def corner(request: Request, exhibit: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Keep a corner that was clicked: the first one, the one across, then anew."""
    at = fields["at"]
    try:
        x, y = (round(int(fields[name]) / float(fields["factor"])) for name in ("corner.x", "corner.y"))
    except (ValueError, ZeroDivisionError):
        x = y = 0
    if not (at.isdecimal() and (x or y)):  # a key instead of a click has no place in the picture
        return _page(request, visit, exhibit, int(at) if at.isdecimal() else 0, [("left", "Enter the edges here")], {})
    marked = _marked(visit, exhibit, int(at))
    edges = {"left": x, "top": y, "right": "", "bottom": ""}
    if "left" in marked and "right" not in marked:
        across, down = sorted((int(marked["left"]), x)), sorted((int(marked["top"]), y))
        edges = {"left": across[0], "top": down[0], "right": across[1], "bottom": down[1]}
    visit.answer(_form(exhibit), {"at": at, **{edge: str(value) for edge, value in edges.items()}})
    return RedirectResponse(f"/exhibits/{exhibit}/moment?at={clock_of(int(at))}", status_code=303)


@router.post("/exhibits/{exhibit}/moment")
def pick(request: Request, exhibit: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Show a box that was entered as numbers, or pick the face in it; nothing is made of it before it is marked."""
    at, listed = fields["at"], exhibit_in_hand(visit, exhibit)
    if listed is None or not at.isdecimal():
        return RedirectResponse("/exhibits", status_code=303)
    answers = {name: fields[name] for name in (*EDGES, "reason", "basis", "note")}
    visit.answer(_form(exhibit), {"at": at, **{edge: answers[edge] for edge in EDGES}})
    others, box = _others(visit, exhibit, int(at)), _box(answers)
    if box is None:
        errors = [("left", "Mark both corners of the face, or enter its four edges")]
    else:
        errors = [] if fields["act"] == "show" else wrong_words(fields, further=bool(others))
    if box is None or errors or fields["act"] == "show":
        return _page(request, visit, exhibit, int(at), errors, answers)
    chosen = Pick(
        exhibit=exhibit,
        exhibit_number=listed.number,
        number=int(at),
        basis=fields["basis"] if others else "",
        note=fields["note"],
        kind="box",
        box=box,
    )
    visit.forget(_form(exhibit))
    return keep_and_go(visit, [*others, chosen], fields)
