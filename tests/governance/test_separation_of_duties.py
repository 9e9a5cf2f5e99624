"""No person comes to hold two duties in one request, whatever roles they have and whichever way the request takes."""

import os
from collections import Counter
from dataclasses import dataclass, field
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from countersign.errors import Refused
from countersign.governance.actor import Role
from countersign.governance.request import RequestState
from countersign.governance.request_rules import Duty, four_people, separated
from countersign.governance.request_transitions import TRANSITIONS, Event, Mechanism, TransitionError, apply
from countersign.governance.role_rules import CONFLICTS, roles_compatible
from countersign.governance.verdict import check
from countersign.primitives.ids import PersonId

E, S = Event, RequestState
WALKS = 1_000 if os.environ.get("COUNTERSIGN_LONG") else 25
PEOPLE = tuple(PersonId(name) for name in "abcdef")
CASEWORK = (Role.REQUESTER, Role.AUTHORISING_OFFICER, Role.OPERATOR, Role.EXAMINER)
DUTY_OF = {
    E.DRAFT: Duty.REQUESTER,
    E.SUBMIT: Duty.REQUESTER,
    E.AUTHORISE: Duty.OFFICER,
    E.AUTHORISE_URGENTLY: Duty.OFFICER,
    E.REFER_EXTERNALLY: Duty.OFFICER,
    E.REFUSE: Duty.OFFICER,
    E.RETURN: Duty.OFFICER,
    E.LOCK_PROBE: Duty.OPERATOR,
    E.OPEN_REVIEW: Duty.OPERATOR,
    E.OPINE_FIRST: Duty.OPERATOR,
    E.RELEASE: Duty.OPERATOR,
    E.CORROBORATE: Duty.REQUESTER,
    E.RECORD_OUTCOME: Duty.REQUESTER,
}
"""Whose duty an event is; an opinion's depends on the state, and what the engine or the clock does is nobody's."""


def duty_of(state: RequestState | None, event: Event) -> Duty | None:
    if event in {E.SUPPORT_LEAD, E.SUPPORT_NONE, E.DISAGREE}:
        return Duty.THIRD if state is S.CONFLICT else Duty.EXAMINER
    return DUTY_OF.get(event)


@dataclass
class Case:
    """What the rules see of one request, and beside it what a plain list of who did what remembers."""

    state: RequestState | None = None
    duties: dict[Duty, PersonId] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)


class Office(RuleBasedStateMachine):
    """Six people with all the roles of casework, so that nothing but their identity keeps duties apart."""

    def __init__(self) -> None:
        super().__init__()
        self.cases = [Case()]
        self.walked = Counter[str]()

    @rule()
    def another_case(self) -> None:
        self.cases.append(Case())

    @rule(data=st.data(), person=st.sampled_from(PEOPLE))
    def any_step(self, data: st.DataObject, person: PersonId) -> None:
        self.step(data.draw(st.sampled_from(self.cases)), data.draw(st.sampled_from(E)), person)

    @precondition(lambda self: any(case.state in {row.source for row in TRANSITIONS} for case in self.cases))
    @rule(data=st.data(), person=st.sampled_from(PEOPLE))
    def a_listed_step(self, data: st.DataObject, person: PersonId) -> None:
        case = data.draw(st.sampled_from([one for one in self.cases if one.state is not S.ERASED]))
        row = data.draw(st.sampled_from([row for row in TRANSITIONS if row.source == case.state]))
        self.step(case, row.event, person)

    def step(self, case: Case, event: Event, person: PersonId) -> None:
        duty, before = duty_of(case.state, event), case.state
        by = CASEWORK if duty else (*CASEWORK, *Mechanism, Role.ASSET_OWNER)
        listed = any((row.source, row.event) == (before, event) and row.doers & set(by) for row in TRANSITIONS)
        free = duty is None or all((other == duty) is (who == person) for other, who in case.told if other == duty)
        free = free and not any(who == person and other != duty for other, who in case.told) if duty else free
        whole = event is not E.RELEASE or len({who for _, who in case.told} | {person}) >= 4
        if not (listed and free and whole):
            with pytest.raises(Refused):
                ruled(case, event, person, by)
            return
        case.state = ruled(case, event, person, by)
        if duty is not None:
            case.duties[duty] = person
            case.told.append((duty, person))
        self.walked[event] += 1

    @invariant()
    def nobody_holds_two_duties(self) -> None:
        for case in self.cases:
            held: dict[str, set[str]] = {}
            for duty, person in case.told:
                held.setdefault(person, set()).add(duty)
            assert all(len(duties) == 1 for duties in held.values()), case.told

    @invariant()
    def whatever_was_released_took_four_people(self) -> None:
        for case in self.cases:
            if case.state in {S.RELEASED, S.CORROBORATION, S.OUTCOME_RECORDED}:
                assert len({person for _, person in case.told}) >= 4


def ruled(case: Case, event: Event, person: PersonId, by: tuple[Role | Mechanism, ...]) -> RequestState:
    """Give the state after a step by what the operations ask."""
    duty = duty_of(case.state, event)
    if duty is not None:
        check(separated(case.duties, duty, person))
    if event is E.RELEASE:
        check(four_people({**case.duties, Duty.OPERATOR: person}))
    return apply(case.state, event, by)


@pytest.mark.long
@pytest.mark.row("SEC-01")
def test_whatever_way_cases_take_nobody_holds_two_duties_in_one() -> None:
    run_state_machine_as_test(Office, settings=settings(max_examples=WALKS, stateful_step_count=40, deadline=None))
    assert WALKS


@given(roles=st.sets(st.sampled_from(Role)))
def test_a_person_with_two_roles_of_which_one_forbids_the_other_is_refused(roles: set[Role]) -> None:
    forbidden = any(other in CONFLICTS.get(role, ()) for role, other in product(roles, roles))

    assert roles_compatible(roles).allowed is (bool(roles) and not forbidden)


def test_a_step_of_another_role_is_refused_in_every_state() -> None:
    tried = 0
    for state, event, role in product((None, *S), E, CASEWORK):
        row = next((row for row in TRANSITIONS if (row.source, row.event) == (state, event)), None)
        if row is not None and role in row.doers:
            continue
        with pytest.raises(TransitionError):
            apply(state, event, [role])
        tried += 1
    assert tried > 3_000
