"""Guards of reference collections and custody records: what may be registered, and what may be searched."""

import re
from datetime import date, datetime

from countersign.governance.policy_pack import GALLERY_FLOOR, PolicyPack, Relaxation, relaxed
from countersign.governance.programme import ProgrammeKind
from countersign.governance.register import Collection, LegalStatus
from countersign.governance.verdict import Verdict, first_refusal, require

# REF-02, RMC & FJ [2012] EWHC 1681: an allow-list; whatever is not on it is hidden, a status yet to come included.
SEARCHABLE = frozenset(
    {LegalStatus.CONVICTED, LegalStatus.CAUTION, LegalStatus.CHARGED, LegalStatus.UNDER_INVESTIGATION}
)
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


def collection_registrable(collection: Collection) -> Verdict:
    """Refuse a collection without controller, power, purpose, retention rule or provenance (REF-01), or scraped."""
    empty = [name for name in BASIS if not getattr(collection, name).strip()]
    return first_refusal(
        require(not empty, "collection_incomplete", f"expected text, got none in: {', '.join(empty)}"),
        *(manifest_origin(getattr(collection, name)) for name in BASIS),
    )


def gallery_large_enough(n_subjects: int, pack: PolicyPack, kind: ProgrammeKind) -> Verdict:
    """Refuse to search a collection so small that it is a list made for the occasion (REF-13)."""
    floor = 1 if relaxed(kind, Relaxation.SMALL_GALLERY) else GALLERY_FLOOR
    least = max(floor, pack.minimum_gallery_subjects)
    return require(n_subjects >= least, "gallery_too_small", f"expected at least {least} subjects, got {n_subjects}")
