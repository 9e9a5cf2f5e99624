from collections.abc import Sequence
from dataclasses import fields, replace

import pytest

from countersign.cli.demonstration.casework import Judge
from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.request import RequestState
from countersign.operations.erase_record import EraseRecord, ErasureRule, erase_record
from countersign.operations.give_opinion import GivenOpinion, GiveOpinion, give_opinion
from countersign.primitives.ids import ReviewId
from countersign.review.facial_review import Conclusion, Opinion, ReviewState
from tests.operations.scene import Scene, check_refused, everyone, nobody

OPINE = Permission.REVIEW_OPINE
SUPPORT = Opinion(
    label="A",
    conclusion=Conclusion.STRONG_SUPPORT,
    dissimilarities="",
    features=tuple((feature, "similar") for feature in read_pack_toml(shipped("test")).checklist),
    notes="Outline, brows and mouth agree.",
)
EXCLUSION = replace(
    SUPPORT, conclusion=Conclusion.NO_SUPPORT, features=(), dissimilarities="The brows differ clearly.", notes=""
)


def analysed(scene: Scene, who: str = "operator") -> ReviewId:
    return scene.casework.analyse(scene.casework.open(scene.ids.request, who).review.id, who).review


def opine(scene: Scene, review: ReviewId, *opinions: Opinion, who: str = "operator") -> GivenOpinion:
    return scene.force.do(who, OPINE, give_opinion, GiveOpinion(review=review, opinions=opinions))


def review(scene: Scene, *judges: Judge) -> None:
    for who, judge in zip(("operator", "examiner", "third"), judges, strict=False):
        scene.casework.review(scene.ids.request, who, judge)


def test_an_opinion_is_locked_and_the_examiner_learns_nothing_else(sealed: Scene):
    given = opine(sealed, analysed(sealed), SUPPORT)

    assert [field.name for field in fields(given)] == ["review", "position"]
    entry = sealed.last()
    assert entry.kind == "review.opined"
    assert (entry.facts["position"], entry.facts["conclusion"]) == ("first", "strong_support")
    assert "opinion" in entry.commit
    with sealed.reading() as work:
        locked = work.reviews.get(given.review)
        assert work.requests.get(sealed.ids.request).state is RequestState.BLIND_VERIFY
    assert (locked.state, locked.opinions) == (ReviewState.OPINED, (SUPPORT,))


@pytest.mark.parametrize(
    ("judges", "outcome", "state", "leads"),
    [
        ((everyone, everyone), "lead_supported", RequestState.LEAD_SUPPORTED, 1),
        ((nobody, nobody), "no_lead", RequestState.NO_LEAD, 0),
        ((everyone, nobody), "conflict", RequestState.CONFLICT, 0),
        ((nobody, everyone, everyone), "lead_supported", RequestState.LEAD_SUPPORTED, 1),
        ((everyone, nobody, nobody), "no_lead", RequestState.NO_LEAD, 0),
    ],
)
@pytest.mark.row("REV-05", "REV-12")
def test_locked_opinions_are_brought_together(
    sealed: Scene, judges: Sequence[Judge], outcome: str, state: RequestState, leads: int
):
    review(sealed, *judges)

    assert (sealed.last().kind, sealed.last().facts["outcome"]) == ("review.concluded", outcome)
    with sealed.reading() as work:
        assert work.requests.get(sealed.ids.request).state is state
        assert len(work.leads.where()) == leads


def test_the_lead_is_the_candidate_that_both_supported(supported: Scene):
    with supported.reading() as work:
        (lead,) = work.leads.where()
        assert lead.subject == work.lists.where()[0].candidates[0].subject
    assert (lead.reconfirmed_by, lead.released_at, lead.outcome) == (None, None, None)


@pytest.mark.row("REV-01")
def test_an_opinion_before_the_analysis_is_refused(sealed: Scene):
    opened = sealed.casework.open(sealed.ids.request, "operator").review.id

    with check_refused(sealed, OPINE, "review_state"):
        opine(sealed, opened, SUPPORT)


def test_a_second_opinion_in_one_review_is_refused(sealed: Scene):
    opened = analysed(sealed)
    opine(sealed, opened, SUPPORT)

    with check_refused(sealed, OPINE, "review_state"):
        opine(sealed, opened, EXCLUSION)


def test_an_opinion_in_somebody_elses_review_is_refused(sealed: Scene):
    opened = analysed(sealed)

    with check_refused(sealed, OPINE, "not_examiner"):
        opine(sealed, opened, SUPPORT, who="examiner")


@pytest.mark.parametrize(
    ("opinions", "code"),
    [
        ((), "opinion_incomplete"),
        ((replace(SUPPORT, label="B"),), "opinion_incomplete"),
        ((SUPPORT, SUPPORT), "opinion_incomplete"),
        ((replace(SUPPORT, features=SUPPORT.features[1:]),), "opinion_incomplete"),
        ((replace(EXCLUSION, dissimilarities=""),), "opinion_incomplete"),
        ((replace(SUPPORT, notes="This is the same man, 99 %."),), "banned_words"),
    ],
)
@pytest.mark.row("REV-16")
def test_an_opinion_that_lacks_something_is_refused(sealed: Scene, opinions: tuple[Opinion, ...], code: str):
    opened = analysed(sealed)

    with check_refused(sealed, OPINE, code, family=Invalid):
        opine(sealed, opened, *opinions)


def test_people_who_do_not_review_are_refused(sealed: Scene):
    opened = analysed(sealed)

    with check_refused(sealed, OPINE, "not_permitted", spoke="policy"):
        opine(sealed, opened, SUPPORT, who="officer")


@pytest.mark.row("RET-03", "REV-16")
def test_support_for_a_candidate_who_was_erased_since_is_refused(sealed: Scene):
    opened = analysed(sealed)
    with sealed.reading() as work:
        subject = work.subjects.get(work.lists.where()[0].candidates[0].subject).external_id
    arguments = EraseRecord(collection=sealed.ids.collection, subject=subject, rule=ErasureRule.NOT_CONVICTED)
    sealed.force.do("owner", Permission.RECORD_ERASE, erase_record, arguments)

    with check_refused(sealed, OPINE, "candidate_hidden"):
        opine(sealed, opened, SUPPORT)
    assert opine(sealed, opened, EXCLUSION).review == opened
