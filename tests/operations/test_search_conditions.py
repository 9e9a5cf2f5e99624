import pytest

from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.request import Tier
from countersign.operations.search_conditions import operating_point, validation_covers
from tests.operations.scene import Scene

PACK = read_pack_toml(shipped("test"))


@pytest.mark.row("ENG-02", "P-01")
def test_the_tier_alone_sets_the_operating_point():
    strict, investigation = (operating_point(PACK, tier) for tier in (Tier.T1, Tier.T2))

    assert (strict.name, strict.threshold_for(1), strict.threshold_for(7), strict.list_length) == (
        "strict",
        54000,
        62400,
        10,
    )
    assert (investigation.name, investigation.lowest, investigation.list_length) == ("investigation", 40000, 20)


def test_a_validation_of_this_extractor_at_these_thresholds_covers_a_search(pilot: Scene):
    with pilot.reading() as work:
        artefacts = work.artefacts.where(current=True)

    assert validation_covers(artefacts, pilot.engine.extractor, PACK, 10).allowed
    assert validation_covers(artefacts, "another", PACK, 10).code == "validation_other_network"


def test_without_a_validation_a_search_is_refused():
    assert validation_covers([], "any", PACK, 10).code == "validation_missing"
