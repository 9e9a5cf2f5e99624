"""One scripted case, step by step: exhibit, probe, request, search, reviews, lead."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from countersign.cli.demonstration.force import Force
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.request import (
    AgeBand,
    Authorisation,
    RequestForm,
    SearchRequest,
    Setting,
    SubjectCategory,
    UseClass,
)
from countersign.media.exhibit import CaptureBasis, Depiction, Exhibit, SourceType
from countersign.operations.analyse_probe import AnalysedReview, AnalyseProbe, analyse_probe
from countersign.operations.authorise_request import AuthoriseRequest, authorise_request
from countersign.operations.consider_request import ConsiderRequest, RequestBasis, consider_request
from countersign.operations.draft_request import DraftRequest, draft_request
from countersign.operations.give_opinion import GivenOpinion, GiveOpinion, give_opinion
from countersign.operations.locate_faces import LocatedFaces, LocateFaces, locate_faces
from countersign.operations.mark_probe import MarkedFace, MarkProbe, mark_probe
from countersign.operations.open_review import OpenedReview, OpenReview, open_review
from countersign.operations.read_request import ReadRequest, ShownRequest, read_request
from countersign.operations.reconfirm_lead import ReconfirmLead, reconfirm_lead
from countersign.operations.record_outcome import RecordOutcome, record_outcome
from countersign.operations.release_lead import ReleaseLead, release_lead
from countersign.operations.run_search import RunSearch, run_search
from countersign.operations.seal_exhibit import SealExhibit, seal_exhibit
from countersign.operations.shown_candidates import ShownCandidate
from countersign.operations.submit_request import SubmitRequest, submit_request
from countersign.outcome.lead import Evidence, EvidenceType, Lead, OutcomeCode
from countersign.primitives.ids import CollectionId, ExhibitId, LeadId, ProbeId, RequestId, ReviewId
from countersign.primitives.privacy import Privacy
from countersign.review.facial_review import Conclusion, Opinion, ProbeAnalysis
from countersign.search.probe import Probe, SearchRun

FORM = RequestForm(
    offence_code="robbery",
    purpose="investigation",
    subject_category=SubjectCategory.PRESUMED_OFFENDER,
    use_class=UseClass.INTELLIGENCE,
    schedule_8_condition="statutory_purpose",
    aim="Find a lead to the person who took the till's content by force on the fourth.",
    why_this_face="Only this person reaches over the counter; the shop assistant pointed the person out.",
    objective_facts="The recording shows the taking; statement and till record agree on the minute.",
    alternatives_tried="House-to-house, an appeal to local officers, and the till's fingerprints gave nothing.",
    collateral_intrusion="Two customers stand in the picture; their faces are not searched, and masked in every view.",
    expected_benefit="A name to test against the fingerprint and the phone records that we already hold.",
    setting=Setting.ORDINARY,
    age_band=AgeBand.ADULT,
    place="high street, north",
    privacy=Privacy.PUBLIC_PLACE,
    declaration=True,
)
NECESSITY = "All other lines in the file have ended, and the taking is on the recording; I see no lesser way to a name."
PROPORTIONALITY = "Violence was used. One face of one person is compared once; two bystanders stay masked throughout."
AGAINST = "The reference has no date, so ageing cannot be judged; no residence or phone links the person to the street."

Judge = Callable[[ShownCandidate], bool]
"""Says of a candidate whether the script lets its examiner support it."""


@dataclass(frozen=True, slots=True)
class Casework:
    """The steps of one case at one force's desk."""

    force: Force
    reference: str = "CASE/2026/0117"

    def seal(self, file: Path | str, *, taken: datetime | None, number: str = "CTV/1") -> Exhibit:
        """Seal a still as the requester; without a capture time it counts from the sealing."""
        arguments = SealExhibit(
            case_reference=self.reference,
            number=number,
            file=str(file),
            source_type=SourceType.CCTV,
            depiction=Depiction.PHOTOGRAPH,
            privacy=Privacy.PUBLIC_PLACE,
            device="camera over the till",
            captured_earliest=taken,
            captured_latest=taken,
            basis=CaptureBasis.RECORDER_LOG if taken else CaptureBasis.SEALED,
            lawful_origin="handed over by the shop, with a statement",
            supplied_by="shop manager",
        )
        return self.force.do("requester", Permission.EXHIBIT_ADD, seal_exhibit, arguments)

    def locate(self, exhibit: ExhibitId) -> LocatedFaces:
        """Locate the exhibit's faces."""
        return self.force.do("requester", Permission.EXHIBIT_LOCATE, locate_faces, LocateFaces(exhibit=exhibit))

    def mark(self, faces: Sequence[tuple[ExhibitId, int]]) -> Probe:
        """Mark one face in each exhibit as one person."""
        marked = tuple(
            MarkedFace(
                exhibit=exhibit, number=number, same_person_basis="same clothing within one minute" if at else ""
            )
            for at, (exhibit, number) in enumerate(faces)
        )
        arguments = MarkProbe(reason="the person who reaches over the counter", faces=marked)
        return self.force.do("requester", Permission.EXHIBIT_MARK, mark_probe, arguments)

    def draft(self, probe: ProbeId, collection: CollectionId, form: RequestForm = FORM) -> SearchRequest:
        """Draft the request."""
        arguments = DraftRequest(probe=probe, collection=collection, form=form)
        return self.force.do("requester", Permission.REQUEST_DRAFT, draft_request, arguments)

    def submit(self, request: RequestId) -> SearchRequest:
        """Submit it."""
        return self.force.do("requester", Permission.REQUEST_SUBMIT, submit_request, SubmitRequest(request=request))

    def consider(self, request: RequestId, who: str = "officer") -> RequestBasis:
        """Open quality, error rates, earlier refusals and caveat as the officer."""
        return self.force.do(who, Permission.REQUEST_CONSIDER, consider_request, ConsiderRequest(request=request))

    def authorise(self, request: RequestId, who: str = "officer") -> Authorisation:
        """Authorise it."""
        arguments = AuthoriseRequest(request=request, necessity=NECESSITY, proportionality=PROPORTIONALITY)
        return self.force.do(who, Permission.REQUEST_AUTHORISE, authorise_request, arguments)

    def ask(self, probe: ProbeId, collection: CollectionId, form: RequestForm = FORM) -> RequestId:
        """Draft, submit, open what the decision rests on, and authorise."""
        request = self.draft(probe, collection, form).id
        self.submit(request)
        self.consider(request)
        self.authorise(request)
        return request

    def search(self, request: RequestId, who: str = "operator") -> SearchRun:
        """Run the one search."""
        return self.force.do(who, Permission.SEARCH_RUN, run_search, RunSearch(request=request))

    def open(self, request: RequestId, who: str) -> OpenedReview:
        """Open a review."""
        return self.force.do(who, Permission.REVIEW_OPEN, open_review, OpenReview(request=request))

    def analyse(self, review: ReviewId, who: str) -> AnalysedReview:
        """Lock the analysis of the probe."""
        analysis = ProbeAnalysis(
            features="Oval face outline, straight brows, a broad nose tip, thin upper lip.",
            limits="Seen from above, blurred; ears and skin cannot be judged.",
            stills_show_one_person=True,
        )
        return self.force.do(
            who, Permission.REVIEW_ANALYSE, analyse_probe, AnalyseProbe(review=review, analysis=analysis)
        )

    def opine(self, analysed: AnalysedReview, who: str, judge: Judge) -> GivenOpinion:
        """Give the scripted opinion on every candidate."""
        opinions = tuple(_opinion(candidate, supports=judge(candidate)) for candidate in analysed.candidates)
        arguments = GiveOpinion(review=analysed.review, opinions=opinions)
        return self.force.do(who, Permission.REVIEW_OPINE, give_opinion, arguments)

    def review(self, request: RequestId, who: str, judge: Judge) -> GivenOpinion:
        """Open, analyse, opine."""
        return self.opine(self.analyse(self.open(request, who).review.id, who), who, judge)

    def show(self, request: RequestId, who: str = "operator") -> ShownRequest:
        """Look at the request."""
        return self.force.do(who, Permission.CASE_READ, read_request, ReadRequest(request=request))

    def reconfirm(self, lead: LeadId) -> Lead:
        """Reconfirm the lead as the officer."""
        arguments = ReconfirmLead(lead=lead, reasons_against=AGAINST)
        return self.force.do("officer", Permission.LEAD_RECONFIRM, reconfirm_lead, arguments)

    def release(self, lead: LeadId) -> Lead:
        """Release it as the operator."""
        return self.force.do("operator", Permission.LEAD_RELEASE, release_lead, ReleaseLead(lead=lead))

    def outcome(self, lead: LeadId, code: OutcomeCode, *, evidence: bool) -> Lead:
        """Record what became of it."""
        items = (Evidence(type=EvidenceType.FORENSIC, reference="fingerprint FP/3 on the till"),) if evidence else ()
        arguments = RecordOutcome(
            lead=lead,
            code=code,
            own_comparison="I compared still and photograph myself: outline and brows agree, the nose tip less so.",
            reasons_against=AGAINST,
            evidence=items,
        )
        return self.force.do("requester", Permission.LEAD_OUTCOME, record_outcome, arguments)


def _opinion(candidate: ShownCandidate, *, supports: bool) -> Opinion:
    checklist = read_pack_toml(shipped("test")).checklist
    return Opinion(
        label=candidate.label,
        conclusion=Conclusion.MODERATE_SUPPORT if supports else Conclusion.NO_SUPPORT,
        dissimilarities="" if supports else "Brow shape and width of the nose differ clearly.",
        features=tuple((feature, "similar" if supports else "not_visible") for feature in checklist),
        notes="Scripted opinion: outline, brows and mouth agree where they can be seen.",
    )
