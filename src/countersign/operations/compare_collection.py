"""Compare a collection with itself: who may be there twice, whose picture may be somebody else's (REF-12).

What is found is reported for a person to look at and to have corrected at the source. Nothing is decided, hidden or
changed here, and nothing is kept: the entry holds counts only. Records that cannot be searched are not compared.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from countersign.errors import Conflict
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import OperatingPoint
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, Turns, operation_in_turns
from countersign.primitives.ids import CollectionId, SubjectId
from countersign.search.resemblance import Doubt, DoubtKind, doubts
from countersign.templates.reference import ReferenceImage

MOST = 500
"""Doubts that are told at once: nobody looks at more in one go, and what is corrected does not come up again."""


class CollectionChangedError(Conflict):
    """References came in or went while they were compared."""

    code = "collection_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareCollection:
    """Which collection."""

    collection: CollectionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """A reference in the force's own words, so that its source can be asked."""

    subject: str
    custody_record: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityDoubt:
    """One thing to look at.

    Attributes:
        reference: The picture in doubt.
        resembles: The picture of another subject that it resembles; None where it resembles nobody.
        score: Their comparison score; without another, that with the nearest picture of its own subject.
    """

    kind: DoubtKind
    reference: Pictured
    resembles: Pictured | None
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedCollection:
    """What was found.

    Attributes:
        alike: Comparison score from which two subjects were taken to resemble each other.
        unlike: Score below which a picture was taken to be unlike its own subject.
        doubts: The first `MOST` of them.
        left_off: How many more there are.
    """

    subjects: int
    templates: int
    alike: int
    unlike: int
    doubts: tuple[IdentityDoubt, ...]
    left_off: int


@operation_in_turns(Permission.COLLECTION_COMPARE)
def compare_collection(turns: Turns, arguments: CompareCollection) -> ComparedCollection:
    """Compare every template that can be searched with every other one.

    The thresholds are those of the pack: a list of candidates begins where two subjects are reported as alike. No
    transaction is open while templates are compared; dying then leaves nothing.

    Returns:
        What a person should look at, pictures that may have been swapped first.

    Raises:
        NoPolicyPackError: There is no pack whose thresholds could be used.
        NotFound: There is no such collection.
        CollectionChangedError: What can be searched changed meanwhile.
    """
    with turns.look() as turn:
        collection = turn.work.collections.get(arguments.collection)
        points = turn.pack.operating_points
        version = turn.work.gallery.version(collection.id)
        codes, subjects = turn.work.gallery.matrix(collection.id, turn.desk.engine.extractor)
    alike = max(points[OperatingPoint.STRICT].values())
    unlike = min(least for bands in points.values() for least in bands.values())
    found = doubts(codes, subjects, alike=alike, unlike=unlike)
    with turns.turn() as turn:
        # Rows are named by their place among what can be searched: of another gallery they would name others.
        if turn.work.gallery.version(collection.id) != version:
            raise CollectionChangedError("expected the collection as it was compared, got a change: compare it again")
        _record(turn, collection.id, subjects, found)
        told = tuple(_told(turn, subjects, one) for one in found[:MOST])
    return ComparedCollection(
        subjects=len(set(subjects)),
        templates=len(subjects),
        alike=alike,
        unlike=unlike,
        doubts=told,
        left_off=len(found[MOST:]),
    )


def _record(turn: Turn, collection: CollectionId, subjects: Sequence[SubjectId], found: Sequence[Doubt]) -> None:
    count = Counter(one.kind for one in found)
    turn.record(
        EventKind.COLLECTION_COMPARED,
        {
            "collection": collection,
            "subjects": len(set(subjects)),
            "templates": len(subjects),
            **{str(kind): count[kind] for kind in DoubtKind},
            "justification": "identity_check",
        },
    )


def _told(turn: Turn, subjects: Sequence[SubjectId], doubt: Doubt) -> IdentityDoubt:
    return IdentityDoubt(
        kind=doubt.kind,
        reference=_pictured(turn, subjects, doubt.row),
        resembles=None if doubt.other is None else _pictured(turn, subjects, doubt.other),
        score=doubt.score,
    )


def _pictured(turn: Turn, subjects: Sequence[SubjectId], row: int) -> Pictured:
    """Say whose and which picture a row of the gallery is; a subject's rows stand best quality first, then by id."""
    subject = subjects[row]
    rows = [
        one
        for one in turn.work.templates.where(subject=subject)
        if one.searchable and one.extractor == turn.desk.engine.extractor
    ]
    template = sorted(rows, key=lambda one: (-one.unified, one.id))[row - subjects.index(subject)]
    image: ReferenceImage = turn.work.images.get(template.image)
    return Pictured(
        subject=turn.work.subjects.get(subject).external_id,
        custody_record=turn.work.records.get(template.record).external_id,
        file=image.file_name,
    )
