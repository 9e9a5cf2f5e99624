"""What a validation certifies: the key that it holds for, what it claims, and the counts that must bear the claim.

The content of a signed validation carries counts, not verdicts: whoever accepts it counts again (`certificate_rules`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from countersign.errors import Invalid
from countersign.governance.policy_pack import OperatingPoint, PolicyPack
from countersign.primitives.codec import canonical_text
from countersign.primitives.digest import Sha256, sha256

GROWTH = 1.1
"""A certificate holds up to this many times the evaluated size, unless an extrapolation goes further (P-04)."""


class CertificateError(Invalid):
    """Counts or bounds that cannot be."""

    code = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Errors, of how many searches, of how many people."""

    errors: int
    searches: int
    people: int

    def __post_init__(self) -> None:
        if not (0 <= self.errors <= self.searches and min(1, self.searches) <= self.people <= self.searches):
            raise CertificateError(
                f"expected errors <= searches and people <= searches, got {self.errors}, {self.searches}, {self.people}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PointClaim:
    """What is promised of one operating point, and what was counted.

    Attributes:
        fpir: Highest share of searches without a mate that list anybody, as promised.
        fnir: Highest share of searches with a mate that do not list it, as promised.
        false: Counted for FPIR.
        missed: Counted for FNIR.
    """

    point: OperatingPoint
    fpir: float
    fnir: float
    false: Counted
    missed: Counted

    def __post_init__(self) -> None:
        if not (0 < self.fpir <= 1 and 0 < self.fnir <= 1):
            raise CertificateError(f"expected claims in (0, 1], got {self.fpir} and {self.fnir}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCount:
    """What was counted of one group; ``attribute`` is ``sex`` or a product such as ``sex × ethnicity``."""

    point: OperatingPoint
    attribute: str
    group: str
    false: Counted
    missed: Counted

    @property
    def is_product(self) -> bool:
        """Say whether it is a group by more than one attribute."""
        return "×" in self.attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRate:
    """Rates at a size of the collection, with the ends of their intervals; extrapolated above the evaluated size."""

    n: int
    point: OperatingPoint
    fnir: float
    fnir_high: float
    fpir: float
    fpir_high: float

    def __post_init__(self) -> None:
        ordered = 0 <= self.fnir <= self.fnir_high <= 1 and 0 <= self.fpir <= self.fpir_high <= 1
        if self.n < 1 or not ordered:
            raise CertificateError(f"expected a size and rates in [0, 1] not above their ends, got {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The key of a validation and its evidence.

    Attributes:
        precision: Number format of the network; it is part of the extractor's identity too, and stands here to be read.
        fusion: `fusion_id` of the pack.
        view_bands: Numbers of views for which there is a threshold of its own.
        n_highest: Largest number of people searched among for which it holds (practice P-04).
        max_group_ratio: The pack's bound for differences between groups (EQV-02); part of `pack_key`.
        pack: `pack_key` of the pack whose numbers were measured.
        report: Digest of the report with everything that was measured.
        sizes: Extrapolation to larger collections, where it was made; without one the band ends at `GROWTH` times the
            evaluated size.
    """

    precision: str
    fusion: str
    list_lengths: Mapping[OperatingPoint, int]
    view_bands: tuple[str, ...]
    n_highest: int
    max_group_ratio: float
    pack: Sha256
    report: Sha256
    points: tuple[PointClaim, ...]
    groups: tuple[GroupCount, ...]
    sizes: tuple[SizeRate, ...] = ()

    def __post_init__(self) -> None:
        if self.n_highest < 1 or not self.points:
            raise CertificateError("expected a band of at least one person and a claim for a point, got none")
        if self.max_group_ratio < 1:
            raise CertificateError(f"expected a bound for differences of at least 1, got {self.max_group_ratio}")


def fusion_id(pack: PolicyPack) -> str:
    """Name the way in which scores of several stills are put together."""
    return f"weighted-mean/p{pack.fusion_power}"


def pack_key(pack: PolicyPack) -> Sha256:
    """Give one digest over the parts of a pack that change what is listed, how long a list is, or what counts as bias.

    Other parts, how long something is kept for one, may change without a new evaluation (practice P-04).
    """
    points = {name: dict(sorted(bands.items())) for name, bands in pack.operating_points.items()}
    tiers = dict(pack.operating_point_by_tier)
    parts = (points, dict(pack.list_lengths), fusion_id(pack), tiers, pack.max_group_ratio)
    return sha256(canonical_text(parts).encode())
