from dataclasses import replace
from datetime import UTC, datetime

import pytest

from countersign.evaluation.one_to_many import OneToMany, one_to_many
from countersign.evaluation.searches import NEVER, Roles, Searched, Templates
from countersign.governance.artefact import content_complete, content_text
from countersign.governance.artefact_content import Validation, read_as
from countersign.governance.certificate import SizeRate
from countersign.governance.certificate_rules import certificate_covers, certificate_holds
from countersign.governance.policy_pack import OperatingPoint, PolicyPack
from countersign.governance.programme import ArtefactType, ProgrammeKind
from countersign.operations.certify import ClaimError, Claims, certify, read_claims
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.operations.measure_one_to_many import pack_points
from countersign.primitives.codec import to_plain
from countersign.primitives.digest import sha256
from tests.evaluation.pictured import Pictures
from tests.fakes_governance import pack_of_tests

STRICT, INVESTIGATION = OperatingPoint.STRICT, OperatingPoint.INVESTIGATION
PACK = pack_of_tests()
CLAIMS = {STRICT: Claims(fpir=0.3, fnir=0.4), INVESTIGATION: Claims(fpir=0.3, fnir=0.3)}
GIVEN = EvaluationConditions(
    measured_at=datetime(2026, 11, 25, tzinfo=UTC),
    code="1",
    extractor="digest/f32/crops/x381",
    network=sha256(b"n"),
    data="own",
    data_sha256=sha256(b"m"),
    pack_sha256="",
    asked={},
)


def measured(*, unfair: bool = False, mated: bool = True) -> OneToMany:
    """Give 400 people's searches: one in five is missed, few list somebody; of an unfair system women do more."""
    searches = []
    for person in range(400):
        labels = {"sex": "FM"[person % 2], "age": ("18-29", "30-39")[person // 2 % 2]}
        missed, false = person % 5 == 0, person % 37 == 0 or (unfair and person % 8 == 0)
        searches.append(
            Searched(
                subject=str(person),
                labels={**labels, "ethnicity": ("a", "b")[person // 4 % 2]},
                strata={},
                quality=0.5,
                mated=mated,
                rank=1,
                score=1.0,
                stranger=0.5 if false else NEVER,
                listed={"strict": int(not missed), "investigation": int(not missed)},
                strangers={"strict": int(false), "investigation": int(false)},
            )
        )
    made = Pictures()
    roles = Roles(references=(made.add("a", (1,)),), others=(), probes=(made.add("a", (1,)),))
    return one_to_many(roles, Templates(by_path={}, failures=()), 1000, searches, points=pack_points(PACK))


def certified(done: OneToMany, **more: object) -> Validation:
    return certify(done, GIVEN, PACK, CLAIMS, report=sha256(b"report"), **more)  # type: ignore[arg-type]


@pytest.mark.row("EQV-01", "EQV-02")
def test_a_fair_measurement_becomes_a_validation_that_passes_the_gate():
    held = certified(measured())
    assert certificate_holds(held, ProgrammeKind.PRODUCTION).allowed
    assert held.certificate is not None
    assert (held.certificate.precision, held.certificate.n_highest, held.gallery_size) == ("f32", 1100, 1000)
    assert certificate_covers(held.certificate, PACK, 1100).allowed
    sex = next(one for one in held.certificate.groups if (one.attribute, one.group) == ("sex", "F"))
    assert (sex.missed.errors, sex.missed.searches, sex.false.errors) == (40, 200, 6)
    assert any(one.attribute == "sex × age × ethnicity" for one in held.certificate.groups)


@pytest.mark.row("EQV-02")
def test_an_unfair_measurement_does_not_pass_the_gate():
    verdict = certificate_holds(certified(measured(unfair=True)), ProgrammeKind.PRODUCTION)
    assert verdict.code == "evaluation_biased"


def test_the_content_can_be_signed_and_read_again():
    held = certified(measured())
    text = content_text(to_plain(held))
    assert content_complete(ArtefactType.VALIDATION, text).allowed
    assert read_as(Validation, text) == held


@pytest.mark.row("P-04")
def test_an_extrapolation_widens_the_band_of_sizes_as_far_as_it_bears_every_claim():
    far = SizeRate(n=100_000, point=STRICT, fnir=0.3, fnir_high=0.4, fpir=0.1, fpir_high=0.3)
    both = (far, replace(far, point=INVESTIGATION, fnir_high=0.3), replace(far, n=500_000, fpir_high=0.31))
    held = certified(measured(), sizes=both)
    assert held.certificate is not None
    assert held.certificate.n_highest == 100_000
    assert certificate_holds(held, ProgrammeKind.PRODUCTION).allowed
    alone = certified(measured(), sizes=(far,)).certificate
    assert alone is not None
    assert alone.n_highest == 1100


def test_a_point_without_a_claim_or_a_measurement_is_refused():
    done = measured()
    with pytest.raises(ClaimError, match="expected a claim and a measurement for investigation"):
        certify(done, GIVEN, PACK, {STRICT: CLAIMS[STRICT]}, report=sha256(b"r"))
    with pytest.raises(ClaimError, match="expected a claim and a measurement for strict"):
        certify(replace(done, points=done.points[2:]), GIVEN, PACK, CLAIMS, report=sha256(b"r"))


def test_without_a_mated_search_there_is_no_rate_to_certify():
    with pytest.raises(ClaimError, match="expected a rate that is defined, got none"):
        certified(measured(mated=False))


def test_the_precision_of_an_extractor_without_parts_is_its_name():
    given = replace(GIVEN, extractor="plain")
    held = certify(measured(), given, PACK, CLAIMS, report=sha256(b"r")).certificate
    assert held is not None
    assert held.precision == "plain"


def test_a_claim_names_a_point_and_its_highest_rates():
    assert read_claims(["strict=0.01,0.6", "investigation=1,0.3"]) == {
        STRICT: Claims(fpir=0.01, fnir=0.6),
        INVESTIGATION: Claims(fpir=1.0, fnir=0.3),
    }


@pytest.mark.parametrize("text", ["strict", "strict=0.1", "strict=a,b", "weak=0.1,0.1", "strict=1,2,3"])
def test_what_is_no_claim_is_refused(text: str):
    with pytest.raises(ClaimError, match=r"expected a claim such as strict=0\.01,0\.6"):
        read_claims([text])


def test_a_pack_has_one_point_of_measurement_for_each_of_its_points():
    pack: PolicyPack = PACK
    assert [point.name for point in pack_points(pack)] == list(pack.operating_points)
    assert pack_points(None) == ()
