"""What the daily sweep finds: what is due for erasure, what a hold keeps, and how much is late (RET-02, RET-07)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from countersign.governance.retention import ObjectClass
from countersign.governance.verdict import Verdict, first_refusal, require


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueLimits:
    """How much may be late before use stops; a pack may tighten both (RET-07).

    Attributes:
        permille: Share of dated objects that may be late, in thousandths.
        days: How late any one of them may be.
    """

    permille: int = 5
    days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedObject:
    """One stored object with its day.

    Attributes:
        due: Day on which it is erased.
        held: Whether a disclosure hold or a restriction keeps it; then it is counted and never late.
    """

    object_class: ObjectClass
    id: str
    due: date
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What one look found, before anything was erased."""

    objects: int
    due: tuple[DatedObject, ...]
    held: int
    late: int
    latest_days: int


def sweep(objects: Sequence[DatedObject], today: date) -> Sweep:
    """Sort dated objects; what is due today is not late, what was due yesterday should be gone.

    Example:
        >>> day = date(2026, 3, 2)
        >>> one = DatedObject(object_class=ObjectClass.CASE, id="c", due=date(2026, 3, 1))
        >>> found = sweep([one], day)
        >>> len(found.due), found.late, found.latest_days
        (1, 1, 1)
    """
    reached = [one for one in objects if one.due <= today]
    due = tuple(one for one in reached if not one.held)
    late = [(today - one.due).days for one in due if one.due < today]
    return Sweep(
        objects=len(objects), due=due, held=len(reached) - len(due), late=len(late), latest_days=max(late, default=0)
    )


def bearable(found: Sweep, limits: OverdueLimits) -> Verdict:
    """Refuse to go on searching while too much is kept too long; exactly the limit is still borne (RET-07)."""
    return first_refusal(
        require(
            found.late * 1000 <= found.objects * limits.permille,
            "retention_overdue",
            f"expected at most {limits.permille} of 1,000 objects late, got {found.late} of {found.objects}",
        ),
        require(
            found.latest_days <= limits.days,
            "retention_overdue",
            f"expected nothing more than {limits.days} days late, got {found.latest_days}",
        ),
    )
