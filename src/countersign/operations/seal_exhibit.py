"""Seal an exhibit: hashed, seen to be a closed picture, encrypted under the case key, never touched again."""

from dataclasses import dataclass
from datetime import datetime

from countersign.errors import Refused
from countersign.governance.permission import Permission
from countersign.governance.programme_transitions import may_search
from countersign.governance.request import Case
from countersign.governance.request_rules import age_hours
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.media.exhibit import CaptureBasis, CaptureInterval, Exhibit, SourceType
from countersign.media.intake import read_file
from countersign.media.sandbox.decoder import decode_image
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CaseId, ExhibitId, new_id

LIMIT_BYTES = 256 * 1024 * 1024


class CaptureTimeUnknownError(Refused):
    """Nothing says when the imagery was taken, and it has not lain sealed either (PRB-02)."""

    code = "capture_time_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealExhibit:
    """A file, and what is known of it.

    Attributes:
        case_reference: The force's own reference; opens the case on first use.
        number: Exhibit number.
        captured_latest: Without it the basis must be ``sealed``: then the moment of sealing is the latest bound.
    """

    case_reference: str
    number: str
    file: str
    source_type: SourceType
    captured_earliest: datetime | None = None
    captured_latest: datetime | None = None
    basis: CaptureBasis
    lawful_origin: str
    supplied_by: str


@operation(Permission.EXHIBIT_ADD)
def seal_exhibit(turn: Turn, arguments: SealExhibit) -> Exhibit:
    """Seal one file into a case.

    Raises:
        LiveInputError: It is a URL, device, pipe, playlist or growing file: such inputs do not exist here (LFR-01).
        CaptureTimeUnknownError: No capture time, and the basis is not ``sealed``.
        UndecodableImageError: It is not a picture of an allowed format.
    """
    turn.check(
        may_search(turn.programme.state, turn.artefacts(), turn.now),
        require(bool(arguments.lawful_origin.strip()), "lawful_origin_missing", "expected a lawful origin, got none"),
    )
    received = read_file(arguments.file, limit_bytes=LIMIT_BYTES)
    still = decode_image(received.data)
    capture = capture_interval(arguments, turn.now)
    case = open_case(turn, arguments.case_reference)
    exhibit = Exhibit(
        id=ExhibitId(new_id()),
        case=case.id,
        key=case.key,
        number=arguments.number,
        sha256=received.sha256,
        size_bytes=len(received.data),
        blob=turn.work.blobs.put(received.data, key=case.key),
        format=still.format,
        width_px=still.width_px,
        height_px=still.height_px,
        source_type=arguments.source_type,
        capture=capture,
        lawful_origin=arguments.lawful_origin,
        supplied_by=arguments.supplied_by,
        sealed_at=turn.now,
        sealed_by=turn.actor.id,
    )
    turn.work.exhibits.add(exhibit)
    facts: dict[str, str | int] = {
        "source_type": exhibit.source_type,
        "basis": capture.basis,
        "age_hours": age_hours(capture.latest, turn.now),
    }
    turn.record(EventKind.EXHIBIT_SEALED, facts, committed={"file": exhibit.sha256}, case=case.id, key=case.key)
    return exhibit


def capture_interval(arguments: SealExhibit, now: datetime) -> CaptureInterval:
    """Give the capture interval; the latest bound is never later than the sealing itself (practice P-13)."""
    if arguments.basis is CaptureBasis.SEALED:
        if arguments.captured_latest is not None:
            raise CaptureTimeUnknownError(
                "expected no capture time with basis 'sealed': that basis says that nothing else is known, got one"
            )
        return CaptureInterval(earliest=arguments.captured_earliest or now, latest=now, basis=arguments.basis)
    if arguments.captured_latest is None:
        raise CaptureTimeUnknownError(
            "expected when the imagery was taken, at the latest, and on what basis, got none; imagery of unknown age"
            " can be sealed with basis 'sealed' and qualifies once it has lain sealed for the minimum age"
        )
    if arguments.captured_latest > now:
        raise CaptureTimeUnknownError(
            f"expected a capture time before {now}, got {arguments.captured_latest}", code="capture_in_future"
        )
    earliest = arguments.captured_earliest or arguments.captured_latest
    return CaptureInterval(earliest=earliest, latest=arguments.captured_latest, basis=arguments.basis)


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
