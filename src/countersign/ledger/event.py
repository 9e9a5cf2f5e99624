"""What can be recorded: the closed list of event kinds, and for each its statutory operation, meaning and facts.

A row is everything there is to say about a kind. To add a kind, add a row; to add a fact, add it to the row. A verifier
that does not know a kind or a fact refuses the entry, so a row is never taken away while a log holds entries of it.

Source:
    Requirements section 8.1, LOG-01, LOG-11.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from countersign.ledger.fact import CODE, COUNT, ID, INTEGER, SHA256, Fact, one_of, up_to
from countersign.ledger.statute import Operation

PROGRAMME_STATE = one_of(
    "proposed dpia_approved ico_consultation ethics_reviewed validated policy_in_force pilot operational suspended"
    " decommissioned"
)
COMMITMENT_NAMES = one_of(
    "signature arguments probe form reasons results subjects artefact file analysis opinion lead list recipient person"
    " record seed session edit document"
)
"""What a commitment may be called. The value itself never stands in an entry."""

_ARTEFACT = one_of(
    "dpia consultation_advice ethics_opinion validation appropriate_policy_document policy_pack pilot_plan"
    " pilot_evaluation equality_decision published_policy processing_record appointments complaint_route camera_code"
    " contract rights_assessment eu_registration lift_decision cessation_decision"
)
_CONCLUSION = one_of("no_support limited_support moderate_support strong_support inconclusive")
_LEGAL_STATUS = one_of("convicted caution charged under_investigation nfa acquitted review_overdue restricted unknown")
_OVERLAY = one_of("suspended restricted disclosure_hold")
_POSITION = one_of("first second third")
_LOG_PURPOSE = one_of("lawfulness self_monitoring integrity criminal_proceedings")
"""What the log may be used for: s.62(4), LOG-03."""
_SUBJECT = one_of("presumed_offender convicted victim witness missing deceased")
_TIER = one_of("t1 t2 t3")


class EventKind(StrEnum):
    """A kind of event: its name, and what a row says of it."""

    operation: Operation
    meaning: str
    facts: Mapping[str, Fact]

    def __new__(cls, name: str, operation: Operation, meaning: str, facts: Mapping[str, Fact]) -> Self:
        """Make a kind from its row."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.operation = operation
        kind.meaning = meaning
        kind.facts = MappingProxyType(dict(facts))
        return kind

    PROGRAMME_INITIALISED = (
        "programme.initialised",
        Operation.STATE,
        "the programme was set up; always and only the first entry",
        {"kind": one_of("production demonstration test"), "jurisdiction": one_of("uk-ew eu"), "signers": SHA256},
    )
    PROGRAMME_ARTEFACT = (
        "programme.artefact",
        Operation.POLICY,
        "a signed document that use depends on was taken in",
        {
            "type": _ARTEFACT,
            "review_days": COUNT,
        },
    )
    PROGRAMME_STATE = (
        "programme.state",
        Operation.STATE,
        "the programme changed its state",
        {"from": PROGRAMME_STATE, "to": PROGRAMME_STATE, "reason": CODE},
    )
    PROGRAMME_WARNED = (
        "programme.warned",
        Operation.STATE,
        "a document that use depends on ends in so many days or sooner",
        {"type": _ARTEFACT, "days": up_to(60)},
    )
    PROGRAMME_ENDED = (
        "programme.ended",
        Operation.ERASURE,
        "use ended for good: every key of a case or record was destroyed",
        {"keys": COUNT, "blobs": COUNT, "openings": COUNT},
    )
    POLICY_ACKNOWLEDGED = (
        "policy.acknowledged",
        Operation.POLICY,
        "a person said to have read the policy pack in force",
        {"pack": SHA256},
    )
    PERSON_REGISTERED = (
        "person.registered",
        Operation.ADMIN,
        "a person's signing key and roles were registered",
        {"roles": up_to(64)},
    )
    PEOPLE_IMPORTED = (
        "people.imported",
        Operation.ADMIN,
        "people, roles, training and leavers were taken in from a register",
        {"added": COUNT, "changed": COUNT, "left": COUNT, "unchanged": COUNT},
    )
    MONITORING_RECORDED = (
        "monitoring.recorded",
        Operation.COLLECTION,
        "a label for monitoring by group was recorded; what it says, and of whom, stands in no entry",
        {"replaced": one_of("yes no")},
    )
    PERSON_ASSESSED = (
        "person.assessed",
        Operation.ADMIN,
        "an examiner's result in a trial whose answer is known was recorded",
        {"mated": one_of("yes no"), "supported": one_of("yes no")},
    )
    PERSON_BARRED = (
        "person.barred",
        Operation.ADMIN,
        "a person was barred: nothing they sign is done until somebody else readmits them",
        {"reason": CODE},
    )
    PERSON_READMITTED = (
        "person.readmitted",
        Operation.ADMIN,
        "a barred person was readmitted, by somebody else than whoever barred them",
        {"reason": CODE},
    )
    PERSON_COVERED = (
        "person.covered",
        Operation.ADMIN,
        "a person's absence was recorded and their open duties were handed over, as far as the rules let them",
        {"days": COUNT, "handed_over": COUNT, "left_open": COUNT},
    )
    ACCOUNT_INVITED = (
        "account.invited",
        Operation.ADMIN,
        "a person made a one-time code for an account of their own",
        {"hours": COUNT},
    )
    ACCOUNT_OPENED = (
        "account.opened",
        Operation.ADMIN,
        "a person opened an account or added a passkey to it, or a provider's account was linked to them",
        {"way": one_of("passkey provider")},
    )
    SESSION_OPENED = (
        "session.opened",
        Operation.ADMIN,
        "a person signed in on a page",
        {"way": one_of("demonstration passkey provider")},
    )
    SESSION_ENDED = (
        "session.ended",
        Operation.ADMIN,
        "a session was ended before its time",
        {"why": one_of("signed_out")},
    )
    KEY_ROTATED = (
        "key.rotated",
        Operation.KEY,
        "a key was replaced by a new one",
        {"use": one_of("log witness epoch root person")},
    )
    COLLECTION_REGISTERED = (
        "collection.registered",
        Operation.COLLECTION,
        "a reference collection was registered",
        {"collection": ID, "class": one_of("custody missing deceased_unidentified non_custody")},
    )
    REFERENCE_ENROLLED = (
        "reference.enrolled",
        Operation.COLLECTION,
        "files of references were taken in; each ended in one of the counts",
        {"collection": ID, "enrolled": COUNT, "failed": COUNT, "refused": COUNT, "gallery_root": SHA256},
    )
    RECORD_STATUS = (
        "record.status",
        Operation.ALTERATION,
        "the legal status of a reference record changed",
        {"from": _LEGAL_STATUS, "to": _LEGAL_STATUS},
    )
    RECORD_KEPT = (
        "record.kept",
        Operation.ALTERATION,
        "an exception put off the erasure of a record; it stays hidden",
        {"days": COUNT},
    )
    COLLECTION_FED = (
        "collection.fed",
        Operation.ALTERATION,
        "legal statuses were taken in from their source; each row ended in one of the counts",
        {
            "collection": ID,
            "changed": COUNT,
            "unchanged": COUNT,
            "deleted": COUNT,
            "not_held": COUNT,
            "refused": COUNT,
            "missing": COUNT,
        },
    )
    COLLECTION_AUDITED = (
        "collection.audited",
        Operation.CONSULTATION,
        "a collection was audited for erasure; all counts but the first are to be none",
        {
            "collection": ID,
            "records": COUNT,
            "wrongly_searchable": COUNT,
            "not_erased": COUNT,
            "templates_astray": COUNT,
            "justification": CODE,
        },
    )
    COLLECTION_COMPARED = (
        "collection.compared",
        Operation.CONSULTATION,
        "a collection was compared with itself: subjects who may be there twice, pictures that may be another's",
        {
            "collection": ID,
            "subjects": COUNT,
            "templates": COUNT,
            "swapped": COUNT,
            "duplicate": COUNT,
            "unlike_own": COUNT,
            "justification": CODE,
        },
    )
    DELETION_REQUESTED = (
        "deletion.requested",
        Operation.COLLECTION,
        "a person asked for deletion of their images",
        {"collection": ID},
    )
    DELETION_DECIDED = (
        "deletion.decided",
        Operation.STATE,
        "a request for deletion was granted or refused",
        {"outcome": one_of("granted refused"), "by": one_of("person silence")},
    )
    RECORD_CONSULTED = (
        "record.consulted",
        Operation.CONSULTATION,
        "something held was looked at",
        {"what": CODE, "justification": CODE},
    )
    RECORD_ERASED = (
        "record.erased",
        Operation.ERASURE,
        "the key of a reference record was destroyed",
        {"records": COUNT, "images": COUNT, "templates": COUNT, "openings": COUNT, "rule": CODE},
    )
    CASE_CLOSED = (
        "case.closed",
        Operation.STATE,
        "a case was disposed of; its disclosure period runs",
        {"requests": COUNT},
    )
    RETENTION_KEPT = (
        "retention.kept",
        Operation.ERASURE,
        "so many objects of a class were erased when their day came",
        {"class": one_of("sealed_list case custody_record person"), "erased": COUNT},
    )
    RETENTION_COUNTED = (
        "retention.counted",
        Operation.STATE,
        "objects past their day were counted: late ones, and those that a hold keeps",
        {"objects": COUNT, "late": COUNT, "latest_days": COUNT, "held": COUNT},
    )
    CASE_ERASED = (
        "case.erased",
        Operation.ERASURE,
        "the key of a case was destroyed",
        {"exhibits": COUNT, "probes": COUNT, "lists": COUNT, "openings": COUNT, "rule": CODE},
    )
    EXHIBIT_SEALED = (
        "exhibit.sealed",
        Operation.COLLECTION,
        "a file was taken in as an exhibit and sealed",
        {
            "source_type": one_of("cctv phone social_media body_worn dashcam stills_camera"),
            "basis": one_of("recorder_log exhibit_statement metadata post_date first_seen seized received sealed"),
            "age_hours": COUNT,
            "medium": one_of("image video"),
            "privacy": one_of("public_place private_premises closed_account third_party_device intimate"),
            "origin": one_of("original derived picked"),
            "contradictions": COUNT,
        },
    )
    EXHIBIT_LOCATED = (
        "exhibit.located",
        Operation.ALTERATION,
        "faces were located in an exhibit; no template was made",
        {"faces": COUNT},
    )
    EXHIBIT_LANDMARKS = (
        "exhibit.landmarks",
        Operation.ALTERATION,
        "a person put the landmarks of a located face in place; the face as located stays",
        {"number": COUNT, "corrected": COUNT},
    )
    EXHIBIT_EDITED = (
        "exhibit.edited",
        Operation.ALTERATION,
        "steps of the closed list were chosen for an exhibit's picture; the original stays as it is",
        {"steps": up_to(20, low=1), "averaged": up_to(64, low=1)},
    )
    EXHIBIT_SCANNED = (
        "exhibit.scanned",
        Operation.ALTERATION,
        "faces were followed through a further part of a recording; no template was made",
        {"seconds": COUNT, "tracks": COUNT, "damaged": COUNT, "finished": one_of("yes no")},
    )
    PROBE_MARKED = (
        "probe.marked",
        Operation.ALTERATION,
        "a person marked the stills of the one face that is sought",
        {"stills": up_to(1000, low=1)},
    )
    REQUEST_DRAFTED = (
        "request.drafted",
        Operation.COLLECTION,
        "a request was begun by its requester",
        {"request": ID},
    )
    REQUEST_SUBMITTED = (
        "request.submitted",
        Operation.DISCLOSURE,
        "a request was put before an authorising officer",
        {
            "request": ID,
            "purpose": CODE,
            "subject_category": _SUBJECT,
            "offence_code": CODE,
            "setting": one_of("ordinary protest worship health press legal"),
            "tier": _TIER,
            "use_class": one_of("intelligence evidence safeguarding"),
            "age_band": one_of("under_18 adult unknown"),
            "kind": one_of("initial targeted one_to_one"),
            "urgency": one_of("none threat_to_life serious_harm"),
        },
    )
    REQUEST_RETURNED = (
        "request.returned",
        Operation.STATE,
        "a request was given back for amendment",
        {"request": ID, "reason": CODE},
    )
    REQUEST_REFUSED = (
        "request.refused",
        Operation.STATE,
        "a request was refused for good",
        {"request": ID, "reason": CODE},
    )
    REQUEST_AUTHORISED = (
        "request.authorised",
        Operation.STATE,
        "an officer authorised one search",
        {"request": ID, "tier": _TIER},
    )
    REQUEST_WITHDRAWN = (
        "request.withdrawn",
        Operation.STATE,
        "a request was withdrawn, ran out, was stopped or voided; so many openings were destroyed",
        {
            "request": ID,
            "ended": one_of("withdrawn expired lapsed voided stopped deleted"),
            "reason": CODE,
            "openings": COUNT,
        },
    )
    OVERLAY_LAID = (
        "overlay.laid",
        Operation.STATE,
        "a suspension, a restriction or a disclosure hold was laid over a request",
        {"request": ID, "overlay": _OVERLAY, "reason": CODE, "review_days": COUNT},
    )
    OVERLAY_LIFTED = (
        "overlay.lifted",
        Operation.STATE,
        "a person agreed to lift what lies over a request; with the last agreement it is lifted",
        {"request": ID, "overlay": _OVERLAY, "agreed": COUNT, "lifted": one_of("yes no")},
    )
    OVERLAY_OVERDUE = (
        "overlay.overdue",
        Operation.STATE,
        "the date had passed by which what lies over a request was to be looked at again; it stays",
        {"request": ID, "overlay": _OVERLAY},
    )
    REQUEST_EXTENDED = (
        "request.extended",
        Operation.STATE,
        "the clock of a request was set back, once in its present state",
        {"request": ID},
    )
    REQUEST_REASSIGNED = (
        "request.reassigned",
        Operation.STATE,
        "a duty in a request went to another person",
        {"request": ID, "duty": one_of("requester officer examiner"), "reason": CODE},
    )
    REQUEST_ERASED = (
        "request.erased",
        Operation.ERASURE,
        "the keys of a closed request and of its list were destroyed",
        {"request": ID, "openings": COUNT, "rule": CODE},
    )
    REQUEST_REFERRED = (
        "request.referred",
        Operation.DISCLOSURE,
        "a targeted search was put before the external authority",
        {"request": ID, "justification": CODE},
    )
    REQUEST_CONFIRMED = (
        "request.confirmed",
        Operation.STATE,
        "an urgent decision was confirmed in writing",
        {"request": ID},
    )
    CLOCK_RUN = (
        "clock.run",
        Operation.STATE,
        "what was due by now was carried out; each thing done has an entry of its own",
        {"step": CODE, "done": COUNT},
    )
    ANOMALY_TRIPPED = (
        "anomaly.tripped",
        Operation.STATE,
        "a pattern that a live search would show was found; what it stopped stays stopped until it is lifted",
        {
            "rule": one_of("a1 a2 a3 a4 a5 a6 a7 a8 a9"),
            "effect": one_of("alert suspend_source suspend_place block_person block_unit hide_record"),
        },
    )
    ANOMALY_LIFTED = (
        "anomaly.lifted",
        Operation.STATE,
        "what a tripped rule had stopped was let go on",
        {"rule": one_of("a1 a2 a3 a4 a5 a6 a7 a8 a9"), "reason": CODE},
    )
    SEARCH_STARTED = (
        "search.started",
        Operation.COMBINATION,
        "an authorisation was spent and a search begun",
        {
            "request": ID,
            "run": ID,
            "gallery_seq": COUNT,
            "gallery_root": SHA256,
            "n_subjects": COUNT,
            "operating_point": one_of("strict investigation"),
            "threshold": INTEGER,
            "list_length": up_to(200, low=1),
            "age_hours": COUNT,
            "rbi_class": CODE,
            "collection": ID,
            "source_type": one_of("cctv phone social_media body_worn dashcam stills_camera mixed"),
            "scope": one_of("one_case_one_person"),
        },
    )
    SEARCH_SEALED = (
        "search.sealed",
        Operation.COMBINATION,
        "the candidate list of a search was sealed; only now can it be read",
        {"run": ID, "candidates": up_to(200), "weight_sum": COUNT},
    )
    SEARCH_ABORTED = (
        "search.aborted",
        Operation.STATE,
        "a search was given up without a list; the authorisation is returned",
        {"run": ID, "reason": CODE},
    )
    COMPARISON_MADE = (
        "comparison.made",
        Operation.COMBINATION,
        "an authorisation was spent on comparing a probe with one named person's image; no gallery was searched",
        {
            "request": ID,
            "run": ID,
            "collection": ID,
            "age_hours": COUNT,
            "source_type": one_of("cctv phone social_media body_worn dashcam stills_camera mixed"),
            "scope": one_of("one_case_one_person"),
            "weight_sum": COUNT,
        },
    )
    REVIEW_OPENED = (
        "review.opened",
        Operation.CONSULTATION,
        "an examiner opened a review of a list",
        {"run": ID, "position": _POSITION, "justification": CODE},
    )
    REVIEW_ANALYSED = (
        "review.analysed",
        Operation.ALTERATION,
        "an examiner described the probe and locked it before seeing candidates",
        {"run": ID, "position": _POSITION},
    )
    REVIEW_OPINED = (
        "review.opined",
        Operation.ALTERATION,
        "an examiner locked an opinion",
        {"run": ID, "position": _POSITION, "conclusion": _CONCLUSION},
    )
    REVIEW_CONCLUDED = (
        "review.concluded",
        Operation.STATE,
        "the locked opinions were brought together",
        {"run": ID, "outcome": one_of("lead_supported no_lead conflict")},
    )
    REVIEW_SEEDED = (
        "review.seeded",
        Operation.STATE,
        "a search whose answer is known to its organiser goes to review like any other; it is counted nowhere else",
        {"request": ID},
    )
    REVIEW_CLOSED = (
        "review.closed",
        Operation.STATE,
        "what a search was good for was looked at afterwards, and the request closed",
        {"request": ID, "benefit": one_of("material some none harm not_searched"), "necessary": one_of("yes no")},
    )
    LEAD_RECONFIRMED = (
        "lead.reconfirmed",
        Operation.STATE,
        "the authorising officer found release of a lead still necessary",
        {"run": ID},
    )
    LEAD_RELEASED = (
        "lead.released",
        Operation.DISCLOSURE,
        "a lead was given to the requester",
        {"run": ID, "justification": CODE},
    )
    LEAD_OUTCOME = (
        "lead.outcome",
        Operation.COLLECTION,
        "what became of a lead was recorded",
        {
            "run": ID,
            "outcome": one_of(
                "arrest charge eliminated no_further_action victim_found missing_found still_open disproved"
            ),
        },
    )
    LEAD_DISPROVED = (
        "lead.disproved",
        Operation.ALTERATION,
        "a released lead turned out to be wrong",
        {"run": ID, "cause": one_of("similar_person poor_imagery wrong_reference review_error engine_error")},
    )
    LEAD_RECALLED = (
        "lead.recalled",
        Operation.DISCLOSURE,
        "the recipient of a disproved lead was told not to use it",
        {"run": ID, "justification": CODE},
    )
    REPORT_DISCLOSED = (
        "report.disclosed",
        Operation.DISCLOSURE,
        "a report was made out",
        {
            "report": one_of("lead search request chart evaluation statistics schedule disclosure"),
            "justification": CODE,
        },
    )
    STATISTICS_PUBLISHED = (
        "statistics.published",
        Operation.DISCLOSURE,
        "the figures of a month were counted from the log and published; anybody who has the log can count them",
        {"month": CODE, "figures": SHA256, "size": COUNT, "justification": CODE},
    )
    EVALUATION_MEASURED = (
        "evaluation.measured",
        Operation.COMBINATION,
        "error rates were measured; only totals left the machine",
        {"searches": COUNT},
    )
    LEDGER_EXPORTED = (
        "ledger.exported",
        Operation.DISCLOSURE,
        "the log was given out",
        {"size": COUNT, "justification": _LOG_PURPOSE},
    )
    DENIED = (
        "denied",
        Operation.DENIED,
        "an operation was refused",
        {"operation": CODE, "reason": CODE, "spoke": one_of("policy guard")},
    )


KINDS: Mapping[str, EventKind] = MappingProxyType({kind.value: kind for kind in EventKind})
"""Name to kind."""
