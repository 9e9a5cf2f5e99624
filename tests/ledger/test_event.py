import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.ledger.event import COMMITMENT_NAMES, KINDS, EventKind
from countersign.ledger.fact import CODE, ID, SHA256, OneOf, Spelled, Whole, one_of, up_to
from countersign.ledger.statute import Operation


@pytest.mark.parametrize("kind", EventKind)
def test_a_kind_says_its_operation_meaning_and_facts_in_closed_words(kind: EventKind) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z]+)?", kind.value)
    assert isinstance(kind.operation, Operation)
    assert 20 < len(kind.meaning) < 120
    assert not kind.meaning.endswith(".")
    assert all(isinstance(fact, OneOf | Whole | Spelled) and fact.describe() for fact in kind.facts.values())
    assert KINDS[kind.value] is kind


def test_each_of_the_six_statutory_operations_has_a_kind() -> None:
    six = {"collection", "alteration", "consultation", "disclosure", "combination", "erasure"}
    assert six <= {kind.operation.value for kind in EventKind}


@pytest.mark.row("LOG-08")
def test_no_pattern_of_a_fact_admits_free_text() -> None:
    facts = [fact for kind in EventKind for fact in kind.facts.values()]
    assert not any(fact.admits("Anna Smith") for fact in facts)
    assert {fact.name for fact in facts if isinstance(fact, Spelled)} == {CODE.name, ID.name, SHA256.name}


@given(st.integers())
def test_a_range_admits_both_its_ends_and_nothing_beyond(value: int) -> None:
    assert up_to(7, low=1).admits(value) == (1 <= value <= 7)


def test_a_range_admits_no_boolean_and_no_text() -> None:
    assert not up_to(7).admits(True)
    assert not up_to(7).admits("3")
    assert up_to(7).describe() == "a whole number from 0 to 7"


@pytest.mark.row("LOG-03")
def test_a_closed_set_admits_its_codes_only() -> None:
    codes = one_of("first second")
    assert codes.admits("first")
    assert not codes.admits("first second")
    assert not codes.admits(1)
    assert codes.describe() == "one of first, second"


def test_a_pattern_is_read_to_the_last_character() -> None:
    assert CODE.admits("reason.code_1")
    assert not CODE.admits("reason\n")
    assert not CODE.admits("a" * 65)
    assert not ID.admits(12)
    assert COMMITMENT_NAMES.admits("signature")


@pytest.mark.row("LOG-02")
def test_whoever_looks_or_discloses_says_why() -> None:
    # LOG-02: consultation and disclosure show their justification; a request's is its purpose.
    two = {Operation.CONSULTATION, Operation.DISCLOSURE}
    silent = [
        kind for kind in EventKind if kind.operation in two and not {"justification", "purpose"} & set(kind.facts)
    ]
    assert silent == []
