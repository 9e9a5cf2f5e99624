"""The address under which a page of a session finds the pictures that it was shown."""

from fastapi import APIRouter
from starlette.responses import Response

from countersign.web.visit import Visiting

router = APIRouter()


@router.get("/pictures/{name}")
def picture(name: str, visit: Visiting) -> Response:
    """Give a picture that a page of this session shows."""
    return Response(visit.office.shelf.get(visit.person.public_key, name, visit.now), media_type="image/png")
