import json
from dataclasses import replace

import pytest

from countersign.governance.certificate import Certificate, Counted, PointClaim, fusion_id, pack_key
from countersign.governance.certificate_rules import view_bands
from countersign.governance.policy_pack import OperatingPoint, read_pack_toml, shipped
from countersign.governance.programme import ArtefactType
from countersign.governance.request import Tier
from countersign.operations.search_conditions import operating_point, validation_covers
from countersign.primitives.codec import to_plain
from countersign.primitives.digest import sha256
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


@pytest.mark.row("P-04")
def test_a_collection_outside_the_certified_band_is_not_searched(pilot: Scene):
    some = Counted(errors=1, searches=10, people=10)
    certificate = Certificate(
        precision="f32",
        fusion=fusion_id(PACK),
        list_lengths=PACK.list_lengths,
        view_bands=view_bands(PACK),
        n_highest=1100,
        max_group_ratio=PACK.max_group_ratio,
        pack=pack_key(PACK),
        report=sha256(b"report"),
        points=(PointClaim(point=OperatingPoint.STRICT, fpir=0.5, fnir=0.5, false=some, missed=some),),
        groups=(),
    )
    with pilot.reading() as work:
        (held,) = work.artefacts.where(current=True, type=ArtefactType.VALIDATION)
    content = json.dumps({**json.loads(held.content), "certificate": to_plain(certificate)})
    certified = [replace(held, content=content)]

    assert validation_covers(certified, pilot.engine.extractor, PACK, 1100).allowed
    assert validation_covers(certified, pilot.engine.extractor, PACK, 1101).code == "validation_other_size"
