"""Sending an exhibit's file in parts, so that what was interrupted goes on where it stopped.

Three steps, all by the page's script: begin (what is stated of the file is checked first), the parts one after another,
seal. Without the script the form of `asking` sends the whole file at once.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from countersign.errors import CountersignError
from countersign.governance.permission import Permission
from countersign.operations.begin_sending import BeginSending, begin_sending
from countersign.operations.extend_sending import ExtendSending, extend_sending
from countersign.operations.read_sending import ReadSending, read_sending
from countersign.operations.seal_sending import SealSending, seal_sending
from countersign.operations.sendings import PART_BYTES, Sending
from countersign.primitives.ids import SendingId
from countersign.web.asking import EXHIBIT, place_after, refused, statement_of, taken
from countersign.web.visit import COOKIE, FORM_VALUE, FieldsOf, Visit, Visiting, check_form

router = APIRouter(prefix="/exhibits/sendings")


def _told(sending: Sending) -> Response:
    return JSONResponse({"sending": sending.id, "received": sending.received_bytes, "part": PART_BYTES})


def _wrong(errors: list[tuple[str, str]], status: int = 422) -> Response:
    return JSONResponse({"errors": errors}, status_code=status)


@router.post("")
def begin(visit: Visiting, fields: FieldsOf) -> Response:
    """Check what is stated of a file and make room for it."""
    answers, errors = taken(visit, fields)
    size = fields["size"]
    if not size.isdecimal():
        errors.insert(0, ("file", "Choose a file"))
    if errors:
        return _wrong(errors)
    try:
        arguments = BeginSending(statement=statement_of(visit, answers, ""), size_bytes=int(size))
        return _told(visit.do(Permission.EXHIBIT_ADD, begin_sending, arguments))
    except CountersignError as reason:
        return _wrong([refused(reason)])


async def read_part(request: Request) -> bytes:
    """Read a part's bytes; the value that forms carry comes in a header that no other site can send.

    Raises:
        FormOriginError: It does not carry this session's value.
    """
    check_form(request.cookies.get(COOKIE, ""), request.headers.get(f"x-{FORM_VALUE}", ""))
    return await request.body()


@router.put("/{sending}")
def extend(sending: str, at: int, visit: Visiting, data: Annotated[bytes, Depends(read_part)]) -> Response:
    """Take in the next part."""
    return _state(visit, sending, ExtendSending(sending=SendingId(sending), at=at, data=data))


@router.get("/{sending}")
def state(sending: str, visit: Visiting) -> Response:
    """Say how much has come."""
    return _state(visit, sending, None)


def _state(visit: Visit, sending: str, part: ExtendSending | None) -> Response:
    try:
        if part is not None:
            return _told(visit.do(Permission.EXHIBIT_ADD, extend_sending, part))
        return _told(visit.do(Permission.EXHIBIT_ADD, read_sending, ReadSending(sending=SendingId(sending))))
    except CountersignError as reason:
        return _wrong([refused(reason)], status=409)


@router.post("/{sending}/seal")
def seal(sending: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Seal the file that has come; what is stated of it can be put right without sending it again."""
    answers, errors = taken(visit, fields)
    if errors:
        return _wrong(errors)
    try:
        arguments = SealSending(sending=SendingId(sending), statement=statement_of(visit, answers, ""))
        exhibit = visit.do(Permission.EXHIBIT_ADD, seal_sending, arguments)
    except CountersignError as reason:
        return _wrong([refused(reason)])
    visit.forget(EXHIBIT)
    return JSONResponse({"next": place_after(visit, exhibit)})
