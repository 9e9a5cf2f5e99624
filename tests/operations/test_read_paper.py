import pytest

from countersign.errors import NotFound
from countersign.governance.drafts import DRAFTS
from countersign.governance.papers import PAPERS, PaperKind
from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.programme import ArtefactType
from countersign.operations.read_composition import read_composition
from countersign.operations.read_paper import NoDraftError, draft_document, read_paper
from countersign.operations.turn import NoPolicyPackError
from countersign.primitives.ids import CollectionId
from tests.operations.scene import VIEWS, Scene


@pytest.mark.row("GOV-14", "GOV-16", "DSR-01")
@pytest.mark.parametrize("kind", PaperKind)
def test_every_paper_is_generated_from_what_is_configured(enrolled: Scene, kind: PaperKind):
    made = read_paper(enrolled.desk, kind)

    assert made.items
    assert set(PAPERS) == set(PaperKind)
    if kind is not PaperKind.NOTICE:
        assert f"{len(VIEWS)} records, {len(VIEWS)} of them searchable" in "\n".join(one.text for one in made.items)


@pytest.mark.parametrize("kind", DRAFTS)
def test_a_draft_can_be_written_before_anything_is_in_force(founded: Scene, kind: ArtefactType):
    with pytest.raises(NoPolicyPackError, match="got none"):
        draft_document(founded.desk, kind)

    assert draft_document(founded.desk, kind, read_pack_toml(shipped("example-production")))


def test_what_is_a_persons_word_throughout_is_not_drafted(pilot: Scene):
    with pytest.raises(NoDraftError, match="got ethics_opinion"):
        draft_document(pilot.desk, ArtefactType.ETHICS_OPINION)


@pytest.mark.row("REF-18")
def test_the_composition_of_a_collection_counts_everything_that_is_held(enrolled: Scene):
    made = read_composition(enrolled.desk, enrolled.ids.collection)

    assert (made.records, made.images) == (len(VIEWS), sum(VIEWS.values()))
    with pytest.raises(NotFound):
        read_composition(enrolled.desk, CollectionId("none"))
