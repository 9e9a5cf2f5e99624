import json
from dataclasses import replace

import pytest

from countersign.errors import NotFound
from countersign.governance.actor import Role
from countersign.governance.certificate import fusion_id
from countersign.governance.likelihood import LikelihoodBand, LikelihoodMethod
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType
from countersign.ledger.commitment import opens
from countersign.operations.report_disclosure import DisclosurePack, ReportDisclosure, report_disclosure
from countersign.primitives.codec import to_plain
from countersign.review.facial_review import ReviewState
from tests.fakes_governance import pack_of_tests
from tests.operations.scene import SOUGHT, Scene, check_refused

PACK = Permission.REPORT_DISCLOSURE


def pack(scene: Scene, who: str = "discloser") -> DisclosurePack:
    if "discloser" not in scene.keys:
        scene.hire("discloser", Role.DISCLOSURE_OFFICER)
    return scene.force.do(who, PACK, report_disclosure, ReportDisclosure(request=scene.ids.request))


@pytest.mark.row("REP-06", "REV-09", "PRB-09")
def test_the_pack_holds_list_scores_opinions_quality_and_rates_and_verifies_against_the_log(supported: Scene):
    made = pack(supported)

    (candidate,) = made.candidates
    assert (candidate.rank, candidate.subject) == (1, str(SOUGHT))
    assert candidate.score >= made.lowest * made.weight_sum
    assert [review.position for review in made.reviews] == ["first", "second"]
    assert all(review.seed and review.opinions for review in made.reviews)
    assert made.quality[0]
    assert [0 < image.unified <= 1 for image in candidate.images] == [True, True]
    assert all(image.measures for image in candidate.images)
    assert made.authority[0].necessity
    assert made.basis.evaluation.fpir.high
    with supported.reading() as work:
        (run,) = work.runs.where()
    entry = supported.entries()[run.sealed_seq]
    assert opens(entry.commit["list"], made.openings["list"])
    assert json.loads(made.openings["list"].value)[0]["score"] == candidate.score


@pytest.mark.row("REP-06")
def test_records_that_were_erased_since_say_so(supported: Scene):
    with supported.altering() as work:
        (subject,) = [one for one in work.subjects.where() if one.external_id == str(SOUGHT)]
        work.keys.destroy(subject.key)

    assert pack(supported).candidates[0].subject == "erased"


def test_a_pack_before_the_review_is_over_or_after_the_list_is_gone_is_refused(sealed: Scene):
    sealed.hire("discloser", Role.DISCLOSURE_OFFICER)
    with check_refused(sealed, PACK, "no_search", family=NotFound):
        pack(sealed)


def test_a_pack_of_a_list_that_was_erased_is_refused(supported: Scene):
    supported.hire("discloser", Role.DISCLOSURE_OFFICER)
    with supported.altering() as work:
        (run,) = work.runs.where()
        work.keys.destroy(work.lists.get(run.id).key)
    with check_refused(supported, PACK, "list_erased", family=NotFound):
        pack(supported)


def test_people_of_casework_are_refused_the_pack(supported: Scene):
    supported.hire("discloser", Role.DISCLOSURE_OFFICER)
    with check_refused(supported, PACK, "not_permitted", spoke="policy"):
        pack(supported, "officer")


METHOD = LikelihoodMethod(
    population="made-up people of tests",
    dataset="made up",
    extractor="",
    fusion=fusion_id(pack_of_tests()),
    stills_from=1,
    stills_to=1,
    views_from=2,
    views_to=7,
    bands=(
        LikelihoodBand(
            quality_from=0.1,
            quality_to=1.1,
            slope=0.0001,
            intercept=-1.0,
            log10_low=-1.2,
            log10_high=2.0,
            people=60,
            strangers=1200,
            cllr=0.3,
            cllr_high=0.4,
            cllr_min=0.2,
        ),
    ),
)


def validate(scene: Scene, **other: object) -> None:
    """Put a method for likelihood ratios into the validation in force."""
    method = replace(METHOD, extractor=scene.engine.extractor, **other)  # type: ignore[arg-type]
    with scene.altering() as work:
        (held,) = work.artefacts.where(type=ArtefactType.VALIDATION, current=True)
        content = json.dumps({**json.loads(held.content), "likelihood": [to_plain(method)]})
        work.artefacts.replace(replace(held, content=content))


@pytest.mark.row("REV-15", "P-21")
def test_without_a_validated_method_no_likelihood_ratio_is_stated_and_the_pack_says_so(supported: Scene):
    made = pack(supported).likelihood
    assert made.candidates == ()
    assert made.absent == "no method for likelihood ratios was validated"


@pytest.mark.row("REV-15", "EQV-15")
def test_a_validated_method_gives_the_ratio_of_a_candidate_held_to_its_bounds(supported: Scene):
    validate(supported)
    made = pack(supported)
    (candidate,) = made.candidates
    (stated,) = made.likelihood.candidates
    assert stated.ratio is not None
    asked = 0.0001 * candidate.score / made.weight_sum - 1
    assert stated.ratio.log10 == min(asked, 2.0)
    assert stated.ratio.clipped == (asked > 2.0)
    assert (stated.ratio.log10_low, stated.ratio.log10_high) == (-1.2, 2.0)
    assert stated.ratio.population == "made-up people of tests"
    assert made.likelihood.absent == ""
    assert "does not say how likely it is that they are one person" in made.likelihood.caveat


@pytest.mark.row("REV-15")
@pytest.mark.parametrize("other", [{"views_from": 3}, {"stills_from": 2, "stills_to": 5}, {"fusion": "other"}])
def test_a_method_that_was_validated_for_something_else_states_nothing(supported: Scene, other: dict[str, object]):
    validate(supported, **other)
    made = pack(supported).likelihood
    assert made.candidates == ()
    assert made.absent == "no method was validated for so many stills and views of this quality"


@pytest.mark.row("REV-15", "P-21")
def test_before_two_opinions_are_locked_no_ratio_is_stated(supported: Scene):
    validate(supported)
    with supported.altering() as work:
        (second,) = work.reviews.where(position="second")
        work.reviews.replace(replace(second, state=ReviewState.ANALYSED))
    made = pack(supported)
    assert made.likelihood.candidates == ()
    assert "two locked opinions" in made.likelihood.absent


@pytest.mark.row("P-21")
def test_whoever_examines_or_asked_never_reads_a_ratio(supported: Scene):
    validate(supported)
    supported.hire("discloser", Role.DISCLOSURE_OFFICER)
    for name in ("operator", "examiner", "requester"):
        with check_refused(supported, PACK, "not_permitted", spoke="policy"):
            pack(supported, name)
