"""What may be sealed, and what a request may say of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.exhibit_rules import not_intimate, photograph_only, privacy_as_sealed, provenance_given
from countersign.media.exhibit import Depiction
from countersign.primitives.privacy import INTRUSION, Privacy


def test_number_origin_and_supplier_are_asked_for():
    told = {"number": "CTV/1", "lawful_origin": "seized under warrant", "supplied_by": "PC 12"}

    assert provenance_given(**told).allowed
    for name, code in (
        ("number", "exhibit_number_missing"),
        ("lawful_origin", "lawful_origin_missing"),
        ("supplied_by", "supplier_missing"),
    ):
        assert provenance_given(**{**told, name: " \n"}).code == code


@pytest.mark.row("PRB-07")
def test_a_photograph_and_nothing_else_is_taken():
    assert [one for one in Depiction if photograph_only(one).allowed] == [Depiction.PHOTOGRAPH]


def test_intimate_imagery_and_nothing_else_is_refused():
    assert [one for one in Privacy if not not_intimate(one).allowed] == [Privacy.INTIMATE]


@given(stated=st.sampled_from(Privacy), sealed=st.lists(st.sampled_from(Privacy)))
def test_a_request_states_at_least_the_intrusion_of_its_worst_exhibit(stated: Privacy, sealed: list[Privacy]):
    worst = max([INTRUSION.index(one) for one in sealed], default=0)

    assert privacy_as_sealed(stated, sealed).allowed == (INTRUSION.index(stated) >= worst)


def test_the_refusal_names_both():
    refused = privacy_as_sealed(Privacy.PUBLIC_PLACE, [Privacy.PUBLIC_PLACE, Privacy.CLOSED_ACCOUNT])

    assert refused.code == "privacy_understated"
    assert "closed_account" in refused.reason
