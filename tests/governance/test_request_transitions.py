from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from countersign.governance.actor import Role
from countersign.governance.request import RequestState
from countersign.governance.request_transitions import TRANSITIONS, Event, Mechanism, TransitionError, apply

S, E = RequestState, Event
DOERS = (*Role, *Mechanism)
# Written out by hand as "from event to: doers", so that a row that appears or vanishes in the table is noticed here.
TABLE = """
- draft draft: requester
draft submit submitted: requester
returned submit submitted: requester
submitted return returned: authorising_officer clock
submitted refuse refused: authorising_officer
submitted authorise authorised: authorising_officer
submitted authorise_urgently urgent_authorised: authorising_officer
submitted refer_externally ext_pending: authorising_officer
ext_pending grant_externally authorised: external_authority
authorised lock_probe probe_locked: operator
urgent_authorised lock_probe probe_locked: operator
submitted find_unsuitable probe_unsuitable: operator engine
authorised find_unsuitable probe_unsuitable: operator engine
urgent_authorised find_unsuitable probe_unsuitable: operator engine
probe_locked execute executed: operator engine
probe_locked abort authorised: operator engine
probe_locked abort_urgent urgent_authorised: operator engine
executed find_no_candidate no_candidate: engine
executed open_review screening: operator
screening opine_first blind_verify: operator
blind_verify support_lead lead_supported: examiner
blind_verify support_none no_lead: examiner
blind_verify disagree conflict: examiner
conflict support_lead lead_supported: examiner
conflict support_none no_lead: examiner
lead_supported release released: operator
released corroborate corroboration: requester
corroboration record_outcome outcome_recorded: requester
closed review_retention retention_review: engine asset_owner
retention_review erase erased: engine asset_owner
authorised expire expired: clock
urgent_authorised expire expired: clock
executed expire expired: clock
lead_supported lapse lapsed: clock
released lapse lapsed: clock
"""
MANY = {
    "stop stopped: external_authority clock": "ext_pending authorised urgent_authorised executed screening "
    "blind_verify conflict lead_supported released corroboration outcome_recorded",
    "close closed: engine": "outcome_recorded no_lead no_candidate refused probe_unsuitable voided expired stopped "
    "withdrawn lapsed disproved",
    "void voided: clock": "urgent_authorised executed screening blind_verify conflict lead_supported",
    "withdraw withdrawn: requester authorising_officer": "draft submitted returned ext_pending authorised "
    "urgent_authorised executed screening blind_verify conflict lead_supported",
    "disprove disproved: requester examiner dpo": "released corroboration outcome_recorded closed",
}


def expected():
    lines = [line for line in TABLE.splitlines() if line]
    lines += [f"{state} {line}" for line, states in MANY.items() for state in states.split()]
    table = {}
    for line in lines:
        step, doers = line.split(": ")
        source, event, to = step.split()
        table[None if source == "-" else S(source), E(event)] = (S(to), set(doers.split()))
    return table


EXPECTED = expected()


@pytest.mark.parametrize("state", [None, *S])
@pytest.mark.row("DSR-09")
def test_no_step_is_possible_but_the_listed_ones_by_the_listed_doers(state: RequestState | None):
    tried = 0
    for event, doer in product(E, DOERS):
        tried += 1
        to, doers = EXPECTED.get((state, event), (None, set()))
        if doer in doers:
            assert apply(state, event, [doer]) is to
        else:
            with pytest.raises(TransitionError) as refused:
                apply(state, event, [doer])
            assert (refused.value.code, refused.value.state, refused.value.event) == ("transition", state, event)
    assert tried == len(E) * len(DOERS)


def test_the_table_has_each_step_once():
    assert len({(row.source, row.event) for row in TRANSITIONS}) == len(TRANSITIONS) == len(EXPECTED)


def test_a_doer_with_no_role_at_all_can_do_nothing():
    with pytest.raises(TransitionError, match="expected submit by requester, got submit in draft by nobody"):
        apply(S.DRAFT, E.SUBMIT, [])


def test_an_impossible_event_says_so():
    with pytest.raises(TransitionError, match="an event that erased allows"):
        apply(S.ERASED, E.SUBMIT, [Role.REQUESTER])


def test_every_state_can_be_reached_but_the_one_that_two_opinions_replace():
    assert set(S) - {row.to for row in TRANSITIONS} == {S.PROPOSED_LEAD}


def test_every_state_that_is_reached_leads_to_erasure():
    ends = {S.ERASED}
    for _ in S:
        ends |= {row.source for row in TRANSITIONS if row.to in ends and row.source}
    assert set(S) - ends == {S.PROPOSED_LEAD}


def test_nothing_but_sealing_or_aborting_leads_out_of_a_running_search():
    assert {row.event for row in TRANSITIONS if row.source is S.PROBE_LOCKED} == {E.EXECUTE, E.ABORT, E.ABORT_URGENT}


@pytest.mark.row("DSR-09")
def test_no_way_from_draft_to_released_goes_around_officer_operator_and_examiner():
    people = {"authorise", "authorise_urgently", "refer_externally"}, {"lock_probe"}, {"support_lead"}, {"release"}
    for left_out in people:
        reached = {S.DRAFT}
        for _ in S:
            reached |= {row.to for row in TRANSITIONS if row.source in reached and row.event not in left_out}
        assert S.RELEASED not in reached


class RequestFlow(RuleBasedStateMachine):
    """Walks at random and keeps its own memory in a dict, as a second opinion on the table."""

    def __init__(self) -> None:
        super().__init__()
        self.state: RequestState | None = None
        self.memory = {"authorised": 0, "searches": 0, "opinions": 0, "released": 0}

    @rule(event=st.sampled_from(E), doer=st.sampled_from(DOERS))
    def anything(self, event: Event, doer: Role | Mechanism):
        self.step(event, doer)

    @precondition(lambda self: any(row.source == self.state for row in TRANSITIONS))
    @rule(data=st.data())
    def something_listed(self, data: st.DataObject):
        row = data.draw(st.sampled_from([row for row in TRANSITIONS if row.source == self.state]))
        self.step(row.event, data.draw(st.sampled_from(sorted(row.doers))))

    def step(self, event: Event, doer: Role | Mechanism):
        before = self.state
        try:
            self.state = apply(before, event, [doer])
        except TransitionError:
            assert doer not in EXPECTED.get((before, event), (None, ()))[1]
            return
        assert EXPECTED[before, event][0] is self.state
        self.memory["authorised"] += event in {E.AUTHORISE, E.AUTHORISE_URGENTLY, E.GRANT_EXTERNALLY}
        self.memory["searches"] += event is E.EXECUTE
        self.memory["opinions"] += event in {E.OPINE_FIRST, E.SUPPORT_LEAD, E.SUPPORT_NONE, E.DISAGREE}
        self.memory["released"] += event is E.RELEASE

    @invariant()
    def one_authorisation_buys_one_search(self):
        assert self.memory["searches"] <= self.memory["authorised"] <= 1

    @invariant()
    def a_lead_is_released_once_and_after_two_opinions(self):
        assert self.memory["released"] <= 1
        assert not self.memory["released"] or self.memory["opinions"] >= 2


RequestFlow.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_any_walk_through_the_machine_keeps_its_promises = RequestFlow.TestCase
