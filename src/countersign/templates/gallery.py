"""The gallery of one collection: what a search may compare with, and the version that names exactly that content."""

from dataclasses import dataclass
from typing import Literal

from countersign.errors import Invalid
from countersign.primitives.arrays import Codes, read_only
from countersign.primitives.digest import EMPTY, Sha256, sha256
from countersign.primitives.ids import CollectionId, SubjectId

#: Root of a gallery in which nothing was ever shown.
GENESIS = EMPTY


class MalformedGalleryError(Invalid):
    """Templates and subjects do not fit each other."""

    code = "malformed_gallery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """The searchable templates of a collection at one version. It lives in memory only.

    Attributes:
        seq: Number of changes so far.
        root: Chain over all changes (`extend_root`), so that (seq, root) names what could be searched.
        codes: One template a row, shape (n, d), best quality first within a subject.
        subjects: Whose each row is.
    """

    collection: CollectionId
    extractor: str
    seq: int
    root: Sha256
    codes: Codes
    subjects: tuple[SubjectId, ...]

    def __post_init__(self) -> None:
        if self.codes.ndim != 2 or len(self.codes) != len(self.subjects):  # noqa: PLR2004  rows and features
            raise MalformedGalleryError(
                f"expected one row a subject entry, got {self.codes.shape} and {len(self.subjects)}"
            )
        read_only(self.codes)


def extend_root(root: Sha256, template_id: str, change: Literal["shown", "hidden"]) -> Sha256:
    """Give the root after one more change of what can be searched.

    The parts are framed by line ends, which neither a digest, an id nor a change can hold, so that no two different
    changes are hashed as the same bytes.

    Raises:
        MalformedGalleryError: The template id holds a line end.

    Example:
        >>> one = extend_root(GENESIS, "t1", "shown")
        >>> extend_root(one, "t1", "hidden") == GENESIS
        False
    """
    if "\n" in template_id:
        raise MalformedGalleryError(f"expected a template id without a line end, got {template_id!r}")
    return sha256(f"countersign/gallery/v1\n{root}\n{template_id}\n{change}\n".encode())
