"""The signed documents of a scripted programme. Every one says that it is none of a real force."""

import tomllib
from collections.abc import Mapping
from datetime import date

from countersign.cli.demonstration.adopted import NOTE as _NOTE
from countersign.cli.demonstration.adopted import adopted, equality_decision
from countersign.governance.artefact import content_digest, content_text
from countersign.governance.policy_pack import shipped
from countersign.governance.programme import ArtefactType, ProgrammeKind
from countersign.primitives.codec import to_plain


def documents(kind: ProgrammeKind, extractor: str, pilot_ends: date) -> Mapping[ArtefactType, Mapping[str, object]]:
    """Give the content of each document in the order in which a programme needs them.

    Args:
        kind: ``demonstration`` or ``test``.
        extractor: Identity of the extractor that was validated.
        pilot_ends: Last day of the pilot.
    """
    pack = tomllib.loads(shipped("test" if kind is ProgrammeKind.TEST else "demonstration"))
    validation = _validation(extractor, pack)
    return {
        ArtefactType.DPIA: {
            "plain_summary": f"{_NOTE} We compare a picture of one unknown person with pictures that we lawfully hold.",
            "description": f"{_NOTE} Still images of one unknown person are compared with a registered collection.",
            "risk_assessment": "A wrong lead may harm an innocent person; groups may be affected unequally.",
            "measures": "Two blind examiners, nothing listed below a threshold, independent evidence before action.",
            "safeguards": "Signed authorisation of one search, a log that outsiders verify, erasure of keys.",
            "dpo_advice": "Proceed for a limited pilot; publish the figures.",
            "advice_followed": True,
            "residual_risk": "medium",
        },
        ArtefactType.ETHICS_OPINION: {
            "conditions": {
                "benefit": "Measures are fixed before the pilot.",
                "bias": "Error rates are published by group.",
                "necessity": "Each request says what else was tried.",
                "training": "Only people whose training is in date may act.",
                "guidelines": "The policy pack is public.",
            },
            "recommendations": [
                {"text": "Publish refusals too.", "response": "They are counted in the monthly figures."}
            ],
            "conclusion": f"{_NOTE} The panel does not object to a limited pilot.",
        },
        ArtefactType.VALIDATION: validation,
        ArtefactType.EQUALITY_DECISION: equality_decision(content_digest(content_text(to_plain(validation)))),
        ArtefactType.APPROPRIATE_POLICY_DOCUMENT: {
            "procedures": f"{_NOTE} Each search follows a request, an authorisation and two reviews.",
            "retention": "As in the policy pack; erasure is by destruction of keys.",
        },
        ArtefactType.POLICY_PACK: pack,
        ArtefactType.PILOT_PLAN: {
            "measures": ["material leads", "time against a baseline", "cost per corroborated lead", "harm"],
            "search_cap": 100,
            "ends": pilot_ends.isoformat(),
        },
        **adopted(pilot_ends),
    }


def _validation(extractor: str, pack: Mapping[str, object]) -> Mapping[str, object]:
    return {
        "extractor": extractor,
        "dataset": "FRMDB and LFW research sets (12 people with five CCTV stills each; 601 others)",
        "thresholds": pack["operating_points"],
        "gallery_size": 613,
        "searches": 12,
        "list_length": 10,
        "fnir": {"value": "0.0", "low": "0.0", "high": "0.2646"},
        "fpir": {"value": "0.0", "low": "0.0", "high": "0.2646"},
    }
