from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.artefact_content import Rate, Validation
from countersign.governance.certificate import (
    Certificate,
    CertificateError,
    Counted,
    GroupCount,
    PointClaim,
    SizeRate,
    fusion_id,
    pack_key,
)
from countersign.governance.certificate_rules import (
    ATTRIBUTES,
    certificate_covers,
    certificate_holds,
    ratio_at_least,
    rule_of_three,
    upper_end,
    view_bands,
    widest_band,
)
from countersign.governance.policy_pack import OperatingPoint
from countersign.governance.programme import ProgrammeKind
from countersign.primitives.digest import sha256
from tests.fakes_governance import pack_of_tests

STRICT = OperatingPoint.STRICT
PRODUCTION = ProgrammeKind.PRODUCTION
PACK = pack_of_tests()


def of(errors: int, people: int) -> Counted:
    return Counted(errors=errors, searches=people, people=people)


def group(attribute: str, name: str, false: Counted, missed: Counted | None = None) -> GroupCount:
    return GroupCount(point=STRICT, attribute=attribute, group=name, false=false, missed=missed or of(200, 1000))


def certificate(*groups: GroupCount, people: int = 4000, false: int = 20) -> Certificate:
    """Give a certificate of a fair system: FPIR 0.005 in every group, claimed 0.01."""
    named = {one.attribute for one in groups}
    fair = tuple(
        group(attribute, name, of(5, 1000))
        for attribute in ATTRIBUTES
        if attribute not in named
        for name in ("one", "other")
    )
    return Certificate(
        precision="f32",
        fusion=fusion_id(PACK),
        list_lengths=PACK.list_lengths,
        view_bands=view_bands(PACK),
        n_highest=5500,
        max_group_ratio=PACK.max_group_ratio,
        pack=pack_key(PACK),
        report=sha256(b"report"),
        points=(PointClaim(point=STRICT, fpir=0.01, fnir=0.3, false=of(false, people), missed=of(800, 4000)),),
        groups=(*fair, *groups),
    )


def validation(given: Certificate | None) -> Validation:
    rate = Rate(value=0.1, low=0.0, high=0.2)
    return Validation(
        extractor="x/f32", dataset="own", thresholds={STRICT: {"1": 1}}, gallery_size=5000, searches=4000,
        list_length=10, fnir=rate, fpir=rate, certificate=given,
    )  # fmt: skip


def code(given: Certificate | None, kind: ProgrammeKind = PRODUCTION) -> str | None:
    verdict = certificate_holds(validation(given), kind)
    return None if verdict.allowed else verdict.code


@pytest.mark.row("EQV-01", "EQV-02")
def test_a_fair_and_large_evaluation_passes():
    assert code(certificate()) is None


@pytest.mark.row("EQV-02")
def test_a_group_that_is_shown_to_be_listed_wrongly_more_often_is_refused():
    assert code(certificate(group("sex", "F", of(40, 1000)), group("sex", "M", of(5, 1000)))) == "evaluation_biased"


@pytest.mark.row("EQV-02")
def test_a_group_that_is_shown_to_be_missed_more_often_is_refused():
    women, men = of(350, 1000), of(100, 1000)
    biased = certificate(group("sex", "F", of(5, 1000), women), group("sex", "M", of(5, 1000), men))
    assert code(biased) == "evaluation_biased"


@pytest.mark.row("EQV-08")
def test_a_product_is_refused_for_bias_and_not_for_being_small():
    product = "sex × ethnicity"
    small = [group(product, "F × a", of(0, 12), of(2, 12)), group(product, "M × a", of(5, 1000))]
    assert code(certificate(*small)) is None
    biased = [group(product, "F × a", of(90, 1000)), group(product, "M × a", of(5, 1000))]
    assert code(certificate(*biased)) == "evaluation_biased"


@pytest.mark.row("EQV-05")
def test_a_hundred_searches_do_not_show_a_rate_of_one_in_a_hundred_even_without_an_error():
    assert code(certificate(people=100, false=0)) == "evaluation_too_small"
    small = certificate(group("age", "18-29", of(0, 100)), group("age", "30-39", of(5, 1000)))
    assert code(small) == "evaluation_too_small"


@pytest.mark.row("EQV-05")
def test_searches_of_few_people_do_not_make_them_many():
    repeated = Counted(errors=0, searches=100_000, people=50)
    assert code(certificate(group("sex", "F", repeated), group("sex", "M", of(5, 1000)))) == "evaluation_too_small"


@pytest.mark.row("EQV-01")
def test_a_claim_that_the_interval_does_not_bear_is_refused():
    assert code(certificate(false=36)) == "evaluation_claim"  # 0.009 of 4,000, up to 0.0124


@pytest.mark.row("EQV-01")
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_every_attribute_must_have_been_measured_in_two_groups(attribute: str):
    full = certificate()
    without = replace(full, groups=tuple(one for one in full.groups if one.attribute != attribute))
    one_only = replace(full, groups=(*without.groups, group(attribute, "only", of(5, 1000))))
    assert (code(without), code(one_only)) == ("evaluation_groups_missing", "evaluation_groups_missing")


def test_every_point_with_a_threshold_needs_a_claim():
    held = replace(validation(certificate()), thresholds={STRICT: {"1": 1}, OperatingPoint.INVESTIGATION: {"1": 1}})
    assert certificate_holds(held, PRODUCTION).code == "validation_unclaimed"


@pytest.mark.row("EQV-01")
def test_only_a_programme_without_real_data_does_without_counts():
    assert code(None) == "validation_uncertified"
    assert code(None, ProgrammeKind.DEMONSTRATION) is None
    assert code(certificate(people=100, false=0), ProgrammeKind.TEST) is None


@pytest.mark.row("P-04")
def test_a_band_ends_a_tenth_above_the_evaluated_size_unless_an_extrapolation_bears_the_claims_further():
    held = certificate()  # claims FPIR 0.01 and FNIR 0.3; 5,000 were evaluated
    assert code(replace(held, n_highest=5501)) == "evaluation_band"

    def far(n: int, *, fpir_high: float = 0.01, fnir_high: float = 0.3, point: OperatingPoint = STRICT) -> SizeRate:
        return SizeRate(n=n, point=point, fnir=0.2, fnir_high=fnir_high, fpir=0.005, fpir_high=fpir_high)

    assert code(replace(held, n_highest=8000, sizes=(far(8000), far(20_000, fpir_high=0.0101)))) is None
    assert code(replace(held, n_highest=8001, sizes=(far(8000), far(20_000, fpir_high=0.0101)))) == "evaluation_band"
    assert code(replace(held, n_highest=8000, sizes=(far(8000, fnir_high=0.31),))) == "evaluation_band"
    assert code(replace(held, n_highest=8000, sizes=(far(8000, point=OperatingPoint.INVESTIGATION),))) is not None


@pytest.mark.row("P-04")
def test_every_claimed_point_must_reach_the_end_of_the_band():
    (strict,) = certificate().points
    other = replace(strict, point=OperatingPoint.INVESTIGATION)
    rate = SizeRate(n=9000, point=STRICT, fnir=0.1, fnir_high=0.2, fpir=0.001, fpir_high=0.01)
    short = replace(rate, n=7000, point=OperatingPoint.INVESTIGATION)
    assert widest_band(5000, (strict, other), (rate,)) == 5500
    assert widest_band(5000, (strict, other), (rate, short)) == 7000


@pytest.mark.row("EQV-02")
def test_the_bound_for_differences_is_the_packs_and_never_above_the_programs():
    # 20 of 1,000 by 7 of 1,000: at least 1.13 times as often, when two groups are looked at.
    unlike = certificate(group("sex", "F", of(20, 1000)), group("sex", "M", of(7, 1000)))
    assert code(unlike) is None
    assert code(replace(unlike, max_group_ratio=1.05)) == "evaluation_biased"
    worse = certificate(group("sex", "F", of(40, 1000)), group("sex", "M", of(5, 1000)))
    assert code(replace(worse, max_group_ratio=9.0)) == "evaluation_biased"


@pytest.mark.row("EQV-01")
def test_any_change_of_the_key_and_a_collection_beyond_the_band_asks_for_a_new_evaluation():
    held = certificate()
    assert certificate_covers(held, PACK, 5500).allowed
    assert certificate_covers(held, PACK, 5501).code == "validation_other_size"
    for changed in (
        replace(PACK, fusion_power=PACK.fusion_power + 1),
        replace(PACK, list_lengths=dict.fromkeys(PACK.list_lengths, 1)),
        replace(PACK, operating_points={STRICT: {"1-7": 50_000}}),
        replace(PACK, max_group_ratio=1.1),
        replace(PACK, operating_points={name: {**bands, "1": 1} for name, bands in PACK.operating_points.items()}),
    ):
        assert certificate_covers(held, changed, 10).code == "validation_other_key"
    assert certificate_covers(held, replace(PACK, authorisation_days=1), 10).allowed


def test_intervals_by_hand():
    assert rule_of_three(1000) == pytest.approx(0.002991, abs=1e-6)
    assert upper_end(of(0, 0)) == 1
    assert upper_end(of(0, 100)) == pytest.approx(0.036994, abs=1e-6)
    assert ratio_at_least(of(0, 0), of(5, 10), comparisons=2) == 0
    # 20.5 / 100.5 by 10.5 / 100.5 is 1.952; the variance of its logarithm 1/20.5 + 1/10.5 - 2/100.5 = 0.1241.
    assert ratio_at_least(of(20, 100), of(10, 100), comparisons=1) == pytest.approx(0.9787, abs=1e-3)
    assert ratio_at_least(of(9, 9), of(9, 9), comparisons=1) == pytest.approx(1)


@given(st.integers(1, 300), st.integers(0, 300), st.integers(1, 300), st.integers(0, 300))
def test_more_comparisons_show_less_and_equal_groups_show_nothing(n: int, errors: int, m: int, others: int):
    one, other = of(min(errors, n), n), of(min(others, m), m)
    assert ratio_at_least(one, other, comparisons=8) <= ratio_at_least(one, other, comparisons=1) + 1e-12
    assert ratio_at_least(one, one, comparisons=1) <= 1 + 1e-12


@given(st.integers(1, 500), st.integers(0, 500))
def test_the_upper_end_lies_above_the_rate(n: int, errors: int):
    counted = of(min(errors, n), n)
    assert counted.errors / n <= upper_end(counted) + 1e-12 <= 1 + 1e-9


def test_counts_and_claims_that_cannot_be_are_refused():
    with pytest.raises(CertificateError, match="expected errors <= searches"):
        Counted(errors=2, searches=1, people=1)
    with pytest.raises(CertificateError, match="expected claims in"):
        PointClaim(point=STRICT, fpir=0, fnir=0.5, false=of(0, 1), missed=of(0, 1))
    with pytest.raises(CertificateError, match="expected a band of at least one person"):
        replace(certificate(), n_highest=0)
    with pytest.raises(CertificateError, match="expected a bound for differences of at least 1"):
        replace(certificate(), max_group_ratio=0.9)
    for fnir, fpir_high, n in ((0.5, 0.2, 0), (1.1, 0.2, 1), (0.5, 0.05, 1)):
        with pytest.raises(CertificateError, match="expected a size and rates"):
            SizeRate(n=n, point=STRICT, fnir=fnir, fnir_high=0.6, fpir=0.1, fpir_high=fpir_high)
