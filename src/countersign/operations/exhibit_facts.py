"""What requester and authorising officer are shown of each exhibit of a probe; its contradictions come first."""

from dataclasses import dataclass
from datetime import datetime

from countersign.media.exhibit import CaptureStatement, Contradiction, DerivedFrom, Exhibit, PickedFrom, SourceType
from countersign.operations.edited_pictures import edit_history
from countersign.operations.work import Work
from countersign.primitives.digest import Sha256
from countersign.primitives.privacy import Privacy
from countersign.search.probe import Probe, ProbeStill


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownExhibit:
    """One exhibit of a probe, with everything that was stated of it and everything that disagrees.

    Attributes:
        captured_latest: What every rule of age counts with.
        statement: What it was computed from, the recorder's clock included.
        camera_time: When the file itself says it was taken.
        contradictions: Where file and statement disagree; read these first.
        same_person_basis: Why its still is said to show the same person as the first still.
        edits: The steps that the marked picture was edited by; none where it is the original.
    """

    number: str
    sha256: Sha256
    contradictions: tuple[Contradiction, ...]
    captured_earliest: datetime
    captured_latest: datetime
    statement: CaptureStatement
    camera_time: str | None
    source_type: SourceType
    device: str
    privacy: Privacy
    lawful_origin: str
    supplied_by: str
    derived_from: DerivedFrom | None
    picked_from: PickedFrom | None
    same_person_basis: str
    edits: tuple[str, ...]


def exhibit_facts(work: Work, probe: Probe) -> tuple[ShownExhibit, ...]:
    """Give the facts of each still's exhibit, in the order of the stills."""
    return tuple(_facts(work, work.exhibits.get(still.exhibit), still) for still in probe.stills)


def _facts(work: Work, exhibit: Exhibit, still: ProbeStill) -> ShownExhibit:
    return ShownExhibit(
        number=exhibit.number,
        sha256=exhibit.sha256,
        contradictions=exhibit.contradictions,
        captured_earliest=exhibit.capture.earliest,
        captured_latest=exhibit.capture.latest,
        statement=exhibit.statement,
        camera_time=exhibit.camera_time,
        source_type=exhibit.source_type,
        device=exhibit.device,
        privacy=exhibit.privacy,
        lawful_origin=exhibit.lawful_origin,
        supplied_by=exhibit.supplied_by,
        derived_from=exhibit.derived_from,
        picked_from=exhibit.picked_from,
        same_person_basis=still.same_person_basis,
        edits=edit_history(work, still),
    )
