"""Draft a one-to-one comparison: one probe, one named person's image, and the case made for it (practice P-05)."""

from dataclasses import dataclass
from datetime import date

from countersign.errors import NotFound
from countersign.governance.actor import Role
from countersign.governance.form_rules import coded
from countersign.governance.one_to_one_rules import comparable, comparison_tier, few_compared, person_named
from countersign.governance.permission import Permission
from countersign.governance.request import RequestForm, RequestState, SearchKind, SearchRequest, Urgency
from countersign.governance.request_rules import trained
from countersign.governance.review_rules import outcomes_recorded
from countersign.ledger.event import EventKind
from countersign.operations.earlier_requests import exhibits_of
from countersign.operations.probe_binding import probe_binding
from countersign.operations.record_status import register_numbers
from countersign.operations.reference_digest import reference_digest
from countersign.operations.turn import Turn, operation
from countersign.operations.waiting_leads import waiting_leads
from countersign.operations.work import Work
from countersign.primitives.ids import CollectionId, ImageId, ProbeId, RequestId, new_id
from countersign.search.probe import Probe
from countersign.templates.reference import ReferenceImage


class NoComparableImageError(NotFound):
    """There is no image of this record to compare with."""

    code = "no_comparable_image"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftComparison:
    """Which probe, whose image, and why.

    Attributes:
        subject: The force's own number of the person in that collection.
        custody_record: The number of the custody record whose newest image is meant.
        form: As for a search; ``named_person`` says who it is.
    """

    probe: ProbeId
    collection: CollectionId
    subject: str
    custody_record: str
    form: RequestForm


@operation(Permission.COMPARISON_DRAFT)
def draft_comparison(turn: Turn, arguments: DraftComparison) -> SearchRequest:
    """Draft a comparison. Its kind and tier are computed; what follows is as for a search: submit, authorise, review.

    Raises:
        GuardError: Nobody is named, the record may not be compared now, or the exhibits were compared with many people.
        NoComparableImageError: No such record is held, or it has no image with a template.
    """
    work, form = turn.work, arguments.form
    probe, collection = work.probes.get(arguments.probe), work.collections.get(arguments.collection)
    turn.check(
        turn.in_use(),
        outcomes_recorded(waiting_leads(work, turn.actor.id), turn.now, turn.pack.review),
        trained(turn.actor, Role.REQUESTER, turn.today),
        coded(form, turn.pack),
        person_named(form),
    )
    image = _image(turn, arguments)
    turn.check(few_compared(_compared_before(work, probe), image.id))
    request = SearchRequest(
        id=RequestId(new_id()),
        case=probe.case,
        key=work.keys.create(),
        requester=turn.actor.id,
        state=RequestState.DRAFT,
        form=form,
        tier=comparison_tier(form, collection.collection_class),
        kind=SearchKind.ONE_TO_ONE,
        urgent=form.urgency is not Urgency.NONE,
        collection=collection.id,
        probe=probe.id,
        binding=probe_binding(probe, collection.id, image.id),
        drafted_at=turn.now,
        state_since=turn.now,
        compared_with=image.id,
    )
    work.requests.add(request)
    facts = {"request": request.id}
    turn.record(EventKind.REQUEST_DRAFTED, facts, committed={"form": form}, case=request.case, key=request.key)
    return request


def _image(turn: Turn, arguments: DraftComparison) -> ReferenceImage:
    """Give the newest image of the record that has a template; what is hidden is told like what is not held."""
    work = turn.work
    digest = reference_digest(work, arguments.collection, "record", arguments.subject, arguments.custody_record)
    images = [
        image
        for record in work.records.where(external_digest=digest)
        if comparable(record, turn.now, register_numbers(turn)).allowed
        for image in work.images.where(record=record.id)
        if work.templates.where(image=image.id)
    ]
    if not images:
        raise NoComparableImageError("expected a record that may be compared and has an image, got none of this number")
    return max(images, key=lambda image: (image.image_date or date.min, image.unified))


def _compared_before(work: Work, probe: Probe) -> set[ImageId]:
    """Give with whose images the case's comparisons of the same exhibits were asked for."""
    exhibits = exhibits_of(work, probe.id)
    return {
        one.compared_with
        for one in work.requests.where(case=probe.case)
        if one.compared_with is not None and exhibits & exhibits_of(work, one.probe)
    }
