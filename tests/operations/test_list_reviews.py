from dataclasses import replace
from datetime import timedelta

from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.operations.list_reviews import ListReviews, ReviewDesk, Task, list_reviews
from tests.operations.scene import Scene, check_refused, everyone, nobody


def seen(scene: Scene, who: str) -> ReviewDesk:
    return scene.force.do(who, Permission.REVIEW_LIST, list_reviews, ListReviews())


def tasks(scene: Scene, who: str) -> list[Task]:
    return [one.task for one in seen(scene, who).waiting]


def test_an_authorised_search_waits_for_an_operator_and_for_nobody_else(authorised: Scene):
    assert tasks(authorised, "operator") == [Task.SEARCH]
    assert tasks(authorised, "examiner") == []


def test_the_first_review_waits_for_the_operator_who_searched_and_the_second_for_an_examiner(sealed: Scene):
    assert (tasks(sealed, "operator"), tasks(sealed, "examiner")) == ([Task.REVIEW], [])

    opened = sealed.casework.open(sealed.ids.request, "operator")
    begun = seen(sealed, "operator").waiting

    assert [(one.task, one.review) for one in begun] == [(Task.GO_ON_WITH_REVIEW, opened.review.id)]

    sealed.casework.review(sealed.ids.request, "operator", everyone)

    assert (tasks(sealed, "operator"), tasks(sealed, "examiner")) == ([], [Task.REVIEW])
    assert seen(sealed, "operator").workload.hour == 1


def test_a_review_that_somebody_begun_waits_for_nobody_else(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    sealed.casework.open(sealed.ids.request, "examiner")

    assert (tasks(sealed, "examiner"), tasks(sealed, "third")) == ([Task.GO_ON_WITH_REVIEW], [])


def test_a_conflict_waits_for_a_third_examiner_and_a_supported_lead_for_the_operator(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    sealed.casework.review(sealed.ids.request, "examiner", nobody)

    assert (tasks(sealed, "examiner"), tasks(sealed, "third")) == ([], [Task.REVIEW])

    sealed.casework.review(sealed.ids.request, "third", everyone)

    assert tasks(sealed, "operator") == [Task.RELEASE]


def test_whoever_prepared_the_probe_is_not_offered_its_review(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    with sealed.altering() as work:
        probe = work.probes.get(sealed.ids.probe)
        examiner = sealed.person("examiner").id
        work.probes.replace(replace(probe, marked_by=examiner))

    assert tasks(sealed, "examiner") == []


def test_a_request_that_ended_meanwhile_waits_for_nobody(sealed: Scene):
    sealed.casework.open(sealed.ids.request, "operator")
    with sealed.altering() as work:
        request = work.requests.get(sealed.ids.request)
        work.requests.replace(replace(request, state=RequestState.WITHDRAWN))

    assert tasks(sealed, "operator") == []


def test_reviews_of_yesterday_count_for_neither_hour_nor_day(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    sealed.clock.advance(timedelta(hours=2))

    assert (seen(sealed, "operator").workload.hour, seen(sealed, "operator").workload.day) == (0, 1)

    sealed.clock.advance(timedelta(days=1))

    assert seen(sealed, "operator").workload.day == 0


def test_looking_at_the_list_is_an_entry(sealed: Scene):
    seen(sealed, "examiner")

    assert dict(sealed.last().facts) == {"what": "review.list", "justification": "work_queue"}


def test_a_requester_is_refused_the_list_of_reviews(sealed: Scene):
    with check_refused(sealed, Permission.REVIEW_LIST, "not_permitted", spoke="policy"):
        seen(sealed, "requester")


def test_an_operator_who_asked_for_a_search_is_not_offered_it(authorised: Scene):
    with authorised.altering() as work:
        request = work.requests.get(authorised.ids.request)
        work.requests.replace(replace(request, requester=authorised.person("operator").id))

    assert tasks(authorised, "operator") == []
