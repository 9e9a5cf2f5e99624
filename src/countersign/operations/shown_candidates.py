"""Candidates as an examiner sees them: letters and pictures with dates, in the review's own shuffled order."""

from dataclasses import dataclass

from countersign.media.sandbox.decoder import plain_png
from countersign.operations.work import Work
from countersign.primitives.ids import ImageId, SubjectId
from countersign.review.agreement import labels
from countersign.templates.reference import ReferenceImage


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownImage:
    """One reference image: its date, its pixels as a PNG, the quality of its face in [0, 1], and where its eyes lie.

    No name, score, rank, offence or status (practice P-21), not even in the picture's metadata.
    """

    image_date: str
    data: bytes
    unified: float
    eyes_px: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCandidate:
    """A candidate as an examiner sees it."""

    label: str
    images: tuple[ShownImage, ...]


def show(work: Work, order: tuple[SubjectId, ...], only: ImageId | None = None) -> tuple[ShownCandidate, ...]:
    """Give each candidate's reference images under a letter; of a one-to-one comparison ``only`` the image (P-05)."""
    return tuple(
        ShownCandidate(label=label, images=_images(work, subject, only))
        for label, subject in zip(labels(len(order)), order, strict=True)
    )


def nothing_shown(work: Work, order: tuple[SubjectId, ...], only: ImageId | None = None) -> frozenset[str]:
    """Give the letters under which no picture can be seen any more: hidden or erased since the list was sealed."""
    return frozenset(
        label for label, subject in zip(labels(len(order)), order, strict=True) if not _pictured(work, subject, only)
    )


def _pictured(work: Work, subject: SubjectId, only: ImageId | None) -> list[ReferenceImage]:
    return [
        image
        for record in work.records.where(subject=subject, searchable=True)
        for image in work.images.where(record=record.id)
        if image.blob is not None and only in {None, image.id}
    ]


def _images(work: Work, subject: SubjectId, only: ImageId | None) -> tuple[ShownImage, ...]:
    return tuple(
        ShownImage(
            image_date=image.image_date.isoformat() if image.image_date else "unknown",
            data=plain_png(work.blobs.get(image.blob, key=image.key)),
            unified=image.unified,
            eyes_px=image.landmarks_px[:4],
        )
        for image in _pictured(work, subject, only)
        if image.blob is not None
    )
