"""The scripted documents with which a controller adopts a programme; each says that no real force adopted it."""

from collections.abc import Mapping
from datetime import date

from countersign.governance.adopted_documents import APPOINTED, CODE_PRINCIPLES
from countersign.governance.programme import ArtefactType

NOTE = "Scripted text of a demonstration or test programme; no real force has adopted it."


def equality_decision(validation_sha256: str) -> Mapping[str, object]:
    """Give the decision on the equality evidence, on this very validation."""
    return {
        "decision_maker": "the chief officer of the script",
        "validation_sha256": validation_sha256,
        "evidence": [
            {"kind": "independent_test", "title": "Error rates by group, measured by a laboratory of another force"},
            {"kind": "vendor", "title": "What the authors of the network publish"},
        ],
        "children": "No error rates of children were measured, so nobody under 18 is searched for as an offender.",
        "published_reason": f"{NOTE} The thresholds are those that the research set certified.",
        "decision": "The differences found do not stand in the way of a limited pilot.",
    }


def adopted(ends: date) -> Mapping[ArtefactType, Mapping[str, object]]:
    """Give the content of each document that comes into force with the pack.

    Args:
        ends: Last day of the contract's term.
    """
    return {
        ArtefactType.PUBLISHED_POLICY: {
            "plain_summary": f"{NOTE} We look for one unknown person at a time, only where a serious offence is shown.",
            "purposes": "To prevent, investigate or detect an offence of the pack, or to protect a person at risk.",
            "subjects": "Presumed offenders; missing, deceased and victims in collections of their own.",
            "collections": "Custody images of people convicted, cautioned, charged or under investigation.",
            "decided_by": "An inspector or superintendent who is not of the requester's team.",
            "address": "https://example.org/facial-search",
        },
        ArtefactType.PROCESSING_RECORD: {
            "controller": "Demonstration Constabulary",
            "controller_contact": "1 Example Street, Exampletown",
            "joint_controllers": "There are none.",
            "dpo_contact": "dpo@example.org",
            "recipients": "The requester of a search; the prosecution and the defence in disclosure.",
            "profiling": "There is none.",
            "transfers": "Nothing leaves the country.",
            "security_measures": "A key for every case and record, two persons for key acts, a witnessed log.",
            "lawfulness": "Each search is strictly necessary for law enforcement and meets a Schedule 8 condition.",
            "retention_kept": "Erased by a daily job as the schedule says; what is late is counted and stops use.",
        },
        ArtefactType.APPOINTMENTS: {"holders": {role.value: f"the {role} of the script" for role in APPOINTED}},
        ArtefactType.COMPLAINT_ROUTE: {
            "address": "complaints@example.org",
            "acknowledged_within_days": 30,
            "commissioner": "Anybody may complain to the Information Commissioner: https://ico.org.uk/make-a-complaint",
            "accessible_formats": "Large print, easy read and British Sign Language on request.",
            "confidential": "oversight@example.org, or a letter to the ethics panel",
            "confidential_reader": "oversight",
        },
        ArtefactType.CAMERA_CODE: {
            "principles": [
                {"number": number, "compliance": f"{NOTE} Kept.", "evidence": "The policy pack and the log show it."}
                for number in range(1, CODE_PRINCIPLES + 1)
            ]
        },
        ArtefactType.CONTRACT: {
            "processor": "The force's own department of systems",
            "audit": "At any time, by the DPO.",
            "deletion": "At the end of the term, shown by the log.",
            "sub_processors": "There are none.",
            "ends": ends.isoformat(),
        },
        ArtefactType.RIGHTS_ASSESSMENT: {
            "processes": "Search with a face in an investigation, after authorisation.",
            "period_and_frequency": "During the pilot, at most as often as its plan says.",
            "affected": "People with custody images; people in imagery of offences.",
            "risks": "A wrong lead may harm an innocent person; groups may be affected unequally.",
            "human_oversight": "Two examiners who do not see each other's opinion, and an officer before release.",
            "measures": "Leads are recalled, people told, use suspended.",
            "notified_to": "The market surveillance authority of the script",
        },
        ArtefactType.EU_REGISTRATION: {"number": "EU-0000-SCRIPT", "registered_on": "2026-01-05"},
    }
