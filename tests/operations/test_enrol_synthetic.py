from dataclasses import replace
from pathlib import Path

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeKind
from countersign.governance.register import ImageOrigin
from countersign.operations.enrol_synthetic import EnrolSynthetic, enrol_synthetic
from countersign.operations.erase_record import EraseRecord, ErasureRule, erase_record
from countersign.primitives.ids import CollectionId
from tests.operations.scene import Scene, check_refused, found

ENROL = Permission.COLLECTION_ENROL


def enrol(scene: Scene, collection: CollectionId, number: int = 20, seed: int = 1, who: str = "owner") -> int:
    arguments = EnrolSynthetic(collection=collection, number=number, seed=seed)
    return scene.force.do(who, ENROL, enrol_synthetic, arguments)


def test_synthetic_templates_are_named_as_such_and_have_no_picture(pilot: Scene):
    collection = pilot.force.register(ImageOrigin.SYNTHETIC).id

    assert enrol(pilot, collection) == 20
    with pilot.reading() as work:
        codes, subjects = work.gallery.matrix(collection, pilot.engine.extractor)
        root = work.gallery.version(collection)[1]
        assert all(template.synthetic for template in work.templates.where())
        assert all(subject.external_id.startswith("synthetic/1/") for subject in work.subjects.where())
        assert work.images.where() == []
    assert (codes.shape, len(set(subjects))) == ((20, 128), 20)
    facts = {"collection": collection, "enrolled": 20, "failed": 0, "refused": 0, "gallery_root": root}
    assert (pilot.last().kind, dict(pilot.last().facts)) == ("reference.enrolled", facts)


def test_one_seed_gives_the_same_templates(pilot: Scene):
    first, second = (pilot.force.register(ImageOrigin.SYNTHETIC).id for _ in range(2))
    for collection in (first, second):
        enrol(pilot, collection, number=3)

    with pilot.reading() as work:
        one, other = (
            sorted(template.codes for template in work.templates.where(collection=collection))
            for collection in (first, second)
        )
    assert one == other


def test_a_production_programme_refuses_synthetic_templates(tmp_path: Path):
    scene = found(tmp_path / "production", ProgrammeKind.PRODUCTION)
    collection = scene.force.register(ImageOrigin.SYNTHETIC).id

    with check_refused(scene, ENROL, "synthetic_templates"):
        enrol(scene, collection)
    scene.close()


def test_a_collection_of_custody_images_refuses_them(pilot: Scene):
    collection = pilot.force.register(ImageOrigin.CUSTODY_SUITE).id

    with check_refused(pilot, ENROL, "real_data_kind"):
        enrol(pilot, collection)


def test_a_collection_that_is_not_registered_is_refused(pilot: Scene):
    with check_refused(pilot, ENROL, "row_missing", family=NotFound):
        enrol(pilot, CollectionId("none"))


def test_people_who_own_no_register_are_refused(pilot: Scene):
    collection = pilot.force.register(ImageOrigin.SYNTHETIC).id

    with check_refused(pilot, ENROL, "not_permitted", spoke="policy"):
        enrol(pilot, collection, who="operator")


def test_they_may_join_licensed_test_data_so_that_a_few_pictures_stand_in_a_gallery_of_realistic_size(enrolled: Scene):
    before = len(enrolled.state()["subject"])

    assert enrol(enrolled, enrolled.ids.collection, number=5) == 5
    assert len(enrolled.state()["subject"]) == before + 5


def test_a_synthetic_data_subject_is_erased_like_any_other(pilot: Scene):
    collection = pilot.force.register(ImageOrigin.SYNTHETIC).id
    enrol(pilot, collection, number=3)
    arguments = EraseRecord(collection=collection, subject="synthetic/1/2", rule=ErasureRule.SOURCE_DELETED)
    erased = pilot.force.do("owner", Permission.RECORD_ERASE, erase_record, arguments)

    assert (erased.records, erased.images, erased.templates) == (1, 0, 1)
    with pilot.reading() as work:
        assert [one.external_id for one in work.subjects.where()] == ["synthetic/1/0", "synthetic/1/1"]


def test_progress_is_told_while_many_are_enrolled(pilot: Scene):
    told: list[tuple[int, int]] = []
    collection = pilot.force.register(ImageOrigin.SYNTHETIC).id
    pilot.force.desk = replace(pilot.force.desk, progress=lambda done, everything: told.append((done, everything)))
    enrol(pilot, collection, number=300)

    assert told == [(0, 300), (250, 300)]
