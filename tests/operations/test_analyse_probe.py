from dataclasses import fields, replace

import pytest

from countersign.errors import CountersignError, Invalid, NotFound, Refused
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.media.sandbox.decoder import plain_png
from countersign.operations.analyse_probe import AnalysedReview, AnalyseProbe, analyse_probe
from countersign.operations.shown_candidates import ShownImage
from countersign.primitives.codec import canonical_text, to_plain
from countersign.primitives.ids import ReviewId
from countersign.review.facial_review import ProbeAnalysis, ReviewState
from tests.operations.scene import SOUGHT, VIEWS, Scene, check_refused, everyone

ANALYSE = Permission.REVIEW_ANALYSE
ANALYSIS = ProbeAnalysis(
    features="Oval outline, straight brows.", limits="Blurred, from above.", stills_show_one_person=True
)


def analyse(
    scene: Scene, review: ReviewId, analysis: ProbeAnalysis = ANALYSIS, who: str = "operator"
) -> AnalysedReview:
    return scene.force.do(who, ANALYSE, analyse_probe, AnalyseProbe(review=review, analysis=analysis))


def opened(scene: Scene, who: str = "operator") -> ReviewId:
    return scene.casework.open(scene.ids.request, who).review.id


def test_the_analysis_is_locked_before_a_candidate_is_shown(sealed: Scene):
    shown = analyse(sealed, opened(sealed))

    (candidate,) = shown.candidates
    pictures = [
        plain_png(path.read_bytes()) for path in sorted((sealed.folder / "pictures/references" / str(SOUGHT)).iterdir())
    ]
    assert candidate.label == "A"
    assert sorted(image.data for image in candidate.images) == sorted(pictures)
    assert len(pictures) == VIEWS[SOUGHT]
    entry = sealed.last()
    assert (entry.kind, entry.facts["position"]) == ("review.analysed", "first")
    assert "analysis" in entry.commit
    with sealed.reading() as work:
        review = work.reviews.get(shown.review)
    assert (review.state, review.analysis, len(review.order)) == (ReviewState.ANALYSED, ANALYSIS, 1)


def test_no_score_rank_or_name_is_shown(sealed: Scene):
    shown = analyse(sealed, opened(sealed))

    with sealed.reading() as work:
        subject = work.subjects.get(work.lists.where()[0].candidates[0].subject)
        record = work.records.where(subject=subject.id)[0]
    text = canonical_text(to_plain([replace(one, images=()) for one in shown.candidates]))
    assert text == '[{"images":[],"label":"A"}]'
    assert [field.name for field in fields(ShownImage)] == ["image_date", "data", "unified", "eyes_px"]
    assert not any(name in text for name in (subject.id, record.external_id, record.status))


def test_a_hidden_records_images_are_not_shown(sealed: Scene):
    review = opened(sealed)
    with sealed.altering() as work:
        for record in work.records.where():
            work.records.replace(replace(record, searchable=False))

    assert analyse(sealed, review).candidates[0].images == ()


def test_an_examiner_who_was_interrupted_sees_the_same_candidates_again(sealed: Scene):
    review = opened(sealed)
    before = sealed.casework.open(sealed.ids.request, "operator")
    shown = analyse(sealed, review)

    again = sealed.casework.open(sealed.ids.request, "operator")
    assert before.candidates == ()
    assert (again.review.id, again.candidates) == (review, shown.candidates)
    assert dict(sealed.last().facts)["what"] == "review.probe"


@pytest.mark.parametrize(
    ("analysis", "code", "family"),
    [
        (replace(ANALYSIS, features="Oval"), "analysis_incomplete", Invalid),
        (replace(ANALYSIS, limits=" "), "analysis_incomplete", Invalid),
        (replace(ANALYSIS, features="I recognised him at once."), "banned_words", Invalid),
        (replace(ANALYSIS, stills_show_one_person=False), "stills_not_attested", Refused),
    ],
)
@pytest.mark.row("REV-01")
def test_an_analysis_that_lacks_something_is_refused(
    sealed: Scene, analysis: ProbeAnalysis, code: str, family: type[CountersignError]
):
    review = opened(sealed)

    with check_refused(sealed, ANALYSE, code, family=family):
        analyse(sealed, review, analysis)


def test_analysing_twice_is_refused(sealed: Scene):
    review = opened(sealed)
    analyse(sealed, review)

    with check_refused(sealed, ANALYSE, "review_state"):
        analyse(sealed, review)


def test_analysing_after_the_opinion_is_refused(sealed: Scene):
    review = opened(sealed)
    sealed.casework.opine(analyse(sealed, review), "operator", everyone)

    with check_refused(sealed, ANALYSE, "review_state"):
        analyse(sealed, review)


def test_somebody_elses_review_is_refused(sealed: Scene):
    review = opened(sealed)
    sealed.hire("relief", Role.OPERATOR)

    with check_refused(sealed, ANALYSE, "not_examiner"):
        analyse(sealed, review, who="relief")


def test_a_review_that_does_not_exist_is_refused(sealed: Scene):
    with check_refused(sealed, ANALYSE, "row_missing", family=NotFound):
        analyse(sealed, ReviewId("none"))
