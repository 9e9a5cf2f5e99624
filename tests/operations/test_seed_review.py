"""Examiners are tested by searches that look like any other, and nothing of such a search is ever released (REV-03)."""

import pytest

from countersign.errors import NotFound
from countersign.governance.actor import Role
from countersign.governance.known_trial import SeededSearch
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.operations.release_lead import ReleaseLead, release_lead
from countersign.operations.seed_review import SeedReview, seed_review
from countersign.primitives.ids import RequestId
from tests.operations.scene import SOUGHT, Scene, check_refused, everyone, nobody

SEED = Permission.REVIEW_SEED


def seed(scene: Scene, mate: str = "", who: str = Role.OVERSIGHT) -> SeededSearch:
    return scene.force.do(who, SEED, seed_review, SeedReview(request=scene.ids.request, mate=mate))


def answers(scene: Scene) -> set[tuple[str, bool, bool]]:
    with scene.reading() as work:
        names = {scene.person(who).id: who for who in ("operator", "examiner", "third")}
        return {(names[one.examiner], one.mated, one.supported) for one in work.trials.where()}


@pytest.mark.row("REV-03")
def test_a_list_without_the_mate_that_is_supported_is_a_false_lead_of_each_and_no_lead(sealed: Scene):
    seed(sealed)
    for who in ("operator", "examiner"):
        sealed.casework.review(sealed.ids.request, who, everyone)

    assert sealed.casework.show(sealed.ids.request).state is RequestState.NO_LEAD
    assert answers(sealed) == {("operator", False, True), ("examiner", False, True)}
    with sealed.reading() as work:
        assert work.leads.where() == []
    assert sum(entry.kind == "person.assessed" for entry in sealed.entries()) == 2


@pytest.mark.row("REV-03", "REV-10")
def test_a_mate_that_is_found_or_missed_is_counted_so(sealed: Scene):
    seed(sealed, str(SOUGHT))
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    sealed.casework.review(sealed.ids.request, "examiner", nobody)
    sealed.casework.review(sealed.ids.request, "third", everyone)

    assert answers(sealed) == {("operator", True, True), ("examiner", True, False), ("third", True, True)}
    with sealed.reading() as work:
        assert work.leads.where() == []


@pytest.mark.row("REV-03")
def test_a_lead_of_a_search_that_was_seeded_after_all_is_refused_release(supported: Scene):
    with supported.altering() as work:
        request = work.requests.get(supported.ids.request)
        work.seeds.add(
            SeededSearch(
                id=request.id, key=request.key, mate=None, seeded_by=request.requester, seeded_at=supported.clock.now()
            )
        )
    supported.casework.reconfirm(supported.ids.lead)

    with check_refused(supported, Permission.LEAD_RELEASE, "seeded"):
        supported.force.do("operator", Permission.LEAD_RELEASE, release_lead, ReleaseLead(lead=supported.ids.lead))


def test_a_seed_too_late_of_nobody_held_or_by_casework_is_refused(sealed: Scene):
    with check_refused(sealed, SEED, "seed_mate", family=NotFound):
        seed(sealed, "nobody of this number")
    with check_refused(sealed, SEED, "not_permitted", spoke="policy"):
        seed(sealed, who="operator")
    with check_refused(sealed, SEED, "row_missing", family=NotFound):
        sealed.force.do(Role.DPO, SEED, seed_review, SeedReview(request=RequestId("none")))
    sealed.casework.open(sealed.ids.request, "operator")
    with check_refused(sealed, SEED, "review_begun"):
        seed(sealed)
