"""A scripted force: people with keys, and one method a step. Demonstrations and test journeys drive it.

Programmes of kind ``production`` cannot be driven by it: nobody's signature is scripted there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from countersign.cli.demonstration.cast import CAST
from countersign.cli.demonstration.documents import documents
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, ProgrammeKind, ProgrammeState
from countersign.governance.register import Collection, CollectionClass, ImageOrigin, LegalStatus
from countersign.governance.signature import PrivateKey, generate, public_hex
from countersign.operations.acknowledge_policy import AcknowledgePolicy, acknowledge_policy
from countersign.operations.add_person import AddPerson, add_person
from countersign.operations.advance_programme import AdvanceProgramme, advance_programme
from countersign.operations.command import Command, sign_command
from countersign.operations.desk import Desk
from countersign.operations.enrol_references import EnrolReferences, enrol_references
from countersign.operations.reference_batch import FileResult, FolderDefaults
from countersign.operations.register_collection import RegisterCollection, register_collection
from countersign.operations.sign_document import sign_document
from countersign.operations.submit_artefact import SubmitArtefact, submit_artefact
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import CollectionId

A = TypeVar("A")
R = TypeVar("R")

STEPS = (
    (ProgrammeState.DPIA_APPROVED, Role.CONTROLLER, (ArtefactType.DPIA,)),
    (ProgrammeState.ETHICS_REVIEWED, Role.OVERSIGHT, (ArtefactType.ETHICS_OPINION,)),
    (ProgrammeState.VALIDATED, Role.CONTROLLER, (ArtefactType.VALIDATION, ArtefactType.EQUALITY_DECISION)),
    (
        ProgrammeState.POLICY_IN_FORCE,
        Role.CONTROLLER,
        (
            *(ArtefactType.APPROPRIATE_POLICY_DOCUMENT, ArtefactType.POLICY_PACK, ArtefactType.PUBLISHED_POLICY),
            *(ArtefactType.PROCESSING_RECORD, ArtefactType.APPOINTMENTS, ArtefactType.COMPLAINT_ROUTE),
            *(ArtefactType.CAMERA_CODE, ArtefactType.CONTRACT),
            *(ArtefactType.RIGHTS_ASSESSMENT, ArtefactType.EU_REGISTRATION),
        ),
    ),
    (ProgrammeState.PILOT, Role.OVERSIGHT, (ArtefactType.PILOT_PLAN,)),
)
SIGNER = {
    ArtefactType.ETHICS_OPINION: Role.OVERSIGHT,
    ArtefactType.CONSULTATION_ADVICE: Role.DPO,
    ArtefactType.LIFT_DECISION: Role.DPO,
    ArtefactType.CESSATION_DECISION: Role.DPO,
}
TRAINED = timedelta(days=365)
IN_FORCE = timedelta(days=150)
PROVENANCE = "pictures used under their own licences"


class Force:
    """People, keys and a desk."""

    def __init__(self, desk: Desk, keys: dict[str, PrivateKey]) -> None:
        self.desk = desk
        self.keys = keys

    def do(self, who: str, permission: Permission, run: Callable[[Desk, Command[A]], R], arguments: A) -> R:
        """Have one person sign and carry out a command."""
        return run(self.desk, sign_command(permission, arguments, self.keys[who], self.desk.clock))

    def add_people(self) -> None:
        """Register the whole cast."""
        until = (self.desk.clock.now() + TRAINED).date()
        for name, part in CAST.items():
            self.keys.setdefault(name, generate())
            arguments = AddPerson(
                name=part.name,
                public_key=public_hex(self.keys[name]),
                organisation="Demonstration Constabulary",
                team=part.team,
                rank=part.rank,
                roles=(part.role,),
                trained_until=until,
            )
            self.do(Role.CONTROLLER, Permission.PERSON_ADD, add_person, arguments)

    def submit(self, kind: ArtefactType, content: Mapping[str, object], *, review_by: datetime | None = None) -> None:
        """Sign a document with its signer's key and submit it."""
        due = (review_by or self.desk.clock.now() + IN_FORCE).date()
        who = SIGNER.get(kind, Role.CONTROLLER)
        document = sign_document(kind, "1", content, review_by=due, key=self.keys[who], clock=self.desk.clock)
        artefact = self.do(who, Permission.PROGRAMME_SUBMIT, submit_artefact, SubmitArtefact(document=document))
        if kind is ArtefactType.POLICY_PACK:
            for name in self.keys:
                self.acknowledge(name, artefact.sha256)

    def acknowledge(self, who: str, pack: Sha256) -> None:
        """Have one person say to have read a pack."""
        self.do(who, Permission.POLICY_ACKNOWLEDGE, acknowledge_policy, AcknowledgePolicy(pack=pack))

    def advance(self, to: ProgrammeState, who: str) -> None:
        """Take one step of the programme."""
        self.do(who, Permission.PROGRAMME_ADVANCE, advance_programme, AdvanceProgramme(to=to))

    def open_programme(
        self,
        kind: ProgrammeKind,
        *,
        until: ProgrammeState = ProgrammeState.PILOT,
        told: Callable[[ProgrammeState, Sequence[ArtefactType]], None] = lambda _state, _types: None,
    ) -> None:
        """Submit the scripted documents and go forward state by state."""
        contents = documents(kind, self.desk.engine.extractor, (self.desk.clock.now() + IN_FORCE).date())
        for state, who, types in STEPS:
            for artefact in types:
                self.submit(artefact, contents[artefact])
            self.advance(state, who)
            told(state, types)
            if state is until:
                return

    def register(
        self, origin: ImageOrigin = ImageOrigin.LICENSED_TEST_DATA, provenance: str = PROVENANCE
    ) -> Collection:
        """Register a collection."""
        arguments = RegisterCollection(
            name=f"{origin} images",
            collection_class=CollectionClass.CUSTODY,
            origin=origin,
            controller="Demonstration Constabulary",
            legal_power="test data used under its licence",
            purpose="demonstration and testing",
            retention_rule="erased with the demonstration",
            provenance=provenance,
        )
        return self.do("owner", Permission.COLLECTION_REGISTER, register_collection, arguments)

    def enrol(self, collection: CollectionId, source: Path) -> list[FileResult]:
        """Enrol a manifest or a folder; a folder's records count as convicted and are due for review in a year."""
        now = self.desk.clock.now()
        defaults = FolderDefaults(
            status=LegalStatus.CONVICTED,
            status_checked_at=now,
            review_due=(now + TRAINED).date(),
            provenance=PROVENANCE,
        )
        arguments = EnrolReferences(collection=collection, source=str(source), defaults=defaults)
        return self.do("owner", Permission.COLLECTION_ENROL, enrol_references, arguments)
