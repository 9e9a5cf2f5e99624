from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.material_change import (
    MATERIAL,
    approvals_cover,
    pack_changes,
    reason_published,
    reopened,
)
from countersign.governance.policy_pack import PolicyPack, Term, read_pack
from countersign.governance.programme import Artefact, ArtefactType
from tests.fakes_governance import CONTENT, NOW, changed, pack_of_tests, signed

A = ArtefactType
APPROVALS = {A.DPIA, A.ETHICS_OPINION, A.EQUALITY_DECISION, A.RIGHTS_ASSESSMENT}
PACK: dict[str, Any] = dict(CONTENT[A.POLICY_PACK])
HOUR = timedelta(hours=1)


def having(**fields: Any) -> PolicyPack:
    return read_pack({**PACK, **fields})


def versions(*changes: dict[str, Any], kind: ArtefactType = A.POLICY_PACK) -> list[Artefact]:
    """Give versions an hour apart, the first an hour before NOW; the last one is in force."""
    made = [signed(kind, {**CONTENT[kind], **one}, signed_at=NOW + at * HOUR) for at, one in enumerate(changes, -1)]
    return [changed(one, current=one is made[-1]) for one in made]


LOWER = {"operating_points": {"strict": {"1": 53999, "2-7": 62400}, "investigation": {"1": 40000, "2-7": 52000}}}
MORE = {"purposes": [*PACK["purposes"], {"code": "evidence", "title": "Preparing evidence"}]}
FEWER = {"purposes": PACK["purposes"][:-1]}


@pytest.mark.row("GOV-09", "GOV-11")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (LOWER, APPROVALS | {A.VALIDATION}),
        ({"list_lengths": {"strict": 9, "investigation": 20}}, APPROVALS | {A.VALIDATION}),
        ({"operating_point_by_tier": {"t1": "strict", "t2": "strict"}}, APPROVALS | {A.VALIDATION}),
        ({"fusion_power": 7}, APPROVALS | {A.VALIDATION}),
        (MORE, APPROVALS | {A.PUBLISHED_POLICY}),
        ({"collection_classes": [*PACK["collection_classes"], "non_custody"]}, APPROVALS | {A.PUBLISHED_POLICY}),
        ({"source_types": [*PACK["source_types"], "drone"]}, APPROVALS | {A.PUBLISHED_POLICY}),
        (FEWER, set()),
        ({"source_types": ["cctv"]}, set()),
        ({"retention": [{**row, "days": 1} for row in PACK["retention"]]}, {A.APPROPRIATE_POLICY_DOCUMENT}),
        ({"version": "2"}, set()),
        ({"minimum_imagery_age_h": 48}, set()),
    ],
)
def test_each_material_part_reopens_its_approvals_and_nothing_else_does(
    change: dict[str, Any], expected: set[ArtefactType]
):
    changes = pack_changes(pack_of_tests(), having(**change))

    assert changes
    assert {kind for one in changes for kind in one.reopens} == expected
    assert reopened(versions({}, change)) == dict.fromkeys(expected, NOW)


@pytest.mark.row("GOV-11")
def test_another_network_reopens_its_approvals():
    assert reopened(versions({}, {"extractor": "other/f32"}, kind=A.VALIDATION)) == dict.fromkeys(APPROVALS, NOW)
    assert reopened(versions({}, {"searches": 13}, kind=A.VALIDATION)) == {}


def test_a_change_reads_as_a_sentence():
    lower, more, fewer, same = (
        [one.words for one in pack_changes(pack_of_tests(), having(**change))] for change in (LOWER, MORE, FEWER, {})
    )

    again = "reopens dpia, ethics_opinion, equality_decision, rights_assessment"
    assert lower == [f"operating_points.strict.1: from 54000 to 53999; {again}, validation"]
    assert more[0] == f"purposes.evidence.code: evidence is new; {again}, published_policy"
    assert fewer[0] == "purposes.safeguarding.code: safeguarding is gone"
    assert same == []


@pytest.mark.row("GOV-11")
@pytest.mark.parametrize(("late", "allowed"), [(-1, False), (0, True), (1, True)])
def test_an_approval_covers_a_change_that_is_not_later_than_its_signature(late: int, *, allowed: bool):
    dpia = signed(A.DPIA, signed_at=NOW + timedelta(milliseconds=late))
    rest = [signed(kind, signed_at=NOW + HOUR) for kind in APPROVALS - {A.DPIA}]

    verdict = approvals_cover([*versions({}, MORE), dpia, *rest])

    assert verdict.allowed is allowed
    assert allowed or (verdict.code, A.DPIA in verdict.reason) == ("approval_reopened", True)


@pytest.mark.row("EQV-03")
def test_going_back_is_a_change_like_any_other():
    history = versions({}, LOWER, {})

    assert reopened(history)[A.EQUALITY_DECISION] == NOW + HOUR
    assert not approvals_cover([*history, signed(A.EQUALITY_DECISION, signed_at=NOW)]).allowed


def test_without_a_second_version_nothing_is_reopened():
    assert reopened([signed(kind) for kind in A]) == {}
    assert approvals_cover([]).allowed


@pytest.mark.row("EQV-03")
@pytest.mark.parametrize(
    ("change", "reason", "allowed"),
    [
        (LOWER, None, False),
        (LOWER, "x" * 39, False),
        (LOWER, " " * 50, False),
        (LOWER, "x" * 40, True),
        ({"list_lengths": {"strict": 11, "investigation": 20}}, None, False),
        (MORE, None, True),
    ],
)
def test_what_changes_the_list_says_why_in_public(change: dict[str, Any], reason: str | None, *, allowed: bool):
    after = having(**change, **({"change_reason": reason} if reason else {}))

    assert reason_published(pack_changes(pack_of_tests(), after), after).allowed is allowed


@given(st.permutations(range(4)))
def test_the_order_of_a_closed_list_says_nothing(order: list[int]):
    purposes: tuple[Term, ...] = tuple(pack_of_tests().purposes[at] for at in order)

    assert pack_changes(pack_of_tests(), changed(pack_of_tests(), purposes=purposes)) == ()


def test_every_material_part_is_a_part_of_the_pack():
    assert set(MATERIAL) <= {field.name for field in fields(PolicyPack)}
