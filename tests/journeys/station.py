"""A scripted force at the command line: the people, documents and words of the demonstration, typed verb by verb."""

import csv
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

from countersign.cli.demonstration.casework import AGAINST, FORM, NECESSITY, PROPORTIONALITY
from countersign.cli.demonstration.cast import CAST, SIGNERS
from countersign.cli.demonstration.documents import documents
from countersign.cli.demonstration.force import IN_FORCE, PROVENANCE, SIGNER, STEPS, TRAINED
from countersign.governance.actor import Role
from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.programme import ArtefactType, ProgrammeKind, ProgrammeState
from countersign.governance.register import ImageOrigin, LegalStatus
from countersign.governance.request import RequestForm
from countersign.primitives.clock import rfc3339
from countersign.primitives.codec import to_plain
from countersign.review.facial_review import Conclusion
from tests.journeys.command_line import CommandLine

COLUMNS = (
    "subject", "custody_record", "file", "status", "status_checked_at", "review_due", "image_date", "provenance",
)  # fmt: skip
SAME_PERSON = "same clothing within one minute"
FLOORS = read_pack_toml(shipped("test")).quality_floors.hard


def _usable(faces: Sequence[Mapping[str, object]]) -> bool:
    """Say whether the first face is above the hard floors of the pack."""
    measured = [cast("Sequence[Mapping[str, object]]", face["measures"]) for face in faces[:1]]
    scores = {str(one["component"]): float(str(one["score"])) for measures in measured for one in measures}
    return bool(faces) and all(scores[component] >= floor for component, floor in FLOORS.items())


@dataclass(frozen=True, slots=True)
class Station:
    """One installation, its people's keys, and one method a step."""

    command: CommandLine

    @property
    def home(self) -> Path:
        return self.command.home

    def key(self, who: str) -> Path:
        return self.home / "people" / who

    def today(self) -> date:
        return (self.command.now or datetime.now(UTC)).date()

    # -- programme

    def initialise(self, kind: ProgrammeKind = ProgrammeKind.TEST) -> None:
        for who in SIGNERS:
            self.keygen(who)
        self.command.do(*self.init_arguments(kind))

    def init_arguments(self, kind: ProgrammeKind) -> tuple[object, ...]:
        signers = tuple(part for who in SIGNERS for part in (f"--{who}", f"{self.key(who)}.pub"))
        return ("init", "--kind", kind, "--jurisdiction", "uk-ew", "--organisation", "Test Constabulary", *signers)

    def keygen(self, who: str) -> None:
        self.command.do("person", "keygen", "--out", self.key(who))

    def add(self, who: str, *roles: Role, rank: str = "staff", team: str = "imaging") -> None:
        self.keygen(who)
        self.command.do(*self.add_arguments(who, *roles, rank=rank, team=team))
        if self.command.run("policy", "show").exit_code == 0:
            self.acknowledge(who)

    def add_arguments(self, who: str, *roles: Role, rank: str = "staff", team: str = "imaging") -> tuple[object, ...]:
        return (
            "person", "add", "--public-key", f"{self.key(who)}.pub", "--name", who, "--rank", rank, "--team", team,
            "--organisation", "Test Constabulary", "--trained-until", self.today() + TRAINED,
            *(part for role in roles for part in ("--role", role)), "--key", self.key(Role.CONTROLLER),
        )  # fmt: skip

    def add_people(self) -> None:
        for who, part in CAST.items():
            self.add(who, part.role, rank=part.rank, team=part.team)

    def document(self, kind: ArtefactType, *, review_by: date | None = None) -> Path:
        """Write and sign the scripted document of a type, and give the signed file."""
        due = review_by or self.today() + IN_FORCE
        contents = documents(ProgrammeKind.TEST, self.command.engine.extractor, self.today() + IN_FORCE)
        number = len(list(self.home.glob(f"{kind}-*.signed.json")))
        content, signed = self.home / f"{kind}-{number}.json", self.home / f"{kind}-{number}.signed.json"
        content.write_text(json.dumps(contents[kind]), encoding="utf-8")
        signer = SIGNER.get(kind, Role.CONTROLLER)
        self.command.do(
            "programme", "sign", content, "--type", kind, "--version", "1", "--review-by", due,
            "--out", signed, "--key", self.key(signer),
        )  # fmt: skip
        return signed

    def submit_document(self, kind: ArtefactType, *, review_by: date | None = None) -> None:
        signed = self.document(kind, review_by=review_by)
        self.command.do("programme", "submit", signed, "--key", self.key(SIGNER.get(kind, Role.CONTROLLER)))
        if kind is ArtefactType.POLICY_PACK:
            for who in (*SIGNERS, *CAST):
                self.acknowledge(who)

    def acknowledge(self, who: str) -> None:
        """Have a person say to have read the pack in force."""
        pack = self.command.do("policy", "show")["pack"]
        self.command.do("policy", "acknowledge", "--pack", pack, "--key", self.key(who))

    def open_programme(
        self, until: ProgrammeState = ProgrammeState.PILOT, review_by: Mapping[ArtefactType, date] | None = None
    ) -> None:
        for state, who, kinds in STEPS:
            for kind in kinds:
                self.submit_document(kind, review_by=(review_by or {}).get(kind))
            self.command.do("programme", "advance", "--to", state, "--key", self.key(who))
            if state is until:
                return

    # -- references

    def register_arguments(
        self, origin: ImageOrigin = ImageOrigin.LICENSED_TEST_DATA, provenance: str = PROVENANCE
    ) -> tuple[object, ...]:
        return (
            "collection", "register", "--name", "test images", "--class", "custody", "--origin", origin,
            "--controller", "Test Constabulary", "--legal-power", "test data used under its licence",
            "--purpose", "testing", "--retention-rule", "erased with the test", "--provenance", provenance,
            "--key", self.key("owner"),
        )  # fmt: skip

    def register(self, origin: ImageOrigin = ImageOrigin.LICENSED_TEST_DATA) -> str:
        return cast("str", self.command.do(*self.register_arguments(origin))["id"])

    def manifest(
        self,
        files: Iterable[tuple[str, Path]],
        *,
        status: LegalStatus = LegalStatus.CONVICTED,
        provenance: str = PROVENANCE,
    ) -> Path:
        """Copy pictures (subject, file) beside a new manifest, one custody record a subject, and give the manifest."""
        number = len(list(self.home.glob("references-*")))
        folder = self.home / f"references-{number}"
        folder.mkdir()
        with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            for subject, file in files:
                copy = folder / f"{subject}-{file.name}"
                shutil.copyfile(file, copy)
                checked, due = rfc3339(datetime.now(UTC)), self.today() + TRAINED
                writer.writerow([subject, f"{subject}/1", copy.name, status, checked, due, "", provenance])
        return folder / "manifest.csv"

    def enrol(self, collection: str, source: Path, *more: object) -> Mapping[str, object]:
        return self.command.do("collection", "enrol", collection, source, "--key", self.key("owner"), *more)

    # -- a case

    def seal_arguments(
        self, file: Path | str, *, number: str = "CTV/1", taken: datetime | None, case: str = "CASE/2026/0117"
    ) -> tuple[object, ...]:
        when = ("--captured-earliest", rfc3339(taken), "--captured-latest", rfc3339(taken)) if taken else ()
        return (
            "exhibit", "add", "--case", case, "--number", number, "--source-type", "cctv",
            "--depicts", "photograph", "--privacy", "public_place",
            "--basis", "recorder_log", "--lawful-origin", "handed over by the shop", "--supplied-by", "shop manager",
            *when, "--key", self.key("requester"), file,
        )  # fmt: skip

    def seal(
        self, file: Path, *, number: str = "CTV/1", taken: datetime | None = None, case: str = "CASE/2026/0117"
    ) -> str:
        """Seal a still that is three days old unless told otherwise."""
        arguments = self.seal_arguments(file, number=number, taken=taken or self.days_ago(3), case=case)
        return cast("str", self.command.do(*arguments)["id"])

    def days_ago(self, days: int) -> datetime:
        return (self.command.now or datetime.now(UTC)) - timedelta(days=days)

    def faces(self, exhibit: str) -> int:
        """Locate an exhibit's faces and give their number."""
        return len(self.located(exhibit))

    def located(self, exhibit: str) -> list[Mapping[str, object]]:
        """Locate an exhibit's faces and give what is said of each."""
        picture = self.home / "pictures" / f"{exhibit}.png"
        shown = self.command.do("exhibit", "faces", exhibit, "--out", picture, "--key", self.key("requester"))
        assert picture.exists()
        return cast("list[Mapping[str, object]]", shown["faces"])

    def mark(self, exhibits: Sequence[str]) -> str:
        """Mark the first face of each exhibit as one person."""
        first, *more = exhibits
        marked = [f"{first}:1", *(f"{exhibit}:1:{SAME_PERSON}" for exhibit in more)]
        reasons = ("--reason", "the person who reaches over the counter", "--quality-note", "no better one is there")
        shown = self.command.do("exhibit", "select", *marked, *reasons, "--key", self.key("requester"))
        return cast("str", shown["id"])

    def probe(self, stills: Sequence[Path], *, case: str = "") -> tuple[str, list[Path]]:
        """Seal stills in a case of the person's own and mark the person; give the probe and the stills left out.

        Those are the stills in which no face was located, or one whose eyes are too close together for any pack.
        """
        numbered = {
            self.seal(still, number=f"{still.parent.name}/{at}", case=case or f"CASE/2026/{still.parent.name}"): still
            for at, still in enumerate(stills)
        }
        usable = [exhibit for exhibit in numbered if _usable(self.located(exhibit))]
        left_out = [still for exhibit, still in numbered.items() if exhibit not in usable]
        return self.mark(usable), left_out

    def form(self, form: RequestForm = FORM) -> Path:
        path = self.home / f"form-{len(list(self.home.glob('form-*')))}.json"
        path.write_text(json.dumps(to_plain(form)), encoding="utf-8")
        return path

    def draft(self, probe: str, collection: str, who: str = "requester") -> str:
        command = ("request", "draft", "--probe", probe, "--collection", collection, "--form", self.form())
        return cast("str", self.command.do(*command, "--key", self.key(who))["id"])

    def submit(self, request: str, who: str = "requester") -> None:
        self.command.do("request", "submit", request, "--key", self.key(who))

    def authorise_arguments(self, request: str, who: str = "officer") -> tuple[object, ...]:
        reasons = ("--necessity", NECESSITY, "--proportionality", PROPORTIONALITY)
        return ("request", "authorise", request, *reasons, "--key", self.key(who))

    def ask(self, probe: str, collection: str) -> str:
        """Draft, submit, look at what a decision rests on, and authorise."""
        request = self.draft(probe, collection)
        self.submit(request)
        self.command.do("request", "consider", request, "--key", self.key("officer"))
        self.command.do(*self.authorise_arguments(request))
        return request

    def search(self, request: str) -> str:
        """Run the search and give the run."""
        return cast("str", self.command.do("search", "run", request, "--key", self.key("operator"))["id"])

    def open_review(self, request: str, who: str) -> str:
        out = self.home / f"review-{len(list(self.home.glob('review-*')))}"
        shown = self.command.do("review", "open", request, "--out", out, "--key", self.key(who))
        return cast("str", shown["review"])

    def analyse(self, review: str, who: str) -> dict[str, list[bytes]]:
        """Lock the analysis and give each candidate's pictures by letter."""
        out = self.home / f"candidates-{review}"
        shown = self.command.do(
            "review", "analyse", review, "--one-person", "--out", out, "--key", self.key(who),
            "--features", "Oval face outline, straight brows, a broad nose tip, thin upper lip.",
            "--limits", "Seen from above, blurred; ears and skin cannot be judged.",
        )  # fmt: skip
        candidates = cast("list[dict[str, object]]", shown["candidates"])
        return {
            cast("str", one["label"]): [
                Path(image["picture"]).read_bytes() for image in cast("list[dict[str, str]]", one["images"])
            ]
            for one in candidates
        }

    def opinions(self, labels: Mapping[str, bool]) -> Path:
        """Write an opinion a candidate: supported or excluded."""
        checklist = read_pack_toml(shipped("test")).checklist
        given = [
            {
                "label": label,
                "conclusion": Conclusion.MODERATE_SUPPORT if supports else Conclusion.NO_SUPPORT,
                "dissimilarities": "" if supports else "Brow shape and width of the nose differ clearly.",
                "features": [[feature, "similar" if supports else "not_visible"] for feature in checklist],
                "notes": "Outline, brows and mouth were compared where they can be seen.",
            }
            for label, supports in labels.items()
        ]
        path = self.home / f"opinions-{len(list(self.home.glob('opinions-*')))}.json"
        path.write_text(json.dumps({"opinions": given}), encoding="utf-8")
        return path

    def opine(self, review: str, who: str, labels: Mapping[str, bool]) -> None:
        self.command.do("review", "opine", review, "--opinions", self.opinions(labels), "--key", self.key(who))

    def review(self, request: str, who: str, portrait: bytes) -> None:
        """Open, analyse, and support only the candidate of whom this very picture is shown."""
        review = self.open_review(request, who)
        shown = self.analyse(review, who)
        self.opine(review, who, {label: portrait in pictures for label, pictures in shown.items()})

    def show(self, request: str, who: str = "operator") -> Mapping[str, object]:
        return self.command.do("request", "show", request, "--key", self.key(who))

    def release(self, lead: str) -> None:
        self.command.do("lead", "reconfirm", lead, "--reasons-against", AGAINST, "--key", self.key("officer"))
        self.command.do("lead", "release", lead, "--key", self.key("operator"))

    # -- variations

    def copied(self, home: Path) -> "Station":
        """Give the same force on a copy of all its folders."""
        shutil.copytree(self.home, home, symlinks=True)
        return Station(CommandLine(home, self.command.engine, self.command.now))

    def at(self, now: datetime) -> "Station":
        """Give the same installation at another time."""
        return Station(replace(self.command, now=now))

    def listed(self, run: str) -> list[str]:
        """Give the force's own references of the listed subjects, rank by rank; no door shows them."""
        with self.command.archive() as work:
            return [work.subjects.get(candidate.subject).external_id for candidate in work.lists.get(run).candidates]
