"""What no report has a field for, however deep: what tells of others on the list, and what follows anybody."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from countersign.errors import IntegrityBroken

# The threshold's name in the pack and the length of the list say nothing of anybody.
TELLING = re.compile(r"score|^rank$|_rank$|per_?cent|probab|likelihood|similarit|candidates$", re.IGNORECASE)
# Where a person was seen, when and by which camera is another question than who it is: "where?" is tracking (LFR-05).
FOLLOWING = re.compile(r"latitude|longitude|^geo|gps|camera|sighting|track|route|location|place|captured")


class ReportTellsError(IntegrityBroken):
    """A report has a field that nobody outside the review may see: a fault of ours, so nothing is handed out."""

    code = "report_tells"


class ReportFollowsError(IntegrityBroken):
    """A report has a field that says where or when a person was seen: a fault of ours, so nothing is handed out."""

    code = "report_follows"


def _names(report: object) -> Iterator[str]:
    """Give the names of all fields of a record, however deep."""
    for one in fields(report) if is_dataclass(report) else ():
        yield one.name
        value = getattr(report, one.name)
        for part in value if isinstance(value, tuple) else (value,):
            yield from _names(part)


def check_tells_nothing(report: object) -> None:
    """Refuse a report that has a field for a score, rank, percentage or another candidate, however deep (REP-02).

    Raises:
        ReportTellsError: A field's name says so.
    """
    for name in filter(TELLING.search, _names(report)):
        raise ReportTellsError(f"expected facts that anybody on the case may know, got the field {name}")


def check_follows_nobody(report: object) -> None:
    """Refuse a report that has a field for a place, a camera or a series of sightings, however deep (LFR-05).

    Raises:
        ReportFollowsError: A field's name says so.
    """
    for name in filter(FOLLOWING.search, _names(report)):
        raise ReportFollowsError(f"expected an answer to who, and not to where or when, got the field {name}")
