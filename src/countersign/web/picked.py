"""What a requester picked so far of the person sought: faces, tracks, boxes; in memory until the person is marked."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from countersign.operations.pick_track import clock_of
from countersign.web.visit import Visit

ASKING = "asking"
"""The form under which the answers about one person are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A face that was picked and is not marked yet.

    Attributes:
        number: Of a face in a picture or of a track in a recording; of a box that was drawn by hand its time in ms.
        stills: Places of a track's stills, from 1; without any all of them.
        box: Left, top, right, bottom in the recording's own pixels.
    """

    exhibit: str
    exhibit_number: str
    number: int
    basis: str
    note: str
    kind: Literal["face", "track", "box"] = "face"
    stills: Sequence[int] = ()
    box: Sequence[int] = ()

    @property
    def key(self) -> str:
        """Tell it from other picks in the same exhibit."""
        return f"{self.kind}.{self.number}"

    @property
    def words(self) -> str:
        """Say what was picked."""
        return (
            f"a face marked by hand at {clock_of(self.number)}" if self.kind == "box" else f"{self.kind} {self.number}"
        )

    @property
    def place(self) -> str:
        """Give the page on which it was picked."""
        page = {"face": "faces", "track": "recording", "box": f"moment?at={clock_of(self.number)}"}[self.kind]
        return f"/exhibits/{self.exhibit}/{page}"


def picks(visit: Visit) -> list[Pick]:
    """Give the faces that were picked so far."""
    return [Pick(**one) for one in json.loads(visit.answers(ASKING).get("picks", "[]"))]


def keep_picks(visit: Visit, chosen: list[Pick]) -> None:
    """Keep the faces that were picked."""
    visit.answer(ASKING, {"picks": json.dumps([asdict(one) for one in chosen])})
