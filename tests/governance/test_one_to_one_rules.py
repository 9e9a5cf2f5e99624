from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.cli.demonstration.casework import FORM
from countersign.governance.form_rules import RAISES_TIER, tier_of
from countersign.governance.one_to_one_rules import (
    MOST_COMPARED,
    asks_for_comparison,
    asks_for_search,
    comparison_tier,
    few_compared,
    person_named,
)
from countersign.governance.register import CollectionClass
from countersign.governance.request import SearchKind, Setting, Tier
from countersign.primitives.ids import ImageId

NAMED = replace(FORM, named_person="the brother")


@given(setting=st.sampled_from(Setting), collection_class=st.sampled_from(CollectionClass))
def test_a_comparison_never_stands_higher_than_a_search_and_a_name_alone_raises_nothing(
    setting: Setting, collection_class: CollectionClass
):
    form = replace(NAMED, setting=setting)
    unnamed = replace(form, named_person="")

    assert comparison_tier(form, collection_class) is tier_of(unnamed, collection_class=collection_class)
    assert list(Tier).index(comparison_tier(form, collection_class)) <= list(Tier).index(
        tier_of(form, collection_class=collection_class)
    )
    assert "targeted" in RAISES_TIER


def test_each_kind_of_request_buys_its_own_act_and_no_other():
    allowed = {kind: (asks_for_search(kind).allowed, asks_for_comparison(kind).allowed) for kind in SearchKind}

    assert allowed == {
        SearchKind.INITIAL: (True, False),
        SearchKind.TARGETED: (True, False),
        SearchKind.ONE_TO_ONE: (False, True),
    }


@pytest.mark.parametrize("name", ["", "  "])
def test_a_blank_name_is_none(name: str):
    assert person_named(replace(FORM, named_person=name)).code == "nobody_named"
    assert person_named(NAMED).allowed


def test_the_third_person_is_compared_and_the_fourth_is_not():
    before = [ImageId(str(number)) for number in range(MOST_COMPARED)]

    assert few_compared(before[:-1], before[-1]).allowed
    assert few_compared(before, before[0]).allowed
    assert few_compared(before, ImageId("another")).code == "compared_with_many"
