"""What a measurement was made with and on: printed first in every report of it, and the key of a certificate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from countersign.governance.artefact import content_digest, content_text
from countersign.operations.desk import Engine
from countersign.primitives.clock import Clock
from countersign.primitives.codec import Plain, to_plain
from countersign.primitives.digest import Sha256, sha256

__all__ = ["EvaluationConditions", "conditions", "pack_digest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationConditions:
    """The circumstances of one measurement.

    Attributes:
        data: Name of the folder, never its place.
        data_sha256: Digest of the manifest or the file of pairs: which pictures were meant.
        network: One digest over detector and extractor.
        pack_sha256: Of the policy pack whose operating points were measured; empty without one.
        asked: What was asked for, in the words of the command line.
    """

    measured_at: datetime
    code: str
    extractor: str
    network: Sha256
    data: str
    data_sha256: Sha256
    pack_sha256: str
    asked: Mapping[str, str]


def conditions(
    engine: Engine, listing: Path, clock: Clock, *, code: str, asked: Mapping[str, str], pack_sha256: str = ""
) -> EvaluationConditions:
    """Gather the circumstances of a measurement.

    Args:
        engine: The networks that were measured.
        listing: The manifest or the file of pairs.
        clock: Gives the date of the report.
        code: Version of this software.
        asked: Options as the person gave them.
        pack_sha256: `pack_digest` of the pack, if one was measured.
    """
    return EvaluationConditions(
        measured_at=clock.now(),
        code=code,
        extractor=engine.extractor,
        network=Sha256(engine.network),
        data=listing.resolve().parent.name,
        data_sha256=sha256(listing.read_bytes()),
        pack_sha256=pack_sha256,
        asked=asked,
    )


def pack_digest(plain: Mapping[str, object]) -> Sha256:
    """Give the digest that a policy pack has once it is signed and submitted."""
    content: Plain = to_plain(dict(plain))
    return content_digest(content_text(content))
