from countersign.operations.reference_batch import FileOutcome
from tests.fakes import Face
from tests.operations.scene import Scene


def test_what_finds_a_person_again_is_keyed_and_no_number_stands_in_the_clear(enrolled: Scene):
    with enrolled.reading() as work:
        subject = next(one for one in work.subjects.where() if one.external_id == "7")
        again = work.keys.keyed_digest("reference", f'["{enrolled.ids.collection}","subject","7"]')

    assert subject.external_digest == again
    database = (enrolled.folder / "data/countersign.sqlite").read_bytes()
    assert b"7/folder" not in database


def test_equal_files_of_two_people_are_two_images(pilot: Scene):
    for subject in ("a", "b"):
        pilot.draw(f"references/{subject}/1.png", Face(person=1))
    collection = pilot.force.register().id

    results = pilot.force.enrol(collection, pilot.folder / "pictures/references")

    assert [result.outcome for result in results] == [FileOutcome.ENROLLED] * 2
    with pilot.reading() as work:
        first, second = work.images.where()
    assert first.content_digest != second.content_digest
    assert first.key != second.key


def test_every_key_that_enrolment_makes_seals_a_subject_or_a_record(pilot: Scene):
    for number, name in enumerate(("a/1", "a/2", "b/1", "c/1"), start=1):
        pilot.draw(f"references/{name}.png", Face(person=number))
    (pilot.folder / "pictures/references/c/1.png").write_bytes(b"no picture")
    collection = pilot.force.register().id
    before = len(pilot.state()["record_key"])

    pilot.force.enrol(collection, pilot.folder / "pictures/references")

    assert len(pilot.state()["record_key"]) - before == 2 + 2  # of a and b; nobody was made of the broken file
