"""Seal an exhibit: hashed, seen to be a closed picture or recording, encrypted under the case key, never altered."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from countersign.governance.exhibit_rules import not_intimate, photograph_only, provenance_given
from countersign.governance.permission import Permission
from countersign.governance.request import Case
from countersign.governance.request_rules import age_hours
from countersign.governance.retention import ObjectClass, row_of
from countersign.ledger.event import EventKind
from countersign.media.capture import capture_interval, contradictions
from countersign.media.exhibit import (
    CaptureBasis,
    CaptureStatement,
    Depiction,
    DerivedFrom,
    Exhibit,
    Medium,
    PickedFrom,
    RecorderClock,
    SourceType,
)
from countersign.media.footage import is_recording
from countersign.media.intake import OversizeFileError, open_file
from countersign.media.sandbox.decoder import decode_image
from countersign.media.sandbox.unpacker import pick_member
from countersign.media.sandbox.viewer import look_at
from countersign.operations.reference_digest import exhibit_digest
from countersign.operations.turn import Turn, operation
from countersign.primitives.digest import Sha256, sha256
from countersign.primitives.ids import BlobId, CaseId, ExhibitId, new_id
from countersign.primitives.privacy import Privacy

LIMIT_BYTES = 256 * 1024 * 1024
VIDEO_LIMIT_BYTES = 256 * 1024**3
ARCHIVE_LIMIT_BYTES = 64 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class SealExhibit:
    """A file, and what is known of it.

    Attributes:
        case_reference: The force's own reference; opens the case on first use.
        number: Exhibit number.
        depiction: What the file is, as declared; only a photograph is taken (PRB-07).
        privacy: How much privacy people could expect where it was taken.
        captured_latest: Without it, and without any of the four moments below, the basis must be ``sealed``: then the
            moment of sealing is the latest bound.
        uncertainty_s: How far the two ends may be off; both are moved outwards.
        posted_at: By when the imagery existed; so do the next three. The smallest of all is the latest bound (P-13).
        recorder: The recorder's clock against the true time; the two ends are then by the recorder's clock.
        device: The camera, recorder or account that it comes from.
        derived_from: The master, where that stays elsewhere.
        member: Place of the picture in ``file``, which then is a zip archive; the archive itself is not kept.
    """

    case_reference: str
    number: str
    file: str
    source_type: SourceType
    depiction: Depiction
    privacy: Privacy
    basis: CaptureBasis
    lawful_origin: str
    supplied_by: str
    captured_earliest: datetime | None = None
    captured_latest: datetime | None = None
    uncertainty_s: int = 0
    posted_at: datetime | None = None
    first_seen_at: datetime | None = None
    seized_at: datetime | None = None
    received_at: datetime | None = None
    recorder: RecorderClock | None = None
    device: str = ""
    derived_from: DerivedFrom | None = None
    member: int | None = None

    @property
    def capture(self) -> CaptureStatement:
        """Give what is stated of the capture time."""
        return CaptureStatement(
            basis=self.basis,
            earliest=self.captured_earliest,
            latest=self.captured_latest,
            uncertainty_s=self.uncertainty_s,
            posted_at=self.posted_at,
            first_seen_at=self.first_seen_at,
            seized_at=self.seized_at,
            received_at=self.received_at,
            recorder=self.recorder,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """The file itself, once it is encrypted, and what was seen of it."""

    sha256: Sha256
    size_bytes: int
    blob: BlobId
    medium: Medium
    format: str
    width_px: int
    height_px: int
    camera_time: str | None
    picked_from: PickedFrom | None = None


@operation(Permission.EXHIBIT_ADD)
def seal_exhibit(turn: Turn, arguments: SealExhibit) -> Exhibit:
    """Seal one file into a case.

    Raises:
        LiveInputError: It is a URL, device, pipe, playlist or growing file: such inputs do not exist here (LFR-01).
        CaptureTimeUnknownError: No capture time, and the basis is not ``sealed``.
        GuardError: No lawful origin, supplier or number; declared to be no photograph; intimate.
        UndecodableImageError: It is not a picture of an allowed format.
        UndecodableVideoError: It starts like a recording and is none of an allowed format.
    """
    check_statement(turn, arguments)
    case = open_case(turn, arguments.case_reference)
    exhibit = _exhibit(turn, arguments, case, _sealed_file(turn, arguments, case))
    return record_sealed(turn, exhibit)


def check_statement(turn: Turn, arguments: SealExhibit) -> None:
    """Check what is stated of a file before a byte of it is read: what cannot be kept is not taken in.

    Raises:
        CaptureTimeUnknownError: No capture time, and the basis is not ``sealed``.
        GuardError: No lawful origin, supplier or number; declared to be no photograph; intimate.
    """
    turn.check(
        turn.in_use(),
        provenance_given(
            number=arguments.number, lawful_origin=arguments.lawful_origin, supplied_by=arguments.supplied_by
        ),
        photograph_only(arguments.depiction),
        not_intimate(arguments.privacy),
    )
    capture_interval(arguments.capture, turn.now)


class Received(Protocol):
    """A file as it is read: once, from its first byte to its last, hashed on the way."""

    @property
    def start(self) -> bytes:
        """Give its first bytes."""
        ...

    @property
    def size_bytes(self) -> int:
        """Give how many bytes it has."""
        ...

    @property
    def sha256(self) -> Sha256:
        """Give the digest of what was given out so far."""
        ...

    def blocks(self) -> Iterator[bytes]:
        """Give all bytes, once, in blocks."""
        ...


def seal_received(turn: Turn, arguments: SealExhibit, received: Received) -> Exhibit:
    """Seal a file that did not come by a path, into its case; `check_statement` comes first."""
    case = open_case(turn, arguments.case_reference)
    exhibit = _exhibit(turn, arguments, case, _sealed_whole(turn, received, case))
    return record_sealed(turn, exhibit)


def record_sealed(turn: Turn, exhibit: Exhibit) -> Exhibit:
    """Keep an exhibit whose file is sealed, with its entry; from now on that file is never a reference (REF-09)."""
    exhibit = replace(exhibit, file_digest=exhibit_digest(turn.work, exhibit.sha256))
    turn.work.exhibits.add(exhibit)
    origin = "derived" if exhibit.derived_from else "picked" if exhibit.picked_from else "original"
    facts: dict[str, str | int] = {
        "source_type": exhibit.source_type,
        "basis": exhibit.capture.basis,
        "age_hours": age_hours(exhibit.capture.latest, turn.now),
        "medium": exhibit.medium,
        "privacy": exhibit.privacy,
        "origin": origin,
        "contradictions": len(exhibit.contradictions),
    }
    turn.record(EventKind.EXHIBIT_SEALED, facts, committed={"file": exhibit.sha256}, case=exhibit.case, key=exhibit.key)
    return exhibit


def _sealed_file(turn: Turn, arguments: SealExhibit, case: Case) -> SealedFile:
    if arguments.member is not None:
        return _sealed_picture(turn, case, *_picked(arguments.file, arguments.member))
    with open_file(arguments.file, limit_bytes=VIDEO_LIMIT_BYTES) as opened:
        return _sealed_whole(turn, opened, case)


def _sealed_whole(turn: Turn, received: Received, case: Case) -> SealedFile:
    if is_recording(received.start):
        return _sealed_recording(turn, received, case)
    if received.size_bytes > LIMIT_BYTES:
        raise OversizeFileError(f"expected a picture of at most {LIMIT_BYTES} bytes, got {received.size_bytes}")
    return _sealed_picture(turn, case, b"".join(received.blocks()), None)


def _sealed_picture(turn: Turn, case: Case, data: bytes, picked: PickedFrom | None) -> SealedFile:
    still = decode_image(data)
    return SealedFile(
        sha256=sha256(data),
        size_bytes=len(data),
        blob=turn.work.blobs.put(data, key=case.key),
        medium=Medium.IMAGE,
        format=still.format,
        width_px=still.width_px,
        height_px=still.height_px,
        camera_time=still.exif_captured_at,
        picked_from=picked,
    )


def _sealed_recording(turn: Turn, opened: Received, case: Case) -> SealedFile:
    """Hash and seal a recording block by block, then look at what was sealed: so both are the same bytes."""
    blob = turn.work.blobs.put_stream(opened.blocks(), key=case.key)
    with turn.work.blobs.open(blob, key=case.key) as sealed:
        footage = look_at(sealed)
    return SealedFile(
        sha256=opened.sha256,
        size_bytes=opened.size_bytes,
        blob=blob,
        medium=Medium.VIDEO,
        format=f"{footage.container} {footage.codec}",
        width_px=footage.width_px,
        height_px=footage.height_px,
        camera_time=None,
    )


def _picked(file: str, member: int) -> tuple[bytes, PickedFrom]:
    """Give the bytes of one member of an archive that is read in blocks, and where it came from."""
    with open_file(file, limit_bytes=ARCHIVE_LIMIT_BYTES) as archive:
        picked = pick_member(archive.descriptor, member)
        for _ in archive.blocks():  # its digest; and an archive that changed meanwhile is refused here
            pass
        return picked.data, PickedFrom(sha256=archive.sha256, index=member, name=picked.name)


def _exhibit(turn: Turn, arguments: SealExhibit, case: Case, sealed: SealedFile) -> Exhibit:
    capture = capture_interval(arguments.capture, turn.now)
    kept = row_of(turn.pack.retention, ObjectClass.EXHIBIT)
    return Exhibit(
        id=ExhibitId(new_id()),
        case=case.id,
        key=case.key,
        number=arguments.number,
        sha256=sealed.sha256,
        size_bytes=sealed.size_bytes,
        blob=sealed.blob,
        medium=sealed.medium,
        format=sealed.format,
        width_px=sealed.width_px,
        height_px=sealed.height_px,
        source_type=arguments.source_type,
        depiction=arguments.depiction,
        privacy=arguments.privacy,
        device=arguments.device,
        capture=capture,
        statement=arguments.capture,
        camera_time=sealed.camera_time,
        contradictions=contradictions(arguments.capture, capture, sealed.camera_time, turn.now),
        lawful_origin=arguments.lawful_origin,
        supplied_by=arguments.supplied_by,
        derived_from=arguments.derived_from,
        picked_from=sealed.picked_from,
        retention_days=kept.days,
        retention_from=kept.counted_from,
        sealed_at=turn.now,
        sealed_by=turn.actor.id,
    )


def open_case(turn: Turn, reference: str) -> Case:
    """Give the case of this reference, opened with a key of its own on first use."""
    digest = turn.work.keys.keyed_digest("case", reference)
    found = turn.work.cases.where(reference_digest=digest)
    if found:
        return found[0]
    case = Case(
        id=CaseId(new_id()),
        key=turn.work.keys.create(),
        reference=reference,
        reference_digest=digest,
        opened_at=turn.now,
    )
    turn.work.cases.add(case)
    return case
