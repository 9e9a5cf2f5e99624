import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.outcome.caveat import CAVEAT, CaveatAlteredError, check_caveat
from tests.fakes_review import accepted


def test_the_caveat_is_the_one_that_was_fixed():
    assert accepted(check_caveat, CAVEAT)


def test_the_caveat_says_what_the_settlement_asks_for():
    for words in ("not an identification", "not enough for an arrest", "charge", "line-up", "independent evidence"):
        assert words in CAVEAT


@given(st.integers(0, len(CAVEAT) - 1), st.characters())
@pytest.mark.row("REV-14", "REP-01")
def test_no_character_of_the_caveat_can_be_changed(at: int, character: str):
    altered = CAVEAT[:at] + character + CAVEAT[at + 1 :]
    if altered == CAVEAT:
        assert accepted(check_caveat, altered)
    else:
        with pytest.raises(CaveatAlteredError):
            check_caveat(altered)
