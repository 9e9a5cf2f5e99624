from dataclasses import replace

import pytest

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.register import ImageOrigin, LegalStatus
from countersign.operations.enrol_synthetic import EnrolSynthetic, enrol_synthetic
from countersign.operations.erase_record import Erased, EraseRecord, ErasureRule, erase_record
from countersign.operations.reference_batch import FileOutcome
from countersign.primitives.ids import CollectionId, EntrySeq
from tests.fakes import Face
from tests.operations.scene import SOUGHT, VIEWS, Scene, check_refused

ERASE = Permission.RECORD_ERASE


def erase(
    scene: Scene,
    subject: str = str(SOUGHT),
    *,
    record: str = "",
    collection: CollectionId | None = None,
    who: str = "owner",
) -> Erased:
    arguments = EraseRecord(
        collection=collection or scene.ids.collection,
        subject=subject,
        custody_record=record,
        rule=ErasureRule.NOT_CONVICTED,
    )
    return scene.force.do(who, ERASE, erase_record, arguments)


@pytest.mark.row("RET-03")
def test_an_erased_subject_is_gone_from_the_gallery_at_once(enrolled: Scene):
    with enrolled.reading() as work:
        number, root = work.gallery.version(enrolled.ids.collection)

    erase(enrolled)

    with enrolled.reading() as work:
        subjects = work.gallery.matrix(enrolled.ids.collection, enrolled.engine.extractor)[1]
        after = work.gallery.version(enrolled.ids.collection)
    assert len(set(subjects)) == len(VIEWS) - 1
    assert (after[0], after[1] != root) == (number + VIEWS[SOUGHT], True)


@pytest.mark.row("LOG-12")
def test_the_tombstone_counts_what_was_destroyed_and_names_nobody(enrolled: Scene):
    erased = erase(enrolled)

    assert erased == Erased(records=1, images=2, templates=2, openings=0)
    entry = enrolled.last()
    counts = {"records": 1, "images": 2, "templates": 2, "openings": 0, "rule": "not_convicted"}
    assert (entry.kind, dict(entry.facts)) == ("record.erased", counts)


@pytest.mark.row("REF-15", "RET-03", "LOG-12")
def test_of_an_erased_subject_nothing_can_be_decrypted(enrolled: Scene):
    with enrolled.reading() as work:
        subject = next(one for one in work.subjects.where() if one.external_id == str(SOUGHT))
        (record,) = work.records.where(subject=subject.id)
        blobs = [image.blob for image in work.images.where(record=record.id)]

    erase(enrolled)

    with enrolled.reading() as work:
        assert not work.keys.exists(subject.key)
        assert not work.keys.exists(record.key)
        assert (work.subjects.find(subject.id), work.records.find(record.id)) == (None, None)
        assert (work.images.where(record=record.id), work.templates.where(record=record.id)) == ([], [])
    assert not {(blob,) for blob in blobs} & set(enrolled.state()["blobs"])


def test_openings_of_the_records_own_entries_are_destroyed_with_it(enrolled: Scene):
    with enrolled.altering() as work:
        (record,) = [one for one in work.records.where() if one.external_id == "3/folder"]
        work.openings.put(EntrySeq(0), {}, key=record.key)

    assert erase(enrolled, "3").openings == 1


def test_one_of_two_records_can_be_erased_and_the_subject_stays(enrolled: Scene):
    manifest = enrolled.draw("second.png", Face(person=SOUGHT, view=5)).with_name("more.csv")
    manifest.write_text(
        "subject,custody_record,file,status,status_checked_at,review_due,provenance\n"
        "7,second,second.png,caution,2026-01-01T00:00:00Z,2027-01-01,licensed pictures\n"
    )
    enrolled.force.enrol(enrolled.ids.collection, manifest)

    assert erase(enrolled, record="second") == Erased(records=1, images=1, templates=1, openings=0)
    with enrolled.reading() as work:
        left = next(one for one in work.subjects.where() if one.external_id == str(SOUGHT))
        assert len(work.templates.where(subject=left.id)) == VIEWS[SOUGHT]


def test_an_image_whose_file_was_never_kept_is_erased_too(enrolled: Scene):
    with enrolled.altering() as work:
        for image in work.images.where():
            work.images.replace(replace(image, blob=None))

    assert erase(enrolled).images == VIEWS[SOUGHT]


def test_a_synthetic_subject_can_be_erased(pilot: Scene):
    collection = pilot.force.register(ImageOrigin.SYNTHETIC).id
    arguments = EnrolSynthetic(collection=collection, number=2, seed=1)
    pilot.force.do("owner", Permission.COLLECTION_ENROL, enrol_synthetic, arguments)

    erased = erase(pilot, "synthetic/1/0", collection=collection)

    assert erased == Erased(records=1, images=0, templates=1, openings=0)
    with pilot.reading() as work:
        assert len(work.subjects.where()) == 1


def test_an_erased_subject_can_be_enrolled_anew(enrolled: Scene):
    erase(enrolled)

    results = enrolled.force.enrol(enrolled.ids.collection, enrolled.folder / "pictures/references")
    assert [result.outcome for result in results].count(FileOutcome.ENROLLED) == VIEWS[SOUGHT]


def test_a_second_erasure_is_refused(enrolled: Scene):
    erase(enrolled)

    with check_refused(enrolled, ERASE, "unknown_subject", family=NotFound):
        erase(enrolled)


@pytest.mark.parametrize(("subject", "record"), [("nobody", ""), (str(SOUGHT), "another record")])
def test_what_is_not_held_is_refused(enrolled: Scene, subject: str, record: str):
    with check_refused(enrolled, ERASE, "unknown_subject", family=NotFound):
        erase(enrolled, subject, record=record)


def test_a_subject_of_another_collection_is_refused(enrolled: Scene):
    with check_refused(enrolled, ERASE, "unknown_subject", family=NotFound):
        erase(enrolled, collection=CollectionId("other"))


@pytest.mark.parametrize("who", ["operator", "requester", "controller"])
def test_people_who_may_not_erase_are_refused(enrolled: Scene, who: str):
    with check_refused(enrolled, ERASE, "not_permitted", spoke="policy"):
        erase(enrolled, who=who)


def test_neither_a_tombstone_nor_a_refusal_can_be_opened_to_a_name(enrolled: Scene):
    with pytest.raises(NotFound):
        erase(enrolled, subject="nobody")
    erase(enrolled)

    refused, tombstone = enrolled.entries()[-2:]
    assert (refused.kind, tombstone.kind) == ("denied", "record.erased")
    assert "arguments" in refused.commit.keys() & tombstone.commit.keys()
    with enrolled.reading() as work:
        for entry in (refused, tombstone):
            assert (work.openings.get(EntrySeq(entry.seq)) or {}).keys() == {"signature"}


@pytest.mark.row("RET-04")
def test_a_restricted_record_is_refused_erasure(enrolled: Scene):
    with enrolled.altering() as work:
        for record in work.records.where():
            work.records.replace(replace(record, status=LegalStatus.RESTRICTED))

    with check_refused(enrolled, ERASE, "record_restricted"):
        erase(enrolled)
