import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.errors import Invalid
from countersign.ledger.canonical import encode
from countersign.ledger.commitment import Opening
from countersign.ledger.disclosed import Disclosed, OpeningState

SEQ = st.integers(0, 2**53 - 1)
OPENINGS = st.builds(Opening, key=st.binary(min_size=32, max_size=32), value=st.binary())
ROWS = (
    st.builds(Disclosed, seq=SEQ, name=st.just("person"), opening=OPENINGS)
    | st.builds(Disclosed, seq=SEQ, name=st.just("person"), erased_by=SEQ)
    | st.builds(Disclosed, seq=SEQ, name=st.just("person"))
)


@given(ROWS)
def test_a_row_is_read_back_as_written(row: Disclosed) -> None:
    assert Disclosed.from_bytes(row.to_bytes()) == row


def test_a_row_says_what_became_of_the_opening() -> None:
    rows = (
        Disclosed(seq=1, name="form", opening=Opening(key=bytes(32), value=b"")),
        Disclosed(seq=1, name="form", erased_by=2),
        Disclosed(seq=1, name="form"),
    )
    assert [row.state for row in rows] == [OpeningState.SHOWN, OpeningState.ERASED, OpeningState.WITHHELD]


@pytest.mark.parametrize(
    "row",
    [
        [],
        {"seq": 1},
        {"seq": 1, "name": "form", "state": "lost"},
        {"seq": 1, "name": "form", "state": "withheld", "more": 1},
        {"seq": 1, "name": "form", "state": "shown", "key": "zz", "value": ""},
        {"seq": 1, "name": "form", "state": "shown", "key": "00", "value": ""},
        {"seq": 1, "name": "form", "state": "shown", "key": "00" * 32, "value": "A"},
        {"seq": 1, "name": "form", "state": "withheld", "by": 2},
        {"seq": True, "name": "form", "state": "withheld"},
    ],
)
def test_another_form_of_row_is_refused(row: dict[str, str | int]) -> None:
    with pytest.raises(Invalid, match="expected"):
        Disclosed.from_bytes(encode(row))
