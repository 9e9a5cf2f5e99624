"""Rules of a one-to-one comparison: a probe against one named person's image, and no search (practice P-05).

It is less intrusive than a search, as nobody else's template is touched, so its tier is lower: that somebody is named
raises it no more. Everything else that raises a tier still does. A row of comparisons would be a search by hand:
a case may compare one probe's exhibits with `MOST_COMPARED` people, and no pack says otherwise.
"""

from collections.abc import Collection
from datetime import datetime

from countersign.governance.form_rules import RAISES_TIER
from countersign.governance.register import CollectionClass, CustodyRecord, RegisterNumbers
from countersign.governance.register_rules import listable
from countersign.governance.request import RequestForm, SearchKind, Tier
from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.ids import ImageId

MOST_COMPARED = 3
NOT_RAISING = frozenset({"targeted"})
"""What makes a search targeted makes a comparison possible."""


def comparison_tier(form: RequestForm, collection_class: CollectionClass) -> Tier:
    """Compute the tier of a comparison; nobody chooses it (AUT-05)."""
    flags = [flag for name, flag in RAISES_TIER.items() if name not in NOT_RAISING]
    return Tier.T2 if any(flag(form, collection_class) for flag in flags) else Tier.T1


def person_named(form: RequestForm) -> Verdict:
    """Refuse a comparison whose form does not say with whom, in words that an officer can weigh."""
    return require(
        bool(form.named_person.strip()),
        "nobody_named",
        "expected the person with whom the probe is to be compared, got nobody: that would be a search",
    )


def asks_for_search(kind: SearchKind) -> Verdict:
    """Refuse to search a collection on an authorisation of a comparison."""
    return require(
        kind is not SearchKind.ONE_TO_ONE,
        "comparison_is_no_search",
        "expected a request for a search, got one for a comparison with one image: `countersign comparison run`",
    )


def asks_for_comparison(kind: SearchKind) -> Verdict:
    """Refuse to compare on an authorisation of a search."""
    return require(
        kind is SearchKind.ONE_TO_ONE,
        "search_is_no_comparison",
        "expected a request for a comparison with one image, got one for a search",
    )


def comparable(record: CustodyRecord, now: datetime, numbers: RegisterNumbers) -> Verdict:
    """Refuse an image that is not lawfully held for this now: hidden, unreviewed, of a stale status, or too new."""
    return first_refusal(
        require(record.searchable, "record_hidden", "expected a record that may be compared, got a hidden one"),
        listable(record, now, numbers),
    )


def few_compared(before: Collection[ImageId], image: ImageId) -> Verdict:
    """Refuse one comparison more where a case's exhibits were compared with as many people as is no search by hand."""
    others = set(before) - {image}
    return require(
        len(others) < MOST_COMPARED,
        "compared_with_many",
        f"expected at most {MOST_COMPARED} people compared with the same exhibits in a case, got {len(others)} before:"
        " ask for a search",
    )
