"""A reference image and the template made of it. The pixels and the codes are sealed under the custody record's key."""

from dataclasses import dataclass
from datetime import date

from countersign.media.exhibit import QualityMeasure
from countersign.primitives.ids import BlobId, CollectionId, ImageId, KeyId, RecordId, SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceImage:
    """One image of a custody record; ``content_digest`` is keyed, so equal files are seen without storing a hash.

    Attributes:
        unified: Quality of its face in [0, 1], high is good; it orders a subject's views.
        measures: Every measured component (PRB-09); none of a synthetic template.
        landmarks_px: Eyes, nose, corners of the mouth, x and y in turn, to lay pictures over each other.
    """

    id: ImageId
    record: RecordId
    key: KeyId
    blob: BlobId | None
    file_name: str
    content_digest: str
    image_date: date | None
    unified: float
    measures: tuple[QualityMeasure, ...]
    landmarks_px: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceTemplate:
    """Features of one reference image.

    Attributes:
        codes: d signed bytes, sealed; see `templates.extractor`.
        extractor: Identity of the extractor that made it: network digest, precision, preprocessing.
        synthetic: True for seeded templates without a picture, which only demonstration and test programmes hold.
    """

    id: str
    image: ImageId
    record: RecordId
    subject: SubjectId
    collection: CollectionId
    key: KeyId
    extractor: str
    unified: float
    codes: bytes
    synthetic: bool
    searchable: bool
