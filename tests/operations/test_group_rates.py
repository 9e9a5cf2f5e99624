"""What an officer is told of error rates by group: measured, worse, or too small to say."""

import json
from dataclasses import replace

import pytest

from countersign.governance.artefact_content import Validation, read_as
from countersign.governance.certificate import Certificate, Counted, GroupCount, PointClaim, fusion_id, pack_key
from countersign.governance.certificate_rules import view_bands
from countersign.governance.policy_pack import OperatingPoint, PolicyPack, read_pack_toml, shipped
from countersign.governance.programme import ArtefactType
from countersign.operations.group_rates import GroupRate, group_rates
from countersign.operations.report_facts import Interval
from countersign.primitives.codec import canonical_text, to_plain
from countersign.primitives.digest import sha256
from tests.operations.asking import submitted
from tests.operations.scene import Scene

PACK = read_pack_toml(shipped("test"))
STRICT = OperatingPoint.STRICT
MANY, WORSE, FEW = (
    Counted(errors=errors, searches=searches, people=searches)
    for errors, searches in ((100, 1000), (300, 1000), (1, 9))
)


def group(attribute: str, name: str, missed: Counted, point: OperatingPoint = STRICT) -> GroupCount:
    return GroupCount(point=point, attribute=attribute, group=name, false=MANY, missed=missed)


def certificate(pack: PolicyPack = PACK) -> Certificate:
    return Certificate(
        precision="f32",
        fusion=fusion_id(pack),
        list_lengths=pack.list_lengths,
        view_bands=view_bands(pack),
        n_highest=1100,
        max_group_ratio=pack.max_group_ratio,
        pack=pack_key(pack),
        report=sha256(b"report"),
        points=(PointClaim(point=STRICT, fpir=0.2, fnir=0.2, false=MANY, missed=MANY),),
        groups=(
            group("sex × age", "female, 60 and over", FEW),
            group("sex", "female", WORSE),
            group("sex", "male", MANY),
            group("sex", "male", MANY, OperatingPoint.INVESTIGATION),
        ),
    )


def certify(scene: Scene) -> None:
    """Give the validation in force counts by group, behind the operations' back."""
    with scene.altering() as work:
        (held,) = work.artefacts.where(current=True, type=ArtefactType.VALIDATION)
        content = canonical_text({**json.loads(held.content), "certificate": to_plain(certificate())})
        work.artefacts.replace(replace(held, content=content))


def validation(scene: Scene) -> Validation:
    with scene.reading() as work:
        (held,) = work.artefacts.where(current=True, type=ArtefactType.VALIDATION)
    return read_as(Validation, held.content)


def test_rates_stand_by_group_single_attributes_first_and_small_groups_are_too_small_to_say(pilot: Scene):
    certify(pilot)
    women, men, older = group_rates(validation(pilot), STRICT)

    assert (women.group, men.group, older.group) == ("female", "male", "female, 60 and over")
    assert women.fnir.rate == Interval(value="0.3", low="0.272", high="0.329")
    assert (women.fnir.is_worse, men.fnir.is_worse, women.fpir.is_worse) == (True, False, False)
    assert older.fnir == GroupRate(people=9, rate=None, is_worse=False)
    assert older.fpir.rate is not None


def test_a_point_for_which_nothing_is_claimed_says_nothing_of_anybody(pilot: Scene):
    certify(pilot)
    (men,) = group_rates(validation(pilot), OperatingPoint.INVESTIGATION)

    assert (men.fnir.rate, men.fpir.rate) == (None, None)
    assert group_rates(validation(pilot), None) == ()


def test_a_validation_without_counts_gives_no_group(pilot: Scene):
    assert group_rates(validation(pilot), STRICT) == ()


@pytest.mark.row("AUT-17")
def test_an_officer_is_shown_groups_coverage_and_the_rates_at_the_collections_own_size(marked: Scene):
    certify(marked)
    request = submitted(marked)
    basis = marked.casework.consider(request)

    assert basis.point == STRICT
    assert [one.group for one in basis.groups] == ["female", "male", "female, 60 and over"]
    assert (basis.coverage.searchable, basis.coverage.subjects, basis.rates_here.gallery_size) == (3, 3, 3)
