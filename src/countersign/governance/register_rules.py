"""Guards of reference collections and custody records: what may be registered, and what may be searched."""

import re
from collections.abc import Container
from datetime import date, datetime, timedelta

from countersign.governance.actor import Person, Rank
from countersign.governance.policy_pack import GALLERY_FLOOR, PolicyPack, Relaxation, relaxed
from countersign.governance.programme import ProgrammeKind
from countersign.governance.register import Collection, CollectionClass, CustodyRecord, LegalStatus, RegisterNumbers
from countersign.governance.verdict import Verdict, first_refusal, require

# REF-02, RMC & FJ [2012] EWHC 1681: an allow-list; whatever is not on it is hidden, a status yet to come included.
SEARCHABLE = frozenset(
    {LegalStatus.CONVICTED, LegalStatus.CAUTION, LegalStatus.CHARGED, LegalStatus.UNDER_INVESTIGATION}
)
# REF-04, RMC & FJ; Custody Image Review 2017: nobody was convicted and nothing is pending.
UNCONVICTED = frozenset({LegalStatus.NFA, LegalStatus.ACQUITTED})
CONVICTED = frozenset({LegalStatus.CONVICTED, LegalStatus.CAUTION})
ADULT = 18
# A complete feed that lacks more than one record in ten is taken for a broken one, not for a mass deletion (P-14).
MISSING_CEILING = 0.1
BASIS = ("name", "controller", "legal_power", "purpose", "retention_rule", "provenance")
# REF-08, AI Act Art 5(1)(e): facial images from the internet or CCTV build no collection, whatever they are called.
SCRAPED = re.compile(
    r"scrap|crawl|harvest|\b(web|internet|online|website|social.?media|cctv|search engine|clearview|pimeyes"
    r"|facebook|instagram|tiktok|twitter|youtube|linkedin|vkontakte|snapchat|flickr)\b|\bhttps?:|\bwww\.",
    re.IGNORECASE,
)


def searchable(status: LegalStatus, review_due: date, today: date) -> Verdict:
    """Refuse a record without a current lawful basis; the day of the review itself still counts (REF-02, REF-05)."""
    return first_refusal(
        require(status in SEARCHABLE, "status_not_searchable", f"expected a status that may be searched, got {status}"),
        require(today <= review_due, "review_overdue", f"expected a review due today or later, got {review_due}"),
    )


def may_have_template(status: LegalStatus, review_due: date, today: date) -> Verdict:
    """Refuse to make features of somebody whom nobody may search for; the picture alone is kept (REF-17, s.37)."""
    return searchable(status, review_due, today)


def fresh(status_checked_at: datetime, now: datetime, numbers: RegisterNumbers) -> Verdict:
    """Refuse a record whose status was last checked too long ago; exactly that long is still fresh (REF-03)."""
    return require(
        now - status_checked_at <= timedelta(days=numbers.status_stale_days),
        "status_stale",
        f"expected a status checked in the last {numbers.status_stale_days} days, got {status_checked_at.isoformat()}",
    )


def listed(listed_from: datetime, now: datetime) -> Verdict:
    """Refuse a record that was added too short a time ago to be listed (REF-13, A8)."""
    return require(
        listed_from <= now,
        "addition_delay",
        f"expected a record listed from now or before, got {listed_from.isoformat()}",
    )


def first_listed(added_at: datetime, numbers: RegisterNumbers, kind: ProgrammeKind) -> datetime:
    """Give the moment from which a record that is added may be listed."""
    hours = 0 if relaxed(kind, Relaxation.NO_ADDITION_DELAY) else numbers.addition_delay_h
    return added_at + timedelta(hours=hours)


def listable(record: CustodyRecord, now: datetime, numbers: RegisterNumbers) -> Verdict:
    """Refuse a record that may not be in the gallery at this moment, for the first reason that there is."""
    return first_refusal(
        searchable(record.status, record.review_due, now.date()),
        fresh(record.status_checked_at, now, numbers),
        listed(record.listed_from, now),
    )


def years_later(day: date, years: int) -> date:
    """Give the same day so many years later; 1 March for a 29 February that is not there.

    Example:
        >>> years_later(date(2024, 2, 29), 3)
        datetime.date(2027, 3, 1)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def review_by(review_due: date, date_of_birth: date | None, taken: date, numbers: RegisterNumbers) -> date:
    """Give the day of the next review: sooner when the image shows a child (REF-06, Custody Image Review 2017)."""
    if date_of_birth is None or taken >= years_later(date_of_birth, ADULT):
        return review_due
    return min(review_due, years_later(taken, numbers.child_review_years))


def erase_due(before: date | None, status: LegalStatus, today: date, numbers: RegisterNumbers) -> date | None:
    """Give the day of erasure for want of a conviction; counted once, from the day that is first known (REF-04)."""
    if status not in UNCONVICTED:
        return None
    return before or today + timedelta(days=numbers.unconvicted_erase_days)


def erasable(record: CustodyRecord, today: date) -> bool:
    """Say whether a record must be erased today: its day has come and no signed exception covers it."""
    excepted = record.kept_until is not None and today <= record.kept_until
    return record.erase_due is not None and record.erase_due <= today and not excepted


def not_restricted(status: LegalStatus) -> Verdict:
    """Refuse to erase what is restricted: evidence, or disputed, it is kept and not seen (RET-04, s.47(2)-(3))."""
    return require(
        status is not LegalStatus.RESTRICTED,
        "record_restricted",
        "expected a record that may be erased, got a restricted one",
    )


def may_keep(record: CustodyRecord, officer: Person, until: date, today: date, numbers: RegisterNumbers) -> Verdict:
    """Refuse an exception that is not needed or lasts too long, or an officer below the rank (REF-04).

    It never makes a record searchable; it only puts off its erasure. A child's needs a superintendent (REF-06).
    """
    child = record.date_of_birth is not None and today < years_later(record.date_of_birth, ADULT)
    rank = Rank.SUPERINTENDENT if child else Rank.INSPECTOR
    latest = today + timedelta(days=numbers.exception_days)
    return first_refusal(
        require(
            record.erase_due is not None,
            "no_exception_needed",
            f"expected a record that is put up for erasure, got one that is {record.status}",
        ),
        require(
            today < until <= latest,
            "exception_too_long",
            f"expected an exception that ends after today and by {latest}, got {until}",
        ),
        require(
            tuple(Rank).index(officer.rank) >= tuple(Rank).index(rank),
            "rank_too_low",
            f"expected {rank} or above, got {officer.rank}",
        ),
    )


def feed_plausible(missing: int, held: int) -> Verdict:
    """Refuse a complete feed that lacks so much that it is broken rather than true (P-14)."""
    return require(
        missing <= held * MISSING_CEILING,
        "feed_incomplete",
        f"expected a complete feed to lack at most one record in ten of {held}, got {missing} missing",
    )


def feed_warning(oldest: datetime | None, now: datetime, numbers: RegisterNumbers) -> date | None:
    """Give the day on which silence begins to empty the gallery, once that is near; None while it is not (P-14)."""
    if oldest is None:
        return None
    hidden_from = oldest + timedelta(days=numbers.status_stale_days)
    return hidden_from.date() if hidden_from - now <= timedelta(days=numbers.feed_warn_days) else None


def checked_in_past(status_checked_at: datetime, now: datetime) -> Verdict:
    """Refuse a status said to have been checked later than now: it would look fresh for longer than it is (REF-03)."""
    return require(
        status_checked_at <= now,
        "status_checked_in_future",
        f"expected a status checked by {now.isoformat()}, got {status_checked_at.isoformat()}",
    )


def manifest_origin(provenance: str) -> Verdict:
    """Refuse reference images that were gathered from the internet, social media or CCTV (REF-08)."""
    found = SCRAPED.search(provenance.replace("_", " "))
    got = found.group() if found else ""
    return require(found is None, "scraped_reference", f"expected lawfully acquired reference images, got {got!r}")


def never_an_exhibit(file: str, sealed: Container[str]) -> Verdict:
    """Refuse to enrol the file of an exhibit of any case: whom one searches with is never searched for (REF-09).

    Both are keyed digests; the person who enrols learns no more than that it is one.
    """
    return require(file not in sealed, "exhibit_enrolled", "expected a reference image, got the file of an exhibit")


def collection_registrable(collection: Collection) -> Verdict:
    """Refuse a collection without controller, power, purpose, retention rule or provenance (REF-01), or scraped."""
    empty = [name for name in BASIS if not getattr(collection, name).strip()]
    return first_refusal(
        require(not empty, "collection_incomplete", f"expected text, got none in: {', '.join(empty)}"),
        *(manifest_origin(getattr(collection, name)) for name in BASIS),
    )


STATUTORY = frozenset({CollectionClass.MISSING, CollectionClass.DECEASED_UNIDENTIFIED})


def gallery_large_enough(
    n_subjects: int, pack: PolicyPack, kind: ProgrammeKind, collection_class: CollectionClass = CollectionClass.CUSTODY
) -> Verdict:
    """Refuse to search a collection so small that it is a list made for the occasion (REF-13).

    A register of missing or unidentified people is as large as the law makes it, and exempt (practice P-10).
    """
    exempt = collection_class in STATUTORY or relaxed(kind, Relaxation.SMALL_GALLERY)
    least = 1 if collection_class in STATUTORY else max(1 if exempt else GALLERY_FLOOR, pack.minimum_gallery_subjects)
    return require(n_subjects >= least, "gallery_too_small", f"expected at least {least} subjects, got {n_subjects}")
