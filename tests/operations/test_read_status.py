from countersign.governance.programme import ArtefactType, Jurisdiction, ProgrammeKind, ProgrammeState
from countersign.operations.read_status import CollectionStatus, read_status
from countersign.primitives.codec import canonical_text, to_plain
from tests.operations.scene import ORIGIN, VIEWS, Scene


def test_a_new_programme_says_what_it_is(founded: Scene):
    status = read_status(founded.desk)

    assert (status.kind, status.jurisdiction, status.origin) == (ProgrammeKind.TEST, Jurisdiction.UK_EW, ORIGIN)
    assert (status.state, status.review_by, status.collections) == (ProgrammeState.PROPOSED, (), ())
    assert status.entries == len(founded.entries())


def test_documents_and_collections_are_shown_in_dates_and_numbers(enrolled: Scene):
    status = read_status(enrolled.desk)

    assert [kind for kind, _ in status.review_by][:2] == [ArtefactType.DPIA, ArtefactType.ETHICS_OPINION]
    assert status.collections == (
        CollectionStatus(
            id=enrolled.ids.collection,
            name="licensed_test_data images",
            records=len(VIEWS),
            searchable_records=len(VIEWS),
            gallery_changes=sum(VIEWS.values()),
        ),
    )


def test_nothing_of_anybody_is_shown(supported: Scene):
    shown = canonical_text(to_plain(read_status(supported.desk)))

    with supported.reading() as work:
        assert not any(person.name in shown for person in work.people.where())
        assert not any(subject.id in shown for subject in work.subjects.where())
