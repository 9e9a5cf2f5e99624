from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.errors import Conflict, NotFound
from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
from countersign.governance.request import RequestState
from countersign.primitives.codec import canonical_text, to_plain
from countersign.primitives.ids import RequestId, new_id
from countersign.review.facial_review import Position
from countersign.search.probe import RunState
from tests.operations.scene import Scene, check_refused, everyone, nobody

OPEN = Permission.REVIEW_OPEN


def test_the_operator_opens_the_first_review_and_sees_the_probe_alone(sealed: Scene):
    opened = sealed.casework.open(sealed.ids.request, "operator")

    assert (opened.review.position, opened.review.order) == (Position.FIRST, ())
    assert [still[:4] for still in opened.stills] == [b"\x89PNG"]
    entry = sealed.last()
    assert (entry.kind, dict(entry.facts)) == (
        "review.opened",
        {"run": opened.review.run, "position": "first", "justification": "investigation"},
    )
    with sealed.reading() as work:
        assert work.requests.get(sealed.ids.request).state is RequestState.SCREENING
        listed = [candidate.subject for candidate in work.lists.get(opened.review.run).candidates]
    assert not any(subject in canonical_text(to_plain(opened.review)) for subject in listed)


def test_a_review_that_was_begun_is_opened_again_with_an_entry_of_its_own(sealed: Scene):
    first, again = (sealed.casework.open(sealed.ids.request, "operator") for _ in range(2))

    assert first.review == again.review
    assert dict(sealed.last().facts) == {"what": "review.probe", "justification": "investigation"}


def test_the_third_review_follows_a_disagreement(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    sealed.casework.review(sealed.ids.request, "examiner", nobody)

    assert sealed.casework.open(sealed.ids.request, "third").review.position is Position.THIRD


def test_a_first_review_by_an_examiner_is_refused(sealed: Scene):
    with check_refused(sealed, OPEN, "first_review"):
        sealed.casework.open(sealed.ids.request, "examiner")


def test_one_examiner_twice_is_refused(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    sealed.casework.review(sealed.ids.request, "examiner", nobody)

    with check_refused(sealed, OPEN, "examiner_repeated"):
        sealed.casework.open(sealed.ids.request, "examiner")


def test_the_operator_as_second_examiner_is_refused(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)

    with check_refused(sealed, OPEN, "examiner_repeated"):
        sealed.casework.open(sealed.ids.request, "operator")


def test_a_second_review_before_the_first_is_locked_is_refused(sealed: Scene):
    sealed.casework.open(sealed.ids.request, "operator")

    with check_refused(sealed, OPEN, "review_pending", family=Conflict):
        sealed.casework.open(sealed.ids.request, "examiner")


def test_a_third_review_after_an_agreement_is_refused(supported: Scene):
    with check_refused(supported, OPEN, "reviews_complete", family=Conflict):
        supported.casework.open(supported.ids.request, "third")


@pytest.mark.row("REP-13")
def test_a_requester_who_opens_a_review_is_refused(sealed: Scene):
    with check_refused(sealed, OPEN, "not_permitted", spoke="policy"):
        sealed.casework.open(sealed.ids.request, "requester")


def ask_as(scene: Scene, duty: str, *roles: Role) -> RequestId:
    """Have a person who is an examiner too act as requester or officer, and bring the search to its first opinion."""
    scene.hire("both", *roles, Role.EXAMINER, rank=Rank.SUPERINTENDENT)
    scene.keys[duty] = scene.keys["both"]
    request = scene.casework.ask(scene.ids.probe, scene.ids.collection)
    scene.casework.search(request)
    scene.casework.review(request, "operator", everyone)
    return request


@pytest.mark.parametrize(("duty", "role"), [("requester", Role.REQUESTER), ("officer", Role.AUTHORISING_OFFICER)])
def test_whoever_asked_or_authorised_is_refused_a_review_by_the_policy(marked: Scene, duty: str, role: Role):
    request = ask_as(marked, duty, role)

    with check_refused(marked, OPEN, "not_permitted", spoke="policy"):
        marked.casework.open(request, "both")


def test_an_untrained_examiner_is_refused(sealed: Scene):
    sealed.hire("late", Role.EXAMINER, days=0)
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    sealed.clock.advance(timedelta(days=1))

    with check_refused(sealed, OPEN, "training_expired"):
        sealed.casework.open(sealed.ids.request, "late")


def test_an_operator_who_is_no_examiner_is_refused_the_second_review(sealed: Scene):
    sealed.hire("relief", Role.OPERATOR)
    sealed.casework.review(sealed.ids.request, "operator", everyone)

    with check_refused(sealed, OPEN, "role_missing"):
        sealed.casework.open(sealed.ids.request, "relief")


def test_a_review_that_is_not_due_is_refused(sealed: Scene):
    with sealed.altering() as work:
        request = work.requests.get(sealed.ids.request)
        work.requests.replace(replace(request, state=RequestState.WITHDRAWN))

    with check_refused(sealed, OPEN, "review_not_due"):
        sealed.casework.open(sealed.ids.request, "operator")


def test_a_search_that_was_not_sealed_is_refused_a_review(authorised: Scene):
    with check_refused(authorised, OPEN, "no_list", family=NotFound):
        authorised.casework.open(authorised.ids.request, "operator")


def test_a_search_that_was_cut_off_is_refused_a_review(authorised: Scene):
    def die() -> None:
        raise KeyboardInterrupt

    authorised.engine.meanwhile = die
    with pytest.raises(KeyboardInterrupt):
        authorised.casework.search(authorised.ids.request)
    with authorised.reading() as work:
        assert work.runs.where()[0].state is RunState.RUNNING

    with check_refused(authorised, OPEN, "no_list", family=NotFound):
        authorised.casework.open(authorised.ids.request, "operator")


def test_an_empty_list_is_refused_a_review(sealed: Scene):
    with sealed.altering() as work:
        (row,) = work.lists.where()
        work.lists.replace(replace(row, candidates=()))

    with check_refused(sealed, OPEN, "no_list", family=NotFound):
        sealed.casework.open(sealed.ids.request, "operator")


def test_an_examiner_who_marked_the_probe_is_refused(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    with sealed.altering() as work:
        (probe,) = work.probes.where()
        work.probes.replace(replace(probe, marked_by=sealed.person("examiner").id))

    with check_refused(sealed, OPEN, "prepared_probe"):
        sealed.casework.open(sealed.ids.request, "examiner")


def test_whoever_asked_for_another_search_in_the_case_is_refused(sealed: Scene):
    sealed.hire("both", Role.REQUESTER, Role.EXAMINER)
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    with sealed.altering() as work:
        (request,) = work.requests.where()
        other = replace(request, id=RequestId(new_id()), requester=sealed.person("both").id)
        work.requests.add(other)

    with check_refused(sealed, OPEN, "not_permitted", spoke="policy"):
        sealed.casework.open(sealed.ids.request, "both")


def test_a_review_in_a_suspended_programme_is_refused(sealed: Scene):
    sealed.force.advance(ProgrammeState.SUSPENDED, Role.DPO)

    with check_refused(sealed, OPEN, "programme_state"):
        sealed.casework.open(sealed.ids.request, "operator")
