"""Draft a case bundle: the facts of the case once, one request a face, each with its own reason (practice: Effort)."""

from dataclasses import dataclass, replace

from countersign.governance.bundle_rules import bundle_sound
from countersign.governance.permission import Permission
from countersign.governance.request import RequestForm, SearchRequest
from countersign.operations.draft_request import begin_request
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CollectionId, ProbeId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledFace:
    """One face of the bundle and why just this one is searched for."""

    probe: ProbeId
    why_this_face: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBundle:
    """What the case shares, and its faces.

    Attributes:
        shared: The form; its ``why_this_face`` is not used.
    """

    collection: CollectionId
    shared: RequestForm
    faces: tuple[BundledFace, ...]


@operation(Permission.REQUEST_DRAFT)
def draft_bundle(turn: Turn, arguments: DraftBundle) -> tuple[SearchRequest, ...]:
    """Draft one request a face, all or none; each is then submitted, considered, decided and searched by itself.

    Raises:
        GuardError: Faces of several cases, too many, one twice, or one reason for two; or what `draft_request` refuses.
    """
    faces = arguments.faces
    probes = [turn.work.probes.get(face.probe) for face in faces]
    reasons = [face.why_this_face for face in faces]
    turn.check(bundle_sound({probe.case for probe in probes}, [face.probe for face in faces], reasons))
    bundle = new_id()
    return tuple(
        begin_request(turn, probe, arguments.collection, replace(arguments.shared, why_this_face=reason), bundle=bundle)
        for probe, reason in zip(probes, reasons, strict=True)
    )
