"""What time brings to a programme: warnings before its documents end, and the reasons for which use stops by itself.

Everything expires (GOV-07). Nothing here lifts a suspension; people do (`programme_transitions`).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from countersign.governance.artefact_content import PilotPlan, read_as
from countersign.governance.programme import Artefact, ArtefactType, Programme, ProgrammeState
from countersign.governance.programme_standing import LOADING, current_of, standing
from countersign.governance.register import Collection, RegisterNumbers
from countersign.governance.verdict import ALLOWED, Verdict, first_refusal, require

WARNINGS_DAYS = (7, 30, 60)
"""So many days before a document ends its signers are warned; the nearest first."""


def warning_due(artefact: Artefact, today: date) -> int | None:
    """Give how many days before its end a document is to be warned of now; None when there is nothing new to say."""
    left = (artefact.review_by - today).days
    due = next((bound for bound in WARNINGS_DAYS if left <= bound), None)
    return due if due is not None and left >= 0 and due < artefact.warned_days else None


def audited(collection: Collection, now: datetime, numbers: RegisterNumbers) -> Verdict:
    """Refuse a collection that nobody audited for erasure in half a year, counted from its registration (REF-07)."""
    due = (collection.audited_at or collection.registered_at) + timedelta(days=numbers.audit_days)
    return require(
        now <= due, "erasure_audit_overdue", f"expected an erasure audit of {collection.id} by {due.date()}, got none"
    )


def may_stay(
    programme: Programme,
    artefacts: Sequence[Artefact],
    collections: Iterable[Collection],
    numbers: RegisterNumbers,
    now: datetime,
) -> Verdict:
    """Say whether a programme that holds real data, or may, can stay in its state; what it refuses suspends it.

    Source:
        GOV-07, GOV-11, GOV-18, REF-07.
    """
    if programme.state not in LOADING:
        return ALLOWED
    return first_refusal(
        standing(programme, programme.state, artefacts, now),
        *(audited(collection, now, numbers) for collection in collections),
    )


def under_cap(programme: Programme, artefacts: Iterable[Artefact], searches: int) -> Verdict:
    """Refuse a search beyond the number that the pilot's plan fixed; operation has no such number (GOV-18)."""
    plan = current_of(artefacts).get(ArtefactType.PILOT_PLAN)
    if programme.state is not ProgrammeState.PILOT or plan is None:
        return ALLOWED
    cap = read_as(PilotPlan, plan.content).search_cap
    return require(searches < cap, "pilot_cap", f"expected fewer than {cap} searches in the pilot, got {searches}")
