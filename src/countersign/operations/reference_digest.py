"""How a data subject, a custody record or a file is found again without its number or its plain digest being stored."""

from typing import Literal

from countersign.operations.work import Work
from countersign.primitives.codec import canonical_text
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import CollectionId


def reference_digest(
    work: Work, collection: CollectionId, what: Literal["subject", "record", "content"], *numbers: str
) -> str:
    """Give the keyed digest of the force's own numbers, within one collection."""
    return work.keys.keyed_digest("reference", canonical_text((collection, what, *numbers)))


def exhibit_digest(work: Work, sha256: Sha256) -> str:
    """Give the keyed digest of an exhibit's file; whoever has the file alone cannot ask whether it is evidence."""
    return work.keys.keyed_digest("exhibit", sha256)
