"""How long each class of object is kept, and why.

The periods are rows of the policy pack; no class of object may lack one (RET-01).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from countersign.errors import Refused


class ObjectClass(StrEnum):
    """Everything that is stored and says something about a person; a closed set."""

    CUSTODY_RECORD = "custody_record"
    REFERENCE_IMAGE = "reference_image"
    REFERENCE_TEMPLATE = "reference_template"
    CASE = "case"
    EXHIBIT = "exhibit"
    LOCATED_FACE = "located_face"
    PROBE = "probe"
    PROBE_TEMPLATE = "probe_template"
    REQUEST = "request"
    AUTHORISATION = "authorisation"
    SEALED_LIST = "sealed_list"
    REVIEW = "review"
    LEAD = "lead"
    REPORT = "report"
    ENTRY_OPENING = "entry_opening"
    PERSON = "person"
    ENTRY = "entry"


class CountedFrom(StrEnum):
    """The event from which a period runs."""

    ADDED = "added"
    SEARCH_END = "search_end"
    REVIEW_CLOSED = "review_closed"
    CASE_CLOSED = "case_closed"
    LEFT_SERVICE = "left_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRow:
    """One class of object: how many days after which event it is erased, and the reason for just that long."""

    object_class: ObjectClass
    days: int
    counted_from: CountedFrom
    reason: str


class UndatedError(Refused):
    """A class of object has no period: it may not be stored."""

    code = "undated"


def undated(table: Iterable[RetentionRow]) -> tuple[ObjectClass, ...]:
    """Name the classes without a period; empty is good."""
    dated = {row.object_class for row in table}
    return tuple(object_class for object_class in ObjectClass if object_class not in dated)


def row_of(table: Iterable[RetentionRow], object_class: ObjectClass) -> RetentionRow:
    """Give the row of a class of object; without one it may not be stored (RET-01).

    Raises:
        UndatedError: The table has no row for the class.
    """
    row = next((row for row in table if row.object_class is object_class), None)
    if row is None:
        raise UndatedError(f"expected a retention period for {object_class}, got none in the policy pack")
    return row


def erase_on(table: Iterable[RetentionRow], object_class: ObjectClass, since: datetime) -> date:
    """Give the day on which an object is due for erasure.

    Args:
        table: The pack's retention rows.
        object_class: What is to be erased.
        since: When the row's ``counted_from`` event happened.

    Raises:
        UndatedError: The table has no row for the class.

    Source:
        DPA 2018 s.39(2): time limits for the periodic review of the need to keep.
    """
    return (since + timedelta(days=row_of(table, object_class).days)).date()
