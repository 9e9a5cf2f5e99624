import json
from dataclasses import replace

import cedarpy
import pytest

from countersign.governance import gate
from countersign.governance.actor import Role
from countersign.governance.gate import NotPermittedError, allowed, demand, resource
from countersign.governance.permission import KIND_OF, Permission, ResourceKind
from countersign.primitives.codec import Plain
from countersign.primitives.ids import PersonId
from tests.fakes_governance import person

P, R = Permission, Role
CASE_READERS = {R.REQUESTER, R.AUTHORISING_OFFICER, R.OPERATOR, R.EXAMINER, R.DISCLOSURE_OFFICER}
SIGNERS = {R.CONTROLLER, R.DPO, R.OVERSIGHT}
REVIEWERS = {R.OPERATOR, R.EXAMINER}
# Written out by hand: who may call what, with no other role and no part in the request.
MAY = {
    P.PROGRAMME_SUBMIT: SIGNERS,
    P.PROGRAMME_ADVANCE: SIGNERS,
    P.POLICY_ACKNOWLEDGE: set(R),
    P.PERSON_ADD: {R.ADMINISTRATOR, R.CONTROLLER},
    P.ACCOUNT_INVITE: set(R),
    P.ACCOUNT_OPEN: set(R),
    P.ACCOUNT_LINK: {R.ADMINISTRATOR},
    P.SESSION_OPEN: set(R),
    P.SESSION_END: set(R),
    P.COLLECTION_REGISTER: {R.ASSET_OWNER},
    P.COLLECTION_ENROL: {R.ASSET_OWNER},
    P.RECORD_ERASE: {R.ASSET_OWNER, R.RIGHTS_HANDLER},
    P.CASE_READ: CASE_READERS,
    P.CASE_CLOSE: {R.REQUESTER, R.DISCLOSURE_OFFICER},
    P.CASE_ERASE: {R.ASSET_OWNER, R.RIGHTS_HANDLER},
    P.COLLECTION_FEED: {R.ASSET_OWNER},
    P.MONITORING_RECORD: {R.REQUESTER},
    P.COLLECTION_COMPARE: {R.ASSET_OWNER},
    P.COLLECTION_AUDIT: {R.ASSET_OWNER, R.DPO, R.OVERSIGHT},
    P.RECORD_KEEP: {R.AUTHORISING_OFFICER},
    P.DELETION_REGISTER: {R.RIGHTS_HANDLER},
    P.DELETION_DECIDE: {R.ASSET_OWNER},
    P.EXHIBIT_ADD: {R.REQUESTER, R.OPERATOR},
    P.EXHIBIT_LOCATE: {R.REQUESTER, R.OPERATOR},
    P.EXHIBIT_SCAN: {R.REQUESTER, R.OPERATOR},
    P.EXHIBIT_EDIT: {R.REQUESTER, R.OPERATOR},
    P.EXHIBIT_MARK: {R.REQUESTER, R.OPERATOR},
    P.EXHIBIT_EDIT: {R.REQUESTER, R.OPERATOR},
    P.REQUEST_DRAFT: {R.REQUESTER},
    P.REQUEST_SUBMIT: {R.REQUESTER},
    P.REQUEST_AUTHORISE: {R.AUTHORISING_OFFICER},
    P.REQUEST_REFUSE: {R.AUTHORISING_OFFICER},
    P.REQUEST_RETURN: {R.AUTHORISING_OFFICER},
    P.REQUEST_WITHDRAW: {R.REQUESTER, R.AUTHORISING_OFFICER},
    P.REQUEST_REFER: {R.AUTHORISING_OFFICER},
    P.REQUEST_CONFIRM: {R.AUTHORISING_OFFICER},
    P.REQUEST_CLOSE: {R.AUTHORISING_OFFICER},
    P.REQUEST_EXTEND: {R.AUTHORISING_OFFICER},
    P.REQUEST_REASSIGN: {R.SUPERVISOR},
    P.QUEUE_LIST: {R.SUPERVISOR},
    P.PERSON_BAR: {*SIGNERS, R.SUPERVISOR},
    P.PERSON_READMIT: {*SIGNERS, R.SUPERVISOR},
    P.REVIEW_SEED: {R.DPO, R.OVERSIGHT},
    P.REPORT_SCHEDULE: {R.DISCLOSURE_OFFICER},
    P.REPORT_DISCLOSURE: {R.DISCLOSURE_OFFICER},
    P.REQUEST_CONSIDER: {R.AUTHORISING_OFFICER},
    P.OVERLAY_LAY: {R.DPO, R.OVERSIGHT, R.RIGHTS_HANDLER, R.DISCLOSURE_OFFICER},
    P.OVERLAY_LIFT: {R.DPO, R.AUTHORISING_OFFICER, R.RIGHTS_HANDLER, R.DISCLOSURE_OFFICER},
    P.STATISTICS_PUBLISH: {R.CONTROLLER, R.ASSET_OWNER, R.OVERSIGHT},
    P.CLOCK_RUN: {R.ADMINISTRATOR, R.ASSET_OWNER, R.CONTROLLER},
    P.ANOMALY_READ: {R.DPO, R.OVERSIGHT},
    P.ANOMALY_LIFT: {R.DPO, R.OVERSIGHT},
    P.SEARCH_RUN: {R.OPERATOR},
    P.COMPARISON_DRAFT: {R.REQUESTER},
    P.COMPARISON_RUN: {R.OPERATOR},
    P.SEARCH_RECOVER: {R.OPERATOR, R.ADMINISTRATOR},
    P.REVIEW_LIST: REVIEWERS,
    P.REVIEW_OPEN: REVIEWERS,
    P.REVIEW_ANALYSE: REVIEWERS,
    P.REVIEW_OPINE: REVIEWERS,
    P.LEAD_RECONFIRM: {R.AUTHORISING_OFFICER},
    P.LEAD_RELEASE: {R.OPERATOR},
    P.LEAD_OUTCOME: {R.REQUESTER},
    P.LEAD_DISPROVE: {R.REQUESTER, R.EXAMINER, R.DPO},
    P.PERSON_IMPORT: {R.ADMINISTRATOR, R.CONTROLLER},
    P.PERSON_ASSESS: {R.DPO, R.OVERSIGHT},
    P.REPORT_LEAD: {R.REQUESTER, R.OPERATOR, R.DISCLOSURE_OFFICER},
    P.REPORT_SEARCH: {R.REQUESTER, R.AUTHORISING_OFFICER, R.OPERATOR, R.DISCLOSURE_OFFICER},
    P.LEDGER_EXPORT: {*SIGNERS, R.DISCLOSURE_OFFICER, R.ADMINISTRATOR},
    P.LEDGER_VERIFY: set(R),
    P.EVALUATION_MEASURE: {R.ASSET_OWNER, R.CONTROLLER},
    P.KEY_ROTATE: {R.ADMINISTRATOR},
}
REVIEWING = {
    P.SEARCH_RUN,
    P.COMPARISON_RUN,
    P.REVIEW_LIST,
    P.REVIEW_OPEN,
    P.REVIEW_ANALYSE,
    P.REVIEW_OPINE,
    P.LEAD_RELEASE,
}
DECIDING = {P.REQUEST_AUTHORISE, P.REQUEST_REFUSE, P.REQUEST_RETURN, P.LEAD_RECONFIRM}


def policy_names():
    parsed = json.loads(cedarpy.policies_to_json_str(gate.policy_text("cedar")))
    return [policy["annotations"]["id"] for policy in parsed["staticPolicies"].values()]


@pytest.mark.row("SEC-01")
@pytest.mark.parametrize("permission", Permission)
def test_each_role_may_do_just_what_is_written_for_it(permission: Permission):
    for role in Role:
        verdict = allowed(person("someone", role), permission, resource(permission, "thing"))
        assert verdict.allowed is (role in MAY[permission]), role
    assert not allowed(person("someone"), permission, resource(permission)).allowed


def test_every_policy_decides_and_says_so():
    decided = set()
    someone = {role: person("someone", role) for role in Role}
    for permission in Permission:
        for role, actor in someone.items():
            me, nobody = frozenset({actor.id}), frozenset[PersonId]()
            for requesters, officers in ((nobody, nobody), (me, nobody), (nobody, me)):
                thing = resource(permission, requesters=requesters, officers=officers)
                decided |= set(allowed(actor, permission, thing).reason.split(", "))
            nowhere = replace(actor, organisation="")
            decided.add(allowed(nowhere, permission, resource(permission)).reason)
            both = replace(actor, roles=(role, Role.DPO))
            decided |= set(allowed(both, permission, resource(permission)).reason.split(", "))
    said = " ".join(decided).split()
    assert len(set(policy_names())) == len(policy_names())
    assert [name for name in policy_names() if name not in said] == []


def test_the_policies_fit_their_schema():
    result = cedarpy.validate_policies(gate.policy_text("cedar"), gate.schema())
    assert result.validation_passed
    assert len(gate.policies()) == len(policy_names())


def test_the_schema_knows_every_permission_and_each_on_its_kind_only():
    for permission in Permission:
        role = next(iter(MAY[permission]))
        for kind in ResourceKind:
            thing = replace(resource(permission, "thing"), kind=kind)
            assert allowed(person("someone", role), permission, thing).allowed is (kind is KIND_OF[permission])


@pytest.mark.parametrize("permission", sorted(REVIEWING | DECIDING))
def test_a_requester_neither_decides_nor_sees_candidates_whatever_else_they_are(permission: Permission):
    everything = person("someone", Role.REQUESTER, Role.AUTHORISING_OFFICER, Role.OPERATOR, Role.EXAMINER)
    assert allowed(everything, permission, resource(permission)).allowed
    own = allowed(everything, permission, resource(permission, requesters=frozenset({everything.id})))
    assert not own.allowed
    assert "forbidden by requester-never" in own.reason


@pytest.mark.parametrize("permission", sorted(REVIEWING))
def test_an_officer_does_not_search_or_review_what_they_authorised(permission: Permission):
    both = person("someone", Role.AUTHORISING_OFFICER, Role.OPERATOR, Role.EXAMINER)
    verdict = allowed(both, permission, resource(permission, officers=frozenset({both.id})))
    assert not verdict.allowed
    assert "officer-never-searches" in verdict.reason


@pytest.mark.parametrize("role", [Role.DPO, Role.OVERSIGHT, Role.ADMINISTRATOR])
def test_an_independent_role_takes_every_casework_right_away(role: Role):
    for permission in (P.CASE_READ, P.EXHIBIT_ADD, P.REQUEST_AUTHORISE, P.REVIEW_OPEN, P.SEARCH_RUN):
        actor = person("someone", *(CASE_READERS | {role}))
        assert "independent-roles-do-no-casework" in allowed(actor, permission, resource(permission)).reason


REQUEST = {
    "principal": {"type": "Person", "id": "p"},
    "action": {"type": "Action", "id": "review.open"},
    "resource": {"type": "Casework", "id": "r"},
    "context": {},
}
PERSON: dict[str, Plain] = {"roles": ["operator"], "organisation": "north force"}
THING: dict[str, Plain] = {"requesters": [], "officers": []}


def entities(principal: dict[str, Plain] = PERSON, thing: dict[str, Plain] = THING):
    return [
        {"uid": REQUEST["principal"], "attrs": principal, "parents": []},
        {"uid": REQUEST["resource"], "attrs": thing, "parents": []},
    ]


def test_the_request_that_the_next_tests_break_is_allowed():
    assert gate.decide(REQUEST, entities()).allowed


@pytest.mark.parametrize(
    "broken",
    [
        *(entities({key: value for key, value in PERSON.items() if key != gone}) for gone in PERSON),
        *(entities(thing={key: value for key, value in THING.items() if key != gone}) for gone in THING),
        entities({**PERSON, "roles": "operator"}),
        entities({**PERSON, "roles": [1]}),
        entities({**PERSON, "organisation": 1}),
        entities({**PERSON, "clearance": "high"}),
        entities(thing={**THING, "requesters": ["p"]}),
        entities(thing={**THING, "officers": {}}),
        entities()[:1],
        entities()[1:],
        [],
    ],
)
def test_an_attribute_that_is_missing_or_mistyped_denies(broken: list[dict[str, Plain]]):
    verdict = gate.decide(REQUEST, broken)
    assert not verdict.allowed
    assert verdict.code == "not_permitted"


@pytest.mark.parametrize(
    "change",
    [
        {"action": {"type": "Action", "id": "review.delete"}},
        {"action": {"type": "Action", "id": "casework"}},
        {"principal": {"type": "Person", "id": "q"}},
        {"resource": {"type": "Ledger", "id": "r"}},
    ],
)
def test_a_request_that_the_schema_does_not_know_is_denied(change: dict[str, object]):
    assert not gate.decide({**REQUEST, **change}, entities()).allowed


def test_a_demand_gives_the_policy_that_permits():
    assert demand(person("o", Role.OPERATOR), P.SEARCH_RUN, resource(P.SEARCH_RUN)) == "operator-searches-and-releases"


def test_a_demand_that_is_denied_says_that_policy_spoke():
    with pytest.raises(NotPermittedError, match=r"expected a person permitted to search\.run, got examiner") as refused:
        demand(person("e", Role.EXAMINER), P.SEARCH_RUN, resource(P.SEARCH_RUN))
    assert (refused.value.code, refused.value.spoke, refused.value.exit_code) == ("not_permitted", "policy", 3)
