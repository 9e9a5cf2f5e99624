"""The report of a released lead, for the requester: the only document that names the lead, under the fixed caveat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from countersign.errors import NotFound
from countersign.faces.drawing import annotate
from countersign.governance.composition import ageing
from countersign.governance.permission import Permission
from countersign.governance.verdict import Verdict, require
from countersign.ledger.event import EventKind
from countersign.media.sandbox.decoder import decode_image
from countersign.operations.overlays import readable
from countersign.operations.report_basis import opinions, probe_shown, search_basis
from countersign.operations.report_facts import LeadReport, MadeReport, Picture, PictureRole
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.outcome.lead import Lead
from countersign.primitives.ids import LeadId, PersonId
from countersign.templates.reference import ReferenceImage


class LeadNotReleasedError(NotFound):
    """The lead was not released to anybody, so there is nothing to report."""

    code = "lead_not_released"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLead:
    """Of which lead."""

    lead: LeadId


@operation(Permission.REPORT_LEAD)
def report_lead(turn: Turn, arguments: ReportLead) -> MadeReport:
    """Make the report of a released lead; a disclosure to its recipient, recorded as one.

    Raises:
        LeadNotReleasedError: It is not released yet.
        GuardError: The person is not the requester it was released to.
    """
    lead = turn.work.leads.get(arguments.lead)
    made = lead_report(turn, lead)
    committed = {"lead": lead.subject, "recipient": lead.recipient}
    facts = {"report": "lead", "justification": turn.work.requests.get(lead.request).form.purpose}
    turn.record(EventKind.REPORT_DISCLOSED, facts, committed=committed, case=lead.case, key=lead.key)
    return made


def lead_report(turn: Turn, lead: Lead) -> MadeReport:
    """Gather the report of a released lead for its recipient, as `report_lead` gives it; errors likewise."""
    work = turn.work
    if lead.released_at is None or lead.released_by is None or lead.recipient is None:
        raise LeadNotReleasedError("expected a released lead, got one that is not released")
    turn.check(recipient_only(lead, turn.actor.id), not_recalled(lead), readable(work, lead.request, turn.actor.roles))
    request, run = work.requests.get(lead.request), work.runs.get(lead.run)
    image = best_recent(_references(work, lead), turn.today)
    record = work.records.get(image.record)
    report = LeadReport(
        basis=search_basis(turn, request, run),
        made_at=turn.now,
        lead_name=work.subjects.get(lead.subject).external_id,
        record_reference=record.external_id,
        reference_image_date=image.image_date,
        reference_ageing=ageing(image.image_date, turn.today),
        released_by=lead.released_by,
        released_at=lead.released_at,
        recipient=work.people.get(lead.recipient).name,
        reasons_against=lead.reasons_against,
        opinions=opinions(work, run),
    )
    pictures = (*probe_shown(work, work.probes.get(request.probe)), _shown(work, image))
    return MadeReport(report=report, pictures=pictures)


def recipient_only(lead: Lead, person: PersonId) -> Verdict:
    """Refuse everybody but the one person to whom the lead was released (REP-09)."""
    return require(
        lead.recipient == person, "not_recipient", "expected the requester it was released to, got another person"
    )


def not_recalled(lead: Lead) -> Verdict:
    """Refuse the report of a lead that turned out to be wrong (REP-08)."""
    return require(lead.disproved is None, "lead_disproved", "expected a lead that holds, got one that was disproved")


def _references(work: Work, lead: Lead) -> list[ReferenceImage]:
    """Give the subject's images of the records that can be searched, as examiners were shown."""
    records = work.records.where(subject=lead.subject, searchable=True)
    images = [image for record in records for image in work.images.where(record=record.id) if image.blob is not None]
    if not images:
        raise NotFound(
            "expected a reference image of the lead, got none that is not hidden or erased", code="reference_erased"
        )
    return images


def best_recent(images: Sequence[ReferenceImage], today: date) -> ReferenceImage:
    """Give the image of the best quality among the recent ones; where all are old, the latest (REF-16)."""
    recent = [image for image in images if not ageing(image.image_date, today)]
    if recent:
        return max(recent, key=lambda image: image.unified)
    return max(images, key=lambda image: (image.image_date or date.min, image.unified))


def _shown(work: Work, image: ReferenceImage) -> Picture:
    assert image.blob is not None  # noqa: S101  `_references` gives no other
    rgb = decode_image(work.blobs.get(image.blob, key=image.key)).rgb_upright
    taken = image.image_date.isoformat() if image.image_date else "at an unknown date"
    return Picture(role=PictureRole.REFERENCE, caption=f"Reference, taken {taken}", data=annotate(rgb, [], labels=[]))
