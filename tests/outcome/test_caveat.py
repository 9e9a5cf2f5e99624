import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.outcome.caveat import CAVEAT, CaveatAlteredError, check_caveat


def test_the_caveat_is_the_one_that_was_fixed():
    assert check_caveat(CAVEAT) is None


def test_the_caveat_says_what_the_settlement_asks_for():
    for words in ("not an identification", "not enough for an arrest", "charge", "line-up", "independent evidence"):
        assert words in CAVEAT


@given(st.integers(0, len(CAVEAT) - 1), st.characters())
def test_no_character_of_the_caveat_can_be_changed(at, character):
    altered = CAVEAT[:at] + character + CAVEAT[at + 1 :]
    if altered == CAVEAT:
        assert check_caveat(altered) is None
    else:
        with pytest.raises(CaveatAlteredError):
            check_caveat(altered)
