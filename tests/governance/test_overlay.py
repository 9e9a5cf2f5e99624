from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from countersign.governance.actor import Person, Rank, Role
from countersign.governance.overlay import (
    OVERLAYS,
    Ground,
    Overlay,
    OverlayKind,
    all_agreed,
    free_to_move,
    layable,
    lying,
    may_agree,
    overdue,
)
from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.request import Tier
from countersign.primitives.ids import CaseId, KeyId, PersonId, RequestId

NOW = datetime(2026, 1, 10, 9, tzinfo=UTC)
PACK = read_pack_toml(shipped("test"))
SOON = date(2026, 3, 1)
K = OverlayKind


def person(*roles: Role, rank: Rank = Rank.STAFF) -> Person:
    return Person(
        id=PersonId("-".join(roles)),
        key=KeyId("k"),
        name="N",
        public_key="00",
        organisation="o",
        team="t",
        rank=rank,
        roles=roles,
        trained_until=(),
        registered_at=NOW,
    )


def overlay(kind: OverlayKind, ground: Ground = Ground.ANOMALY) -> Overlay:
    return Overlay(
        id="o",
        request=RequestId("r"),
        case=CaseId("c"),
        key=KeyId("k"),
        kind=kind,
        ground=ground,
        reason="why",
        laid_by=PersonId("p"),
        laid_at=NOW,
        review_by=SOON,
    )


@pytest.mark.parametrize("kind", K)
@pytest.mark.parametrize("role", Role)
def test_each_overlay_is_laid_by_whom_its_rule_names_on_its_grounds_only(kind: OverlayKind, role: Role):
    for ground in Ground:
        verdict = layable(kind, ground, person(role), [], SOON, NOW)
        rule = OVERLAYS[kind]
        assert verdict.allowed is (role in rule.laid_by and ground in rule.grounds)


@pytest.mark.row("RET-05")
@pytest.mark.parametrize(
    ("day", "allowed"),
    [(date(2026, 1, 10), False), (date(2026, 1, 11), True), (date(2026, 7, 12), True), (date(2026, 7, 13), False)],
)
def test_an_overlay_is_reviewed_after_today_and_within_six_months(day: date, *, allowed: bool):
    by = person(Role.DISCLOSURE_OFFICER)
    assert layable(K.DISCLOSURE_HOLD, Ground.APPEAL, by, [], day, NOW).allowed is allowed


def test_one_kind_lies_once_until_it_is_lifted():
    there = overlay(K.SUSPENDED)
    dpo = person(Role.DPO)

    assert layable(K.SUSPENDED, Ground.ANOMALY, dpo, [there], SOON, NOW).code == "overlay_lies"
    assert layable(K.SUSPENDED, Ground.ANOMALY, dpo, [replace(there, lifted_at=NOW)], SOON, NOW).allowed


@pytest.mark.parametrize(("kind", "stops"), [(K.SUSPENDED, True), (K.RESTRICTED, True), (K.DISCLOSURE_HOLD, False)])
def test_a_suspension_and_a_restriction_stop_and_a_hold_does_not(kind: OverlayKind, *, stops: bool):
    assert free_to_move([overlay(kind)]).allowed is not stops
    assert free_to_move([replace(overlay(kind), lifted_at=NOW)]).allowed
    assert free_to_move([]).allowed


def test_a_suspension_is_lifted_by_the_dpo_and_an_officer_above_the_rank_of_the_tier():
    officer = person(Role.AUTHORISING_OFFICER, rank=Rank.INSPECTOR)
    higher = replace(officer, rank=Rank.CHIEF_INSPECTOR)
    on, dpo = overlay(K.SUSPENDED), person(Role.DPO)

    assert may_agree(on, dpo, Tier.T1, PACK, None).allowed
    assert may_agree(on, officer, Tier.T1, PACK, None).code == "rank_too_low"
    assert may_agree(on, higher, Tier.T1, PACK, None).allowed
    assert may_agree(on, person(Role.OPERATOR), Tier.T1, PACK, None).code == "overlay_role"
    assert not all_agreed(on, [dpo])
    assert not all_agreed(on, [dpo, person(Role.DPO)])
    assert all_agreed(on, [higher, dpo])


def test_an_officer_of_the_highest_rank_needs_nobody_above():
    top = replace(PACK, rank_by_tier={**PACK.rank_by_tier, Tier.T2: Rank.CHIEF_OFFICER})
    chief = person(Role.AUTHORISING_OFFICER, rank=Rank.CHIEF_OFFICER)

    assert may_agree(overlay(K.SUSPENDED), chief, Tier.T2, top, None).allowed


def test_a_restriction_is_lifted_once_its_subject_was_told():
    on, handler = overlay(K.RESTRICTED, Ground.DATA_CONTESTED), person(Role.RIGHTS_HANDLER)

    assert may_agree(on, handler, Tier.T1, PACK, None).code == "subject_not_told"
    assert may_agree(on, handler, Tier.T1, PACK, SOON).allowed


def test_an_overdue_review_is_told_and_changes_nothing():
    on = overlay(K.DISCLOSURE_HOLD)

    assert overdue([on], SOON) == ()
    assert overdue([on], SOON + timedelta(days=1)) == (on,)
    assert lying([on], K.DISCLOSURE_HOLD) == (on,)
