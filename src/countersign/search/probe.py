"""The probe: one person's marked faces, one or more stills; and the run that searches with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from countersign.primitives.digest import Sha256
from countersign.primitives.ids import (
    AuthorisationId,
    CaseId,
    CollectionId,
    EntrySeq,
    ExhibitId,
    FaceId,
    KeyId,
    PersonId,
    ProbeId,
    RequestId,
    RunId,
    SubjectId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeStill:
    """One marked face of the probe.

    Attributes:
        same_person_basis: Why this still shows the same person as the first: track, clothing, sequence (P-22).
        quality_note: Why a still of low quality is used all the same.
        edited_sha256: Digest of the edited picture in which the face is marked; None where it is the original.
        weight: Integer weight of the still, max(1, round(255 · quality^p)).
    """

    exhibit: ExhibitId
    exhibit_sha256: Sha256
    face: FaceId
    same_person_basis: str
    quality_note: str
    weight: int
    edited_sha256: Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One person's stills, marked by a person. It holds no template."""

    id: ProbeId
    case: CaseId
    key: KeyId
    reason: str
    stills: tuple[ProbeStill, ...]
    marked_by: PersonId
    marked_at: datetime


class RunState(StrEnum):
    """RUNNING is what a crash leaves behind; recovery ends it."""

    RUNNING = "running"
    SEALED = "sealed"
    ABORTED = "aborted"


ONE_TO_ONE = "one_to_one"
"""Operating point of a comparison with one image: none, since no score decides what is shown (practice P-05)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRun:
    """One execution of one authorisation.

    Attributes:
        operating_point: `ONE_TO_ONE` where no gallery was searched; ``threshold`` is then 0 and is not applied.
        started_seq: Place of the ``search.started`` entry; it is committed before anything is compared.
        sealed_seq: Place of the ``search.sealed`` entry, -1 while there is none; no list is read without it.
    """

    id: RunId
    request: RequestId
    case: CaseId
    authorisation: AuthorisationId
    collection: CollectionId
    operator: PersonId
    state: RunState
    operating_point: str
    threshold: int
    list_length: int
    extractor: str
    gallery_seq: int
    gallery_root: Sha256
    n_subjects: int
    age_hours: int
    started_at: datetime
    started_seq: EntrySeq
    sealed_seq: EntrySeq


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One place on a candidate list.

    Attributes:
        rank: 1 first.
        score: Fused comparison score S, higher is more alike; compare with threshold · weight sum.
    """

    rank: int
    subject: SubjectId
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedList:
    """The candidate list of a run, sealed under the case key together with the probe's templates.

    Attributes:
        id: The run's id: a run has one list.
        entry_seq: Place of the entry that sealed it; the row cannot exist without that entry.
        probe_codes: One template a still, concatenated signed bytes; readable by replay only.
    """

    id: RunId
    case: CaseId
    key: KeyId
    entry_seq: EntrySeq
    weight_sum: int
    candidates: tuple[Candidate, ...]
    probe_codes: bytes
