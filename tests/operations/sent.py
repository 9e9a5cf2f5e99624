"""Sending a file in parts, for the tests of its four operations."""

from pathlib import Path

from countersign.governance.permission import Permission
from countersign.media.exhibit import CaptureBasis, Depiction, Exhibit, SourceType
from countersign.operations.begin_sending import BeginSending, begin_sending
from countersign.operations.extend_sending import ExtendSending, extend_sending
from countersign.operations.read_sending import ReadSending, read_sending
from countersign.operations.seal_exhibit import SealExhibit
from countersign.operations.seal_sending import SealSending, seal_sending
from countersign.operations.sendings import Sending
from countersign.primitives.ids import SendingId
from countersign.primitives.privacy import Privacy
from tests.operations.scene import LONG_AGO, Scene

ENTER = Permission.EXHIBIT_ADD
STATED = SealExhibit(
    case_reference="CASE/2026/0117",
    number="CTV/1",
    file="",
    source_type=SourceType.CCTV,
    depiction=Depiction.PHOTOGRAPH,
    privacy=Privacy.PUBLIC_PLACE,
    basis=CaptureBasis.RECORDER_LOG,
    lawful_origin="handed over by the shop",
    supplied_by="shop manager",
    captured_earliest=LONG_AGO,
    captured_latest=LONG_AGO,
)


def begin(scene: Scene, size: int, who: str = "requester", statement: SealExhibit = STATED) -> Sending:
    return scene.force.do(who, ENTER, begin_sending, BeginSending(statement=statement, size_bytes=size))


def extend(scene: Scene, sending: Sending, at: int, data: bytes, who: str = "requester") -> Sending:
    return scene.force.do(who, ENTER, extend_sending, ExtendSending(sending=sending.id, at=at, data=data))


def read(scene: Scene, sending: SendingId, who: str = "requester") -> Sending:
    return scene.force.do(who, ENTER, read_sending, ReadSending(sending=sending))


def seal(scene: Scene, sending: Sending, statement: SealExhibit = STATED) -> Exhibit:
    return scene.force.do("requester", ENTER, seal_sending, SealSending(sending=sending.id, statement=statement))


def send(scene: Scene, data: bytes) -> Sending:
    sending, middle = begin(scene, len(data)), len(data) // 2
    extend(scene, sending, 0, data[:middle])
    return extend(scene, sending, middle, data[middle:])


def kept(scene: Scene) -> list[Path]:
    return [path for path in (scene.folder / "data" / "sendings").rglob("*") if path.is_file()]
