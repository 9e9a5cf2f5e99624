"""Which content each type of artefact has, and who signs it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from countersign.governance.actor import Role
from countersign.governance.adopted_documents import (
    Appointments,
    CameraCode,
    CessationDecision,
    ComplaintRoute,
    Contract,
    EqualityDecision,
    EuRegistration,
    LiftDecision,
    ProcessingRecord,
    PublishedPolicy,
    RightsAssessment,
)
from countersign.governance.artefact_content import (
    AppropriatePolicyDocument,
    ConsultationAdvice,
    Dpia,
    EthicsOpinion,
    PilotEvaluation,
    PilotPlan,
    Validation,
    read_as,
)
from countersign.governance.policy_pack import PolicyPack
from countersign.governance.programme import ArtefactType

Content: TypeAlias = (
    Dpia
    | ConsultationAdvice
    | EthicsOpinion
    | Validation
    | AppropriatePolicyDocument
    | PolicyPack
    | PilotPlan
    | PilotEvaluation
    | EqualityDecision
    | PublishedPolicy
    | ProcessingRecord
    | Appointments
    | ComplaintRoute
    | CameraCode
    | Contract
    | RightsAssessment
    | EuRegistration
    | LiftDecision
    | CessationDecision
)

_A, _CONTROLLER = ArtefactType, Role.CONTROLLER
_TYPES: Mapping[ArtefactType, tuple[type[Content], Role]] = MappingProxyType(
    {
        _A.DPIA: (Dpia, _CONTROLLER),
        _A.CONSULTATION_ADVICE: (ConsultationAdvice, Role.DPO),
        _A.ETHICS_OPINION: (EthicsOpinion, Role.OVERSIGHT),
        _A.VALIDATION: (Validation, _CONTROLLER),
        _A.APPROPRIATE_POLICY_DOCUMENT: (AppropriatePolicyDocument, _CONTROLLER),
        _A.POLICY_PACK: (PolicyPack, _CONTROLLER),
        _A.PILOT_PLAN: (PilotPlan, _CONTROLLER),
        _A.PILOT_EVALUATION: (PilotEvaluation, _CONTROLLER),
        _A.EQUALITY_DECISION: (EqualityDecision, _CONTROLLER),
        _A.PUBLISHED_POLICY: (PublishedPolicy, _CONTROLLER),
        _A.PROCESSING_RECORD: (ProcessingRecord, _CONTROLLER),
        _A.APPOINTMENTS: (Appointments, _CONTROLLER),
        _A.COMPLAINT_ROUTE: (ComplaintRoute, _CONTROLLER),
        _A.CAMERA_CODE: (CameraCode, _CONTROLLER),
        _A.CONTRACT: (Contract, _CONTROLLER),
        _A.RIGHTS_ASSESSMENT: (RightsAssessment, _CONTROLLER),
        _A.EU_REGISTRATION: (EuRegistration, _CONTROLLER),
        # The other half of an act that no single person may do alone.
        _A.LIFT_DECISION: (LiftDecision, Role.DPO),
        _A.CESSATION_DECISION: (CessationDecision, Role.DPO),
    }
)
CONTENTS: Mapping[ArtefactType, type[Content]] = MappingProxyType({kind: row[0] for kind, row in _TYPES.items()})
SIGNERS: Mapping[ArtefactType, Role] = MappingProxyType({kind: row[1] for kind, row in _TYPES.items()})


def read_content(artefact_type: ArtefactType, content: str) -> Content:
    """Read the content of an artefact of this type; raises as `read_as` does."""
    return read_as(CONTENTS[artefact_type], content)
