import pytest

from countersign.governance.verdict import ALLOWED, GuardError, check, first_refusal, require

TOO_YOUNG = require(condition=False, code="too_young", reason="expected 24 h, got 2 h")
NO_RANK = require(condition=False, code="no_rank", reason="expected an inspector, got a sergeant")


def test_a_condition_that_holds_is_allowed():
    assert require(condition=True, code="x", reason="y") is ALLOWED


def test_the_first_refusal_gives_the_code_and_all_give_their_reasons():
    with pytest.raises(GuardError, match=r"24 h, got 2 h; expected an inspector") as refused:
        check(ALLOWED, TOO_YOUNG, ALLOWED, NO_RANK)
    assert (refused.value.code, refused.value.spoke, refused.value.exit_code) == ("too_young", "guard", 3)
    assert refused.value.refusals == (TOO_YOUNG, NO_RANK)


def test_all_allowed_goes_on():
    check(ALLOWED, ALLOWED)
    assert first_refusal(ALLOWED, ALLOWED) is ALLOWED


def test_no_verdict_at_all_is_no_permission():
    with pytest.raises(ValueError, match="got none"):
        check()
