import pytest

from countersign.evaluation.one_to_many import OneToMany, _in_order, one_to_many
from countersign.evaluation.searches import Roles, read_templates, search_all
from countersign.search.operating_point import OperatingPoint
from tests.evaluation.pictured import Pictures

STRICT = OperatingPoint(name="strict", thresholds={(1, 7): 80}, list_length=1)


def measured(*, points: tuple[OperatingPoint, ...] = (STRICT,)) -> OneToMany:
    made = Pictures()
    roles = Roles(
        references=(made.add("anna", (10, 0, 0)), made.add("bert", (0, 10, 0)), made.add("carl", None)),
        others=(made.add("dora", (6, 6, 0)),),
        probes=(
            made.add("anna", (9, 1, 0), unified=0.9),  # first with 90; a stranger 60
            made.add("anna", (5, 6, 0), unified=0.5),  # third with 50; Dora 66, Bert 60
            made.add("bert", (1, 9, 0), unified=0.8),  # first with 90; Dora 60
            made.add("bert", None),
            made.add("carl", (0, 0, 1), unified=0.7),  # not enrolled
            made.add("eva", (9, 9, 0), unified=1.0, labels={}),  # nobody's mate: Dora 108
        ),
    )
    templates = read_templates(made.read, roles.everything)
    gallery, searches = search_all(roles, templates, power=8, points=points)
    return one_to_many(roles, templates, gallery.exact.n_subjects, searches, points=points)


@pytest.mark.row("EQV-01")
def test_a_measurement_by_hand():
    done = measured()
    counts = done.counts
    assert (counts.gallery_subjects, counts.searches, counts.mated, counts.people_searched_for) == (3, 6, 5, 3)
    assert (done.failures_to_enrol.count, done.failures_to_enrol.trials) == (1, 4)
    assert (done.failures_to_acquire.count, done.failures_to_acquire.trials) == (1, 6)
    assert (done.ranked["1"].value, done.ranked["10"].value) == (0.4, 0.6)
    strict, tenth, hundredth = done.points
    # At 80 both mates with 90 are listed; of six searches without mates only Eva's lists anybody.
    assert (strict.name, strict.fnir.value, strict.fpir.value) == ("strict", 0.6, 1 / 6)
    # Nobody of six may list anybody at an FPIR of 0.1, so the threshold lies above 108.
    assert (tenth.threshold, tenth.fnir.value, tenth.fpir.value) == ("108", 1, 0)
    assert hundredth.supported == pytest.approx(1 - 0.05 ** (1 / 4))
    assert [point.y.value for point in done.cmc[:3]] == [0.4, 0.4, 0.6]
    assert len(done.cmc) == 50
    assert [failure.code for failure in done.failures] == ["no_face", "no_face"]


@pytest.mark.row("EQV-09")
def test_strata_count_failures_and_leave_a_rate_of_nothing_undefined():
    done = measured()
    assert done.stratified_at == "strict"
    kind = next(row for row in done.strata if row.attribute == "kind")
    assert (kind.value, kind.mated, kind.subjects, kind.failures_to_acquire.count) == ("x cctv", 5, 4, 1)
    best = next(row for row in done.strata if row.value.startswith("4th"))
    assert best.attribute == "quality"
    assert best.mated == 1
    assert best.first is not None
    eva = [row for row in done.strata if row.mated == 0]
    assert all(row.fnir is None and row.fpir is not None for row in eva)


def test_groups_are_told_at_every_point_and_for_every_product():
    done = measured()
    assert len(done.groups) == 7 * 3
    sex = done.groups[0]
    assert (sex.attribute, sex.point, sex.unlabelled) == ("sex", "strict", 1)


def test_without_a_pack_thresholds_are_set_on_the_searches():
    done = measured(points=())
    assert [point.name for point in done.points] == ["FPIR 0.1", "FPIR 0.01"]
    assert done.stratified_at == "FPIR 0.1"


def test_searches_without_any_template_still_give_a_report():
    made = Pictures()
    roles = Roles(references=(made.add("anna", (1, 0)),), others=(), probes=(made.add("anna", None),))
    templates = read_templates(made.read, roles.everything)
    gallery, searches = search_all(roles, templates, power=8)
    done = one_to_many(roles, templates, gallery.exact.n_subjects, searches)
    assert done.ranked["1"].value == 0
    assert done.det == ()
    assert {row.attribute for row in done.strata} == {"kind"}


def test_bands_stand_in_their_own_order_and_names_by_the_alphabet():
    bands = ["16 to 31 px", "64 px and more", "32 to 63 px", "under 16 px"]
    assert sorted(bands, key=_in_order) == ["under 16 px", "16 to 31 px", "32 to 63 px", "64 px and more"]
    assert sorted(["video", "cctv", "news"], key=_in_order) == ["cctv", "news", "video"]
