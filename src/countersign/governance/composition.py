"""What a collection is made of, in numbers: status, age, age of images, ethnicity (REF-18).

Ethnicity is not held here: labels live in a store of their own and are never joined to a record. So everybody counts as
not recorded, and that is said rather than left out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from countersign.governance.register import CustodyRecord

AGES = ((18, "under 18"), (26, "18 to 25"), (41, "26 to 40"), (200, "over 40"))
IMAGE_AGES = ((1, "under 1 year"), (5, "1 to 4 years"), (10, "5 to 9 years"), (200, "10 years and more"))
AGEING_YEARS = 10
"""An image as old as this is shown with a warning: faces age (REF-16)."""
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """Counts of one collection; each but ``image_age`` adds up to ``records``, that one to ``images``."""

    records: int
    searchable: int
    images: int
    status: tuple[tuple[str, int], ...]
    age: tuple[tuple[str, int], ...]
    ethnicity: tuple[tuple[str, int], ...]
    image_age: tuple[tuple[str, int], ...]


def years_between(earlier: date, later: date) -> int:
    """Give the whole years between two days.

    Example:
        >>> years_between(date(2008, 3, 2), date(2026, 3, 1)), years_between(date(2008, 3, 2), date(2026, 3, 2))
        (17, 18)
    """
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def _band(day: date | None, today: date, bands: Iterable[tuple[int, str]]) -> str:
    if day is None:
        return UNKNOWN
    return next((name for below, name in bands if years_between(day, today) < below), UNKNOWN)


def ageing(image_date: date | None, today: date) -> bool:
    """Say whether an image is so old, or of so unknown an age, that whoever compares it must be told (REF-16)."""
    return image_date is None or years_between(image_date, today) >= AGEING_YEARS


def composition(records: Iterable[CustodyRecord], image_dates: Iterable[date | None], today: date) -> Composition:
    """Count a collection."""
    held, dates = list(records), list(image_dates)
    return Composition(
        records=len(held),
        searchable=sum(record.searchable for record in held),
        images=len(dates),
        status=_counted(record.status.value for record in held),
        age=_counted(_band(record.date_of_birth, today, AGES) for record in held),
        ethnicity=_counted("not recorded" for _ in held),
        image_age=_counted(_band(day, today, IMAGE_AGES) for day in dates),
    )


def _counted(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items()))
