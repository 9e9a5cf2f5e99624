from datetime import timedelta

import pytest

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.queues import QUEUE_OF, Queue
from countersign.governance.request import RequestState
from countersign.governance.request_rules import OVER
from countersign.operations.list_queues import ListQueues, Queues, Workload, list_queues
from countersign.primitives.codec import to_plain
from tests.operations.asking import submitted
from tests.operations.scene import Scene, check_refused, everyone, nobody


def queues(scene: Scene, who: str = "supervisor") -> Queues:
    if "supervisor" not in scene.keys:
        scene.hire("supervisor", Role.SUPERVISOR)
    return scene.force.do(who, Permission.QUEUE_LIST, list_queues, ListQueues())


def workload(found: Queues, name: str) -> Workload:
    return next(one for one in found.people if one.name == name)


@pytest.mark.row("P-15")
def test_a_supervisor_sees_whose_turn_it_is_and_until_when(marked: Scene):
    request = submitted(marked)
    found = queues(marked)
    (line,) = found.waiting

    assert (line.request, line.queue, line.limit) == (request, Queue.DECISION, "undecided")
    assert line.due == marked.clock.now() + timedelta(days=6)  # five working days from a Saturday
    assert [(holder.duty, holder.name) for holder in line.holders] == [("requester", marked.person("requester").name)]
    assert (line.late, line.soon, line.stuck) == (False, False, False)
    assert {queue: length for queue, length in found.lengths.items() if length} == {Queue.DECISION: 1}
    assert dict(marked.last().facts) == {"what": "queues", "justification": "supervision"}


def test_a_clock_is_pointed_out_when_it_ends_within_a_day_and_when_it_has_run_out(marked: Scene):
    submitted(marked)
    marked.clock.advance(timedelta(days=5))
    assert [(one.soon, one.late) for one in queues(marked).waiting] == [(True, False)]
    marked.clock.advance(timedelta(days=1))
    assert [(one.soon, one.late) for one in queues(marked).waiting] == [(True, False)]
    marked.clock.advance(timedelta(seconds=1))
    assert [(one.soon, one.late) for one in queues(marked).waiting] == [(False, True)]


@pytest.mark.row("P-15")
def test_queues_hold_no_case_text_face_score_or_opinion(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    text = str(to_plain(queues(sealed)))

    assert "CASE/2026/0117" not in text
    assert not [word for word in ("score", "candidate", "conclusion", "support", "subject", "probe") if word in text]


def test_a_second_and_a_third_examination_look_alike(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    sealed.casework.open(sealed.ids.request, "examiner")
    (second,) = queues(sealed).waiting
    sealed.casework.review(sealed.ids.request, "examiner", nobody)
    sealed.casework.open(sealed.ids.request, "third")
    (third,) = queues(sealed).waiting

    assert second.queue is third.queue is Queue.EXAMINATION
    assert [holder.duty for holder in second.holders] == [holder.duty for holder in third.holders]
    assert [holder.name for holder in third.holders][-1] == sealed.person("third").name
    assert workload(queues(sealed), sealed.person("examiner").name).reviews_today == 1


def test_what_waits_for_somebody_who_is_not_here_is_stuck(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)
    name = supported.person("requester").name
    before = queues(supported)
    assert ([one.stuck for one in before.waiting], workload(before, name).open) == ([False], 1)
    assert workload(before, name).leads_without_outcome == 1
    import_as_left(supported, "requester")
    after = queues(supported)

    assert [one.stuck for one in after.waiting] == [True]
    assert (workload(after, name).left, after.waiting[0].holders[0].here) == (True, False)


def import_as_left(scene: Scene, name: str) -> None:
    from dataclasses import replace

    with scene.altering() as work:
        work.people.replace(replace(work.people.get(scene.person(name).id), left_on=scene.clock.now().date()))


def test_another_organisation_and_its_requests_are_not_shown(marked: Scene):
    from dataclasses import replace

    submitted(marked)
    marked.hire("supervisor", Role.SUPERVISOR)
    with marked.altering() as work:
        person = work.people.get(marked.person("supervisor").id)
        work.people.replace(replace(person, organisation="Another Constabulary"))
    found = queues(marked)

    assert (found.waiting, [one.person for one in found.people]) == ((), [person.id])


def test_signers_are_no_part_of_the_workload(pilot: Scene):
    names = {one.name for one in queues(pilot).people}

    assert pilot.person("examiner").name in names
    assert pilot.person("dpo").name not in names


def test_every_state_waits_in_a_queue_or_is_over():
    closing = {state for state, queue in QUEUE_OF.items() if queue is Queue.CLOSING}
    unqueued = set(RequestState) - QUEUE_OF.keys()

    # PROPOSED_LEAD is never entered (request_transitions).
    assert unqueued - OVER == {RequestState.PROPOSED_LEAD}
    assert OVER & QUEUE_OF.keys() == closing | {RequestState.DRAFT}


def test_whoever_is_no_supervisor_is_refused(pilot: Scene):
    pilot.hire("supervisor", Role.SUPERVISOR)
    for who in ("officer", "dpo", "administrator"):
        with check_refused(pilot, Permission.QUEUE_LIST, "not_permitted", spoke="policy"):
            queues(pilot, who)
