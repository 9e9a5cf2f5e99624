"""When a search that led to nobody is looked at again, and what would make a new application worth it (practice P-06).

It is told to officer and requester, and that is all: nothing is searched by itself, and nothing is drafted.
"""

from datetime import datetime, timedelta

from countersign.governance.request import RequestState

REVIEW_AFTER = timedelta(days=30)
MATERIAL_PART = 10
"""A change of what can be searched for every so many people searched is material: a certificate's band (P-04)."""
FRUITLESS = frozenset({RequestState.NO_LEAD, RequestState.NO_CANDIDATE, RequestState.CLOSED})


def review_due(searched_at: datetime, now: datetime) -> bool:
    """Say whether the review date of a search has come; at its very moment it has."""
    return now >= searched_at + REVIEW_AFTER


def changed_materially(*, people: int, changes: int, same_network: bool) -> bool:
    """Say whether gallery or network are so different that the same probe could come to something else.

    Args:
        people: Data subjects that were searched.
        changes: Templates shown or hidden since.
        same_network: Whether the extractor is still the one that searched.

    Example:
        >>> changed_materially(people=1000, changes=100, same_network=True)
        True
        >>> changed_materially(people=1000, changes=99, same_network=True)
        False
    """
    return not same_network or (changes > 0 and changes * MATERIAL_PART >= people)
