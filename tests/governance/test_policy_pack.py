from dataclasses import replace
from typing import Literal

import pytest

from countersign.errors import Invalid
from countersign.governance.policy_lint import lint
from countersign.governance.policy_pack import (
    RELAXATIONS,
    OperatingPoint,
    Relaxation,
    UnknownTierError,
    read_pack_toml,
    relaxed,
    serves,
    shipped,
    thresholds,
)
from countersign.governance.programme import Jurisdiction, ProgrammeKind
from countersign.governance.request import Tier
from tests.fakes_governance import pack_of_tests


@pytest.mark.parametrize("name", ["test", "demonstration"])
def test_the_packs_in_use_pass_their_lint_and_serve_their_own_kind_only(name: Literal["test", "demonstration"]):
    pack = read_pack_toml(shipped(name))
    assert lint(pack) == ()
    for kind in ProgrammeKind:
        assert serves(pack, kind, Jurisdiction.EU).allowed is (kind == name)


def test_the_example_of_a_production_pack_lacks_thresholds_and_nothing_else():
    findings = lint(read_pack_toml(shipped("example-production")))
    assert {finding.place.split(".")[0] for finding in findings} == {"operating_points"}
    assert len(findings) == 4


@pytest.mark.row("EU-09")
def test_a_pack_for_another_law_does_not_serve():
    example = read_pack_toml(shipped("example-production"))
    assert serves(example, ProgrammeKind.PRODUCTION, Jurisdiction.UK_EW).allowed
    assert serves(example, ProgrammeKind.PRODUCTION, Jurisdiction.EU).code == "pack_jurisdiction"


@pytest.mark.row("P-18")
def test_production_relaxes_nothing():
    assert RELAXATIONS[ProgrammeKind.PRODUCTION] == frozenset()
    assert not any(relaxed(ProgrammeKind.PRODUCTION, relaxation) for relaxation in Relaxation)
    assert RELAXATIONS.keys() == set(ProgrammeKind)


def test_each_tier_has_the_point_that_the_pack_gives_it():
    assert thresholds(pack_of_tests(), Tier.T1) == (OperatingPoint.STRICT, {"1": 54000, "2-7": 62400})
    assert thresholds(pack_of_tests(), Tier.T2)[0] is OperatingPoint.INVESTIGATION


def test_a_tier_without_a_point_has_no_thresholds():
    with pytest.raises(UnknownTierError, match="t3"):
        thresholds(pack_of_tests(), Tier.T3)


def test_a_point_that_is_not_certified_has_no_thresholds():
    with pytest.raises(UnknownTierError, match="certified"):
        thresholds(replace(pack_of_tests(), operating_points={}), Tier.T1)


@pytest.mark.parametrize("text", ["version = ", 'version = "1"', f'{shipped("test")}\nopen_to = "all"'])
def test_what_is_no_pack_is_refused(text: str):
    with pytest.raises(Invalid):
        read_pack_toml(text)
