"""The certified threshold: below it nothing is listed. It comes from the signed pack and from nowhere else (ENG-02)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from countersign.errors import Invalid
from countersign.search.comparison import MAX_VIEWS

#: Long lists bring false alarms, not finds (Heyer 2018); ENG-03.
MAX_LIST_LENGTH = 20


class OperatingPointError(Invalid):
    """An operating point that leaves a subject without a threshold, or is no threshold at all."""

    code = "operating_point"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """A name, a threshold for each band of views, and the length of the list.

    More views raise the scores of strangers, so a subject is held to the band of its own number of views.

    Attributes:
        name: ``strict`` or ``investigation`` (practice P-01).
        thresholds: Lowest listed comparison score by (fewest, most) views; the bands cover 1 … 7 exactly once.
        list_length: R, the most candidates that an examiner is shown.

    Example:
        >>> point = OperatingPoint(name="strict", thresholds={(1, 1): 50, (2, 7): 60}, list_length=10)
        >>> point.threshold_for(1), point.threshold_for(2), point.threshold_for(28), point.lowest
        (50, 60, 60, 50)
    """

    name: str
    thresholds: Mapping[tuple[int, int], int]
    list_length: int

    def __post_init__(self) -> None:
        covered = sorted(views for first, last in self.thresholds for views in range(first, last + 1))
        if covered != list(range(1, MAX_VIEWS + 1)):
            raise OperatingPointError(f"expected bands that cover 1 to {MAX_VIEWS} views once, got {covered}")
        # Hidden rows are zeroed and score 0: a threshold of 0 would be no threshold.
        if min(self.thresholds.values()) < 1:
            raise OperatingPointError(f"expected thresholds >= 1, got {min(self.thresholds.values())}")
        if not 1 <= self.list_length <= MAX_LIST_LENGTH:
            raise OperatingPointError(f"expected a list length from 1 to {MAX_LIST_LENGTH}, got {self.list_length}")
        object.__setattr__(self, "thresholds", MappingProxyType(dict(self.thresholds)))

    @property
    def lowest(self) -> int:
        """Give the lowest threshold of any band: what scores below it is listed for nobody."""
        return min(self.thresholds.values())

    @property
    def threshold_id(self) -> str:
        """Give a name that changes with any number in it.

        Example:
            >>> OperatingPoint(name="strict", thresholds={(1, 1): 50, (2, 7): 60}, list_length=10).threshold_id
            'strict/views-1:50/views-2-7:60/length:10'
        """
        bands = (
            f"views-{first}:{least}" if first == last else f"views-{first}-{last}:{least}"
            for (first, last), least in sorted(self.thresholds.items())
        )
        return "/".join((self.name, *bands, f"length:{self.list_length}"))

    def threshold_for(self, views: int) -> int:
        """Give the threshold that a subject with so many views is held to; more than seven count as seven.

        Raises:
            OperatingPointError: ``views`` is below 1: a subject that cannot be compared has no threshold.
        """
        if views < 1:
            raise OperatingPointError(f"expected at least 1 view, got {views}")
        counted = min(views, MAX_VIEWS)
        return next(least for (first, last), least in self.thresholds.items() if first <= counted <= last)
