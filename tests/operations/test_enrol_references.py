import csv
import json
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from countersign.errors import Conflict, Invalid, NotFound
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, ProgrammeState
from countersign.governance.register import ImageOrigin
from countersign.operations.enrol_references import BATCH, EnrolReferences, enrol_references
from countersign.operations.reference_batch import FileOutcome, FileResult
from countersign.primitives.ids import CollectionId
from tests.fakes import Face
from tests.operations.scene import LONG_AGO, Scene, check_refused

ENROL = Permission.COLLECTION_ENROL


@dataclass
class Batch:
    """A manifest that is written line by line, and its collection."""

    scene: Scene
    collection: CollectionId
    rows: list[dict[str, str]]

    def add(self, subject: str, *faces: Face, file: str | None = None, **changes: str) -> None:
        name = file or f"{len(self.rows)}.png"
        if file is None:
            self.scene.draw(name, *faces)
        row = {
            "subject": subject,
            "custody_record": f"{subject}/1",
            "file": name,
            "status": "convicted",
            "status_checked_at": "2026-01-01T00:00:00Z",
            "review_due": "2027-01-01",
            "provenance": "licensed test pictures",
        }
        self.rows.append(row | changes)

    def write(self) -> Path:
        path = self.scene.folder / "pictures" / "manifest.csv"
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(self.rows[0]))
            writer.writeheader()
            writer.writerows(self.rows)
        return path

    def enrol(self, who: str = "owner") -> list[FileResult]:
        arguments = EnrolReferences(collection=self.collection, source=str(self.write()))
        return self.scene.force.do(who, ENROL, enrol_references, arguments)

    def outcomes(self) -> list[str]:
        return [result.outcome for result in self.enrol()]

    def gallery(self) -> int:
        with self.scene.reading() as work:
            return len(work.gallery.matrix(self.collection, self.scene.engine.extractor)[1])


@pytest.fixture
def batch(pilot: Scene) -> Batch:
    (pilot.folder / "pictures").mkdir()
    return Batch(pilot, pilot.force.register().id, [])


def test_enrolled_files_are_in_the_gallery_with_one_entry(batch: Batch):
    batch.add("a", Face(person=1))
    batch.add("a", Face(person=1, view=2))
    batch.add("b", Face(person=2))

    assert batch.outcomes() == ["enrolled"] * 3
    entry = batch.scene.last()
    with batch.scene.reading() as work:
        root = work.gallery.version(batch.collection)[1]
        assert (len(work.subjects.where()), len(work.records.where()), len(work.images.where())) == (2, 2, 3)
    facts = {"collection": batch.collection, "enrolled": 3, "failed": 0, "refused": 0, "gallery_root": root}
    assert (entry.kind, dict(entry.facts)) == ("reference.enrolled", facts)
    assert batch.gallery() == 3


def test_one_broken_file_does_not_stop_the_rest(batch: Batch):
    batch.add("good", Face(person=1))
    batch.add("broken", file="broken.png")
    (batch.scene.folder / "pictures/broken.png").write_bytes(b"no picture")
    batch.add("missing", file="missing.png")
    batch.add("link", file="link.png")
    (batch.scene.folder / "pictures/link.png").symlink_to("0.png")
    batch.add("faceless", Face(person=0))
    batch.add("unheard-of", Face(person=2), status="guilty")
    batch.add("last", Face(person=3))

    results = batch.enrol()

    assert [(result.subject, result.outcome) for result in results] == [
        ("good", FileOutcome.ENROLLED),
        ("broken", FileOutcome.FAILED),
        ("missing", FileOutcome.FAILED),
        ("link", FileOutcome.REFUSED),
        ("faceless", FileOutcome.FAILED),
        ("unheard-of", FileOutcome.REFUSED),
        ("last", FileOutcome.ENROLLED),
    ]
    assert all("expected" in result.reason for result in results if result.outcome is not FileOutcome.ENROLLED)
    facts = batch.scene.last().facts
    assert (facts["enrolled"], facts["failed"], facts["refused"]) == (2, 3, 2)


def test_enrolled_again_nothing_doubles(batch: Batch):
    batch.add("a", Face(person=1))
    batch.add("b", Face(person=2))
    batch.enrol()
    before = batch.scene.state()

    assert batch.outcomes() == ["already_enrolled"] * 2
    assert batch.scene.state() == before


@pytest.mark.row("REF-17")
def test_under_another_extractor_templates_are_made_again_and_the_earlier_ones_not_kept(batch: Batch):
    batch.add("a", Face(person=1))
    batch.add("a", Face(person=1, view=2))
    batch.enrol()
    batch.scene.engine.extractor = "another/int8"

    assert batch.gallery() == 0
    assert batch.outcomes() == ["enrolled"] * 2
    assert batch.gallery() == 2
    with batch.scene.reading() as work:
        assert len(work.images.where()) == 2
        assert [one.extractor for one in work.templates.where()] == ["another/int8"] * 2
    assert batch.outcomes() == ["already_enrolled"] * 2
    batch.scene.engine.extractor = "no-extractor/int8"
    assert batch.gallery() == 0


def test_the_same_file_twice_in_one_batch_is_enrolled_once(batch: Batch):
    batch.add("a", Face(person=1))
    batch.add("a", file="0.png")

    assert batch.outcomes() == ["enrolled", "already_enrolled"]
    assert batch.gallery() == 1


def test_an_interrupted_enrolment_goes_on_where_it_stopped(batch: Batch):
    for person in range(1, BATCH + 4):
        batch.add(f"s{person}", Face(person=person))
    told: list[tuple[int, int]] = []

    def stop(done: int, number: int) -> None:
        told.append((done, number))
        raise KeyboardInterrupt

    desk = batch.scene.desk
    batch.scene.force.desk = replace(desk, progress=stop)
    with pytest.raises(KeyboardInterrupt):
        batch.enrol()
    assert (told, batch.gallery()) == ([(BATCH, BATCH + 3)], BATCH)

    batch.scene.force.desk = desk
    assert batch.outcomes() == ["already_enrolled"] * BATCH + ["enrolled"] * 3
    assert batch.gallery() == BATCH + 3
    # What was described ahead and not written is described again; what was written is not.
    assert BATCH + 3 <= batch.scene.engine.described <= BATCH + 6
    assert batch.scene.engine.probes == 0
    assert not any(batch.scene.engine.looks)


def test_an_empty_manifest_is_an_entry_that_counts_nothing(batch: Batch):
    batch.add("a", Face(person=1))
    path = batch.write()
    path.write_text(path.read_text().splitlines()[0] + "\n")
    arguments = EnrolReferences(collection=batch.collection, source=str(path))

    assert batch.scene.force.do("owner", ENROL, enrol_references, arguments) == []
    assert batch.scene.last().facts["enrolled"] == 0


@pytest.mark.parametrize("status", ["nfa", "acquitted", "review_overdue", "restricted", "unknown"])
@pytest.mark.row("REF-02", "REF-17")
def test_a_status_that_may_not_be_searched_is_kept_out_of_the_gallery_and_without_a_template(batch: Batch, status: str):
    batch.add("a", Face(person=1), status=status)

    (result,) = batch.enrol()
    assert (result.outcome, result.code) == (FileOutcome.ENROLLED, "no_template")
    assert batch.gallery() == 0
    with batch.scene.reading() as work:
        assert (len(work.images.where()), work.templates.where()) == (1, [])


@pytest.mark.row("REF-17")
def test_whoever_may_be_searched_for_later_gets_a_template_then(batch: Batch):
    batch.add("a", Face(person=1), status="nfa")
    batch.enrol()
    assert batch.outcomes() == ["already_enrolled"]
    batch.rows[0] |= {"status": "charged", "status_checked_at": "2026-01-10T08:59:00Z"}

    assert batch.outcomes() == ["enrolled"]
    assert batch.gallery() == 1
    assert batch.outcomes() == ["already_enrolled"]


def test_a_record_overdue_for_review_is_kept_out_of_the_gallery(batch: Batch):
    batch.add("overdue", Face(person=1), review_due="2026-01-09")
    batch.add("due today", Face(person=2), review_due="2026-01-10")

    batch.enrol()
    assert batch.gallery() == 1


def test_a_changed_status_hides_the_record_at_once_and_shows_it_again(batch: Batch):
    batch.add("a", Face(person=1))
    batch.enrol()
    seq = len(batch.scene.entries())

    batch.rows[0]["status"] = "nfa"
    assert batch.outcomes() == ["status_updated"]
    status, enrolled = batch.scene.entries(seq)
    assert (status.kind, dict(status.facts)) == ("record.status", {"from": "convicted", "to": "nfa"})
    assert "record" in status.commit
    assert (enrolled.facts["enrolled"], batch.gallery()) == (0, 0)

    batch.rows[0]["status"] = "charged"
    assert batch.outcomes() == ["status_updated"]
    assert batch.gallery() == 1


def test_a_new_review_date_is_recorded_also_without_a_new_status(batch: Batch):
    batch.add("a", Face(person=1))
    batch.enrol()
    seq = len(batch.scene.entries())
    batch.rows[0] |= {"review_due": "2028-01-01"}

    assert batch.outcomes() == ["status_updated"]
    assert [entry.kind for entry in batch.scene.entries(seq)] == ["record.status", "reference.enrolled"]
    with batch.scene.reading() as work:
        (record,) = work.records.where()
    assert record.review_due.year == 2028


def test_an_older_manifest_shows_nobody_whom_a_newer_one_has_hidden(batch: Batch):
    batch.add("a", Face(person=1), status="acquitted")
    batch.enrol()
    batch.rows[0] |= {"status": "convicted", "status_checked_at": "2025-01-01T00:00:00Z"}
    batch.scene.draw("more.png", Face(person=1, view=2))
    batch.add("a", file="more.png", status="convicted", status_checked_at="2025-01-01T00:00:00Z")

    assert batch.outcomes() == ["already_enrolled", "enrolled"]
    assert batch.gallery() == 0
    with batch.scene.reading() as work:
        (record,) = work.records.where()
    assert (record.status, record.status_checked_at.year) == ("acquitted", 2026)


def test_an_older_manifest_changes_nothing_of_a_record_that_may_be_searched(batch: Batch):
    batch.add("a", Face(person=1))
    batch.enrol()
    batch.rows[0] |= {"status": "acquitted", "status_checked_at": "2025-12-31T00:00:00Z"}

    (result,) = batch.enrol()
    assert (result.outcome, result.code) == (FileOutcome.ALREADY, "status_newer")
    assert batch.gallery() == 1


def test_a_status_checked_too_long_ago_keeps_a_template_out_of_the_gallery_until_it_is_checked(batch: Batch):
    batch.add("a", Face(person=1), status_checked_at="2024-01-01T00:00:00Z")
    with batch.scene.reading() as work:
        number = work.gallery.version(batch.collection)[0]

    assert batch.outcomes() == ["enrolled"]
    with batch.scene.reading() as work:
        assert [one.searchable for one in work.templates.where()] == [False]
        assert work.gallery.version(batch.collection)[0] == number
    batch.rows[0] |= {"status_checked_at": "2026-01-10T08:59:00Z"}
    batch.enrol()
    assert batch.gallery() == 1


def test_a_status_that_was_only_checked_again_is_no_change(batch: Batch):
    batch.add("a", Face(person=1))
    batch.enrol()
    seq = len(batch.scene.entries())
    batch.rows[0] |= {"status_checked_at": "2026-01-10T08:59:00Z"}

    assert batch.outcomes() == ["already_enrolled"]
    assert [entry.kind for entry in batch.scene.entries(seq)] == ["reference.enrolled"]
    with batch.scene.reading() as work:
        (record,) = work.records.where()
    assert record.status_checked_at.minute == 59


def test_a_new_picture_with_a_new_status_hides_the_earlier_pictures_too(batch: Batch):
    batch.add("a", Face(person=1))
    batch.enrol()
    batch.rows.clear()
    batch.scene.draw("new.png", Face(person=1, view=2))
    batch.add("a", file="new.png", status="acquitted")

    assert batch.outcomes() == ["enrolled"]
    assert batch.gallery() == 0


def test_two_records_of_one_subject_have_their_own_status(batch: Batch):
    batch.add("a", Face(person=1))
    batch.add("a", Face(person=1, view=2), custody_record="a/2", status="nfa")

    batch.enrol()
    with batch.scene.reading() as work:
        assert (len(work.subjects.where()), len(work.records.where(searchable=True))) == (1, 1)
    assert batch.gallery() == 1


@pytest.mark.row("REF-08")
def test_one_scraped_row_refuses_the_whole_batch(batch: Batch):
    batch.add("a", Face(person=1))
    batch.add("b", Face(person=2), provenance="downloaded from social media")

    with check_refused(batch.scene, ENROL, "scraped_reference"):
        batch.enrol()
    assert (batch.gallery(), batch.scene.engine.described) == (0, 0)


def test_custody_images_in_a_test_programme_are_refused(batch: Batch):
    batch.collection = batch.scene.force.register(ImageOrigin.CUSTODY_SUITE).id
    batch.add("a", Face(person=1))

    with check_refused(batch.scene, ENROL, "real_data_kind"):
        batch.enrol()


def test_a_decommissioned_programme_refuses_every_batch(batch: Batch):
    ending = {"reason": "the benefit ended", "kept": "the log and its proofs"}
    batch.scene.force.submit(ArtefactType.CESSATION_DECISION, ending)
    batch.scene.force.advance(ProgrammeState.DECOMMISSIONED, "controller")
    batch.add("a", Face(person=1))

    with check_refused(batch.scene, ENROL, "programme_state"):
        batch.enrol()


def test_a_collection_that_is_not_registered_is_refused(batch: Batch):
    batch.collection = CollectionId("none")
    batch.add("a", Face(person=1))

    with check_refused(batch.scene, ENROL, "row_missing", family=NotFound):
        batch.enrol()


def test_a_manifest_without_a_column_is_refused(batch: Batch):
    batch.add("a", Face(person=1))
    del batch.rows[0]["status"]

    with check_refused(batch.scene, ENROL, "manifest", family=Invalid):
        batch.enrol()


def test_a_folder_without_status_and_review_date_is_refused(batch: Batch):
    arguments = EnrolReferences(collection=batch.collection, source=str(batch.scene.folder))

    with check_refused(batch.scene, ENROL, "folder_defaults_missing", family=Invalid):
        batch.scene.force.do("owner", ENROL, enrol_references, arguments)


def test_a_replayed_enrolment_is_refused(batch: Batch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("countersign.operations.command.new_id", lambda: "the same nonce")
    batch.add("a", Face(person=1))
    batch.enrol()

    with check_refused(batch.scene, ENROL, "nonce_used", family=Conflict):
        batch.enrol()


def test_people_who_own_no_register_are_refused(batch: Batch):
    batch.add("a", Face(person=1))

    with check_refused(batch.scene, ENROL, "not_permitted", spoke="policy"):
        batch.enrol("operator")


@pytest.mark.row("REF-03")
def test_a_status_checked_in_the_future_is_refused_alone(batch: Batch):
    batch.add("a", Face(person=1), status_checked_at="2026-01-10T09:00:01Z")
    batch.add("b", Face(person=2), status_checked_at="2026-01-10T09:00:00Z")

    assert batch.outcomes() == ["refused", "enrolled"]
    assert batch.gallery() == 1


@pytest.mark.row("REF-06")
@pytest.mark.parametrize(
    ("born", "due"), [("2008-06-01", "2028-06-02"), ("2007-06-02", "2031-01-01"), ("", "2031-01-01")]
)
def test_a_childs_image_is_reviewed_sooner(batch: Batch, born: str, due: str):
    batch.add("a", Face(person=1), review_due="2031-01-01", image_date="2025-06-02", date_of_birth=born)

    assert batch.outcomes() == ["enrolled"]
    batch.rows[0] |= {"status_checked_at": "2026-01-10T08:30:00Z"}
    batch.enrol()
    with batch.scene.reading() as work:
        (record,) = work.records.where()
    assert record.review_due.isoformat() == due


def test_a_reference_below_a_floor_of_the_pack_is_refused_by_its_component(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("countersign.operations.enrol_references.reference_floors", lambda _turn: {"unified": 60.0})
    batch.add("clear", Face(person=1, quality=0.61))
    batch.add("dim", Face(person=2, quality=0.59))

    clear, dim = batch.enrol()

    assert (clear.outcome, dim.outcome, dim.code) == ("enrolled", "refused", "quality_floor")
    assert "expected a reference with unified of at least 60" in dim.reason
    assert dim.given["file"] == "1.png"
    assert batch.scene.last().facts["refused"] == 1


def test_floors_come_from_the_pack_in_force(batch: Batch):
    with batch.scene.reading() as work:
        (artefact,) = work.artefacts.where(type="policy_pack", current=True)
        plain = json.loads(artefact.content) | {"reference_floors": {"unified": 60.0}}
    with batch.scene.altering() as work:
        work.artefacts.replace(replace(artefact, content=json.dumps(plain)))
    batch.add("dim", Face(person=2, quality=0.59))

    assert batch.outcomes() == ["refused"]


def test_a_row_that_changed_its_provenance_after_the_check_is_refused_alone(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("countersign.operations.enrol_references._looked_over", lambda _source: 2)
    batch.add("a", Face(person=1))
    batch.add("b", Face(person=2), provenance="downloaded from social media")

    assert [(one.outcome, one.code) for one in batch.enrol()] == [("enrolled", ""), ("refused", "scraped_reference")]


def test_a_manifest_that_was_emptied_after_the_check_ends(batch: Batch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("countersign.operations.enrol_references._looked_over", lambda _source: 2)
    batch.add("a", Face(person=1))
    path = batch.write()
    path.write_text(path.read_text().splitlines()[0] + "\n")
    arguments = EnrolReferences(collection=batch.collection, source=str(path))

    assert batch.scene.force.do("owner", ENROL, enrol_references, arguments) == []


def test_large_files_are_read_a_few_at_a_time(batch: Batch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("countersign.operations.enrol_references.LIMIT_BYTES", 1)
    for person in (1, 2, 3):
        batch.add(f"s{person}", Face(person=person))

    assert batch.outcomes() == ["enrolled"] * 3


def test_a_tar_archive_is_enrolled_with_its_files_where_they_lie(batch: Batch):
    batch.add("a", Face(person=1))
    batch.add("b", file="missing.png")
    manifest = batch.write()
    archive = batch.scene.folder / "pictures.tar"
    with tarfile.open(archive, "w") as packed:
        packed.add(manifest.parent / "0.png", arcname="0.png")
    (manifest.parent / "0.png").unlink()
    arguments = EnrolReferences(collection=batch.collection, source=str(manifest), files=str(archive))

    first, second = batch.scene.force.do("owner", ENROL, enrol_references, arguments)
    assert (first.outcome, second.outcome, second.code) == ("enrolled", "failed", "input_not_found")


@pytest.mark.row("REF-09")
def test_the_file_of_an_exhibit_of_any_case_is_never_a_reference(batch: Batch):
    batch.add("sought", Face(person=7), file=None)
    batch.add("other", Face(person=3))
    still = batch.scene.folder / "pictures" / batch.rows[0]["file"]
    batch.scene.casework.seal(still, taken=LONG_AGO)

    refused, enrolled = batch.enrol()

    assert (refused.outcome, refused.code) == (FileOutcome.REFUSED, "exhibit_enrolled")
    assert enrolled.outcome is FileOutcome.ENROLLED
    assert batch.gallery() == 1
    with batch.scene.reading() as work:
        assert [image.file_name for image in work.images.where()] == [batch.rows[1]["file"]]


@pytest.mark.row("REF-17")
@pytest.mark.parametrize("searchable", [True, False])
def test_the_gallery_says_that_an_earlier_template_went_only_where_it_could_be_searched(
    batch: Batch, *, searchable: bool
):
    batch.add("a", Face(person=1))
    batch.enrol()
    with batch.scene.altering() as work:
        (earlier,) = work.templates.where()
        work.templates.replace(replace(earlier, searchable=searchable))
        number = work.gallery.version(batch.collection)[0]
    batch.scene.engine.extractor = "another/int8"

    assert batch.outcomes() == ["enrolled"]
    with batch.scene.reading() as work:
        assert work.gallery.version(batch.collection)[0] == number + 1 + searchable
