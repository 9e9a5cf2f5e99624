"""The demonstration's story: programme, gallery, cases, erasure, log, and what the reader can do next."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from countersign.bootstrap import Installation, create_installation, new_origin, open_engine
from countersign.cli.demonstration.case_story import tell_case
from countersign.cli.demonstration.cast import CAST
from countersign.cli.demonstration.chronicle import Chronicle, NotTaken
from countersign.cli.demonstration.folder import KEPT, DemoFolder, prepare
from countersign.cli.demonstration.force import SIGNER, Force
from countersign.cli.demonstration.log_story import tell_erasure, tell_log
from countersign.cli.demonstration.material import (
    DECLARATION,
    own_material,
    photographs,
    public_material,
)
from countersign.cli.demonstration.narrator import Narrator
from countersign.cli.demonstration.next_steps import tell_places
from countersign.cli.demonstration.stage import Stage
from countersign.cli.progress import file_progress
from countersign.errors import Refused
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, Jurisdiction, ProgrammeKind, ProgrammeState
from countersign.governance.signature import generate, private_pem, public_hex
from countersign.operations.enrol_synthetic import EnrolSynthetic, enrol_synthetic
from countersign.operations.initialise import Initialise
from countersign.operations.read_status import read_status
from countersign.operations.reference_batch import FileOutcome, FileResult
from countersign.primitives.clock import SimulatedClock, rfc3339
from countersign.settings import Settings

STORY_SPAN = timedelta(days=3)
"""The simulated clock starts so long ago and never passes the real time, so that a reader can go on from the end."""

CASES_SPAN = timedelta(hours=60)
SEED = 7

OPENING = (
    "Nothing here is real casework. The people are scripted, the clock is simulated, the keys are made on the spot, and"
    " the passphrase of the root key is public, so a production programme refuses it. Every report and annotated"
    " picture is marked DEMONSTRATION."
)


class FacesInsideOutputError(Refused):
    """The own images lie where the demonstration erases."""

    code = "faces_inside_output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What the story is told with.

    Attributes:
        faces: A folder of own images; the public photographs without it.
        gallery_size: Data subjects in the gallery; what the pictures do not fill is synthetic.
        quiet: Draw no progress.
    """

    out: Path
    faces: Path | None = None
    gallery_size: int = 10_000
    quiet: bool = False


def play(scene: Play, tell: Narrator) -> Chronicle:
    """Tell the whole story and give what was done.

    Raises:
        OutputTakenError: The output folder holds something that no demonstration made.
        PhotographMissingError: The packages with the photographs are not installed.
        OwnFolderError: The folder of own images has another shape.
    """
    started, now = time.perf_counter(), datetime.now(UTC)
    if scene.faces and scene.faces.resolve().is_relative_to(scene.out.resolve()):
        raise FacesInsideOutputError(f"expected own images outside {scene.out}, which is erased, got {scene.faces}")
    own, public = (own_material(scene.faces), []) if scene.faces else (None, photographs())
    folder, erased = prepare(scene.out, now)
    tell.opening("COUNTERSIGN · DEMONSTRATION", OPENING)
    for text in (erased, DECLARATION if own else ""):
        if text:
            tell.say(text)
    clock = SimulatedClock(now - STORY_SPAN)
    force, installation = _found_force(folder, clock)
    try:
        material = own or public_material(force.desk.engine, folder.pictures, public)
        chronicle = Chronicle(out=str(scene.out), erase_after=rfc3339(now + KEPT))
        stage = Stage(force=force, clock=clock, folder=folder, material=material, tell=tell, chronicle=chronicle)
        _tell(stage, scene)
    finally:
        installation.close()
    chronicle.took_s = round(time.perf_counter() - started, 1)
    tell_places(stage)
    return chronicle


def _tell(stage: Stage, scene: Play) -> None:
    _tell_programme(stage)
    stage.later(timedelta(hours=1))
    _tell_gallery(stage, scene)
    stage.later(timedelta(hours=1))
    span = CASES_SPAN / len(stage.material.unknown)
    for unknown in stage.material.unknown:
        tell_case(stage, unknown, span)
    stage.later(timedelta(hours=1))
    tell_erasure(stage, SEED)
    stage.later(timedelta(hours=1))
    tell_log(stage)


def _found_force(folder: DemoFolder, clock: SimulatedClock) -> tuple[Force, Installation]:
    settings = Settings(data=folder.data, keys=folder.keys, witness=folder.witness, passphrase_file=None)
    keys = {str(role): generate() for role in (Role.CONTROLLER, Role.DPO, Role.OVERSIGHT)}
    arguments = Initialise(
        kind=ProgrammeKind.DEMONSTRATION,
        jurisdiction=Jurisdiction.UK_EW,
        origin=new_origin(ProgrammeKind.DEMONSTRATION),
        organisation="Demonstration Constabulary",
        signers=tuple((Role(role), public_hex(key)) for role, key in keys.items()),
    )
    installation = create_installation(settings, arguments, clock=clock)
    return Force(installation.desk(open_engine(settings)), keys), installation


def _tell_programme(stage: Stage) -> None:
    force, tell = stage.force, stage.tell
    tell.chapter(
        "The programme",
        "Others say yes first: each state needs its signed, dated documents and its signer.",
        stage.clock,
    )
    tell.rows([(ProgrammeState.PROPOSED, "keys, database, and the public keys of controller, DPO and oversight")])

    def told(state: ProgrammeState, types: Sequence[ArtefactType]) -> None:
        signed = ", ".join(f"{_spoken(kind)} ({SIGNER.get(kind, Role.CONTROLLER)})" for kind in types)
        tell.rows([(state, f"signed: {signed}")])

    force.add_people()
    force.open_programme(ProgrammeKind.DEMONSTRATION, told=told)
    stage.chronicle.origin = read_status(force.desk).origin
    tell.rows([
        ("people", f"{_roles()}; each has read the policy and signs every act with an own key"),
        ("log", stage.chronicle.origin),
    ])  # fmt: skip
    for name, key in force.keys.items():
        file = stage.folder.people / f"{name.replace(' ', '-')}.key"
        file.touch(mode=0o600)
        file.write_bytes(private_pem(key))


def _roles() -> str:
    count = Counter(part.role.replace("_", " ") for part in CAST.values())
    return ", ".join(role if number == 1 else f"{number} {role}s" for role, number in count.items())


def _spoken(kind: ArtefactType) -> str:
    return "DPIA" if kind is ArtefactType.DPIA else kind.replace("_", " ")


def _tell_gallery(stage: Stage, scene: Play) -> None:
    force, tell, chronicle, material = stage.force, stage.tell, stage.chronicle, stage.material
    tell.chapter(
        "The gallery",
        "One registered collection with controller, legal power, purpose, retention and provenance.",
        stage.clock,
    )
    chronicle.collection = force.register(
        provenance="own images with consent" if scene.faces else "photographs in the public domain"
    ).id
    calm = force.desk
    with file_progress("enrolling pictures", quiet=scene.quiet) as progress:
        force.desk = replace(calm, progress=progress)
        results = force.enrol(chronicle.collection, material.references)
    count = Counter(result.subject for result in results if result.outcome is FileOutcome.ENROLLED)
    chronicle.enrolled = dict(sorted(count.items()))
    with file_progress("enrolling synthetic templates", quiet=scene.quiet) as progress:
        force.desk = replace(calm, progress=progress)
        number = max(0, scene.gallery_size - len(chronicle.enrolled))
        arguments = EnrolSynthetic(collection=chronicle.collection, number=number, seed=SEED)
        chronicle.synthetic = force.do("owner", Permission.COLLECTION_ENROL, enrol_synthetic, arguments)
    force.desk = calm
    credit = dict(material.credits)
    tell.rows((name, credit.get(name, f"{images} images")) for name, images in chronicle.enrolled.items())
    tell.rows([
        ("synthetic", f"{chronicle.synthetic:,} templates without pictures, named synthetic/{SEED}/0 and so on"),
        ("together", f"{chronicle.synthetic + len(count):,} data subjects, each record under a key of its own"),
    ])  # fmt: skip
    _list_not_taken(stage, results)


def _list_not_taken(stage: Stage, results: Sequence[FileResult]) -> None:
    """List every file that could not be used; nothing that somebody put there is passed over in silence."""
    looked_at = {str(stage.material.references / result.file): result.reason for result in results}
    failed = [(file, reason) for file, reason in looked_at.items() if reason]
    others = [(str(file), "not a picture by its ending") for file in stage.material.files if str(file) not in looked_at]
    loose = [(str(file), "lies outside a <name>/ folder") for file in stage.material.loose]
    for file, reason in [*failed, *others, *loose]:
        stage.chronicle.not_taken.append(NotTaken(file=file, reason=reason))
        stage.tell.rows([("not taken", f"{file}: {reason}")])
