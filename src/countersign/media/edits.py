"""The edits that a picture may have: a closed list of steps, each with whole numbers, replayed from the original.

A chain of steps is all that is kept of an edit; the original is never touched, so taking a step back is leaving it out.
There is no step that invents: no restoration, no face put in place of another, no half mirrored onto the other, and no
step that turns a picture over (PRB-04). `media.replay` carries the steps out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from countersign.errors import Invalid
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import CaseId, EditId, ExhibitId, KeyId, PersonId

STEPS_LIMIT = 20
_SIDE_PX = 20_000


class EditError(Invalid):
    """A step that is not on the list, a parameter out of its range, or a picture that the step does not fit."""

    code = "edit"


class Op(StrEnum):
    """Everything that may be done to a picture."""

    AVERAGE = "average"
    CROP = "crop"
    ROTATE = "rotate"
    SCALE = "scale"
    EXPOSURE = "exposure"
    CONTRAST = "contrast"
    GAMMA = "gamma"
    DENOISE = "denoise"
    DEINTERLACE = "deinterlace"
    DEFISHEYE = "defisheye"
    PERSPECTIVE = "perspective"


_PLACE = (-_SIDE_PX, _SIDE_PX)
_SIDE = (1, _SIDE_PX)
PARAMETERS: Mapping[Op, Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        Op.AVERAGE: {"frames": (2, 64)},
        Op.CROP: {"left": (0, _SIDE_PX), "top": (0, _SIDE_PX), "width": _SIDE, "height": _SIDE},
        Op.ROTATE: {"cdeg": (-18_000, 18_000)},
        Op.SCALE: {"percent": (5, 800)},
        Op.EXPOSURE: {"cstops": (-400, 400)},
        Op.CONTRAST: {"percent": (10, 400)},
        Op.GAMMA: {"percent": (20, 500)},
        Op.DENOISE: {"radius": (1, 3)},
        Op.DEINTERLACE: {"field": (0, 1)},
        Op.DEFISHEYE: {"permille": (-300, 300)},
        Op.PERSPECTIVE: {
            **{f"{axis}{at}": _PLACE for at in (1, 2, 3, 4) for axis in "xy"},
            "width": _SIDE,
            "height": _SIDE,
        },
    }
)
"""Each step's parameters and their ranges, both ends included. Whole numbers only: they are spelled in one way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditStep:
    """One step. ``parameters`` are in the order of the table, one value for each name."""

    op: Op
    parameters: tuple[int, ...]

    def __post_init__(self) -> None:
        asked = PARAMETERS[self.op]
        if len(self.parameters) != len(asked):
            raise EditError(f"expected of {self.op} the numbers {', '.join(asked)}, got {len(self.parameters)}")
        for value, (name, (low, high)) in zip(self.parameters, asked.items(), strict=True):
            if not low <= value <= high:
                raise EditError(f"expected {name} of {self.op} from {low} to {high}, got {value}")

    @property
    def told(self) -> dict[str, int]:
        """Give the parameters by name."""
        return dict(zip(PARAMETERS[self.op], self.parameters, strict=True))

    def __str__(self) -> str:
        return " ".join([self.op, *(f"{name}={value}" for name, value in self.told.items())])


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedPicture:
    """A chain of steps on an exhibit. The picture is not kept: it is made again each time, and its digest checked.

    Attributes:
        number: Place among the exhibit's edits, from 1.
        others: Further exhibits of the case that are averaged with the first; empty without that step.
        sha256: Digest of the pixels that the chain gave when it was recorded.
        reason: Why it is edited, in the editor's words.
    """

    id: EditId
    exhibit: ExhibitId
    case: CaseId
    key: KeyId
    number: int
    others: tuple[ExhibitId, ...]
    steps: tuple[EditStep, ...]
    sha256: Sha256
    width_px: int
    height_px: int
    reason: str
    made_by: PersonId
    made_at: datetime


def read_step(text: str) -> EditStep:
    """Read a step as a person writes it, and as `str` gives it back.

    Raises:
        EditError: The step is not on the list, or its numbers are not those that it takes.

    Example:
        >>> str(read_step("crop top=2 left=1 width=30 height=40"))
        'crop left=1 top=2 width=30 height=40'
    """
    name, *told = text.split()[:20] or [""]
    if name not in set(Op):
        raise EditError(f"expected one of {', '.join(Op)}, got {name!r}: nothing else may be done to a picture")
    op = Op(name)
    given = {}
    for part in told:
        parts = re.fullmatch(r"([a-z]+[1-4]?)=(-?[0-9]{1,6})", part, re.ASCII)
        if parts is None or parts[1] in given:
            raise EditError(f"expected name=number once each, got {part!r}")
        given[parts[1]] = int(parts[2])
    if given.keys() != PARAMETERS[op].keys():
        raise EditError(f"expected of {op} exactly {', '.join(PARAMETERS[op])}, got {', '.join(given) or 'none'}")
    return EditStep(op=op, parameters=tuple(given[parameter] for parameter in PARAMETERS[op]))
